/// What a gateway of one environment routes, as plain values: the compiler and the governance plane write it, and
/// `RoutingSnapshot` turns it into flat tables and a signed binary artifact.
///
/// Order means nothing in any list here unless the property says so: equal content gives byte-identical bodies.
/// Times are whole seconds since the Unix epoch (UTC). Names are UTF-8 text of at most
/// `RoutingLimits.nameBytesMax` bytes.
public struct RoutingContent: Hashable, Sendable {
    /// Short name of the environment, for example `live`.
    public var environment: String
    /// Every API that is routed. Names are unique.
    public var apis: [API]
    /// Where requests go. Names are unique; versions and pass-through APIs refer to them.
    public var upstreams: [Upstream]
    /// True when compiled from files without a control plane: no approval stands behind it, and it is unsigned.
    public var isOffline: Bool

    public init(environment: String, apis: [API] = [], upstreams: [Upstream] = [], isOffline: Bool = false) {
        self.environment = environment
        self.apis = apis
        self.upstreams = upstreams
        self.isOffline = isOffline
    }

    /// One API: a host and base path, and the versions that live there side by side.
    public struct API: Hashable, Sendable {
        /// Unique name, also the label in metrics.
        public var name: String
        /// Text for people.
        public var title: String
        /// Hosts without a port, lower case: `api.example.com`, `*.example.com`, or none for any host.
        public var hosts: [String]
        /// `/` or `/orders` or `/a/b`: begins with a slash and does not end with one (but for the root).
        public var basePath: String
        public var access: Access
        public var security: SecurityMode
        public var versioning: Versioning
        public var versions: [Version]
        /// Set for an API that has no specification yet: every path under the base path goes to one upstream.
        public var passthrough: Passthrough?
        /// Fields to set or remove towards the upstream.
        public var requestHeaders: RequestHeaders

        public init(
            name: String,
            title: String = "",
            hosts: [String] = [],
            basePath: String,
            access: Access = .plan,
            security: SecurityMode = .verify,
            versioning: Versioning = Versioning(),
            versions: [Version] = [],
            passthrough: Passthrough? = nil,
            requestHeaders: RequestHeaders = RequestHeaders()
        ) {
            self.name = name
            self.title = title
            self.hosts = hosts
            self.basePath = basePath
            self.access = access
            self.security = security
            self.versioning = versioning
            self.versions = versions
            self.passthrough = passthrough
            self.requestHeaders = requestHeaders
        }
    }

    /// Who may call: holders of a subscription, or anybody.
    public enum Access: UInt8, Hashable, Sendable, CaseIterable {
        case plan = 0
        case open = 1
    }

    /// Who enforces the specification's `security`: the gate, or the upstream (the gate then only looks for its own key).
    public enum SecurityMode: UInt8, Hashable, Sendable, CaseIterable {
        case verify = 0
        case delegate = 1
    }

    /// Where a request may name the version it wants, and what it gets when it names none.
    public struct Versioning: Hashable, Sendable {
        /// `/{basePath}/v{major}/…` or `/{basePath}/{version}/…`.
        public var inPath: Bool
        public var inHeader: Bool
        public var inQuery: Bool
        /// A parameter of the first media type in `Accept`: `application/json; version=2`.
        public var inMediaType: Bool
        /// Whether pins of credentials and subscriptions are looked at.
        public var usesPins: Bool
        public var headerName: String
        public var queryName: String
        public var mediaTypeParameter: String
        public var `default`: DefaultVersion

        public init(
            inPath: Bool = true,
            inHeader: Bool = true,
            inQuery: Bool = false,
            inMediaType: Bool = false,
            usesPins: Bool = true,
            headerName: String = "API-Version",
            queryName: String = "api-version",
            mediaTypeParameter: String = "version",
            default: DefaultVersion = .latest
        ) {
            self.inPath = inPath
            self.inHeader = inHeader
            self.inQuery = inQuery
            self.inMediaType = inMediaType
            self.usesPins = usesPins
            self.headerName = headerName
            self.queryName = queryName
            self.mediaTypeParameter = mediaTypeParameter
            self.default = `default`
        }
    }

    /// What a request gets that names no version and has no pin.
    public enum DefaultVersion: Hashable, Sendable {
        /// The greatest sort key that is published and not deprecated.
        case latest
        /// The version of this name.
        case exact(String)
        /// Nothing: the request has to say.
        case none
    }

    /// An API without a specification.
    public struct Passthrough: Hashable, Sendable {
        /// Name of the upstream.
        public var upstream: String
        /// Path prefixes below the base path that are refused, segment-wise: `/admin` also refuses `/admin/x`.
        public var deny: [String]

        public init(upstream: String, deny: [String] = []) {
            self.upstream = upstream
            self.deny = deny
        }
    }

    /// Changes to the request's fields on the way to the upstream.
    public struct RequestHeaders: Hashable, Sendable {
        /// Fields to set; a field of that name sent by the client is dropped.
        public var set: [HeaderField]
        /// Names of fields to drop.
        public var remove: [String]

        public init(set: [HeaderField] = [], remove: [String] = []) {
            self.set = set
            self.remove = remove
        }
    }

    /// One field line.
    public struct HeaderField: Hashable, Sendable {
        public var name: String
        public var value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }
}
