import DocumentTree

/// Paths and operations: what two readers could match differently, and what operations say twice.
extension AdmissionReview {
    mutating func reviewPaths() {
        var shapes: [String: PathItem] = [:]
        var loose: [String: PathItem] = [:]
        for item in openAPI.pathItems where item.pathTemplate.isRoutable {
            let shape = item.pathTemplate.shape
            reviewReserved(item)
            if let first = shapes[shape] {
                // Paths Object: identical templates are invalid; a request finds its way as long as no method is
                // shared.
                let shared = Set(first.operations.map(\.method)).intersection(item.operations.map(\.method))
                let message = "the path is the same as `\(first.path.prefix(200))` but for the names of its parameters"
                let severity = shared.isEmpty ? Severity.warning : .error
                note("path-identical", severity, message, help: "merge the two path items", atKeyOf: item.place)
                continue
            }
            shapes[shape] = item
            let plain = Self.looseForm(shape)
            if let first = loose[plain] {
                let message = "the path differs from `\(first.path.prefix(200))` only in case or by a slash at its end"
                note("path-lookalike", .warning, message, atKeyOf: item.place)
            } else {
                loose[plain] = item
            }
        }
    }

    /// Paths as they would look to somebody who does not look closely.
    private static func looseForm(_ shape: String) -> String {
        let text = shape.lowercased()
        return text.utf8.count > 1 && text.utf8.last == UInt8(ascii: "/") ? String(text.dropLast()) : text
    }

    /// Names under which gateways and services show their own insides: an API that takes them is worth a look.
    private mutating func reviewReserved(_ item: PathItem) {
        guard case .literal(let first)? = item.pathTemplate.segments.first,
            Self.reservedNames.contains(first.lowercased())
        else { return }
        let message =
            "`/\(first)` is a name under which services show their own insides: make sure that it is meant for callers"
        note("path-reserved", .information, message, atKeyOf: item.place)
    }

    private static let reservedNames: Set<String> = [
        "admin", "metrics", "health", "healthz", "livez", "readyz", ".well-known", "debug", "actuator",
    ]

    mutating func reviewOperations() {
        var ids: [String: Operation] = [:]
        for operation in openAPI.operations {
            if let id = operation.operationID {
                if let first = ids[id] {
                    let message =
                        "operationId `\(id.prefix(80))` is that of \(first.method) `\(first.pathTemplate.text.prefix(200))`"
                    note("operation-id", .error, message, at: operation.node["operationId"] ?? operation.node)
                } else {
                    ids[id] = operation
                }
            }
            reviewParameters(operation)
        }
        reviewSecurity()
    }

    private mutating func reviewSecurity() {
        var undefined = UndefinedSchemes()
        reviewRequirements(openAPI.node["security"], &undefined)
        for operation in openAPI.operations {
            reviewRequirements(operation.node["security"], &undefined)
            reviewAnonymous(operation)
        }
        for (name, place, uses) in undefined.found {
            let more = uses > 1 ? ", here and in \(uses - 1) more requirements" : ""
            note(
                "security-requirement",
                .error,
                "security scheme `\(name.prefix(80))` is not defined\(more)",
                atKeyOf: place
            )
        }
    }

    private mutating func reviewAnonymous(_ operation: Operation) {
        guard let own = operation.node["security"] else { return }
        let permits = operation.declaresSecurity && operation.permitsAnonymous
        let documentAsks = openAPI.defaultSecurity.map { !$0.isEmpty && !$0.contains { $0.schemes.isEmpty } } ?? false
        if permits, documentAsks {
            note(
                "security-switched-off",
                .information,
                "the operation permits anonymous requests, the document does not",
                at: own
            )
        }
    }

    /// A requirement that is no mapping, or names a scheme that nobody defines, can never be met.
    private mutating func reviewRequirements(_ list: Node?, _ undefined: inout UndefinedSchemes) {
        guard let list else { return }
        guard list.isSequence else {
            return note("security-requirement", .error, "`security` is \(list.kind.noun), expected a list", at: list)
        }
        for requirement in list.elements {
            guard requirement.isMapping else {
                note(
                    "security-requirement",
                    .error,
                    "a requirement is \(requirement.kind.noun), expected a mapping",
                    at: requirement
                )
                continue
            }
            for (name, scopes) in requirement.entries where !schemes.contains(name) { undefined.note(name, scopes) }
        }
    }

    /// Schemes that requirements name and nobody defines: each is reported once, where it is first used.
    private struct UndefinedSchemes {
        private(set) var found: [(name: String, place: Node, uses: Int)] = []
        private var places: [String: Int] = [:]

        mutating func note(_ name: String, _ place: Node) {
            if let known = places[name] {
                found[known].uses += 1
            } else {
                places[name] = found.count
                found.append((name, place, 1))
            }
        }
    }

    private mutating func reviewParameters(_ operation: Operation) {
        for parameter in operation.parameters where parameter.location == .header {
            guard FieldName.framing.contains(parameter.name.lowercased()) else { continue }
            let message = "`\(parameter.name.prefix(80))` frames the message and is never passed on as a parameter"
            note("framing-field", .warning, message, at: parameter.node)
        }
    }

    mutating func reviewSecuritySchemes() {
        for scheme in openAPI.securitySchemes {
            guard case .apiKey(.header, let name) = scheme.kind else { continue }
            let place = scheme.node["name"] ?? scheme.node
            if !FieldName.isToken(name) {
                note(
                    "security-scheme",
                    .error,
                    "the key's field name is no token of RFC 9110: no request can carry it",
                    at: place
                )
            } else if FieldName.framing.contains(name.lowercased()) {
                note("security-scheme", .error, "`\(name)` frames the message: no key can travel in it", at: place)
            }
        }
    }
}

/// Field names of HTTP (RFC 9110 section 5.1).
enum FieldName {
    /// Fields that belong to the connection or the message's framing, in lower case: proxies consume or make them.
    static let framing: Set<String> = [
        "connection", "content-length", "host", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding",
        "upgrade",
    ]

    /// Whether a text is a token (RFC 9110 section 5.6.2).
    static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default:
                    "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
