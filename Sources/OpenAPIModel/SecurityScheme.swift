public import DocumentTree

/// A way in which requests may prove who sends them (Security Scheme Object).
public struct SecurityScheme: Sendable {
    /// Where an API key stands.
    public enum KeyLocation: String, Hashable, Sendable {
        /// A field of the request.
        case header
        /// A query parameter.
        case query
        /// A cookie.
        case cookie
    }

    /// What kind of proof.
    public enum Kind: Hashable, Sendable {
        /// A key in a field, query parameter or cookie of this name.
        case apiKey(in: KeyLocation, name: String)
        /// RFC 7617.
        case httpBasic
        /// RFC 6750.
        case httpBearer
        /// Another scheme of the HTTP Authentication Scheme Registry, in lower case.
        case http(scheme: String)
        /// An OAuth 2.0 flow (RFC 6749).
        case oauth2
        /// OpenID Connect Discovery at this address, which is never fetched.
        case openIDConnect(url: String)
        /// A client certificate.
        case mutualTLS
        /// A type that the specification does not know, or an incomplete one.
        case unknown(String)
    }

    /// The name that requirements use.
    public let name: String
    /// What kind of proof.
    public let kind: Kind
    /// The object, where `$ref` has been followed.
    public let node: Node
    /// CommonMark about it.
    public var description: String? { node["description"]?.string }
    /// A hint about the form of bearer tokens, such as `JWT`.
    public var bearerFormat: String? { node["bearerFormat"]?.string }

    static func all(in model: Model, _ findings: inout [Finding]) -> [SecurityScheme] {
        let schemes =
            model.version == .v2_0 ? model.root["securityDefinitions"] : model.root["components"]?["securitySchemes"]
        var result: [SecurityScheme] = []
        for (name, place) in schemes?.entries.map({ $0 }) ?? [] where !name.hasPrefix("x-") {
            guard let node = model.resolved(place), node.isMapping else { continue }
            let scheme = SecurityScheme(name: name, kind: kind(of: node), node: node)
            if case .unknown(let type) = scheme.kind {
                findings.append(
                    Finding(
                        code: "security-scheme",
                        message: "security scheme `\(name)` cannot be understood: \(type)",
                        atKeyOf: place
                    )
                )
            }
            result.append(scheme)
        }
        return result
    }

    private static func kind(of node: Node) -> Kind {
        switch node["type"]?.string {
        case "apiKey":
            guard let name = node["name"]?.scalarText, let place = node["in"]?.string else {
                return .unknown("an `apiKey` needs `name` and `in`")
            }
            guard let location = KeyLocation(rawValue: place) else { return .unknown("`in: \(place.prefix(20))`") }
            return .apiKey(in: location, name: name)
        case "basic": return .httpBasic
        case "http":
            guard let scheme = node["scheme"]?.string?.lowercased() else { return .unknown("`http` needs `scheme`") }
            switch scheme {
            case "basic": return .httpBasic
            case "bearer": return .httpBearer
            default: return .http(scheme: scheme)
            }
        case "oauth2": return .oauth2
        case "openIdConnect": return .openIDConnect(url: node["openIdConnectUrl"]?.string ?? "")
        case "mutualTLS": return .mutualTLS
        case let type?: return .unknown("type `\(type.prefix(20))`")
        case nil: return .unknown("it has no `type`")
        }
    }
}

/// One alternative of what a request must show: all of its schemes together (Security Requirement Object).
public struct SecurityRequirement: Hashable, Sendable {
    /// One scheme and what it must grant.
    public struct Scheme: Hashable, Sendable {
        /// The scheme's name.
        public let name: String
        /// Scopes or roles.
        public let scopes: [String]
    }

    /// The schemes, all of which are needed; none means that anonymous requests will do.
    public let schemes: [Scheme]

    /// What stands for an entry that is no requirement: a scheme whose name no component may have.
    static let unmeetable = SecurityRequirement(schemes: [Scheme(name: "(not a requirement)", scopes: [])])

    /// A list of alternatives; nil where nothing is declared or the field is no list.
    static func read(_ node: Node?) -> [SecurityRequirement]? {
        guard let node, node.isSequence else { return nil }
        return node.elements.map { requirement in
            // Anything but a mapping means nothing, and must not be taken for "anonymous is fine": it is a
            // requirement that no request meets.
            guard requirement.isMapping else { return unmeetable }
            return SecurityRequirement(
                schemes: requirement.entries.map { name, scopes in
                    Scheme(name: name, scopes: scopes.elements.compactMap(\.scalarText))
                }
            )
        }
    }
}
