/// A revision live in an environment, or one that was.
public struct Release: Hashable, Sendable, Codable {
    /// Its identifier.
    public var id: ReleaseID
    /// The version.
    public var version: APIVersionID
    /// The environment.
    public var environment: EnvironmentID
    /// The environment's name.
    public var environmentName: String
    /// The revision.
    public var revision: RevisionID
    /// The revision's number in its version.
    public var revisionNumber: Int
    /// The upstream.
    public var upstream: UpstreamID
    /// Where the upstream is, as it was published.
    public var upstreamTargets: [Upstream.Target]
    /// SHA-256 of the release manifest.
    public var manifestSHA256: [UInt8]
    /// Where it stands.
    public var state: ReleaseState
    /// Why it is suspended; nil: it is not.
    public var suspensionReason: String?
    /// Share of the traffic among releases of the same version, 0 to 1000.
    public var weight: Int
    /// When it was published.
    public var publishedAt: Moment
    /// When it was taken off for good; nil: it was not.
    public var retiredAt: Moment?

    /// Whether it is out of service for the moment.
    public var isSuspended: Bool { suspensionReason != nil }

    /// Every field as it stands.
    public init(
        id: ReleaseID,
        version: APIVersionID,
        environment: EnvironmentID,
        environmentName: String,
        revision: RevisionID,
        revisionNumber: Int,
        upstream: UpstreamID,
        upstreamTargets: [Upstream.Target],
        manifestSHA256: [UInt8],
        state: ReleaseState,
        suspensionReason: String?,
        weight: Int,
        publishedAt: Moment,
        retiredAt: Moment?
    ) {
        self.id = id
        self.version = version
        self.environment = environment
        self.environmentName = environmentName
        self.revision = revision
        self.revisionNumber = revisionNumber
        self.upstream = upstream
        self.upstreamTargets = upstreamTargets
        self.manifestSHA256 = manifestSHA256
        self.state = state
        self.suspensionReason = suspensionReason
        self.weight = weight
        self.publishedAt = publishedAt
        self.retiredAt = retiredAt
    }
}

/// A place where releases run; every organization has `live`.
public struct Environment: Hashable, Sendable, Codable {
    /// Its identifier.
    public var id: EnvironmentID
    /// Short: it stands in API keys.
    public var name: String
    /// Order of promotion, lowest first.
    public var rank: Int
    /// The newest generation of the routing snapshot; 0 where there is none yet.
    public var generation: Int64

    /// Every field as it stands.
    public init(id: EnvironmentID, name: String, rank: Int, generation: Int64) {
        self.id = id
        self.name = name
        self.rank = rank
        self.generation = generation
    }

    /// The name of the environment that every organization has.
    public static let standardName = "live"
}
