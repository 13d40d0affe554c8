public import RoutingTable

/// A version that may be routed. There is no public initialiser: the three makers below are the only ways to one, so that a
/// draft cannot be compiled by mistake.
public struct ApprovedVersion: Hashable, Sendable {
    /// What stands behind the approval.
    public enum Approval: Hashable, Sendable {
        /// The vote that decided, just now: SHA-256 of the release manifest that was voted on.
        case vote(releaseManifest: Digest32)
        /// A release that the catalog keeps, whose constraints saw to the approval: SHA-256 of its manifest.
        case catalog(releaseManifest: Digest32)
        /// Nobody: compiled from files. The snapshot says so.
        case offline
    }

    /// When it leaves and where to go, in Unix seconds.
    public struct Leaving: Hashable, Sendable {
        public var deprecatedAt: Int64?
        public var sunsetAt: Int64?
        public var successor: String?
        public var deprecationLink: String?

        public init(
            deprecatedAt: Int64? = nil,
            sunsetAt: Int64? = nil,
            successor: String? = nil,
            deprecationLink: String? = nil
        ) {
            self.deprecatedAt = deprecatedAt
            self.sunsetAt = sunsetAt
            self.successor = successor
            self.deprecationLink = deprecationLink
        }
    }

    /// The version's identity and state.
    public struct Label: Hashable, Sendable {
        public var name: String
        public var major: Int?
        public var sortKey: [UInt8]
        public var state: RoutingContent.VersionState
        public var isSuspended: Bool
        public var leaving: Leaving

        public init(
            name: String,
            major: Int?,
            sortKey: [UInt8],
            state: RoutingContent.VersionState = .published,
            isSuspended: Bool = false,
            leaving: Leaving = Leaving()
        ) {
            self.name = name
            self.major = major
            self.sortKey = sortKey
            self.state = state
            self.isSuspended = isSuspended
            self.leaving = leaving
        }
    }

    public let approval: Approval
    public let label: Label
    /// Name of the upstream; empty for a retired version.
    public let upstream: String
    /// Nil for a retired version, whose document does not matter any more.
    public let unit: CompilationUnit?

    private init(approval: Approval, label: Label, upstream: String, unit: CompilationUnit?) {
        self.approval = approval
        self.label = label
        self.upstream = upstream
        self.unit = unit
    }

    /// Maker 1: the vote that decides.
    public static func approvedByVote(
        _ label: Label,
        releaseManifest: Digest32,
        upstream: String,
        unit: CompilationUnit
    ) -> ApprovedVersion {
        ApprovedVersion(approval: .vote(releaseManifest: releaseManifest), label: label, upstream: upstream, unit: unit)
    }

    /// Maker 2: the release loaded back from the catalog, published or retired.
    public static func loadedFromCatalog(
        _ label: Label,
        releaseManifest: Digest32,
        upstream: String,
        unit: CompilationUnit?
    ) -> ApprovedVersion {
        ApprovedVersion(
            approval: .catalog(releaseManifest: releaseManifest),
            label: label,
            upstream: upstream,
            unit: unit
        )
    }

    /// Maker 3: the offline compile, which treats everything as approved and marks its snapshot.
    public static func compiledOffline(_ label: Label, upstream: String, unit: CompilationUnit?) -> ApprovedVersion {
        ApprovedVersion(approval: .offline, label: label, upstream: upstream, unit: unit)
    }
}
