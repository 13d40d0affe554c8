public import Lifecycle
import Postgres

/// Releases: which revision runs where.
public struct ReleaseStore: Sendable {
    let transaction: Transaction

    /// The release of a version that is live in an environment, held until the transaction ends.
    ///
    /// - Throws: ``CatalogError``.
    public func lockPublished(
        _ version: APIVersionID,
        in environment: EnvironmentID
    ) async throws(CatalogError) -> Release? {
        try Row.read(try await transaction.row("release/lock_published", [version, environment]), Release.init)
    }

    /// A version's releases, the newest first, at most 200.
    ///
    /// - Throws: ``CatalogError``.
    public func list(of version: APIVersionID, in organization: OrganizationID) async throws(CatalogError) -> [Release]
    {
        try await transaction.rows("release/list", [organization, version]).read(Release.init)
    }

    /// Publishes; a second release of the same version in the same environment has to retire the first one before.
    ///
    /// - Throws: ``CatalogError``; the database refuses what is not approved.
    public func insert(
        _ release: Release,
        by member: MemberID?,
        in organization: OrganizationID
    ) async throws(CatalogError) {
        try await transaction.execute(
            "release/insert",
            [
                release.id, organization, release.version, release.environment, release.revision, release.upstream,
                release.manifestSHA256, release.weight, release.publishedAt, member,
            ]
        )
    }

    /// Takes a release off for good.
    ///
    /// `successor`: the release that takes its place; nil where its version is retired.
    /// - Throws: ``CatalogError``.
    public func retire(
        _ release: ReleaseID,
        supersededBy successor: ReleaseID?,
        at now: Moment
    ) async throws(CatalogError) {
        try await transaction.execute("release/retire", [release, now, successor])
    }

    /// Suspends with a reason, or resumes with nil.
    ///
    /// - Throws: ``CatalogError``.
    public func setSuspension(of release: ReleaseID, reason: String?) async throws(CatalogError) {
        try await transaction.execute("release/set_suspension", [release, reason])
    }

    /// What the gate of an environment routes.
    ///
    /// `since`: retired versions are tombstones when they were retired after this.
    /// - Throws: ``CatalogError``.
    public func routed(
        in environment: EnvironmentID,
        tombstonesSince since: Moment
    ) async throws(CatalogError) -> [RoutedRelease] {
        try await transaction.rows("release/list_routed", [environment, since]).read(RoutedRelease.init)
    }
}

/// A release with what the compiler needs of its version and revision.
public struct RoutedRelease: Sendable, Hashable {
    /// The release.
    public var release: ReleaseID
    /// The API.
    public var api: APIID
    /// The version.
    public var version: APIVersionID
    /// The version's name.
    public var versionName: String
    /// The major that it belongs to; nil where the name has none.
    public var major: Int?
    /// Orders versions bytewise, the greatest is the latest.
    public var sortKey: [UInt8]
    /// The revision.
    public var revision: RevisionID
    /// The revision's number in its version.
    public var revisionNumber: Int
    /// The document.
    public var specification: SpecificationID
    /// What messages call the document.
    public var fileName: String
    /// The upstream.
    public var upstream: UpstreamID
    /// SHA-256 of the release manifest.
    public var manifestSHA256: [UInt8]
    /// Where it stands.
    public var state: ReleaseState
    /// Whether it is out of service for the moment.
    public var isSuspended: Bool
    /// When its deprecation takes effect.
    public var deprecatedAt: Moment?
    /// When the gate starts to answer 410.
    public var sunsetAt: Moment?
    /// The version to move to.
    public var successor: String?
    /// A page that explains the deprecation.
    public var deprecationLink: String?

    init(_ row: Row) throws(CatalogError) {
        release = try row.read("id")
        api = try row.read("api_id")
        version = try row.read("api_version_id")
        versionName = try row.read("version")
        major = try row.read("major")
        sortKey = try row.read("sort_key")
        revision = try row.read("revision_id")
        revisionNumber = try row.read("revision_number")
        specification = try row.read("spec_content_id")
        fileName = try row.read("file_name")
        upstream = try row.read("upstream_id")
        manifestSHA256 = try row.read("manifest_sha256")
        state = try row.word("state")
        isSuspended = try row.read("suspended")
        deprecatedAt = try row.read("deprecated_at")
        sunsetAt = try row.read("sunset_at")
        successor = try row.read("successor")
        deprecationLink = try row.read("deprecation_link")
    }
}

extension Release {
    fileprivate init(_ row: Row) throws(CatalogError) {
        let targets: String? = try row.read("upstream_targets")
        self.init(
            id: try row.read("id"),
            version: try row.read("api_version_id"),
            environment: try row.read("environment_id"),
            environmentName: try row.read("environment"),
            revision: try row.read("revision_id"),
            revisionNumber: try row.read("revision_number"),
            upstream: try row.read("upstream_id"),
            upstreamTargets: try targets.map { (text) throws(CatalogError) in try StoredJSON.value(text) } ?? [],
            manifestSHA256: try row.read("manifest_sha256"),
            state: try row.word("state"),
            suspensionReason: try row.read("suspension_reason"),
            weight: try row.read("weight"),
            publishedAt: try row.read("published_at"),
            retiredAt: try row.read("retired_at")
        )
    }
}

extension Transaction {
    /// Releases.
    public var releases: ReleaseStore { ReleaseStore(transaction: self) }
}
