public import UpstreamRules

extension RoutingContent {
    /// One version of an API with the operations of its specification.
    public struct Version: Hashable, Sendable {
        /// Opaque text: `1.2.0`, `v3`, `2024-07-01`. Unique within the API.
        public var name: String
        /// The major that `v{major}` and subscriptions select it by; nil when the name has none.
        public var major: Int?
        /// Orders the versions of an API, bytewise: the greatest is the latest.
        public var sortKey: [UInt8]
        public var state: VersionState
        /// Taken out of service for the moment; answered by the gate with 503.
        public var isSuspended: Bool
        /// RFC 9745: when it is or was deprecated.
        public var deprecatedAt: Int64?
        /// RFC 8594: from here on the gateway answers 410.
        public var sunsetAt: Int64?
        /// Name of the version to move to.
        public var successor: String?
        /// Where the deprecation is explained (`Link: <…>; rel="deprecation"`).
        public var deprecationLink: String?
        /// Name of the upstream; empty only for a retired version.
        public var upstream: String
        /// The security schemes that operations refer to by name. Names are unique within the version.
        public var schemes: [SecurityScheme]
        public var operations: [Operation]

        public init(
            name: String,
            major: Int? = nil,
            sortKey: [UInt8],
            state: VersionState = .published,
            isSuspended: Bool = false,
            deprecatedAt: Int64? = nil,
            sunsetAt: Int64? = nil,
            successor: String? = nil,
            deprecationLink: String? = nil,
            upstream: String,
            schemes: [SecurityScheme] = [],
            operations: [Operation] = []
        ) {
            self.name = name
            self.major = major
            self.sortKey = sortKey
            self.state = state
            self.isSuspended = isSuspended
            self.deprecatedAt = deprecatedAt
            self.sunsetAt = sunsetAt
            self.successor = successor
            self.deprecationLink = deprecationLink
            self.upstream = upstream
            self.schemes = schemes
            self.operations = operations
        }
    }

    /// Whether a version is served. A retired one stays as a tombstone, so that its callers are told 410 and where to go.
    public enum VersionState: UInt8, Hashable, Sendable, CaseIterable {
        case published = 0
        case retired = 1
    }

    /// A scheme of `components.securitySchemes` (or `securityDefinitions`), reduced to where its credential is found.
    public struct SecurityScheme: Hashable, Sendable {
        public var name: String
        public var place: CredentialPlace

        public init(name: String, place: CredentialPlace) {
            self.name = name
            self.place = place
        }
    }

    /// Where a request shows the credential of a scheme.
    public enum CredentialPlace: Hashable, Sendable {
        /// `apiKey` in a header field of this name.
        case apiKeyHeader(String)
        /// `apiKey` in a query parameter of this name.
        case apiKeyQuery(String)
        /// `apiKey` in a cookie of this name.
        case apiKeyCookie(String)
        /// `http` scheme `bearer`.
        case bearer
        /// `http` scheme `basic`: the key is the password.
        case basic
        /// A kind that no verifier is bound for, for example `oauth2`. The gate never accepts it.
        case unsupported(String)
    }

    /// One operation: a method on a path template.
    public struct Operation: Hashable, Sendable {
        /// The `operationId`, else `METHOD /template`. Unique within the version; plans and metrics name it.
        public var id: String
        /// The request method as sent, for example `GET`.
        public var method: String
        /// The template below the base path, for example `/orders/{id}.json`.
        public var pathTemplate: String
        /// The effective requirement in disjunctive normal form: any inner list must hold as a whole.
        /// An empty inner list, or an empty outer one, permits anonymous calls. Nil: the specification declares nothing.
        /// Order within is kept: it is the author's order of preference.
        public var security: [[SchemeUse]]?
        public var isDeprecated: Bool
        /// Where it is written; nil when unknown. Kept aside for explanations: looking up never touches it.
        public var source: SourcePlace?

        public init(
            id: String,
            method: String,
            pathTemplate: String,
            security: [[SchemeUse]]? = nil,
            isDeprecated: Bool = false,
            source: SourcePlace? = nil
        ) {
            self.id = id
            self.method = method
            self.pathTemplate = pathTemplate
            self.security = security
            self.isDeprecated = isDeprecated
            self.source = source
        }
    }

    /// A scheme in a requirement, with the scopes it asks for (all of them must be held).
    public struct SchemeUse: Hashable, Sendable {
        /// Name of one of the version's `schemes`.
        public var scheme: String
        public var scopes: [String]

        public init(scheme: String, scopes: [String] = []) {
            self.scheme = scheme
            self.scopes = scopes
        }
    }

    /// The place of an operation in its specification.
    public struct SourcePlace: Hashable, Sendable {
        /// SHA-256 of the specification's bytes.
        public var specificationSHA256: Digest32
        public var file: String
        /// Line, counted from one.
        public var line: Int
        /// JSON Pointer (RFC 6901), for example `/paths/~1orders/get`.
        public var pointer: String

        public init(specificationSHA256: Digest32, file: String, line: Int, pointer: String) {
            self.specificationSHA256 = specificationSHA256
            self.file = file
            self.line = line
            self.pointer = pointer
        }
    }

    /// A named set of equal targets.
    public struct Upstream: Hashable, Sendable {
        public var name: String
        /// At least one. Order is kept: balancing starts at the first.
        public var targets: [Target]
        /// Limit on making a connection.
        public var connectTimeoutMilliseconds: Int
        /// Limit from the request's last byte to the answer's head.
        public var headerTimeoutMilliseconds: Int
        /// Limit between two reads or writes of a body.
        public var idleTimeoutMilliseconds: Int
        /// How requests are spread, and what happens when one fails.
        public var policy: UpstreamPolicy

        public init(
            name: String,
            targets: [Target],
            connectTimeoutMilliseconds: Int = 5_000,
            headerTimeoutMilliseconds: Int = 60_000,
            idleTimeoutMilliseconds: Int = 60_000,
            policy: UpstreamPolicy = UpstreamPolicy()
        ) {
            self.name = name
            self.targets = targets
            self.connectTimeoutMilliseconds = connectTimeoutMilliseconds
            self.headerTimeoutMilliseconds = headerTimeoutMilliseconds
            self.idleTimeoutMilliseconds = idleTimeoutMilliseconds
            self.policy = policy
        }
    }

    /// One address of an upstream.
    public struct Target: Hashable, Sendable {
        public var scheme: TargetScheme
        /// Host name or address; an IPv6 address without brackets.
        public var host: String
        /// 1 … 65535.
        public var port: Int
        /// Put before the specification's path: empty, or begins with a slash and does not end with one.
        public var path: String
        /// Share of the traffic relative to the other targets; 0 takes none.
        public var weight: Int
        /// Targets of a greater number are used only while no target of a smaller one can be. 0 … 15.
        public var priority: Int

        public init(
            scheme: TargetScheme = .http,
            host: String,
            port: Int,
            path: String = "",
            weight: Int = 1,
            priority: Int = 0
        ) {
            self.scheme = scheme
            self.host = host
            self.port = port
            self.path = path
            self.weight = weight
            self.priority = priority
        }
    }

    /// How a target is spoken to.
    public enum TargetScheme: UInt8, Hashable, Sendable, CaseIterable {
        case http = 0
        case https = 1
    }
}
