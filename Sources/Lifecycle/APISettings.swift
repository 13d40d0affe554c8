/// How the gate runs an API: part of every release manifest, so that an approval covers it.
public struct APISettings: Hashable, Sendable, Codable {
    /// Who may call.
    public enum Access: String, Hashable, Sendable, CaseIterable, Codable {
        /// Holders of a subscription to a plan.
        case plan
        /// Anybody.
        case open
    }

    /// Who enforces the specification's `security`.
    public enum Security: String, Hashable, Sendable, CaseIterable, Codable {
        /// The gate, exactly as written.
        case verify
        /// The upstream; the gate looks for its own key in `Gatehouse-Key` only.
        case delegate
    }

    /// Where a request may name its version, and what it gets when it names none.
    public struct Versioning: Hashable, Sendable, Codable {
        /// Where it is.
        public enum Place: String, Hashable, Sendable, CaseIterable, Codable {
            case path
            case header
            case query
            case mediaType = "media-type"
            case pin
        }

        /// In the order of the manifest; the order means nothing to the gate.
        public var places: [Place]
        /// The header field that may name a version.
        public var header: String
        /// The query parameter that may name a version.
        public var query: String
        /// The media type's parameter that may name a version.
        public var mediaTypeParameter: String
        /// `latest`, `none`, or a version's name.
        public var standard: String

        /// Every field as it stands.
        public init(
            places: [Place] = [.path, .header, .pin],
            header: String = "API-Version",
            query: String = "api-version",
            mediaTypeParameter: String = "version",
            standard: String = "latest"
        ) {
            self.places = places
            self.header = header
            self.query = query
            self.mediaTypeParameter = mediaTypeParameter
            self.standard = standard
        }
    }

    /// Header fields to change towards the upstream.
    public struct RequestHeaders: Hashable, Sendable, Codable {
        /// Fields to set, by name.
        public var set: [String: String]
        /// Names of fields to remove.
        public var remove: [String]

        /// Every field as it stands.
        public init(set: [String: String] = [:], remove: [String] = []) {
            self.set = set
            self.remove = remove
        }
    }

    /// An API without a specification: every path goes to one upstream.
    public struct Passthrough: Hashable, Sendable, Codable {
        /// An upstream's name.
        public var upstream: String
        /// Path prefixes that the gate refuses.
        public var deny: [String]

        /// Every field as it stands.
        public init(upstream: String, deny: [String] = []) {
            self.upstream = upstream
            self.deny = deny
        }
    }

    /// Where it begins below its hosts: `/` or `/orders`.
    public var basePath: String
    /// Hosts that it answers for; none means any.
    public var hosts: [String]
    /// Who may call.
    public var access: Access
    /// Who enforces the specification's `security`.
    public var security: Security
    /// Where a request may name its version.
    public var versioning: Versioning
    /// Fields to change towards the upstream.
    public var requestHeaders: RequestHeaders
    /// Set for an API without a specification.
    public var passthrough: Passthrough?

    /// Every field as it stands.
    public init(
        basePath: String,
        hosts: [String] = [],
        access: Access = .plan,
        security: Security = .verify,
        versioning: Versioning = Versioning(),
        requestHeaders: RequestHeaders = RequestHeaders(),
        passthrough: Passthrough? = nil
    ) {
        self.basePath = basePath
        self.hosts = hosts
        self.access = access
        self.security = security
        self.versioning = versioning
        self.requestHeaders = requestHeaders
        self.passthrough = passthrough
    }
}
