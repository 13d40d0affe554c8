/// `spec` of an `Api`.
public struct APISpec: Hashable, Sendable {
    public enum Visibility: String, Hashable, Sendable, CaseIterable {
        case `public`
        case `internal`
        case `private`
    }

    public enum Access: String, Hashable, Sendable, CaseIterable {
        case plan
        case open
    }

    public enum Security: String, Hashable, Sendable, CaseIterable {
        case verify
        case delegate
    }

    /// Text for people; the name where it is left out.
    public var title: String?
    public var team: ManifestReference?
    public var visibility: Visibility
    /// `/` and the name where it is left out.
    public var basePath: String?
    public var hosts: [String]
    public var access: Access
    public var security: Security
    public var versioning: VersioningSpec
    public var requestHeaders: RequestHeadersSpec
    /// An API without a specification: every path goes to `upstream`.
    public var isPassthrough: Bool
    /// Only for a pass-through API.
    public var upstream: ManifestReference?
    /// Path prefixes that are refused; only for a pass-through API.
    public var deny: [String]

    public init(
        title: String? = nil,
        team: ManifestReference? = nil,
        visibility: Visibility = .internal,
        basePath: String? = nil,
        hosts: [String] = [],
        access: Access = .plan,
        security: Security = .verify,
        versioning: VersioningSpec = VersioningSpec(),
        requestHeaders: RequestHeadersSpec = RequestHeadersSpec(),
        isPassthrough: Bool = false,
        upstream: ManifestReference? = nil,
        deny: [String] = []
    ) {
        self.title = title
        self.team = team
        self.visibility = visibility
        self.basePath = basePath
        self.hosts = hosts
        self.access = access
        self.security = security
        self.versioning = versioning
        self.requestHeaders = requestHeaders
        self.isPassthrough = isPassthrough
        self.upstream = upstream
        self.deny = deny
    }
}

/// `spec.versioning` of an `Api`.
public struct VersioningSpec: Hashable, Sendable {
    public enum Place: String, Hashable, Sendable, CaseIterable {
        case path
        case header
        case query
        case mediaType = "media-type"
        case pin
    }

    /// Where a request may name its version, and whether pins count.
    public var places: [Place]
    public var header: String
    public var query: String
    public var mediaTypeParameter: String
    /// `latest`, `none` or a version's name.
    public var standard: String

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

/// `spec.requestHeaders` of an `Api`.
public struct RequestHeadersSpec: Hashable, Sendable {
    public var set: [String: String]
    public var remove: [String]

    public init(set: [String: String] = [:], remove: [String] = []) {
        self.set = set
        self.remove = remove
    }
}
