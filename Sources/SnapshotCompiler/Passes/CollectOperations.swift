import DocumentTree
import OpenAPIModel
import RoutingTable

/// Pass 1, for each document alone: operations and schemes as the gate needs them.
struct CollectOperations {
    let document: OpenAPIDocument
    let sourceName: String
    let sha256: Digest32

    func run() -> CompilationUnit {
        var findings = document.findings.filter { $0.severity == .error }.map(Self.weighed)
        var schemes: [RoutingContent.SecurityScheme] = []
        for scheme in document.securitySchemes { schemes.append(securityScheme(scheme, &findings)) }
        var declared = Set(schemes.map(\.name))
        var routes: [String: OpenAPIModel.Operation] = [:]
        var shapes: [String: OpenAPIModel.Operation] = [:]
        var ids: [String: OpenAPIModel.Operation] = [:]
        var operations: [RoutingContent.Operation] = []
        findings += unreadableSecurity(document.node["security"], document.operations.isEmpty)
        for operation in document.operations {
            findings += unreadableSecurity(operation.node["security"], false)
            guard let template = template(of: operation, &findings) else { continue }
            let route = operation.method + " " + template.shape
            if let other = routes[route] {
                findings.append(sameRoute(operation, other))
                continue
            }
            routes[route] = operation
            let first = shapes[template.shape]
            shapes[template.shape] = first ?? operation
            if let first, first.pathTemplate.text != operation.pathTemplate.text {
                findings.append(sameShape(operation, first))
            }
            for requirement in operation.security ?? [] {
                for use in requirement.schemes where declared.insert(use.name).inserted {
                    schemes.append(RoutingContent.SecurityScheme(name: use.name, place: .unsupported(Self.undeclared)))
                    findings.append(undeclaredScheme(use.name, operation))
                }
            }
            operations.append(routed(operation, id: id(of: operation, &ids, &findings)))
        }
        return CompilationUnit(
            sourceName: sourceName,
            sha256: sha256,
            schemes: schemes,
            operations: operations,
            findings: findings.sorted(by: Finding.precedes)
        )
    }

    /// What the model found, weighed for routing: a path that cannot be routed is left out, and a scheme that cannot be
    /// understood satisfies nobody; neither keeps the rest of the document from being served.
    private static func weighed(_ finding: Finding) -> Finding {
        var weighed = finding
        if finding.code == CompilationCode.pathTemplate || finding.code == "security-scheme" {
            weighed.severity = .warning
        }
        return weighed
    }

    /// The kind of a scheme that requirements name and nothing declares.
    static let undeclared = "undeclared"

    private func routed(_ operation: OpenAPIModel.Operation, id: String) -> RoutingContent.Operation {
        RoutingContent.Operation(
            id: id,
            method: operation.method,
            pathTemplate: operation.pathTemplate.text,
            security: operation.security?.map { requirement in
                requirement.schemes.map { RoutingContent.SchemeUse(scheme: $0.name, scopes: $0.scopes) }
            },
            isDeprecated: operation.isDeprecated,
            source: place(of: operation)
        )
    }

    private func place(of operation: OpenAPIModel.Operation) -> RoutingContent.SourcePlace {
        RoutingContent.SourcePlace(
            specificationSHA256: sha256,
            file: sourceName,
            line: operation.node.document.line(operation.node.id) + 1,
            pointer: operation.pointer.description
        )
    }

    /// The template, when the gate can match it. The document's own findings say why it cannot.
    private func template(of operation: OpenAPIModel.Operation, _ findings: inout [Finding]) -> RouteTemplate? {
        guard operation.pathTemplate.isRoutable else { return nil }
        do throws(RouteTemplate.Problem) {
            return try RouteTemplate(operation.pathTemplate.text)
        } catch {
            findings.append(
                Finding(
                    code: CompilationCode.pathTemplate,
                    severity: .warning,
                    message: "path `\(operation.pathTemplate.text)` is not routed: \(error)",
                    atKeyOf: operation.pathItem.place
                )
            )
            return nil
        }
    }

    /// An id that is unique in the document: a second one of the same `operationId` goes by method and path.
    private func id(
        of operation: OpenAPIModel.Operation,
        _ ids: inout [String: OpenAPIModel.Operation],
        _ findings: inout [Finding]
    ) -> String {
        guard let other = ids[operation.identifier] else {
            ids[operation.identifier] = operation
            return operation.identifier
        }
        let fallback = "\(operation.method) \(operation.pathTemplate.text)"
        ids[fallback] = ids[fallback] ?? operation
        findings.append(
            Finding(
                code: CompilationCode.repeatedOperationID,
                severity: .warning,
                message: "operationId `\(operation.identifier)` is also that of \(Self.text(other)): "
                    + "plans and metrics call this one `\(fallback)`",
                help: "give each operation an id of its own",
                at: operation.node["operationId"] ?? operation.node
            )
        )
        return fallback
    }

    // MARK: Schemes

    private func securityScheme(
        _ scheme: OpenAPIModel.SecurityScheme,
        _ findings: inout [Finding]
    ) -> RoutingContent.SecurityScheme {
        let place: RoutingContent.CredentialPlace
        switch scheme.kind {
        case .apiKey(let location, let name):
            guard location == .query ? !name.isEmpty : Self.isToken(name) else {
                findings.append(
                    Finding(
                        code: CompilationCode.invalidScheme,
                        message: "security scheme `\(scheme.name)` looks for its key in a \(location.rawValue) "
                            + "named `\(name)`, which none can have",
                        at: scheme.node["name"] ?? scheme.node
                    )
                )
                return RoutingContent.SecurityScheme(name: scheme.name, place: .unsupported("apiKey"))
            }
            switch location {
            case .header: place = .apiKeyHeader(name)
            case .query: place = .apiKeyQuery(name)
            case .cookie: place = .apiKeyCookie(name)
            }
        case .httpBasic: place = .basic
        case .httpBearer: place = .bearer
        case .http(let kind): place = .unsupported("http \(kind)")
        case .oauth2: place = .unsupported("oauth2")
        case .openIDConnect: place = .unsupported("openIdConnect")
        case .mutualTLS: place = .unsupported("mutualTLS")
        case .unknown: place = .unsupported("unknown")
        }
        return RoutingContent.SecurityScheme(name: scheme.name, place: place)
    }

    /// RFC 9110 §5.6.2.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    // MARK: Findings

    /// `security` that is no list, or has entries that are no mappings: what is meant cannot be guessed.
    private func unreadableSecurity(_ node: Node?, _ isUnused: Bool) -> [Finding] {
        guard let node, !isUnused else { return [] }
        let faults = node.isSequence ? node.elements.filter { !$0.isMapping } : [node]
        return faults.map { fault in
            Finding(
                code: CompilationCode.unreadableSecurity,
                message: "`security` must be a list of mappings from scheme to scopes",
                help: "write `security: []` where anybody may call",
                at: fault
            )
        }
    }

    private func undeclaredScheme(_ name: String, _ operation: OpenAPIModel.Operation) -> Finding {
        Finding(
            code: CompilationCode.undeclaredScheme,
            severity: .warning,
            message: "\(Self.text(operation)) requires security scheme `\(name)`, which the document does not declare",
            help: "declare it, or correct the name",
            at: operation.node["security"] ?? document.node["security"] ?? operation.node
        )
    }

    private func sameRoute(_ operation: OpenAPIModel.Operation, _ other: OpenAPIModel.Operation) -> Finding {
        Finding(
            code: CompilationCode.routeConflict,
            message: "\(Self.text(operation)) matches the same requests as \(Self.text(other)) "
                + "at \(sourceName):\(line(other)) (\(other.pointer)): the paths differ only by names of parameters",
            help: "join the two, or give one of them another path",
            atKeyOf: operation.node
        )
    }

    private func sameShape(_ operation: OpenAPIModel.Operation, _ other: OpenAPIModel.Operation) -> Finding {
        Finding(
            code: CompilationCode.equivalentPaths,
            severity: .warning,
            message: "path `\(operation.pathTemplate.text)` is the same as `\(other.pathTemplate.text)` "
                + "at \(sourceName):\(line(other)) (\(other.pointer)): only names of parameters differ",
            help: "write both under one path",
            atKeyOf: operation.pathItem.place
        )
    }

    private func line(_ operation: OpenAPIModel.Operation) -> Int {
        operation.node.document.line(operation.node.id) + 1
    }

    private static func text(_ operation: OpenAPIModel.Operation) -> String {
        "`\(operation.method) \(operation.pathTemplate.text)`"
    }
}
