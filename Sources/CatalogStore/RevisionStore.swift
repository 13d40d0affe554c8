public import Lifecycle
import Postgres

/// Revisions, their reviews, votes and approvals.
public struct RevisionStore: Sendable {
    let transaction: Transaction

    /// The revision of a number.
    ///
    /// - Throws: ``CatalogError``.
    public func find(
        _ number: Int,
        of version: APIVersionID,
        in organization: OrganizationID
    ) async throws(CatalogError) -> Revision? {
        try Row.read(try await transaction.row("revision/find", [organization, version, number]), Revision.init)
    }

    /// A revision, held until the transaction ends: its votes queue here.
    ///
    /// - Throws: ``CatalogError``.
    public func lock(
        _ number: Int,
        of version: APIVersionID,
        in organization: OrganizationID
    ) async throws(CatalogError) -> Revision? {
        try Row.read(try await transaction.row("revision/lock", [organization, version, number]), Revision.init)
    }

    /// The revision of an identifier.
    ///
    /// - Throws: ``CatalogError``.
    public func get(_ id: RevisionID, in organization: OrganizationID) async throws(CatalogError) -> Revision? {
        try Row.read(try await transaction.row("revision/get", [organization, id]), Revision.init)
    }

    /// A page of a version's revisions, the newest first.
    ///
    /// - Throws: ``CatalogError``.
    public func list(
        of version: APIVersionID,
        in organization: OrganizationID,
        before number: Int?,
        limit: Int
    ) async throws(CatalogError) -> [Revision] {
        try await transaction.rows("revision/list", [organization, version, number, limit]).read(Revision.init)
    }

    /// The revision in review or approved that says the same, whatever its formatting.
    ///
    /// - Throws: ``CatalogError``.
    public func openDuplicate(
        of version: APIVersionID,
        canonicalSHA256: [UInt8],
        manifestSHA256: [UInt8],
        in organization: OrganizationID
    ) async throws(CatalogError) -> Revision? {
        try Row.read(
            try await transaction.row(
                "revision/find_open_duplicate",
                [organization, version, canonicalSHA256, manifestSHA256]
            ),
            Revision.init
        )
    }

    /// Adds a revision with its authors.
    ///
    /// - Throws: ``CatalogError``.
    public func insert(
        _ revision: Revision,
        settingsSHA256: [UInt8],
        in organization: OrganizationID
    ) async throws(CatalogError) {
        try await transaction.execute(
            "revision/insert",
            [
                revision.id, organization, revision.version, revision.number, revision.specification, revision.fileName,
                revision.message, revision.upstream, settingsSHA256, revision.manifestSHA256, revision.submittedBy,
                revision.submittedAt, revision.reviewState.rawValue,
            ]
        )
        try await add(authors: revision.authors, to: revision.id, in: organization)
    }

    /// Names more people who may not approve it.
    ///
    /// - Throws: ``CatalogError``.
    public func add(
        authors: [MemberID],
        to revision: RevisionID,
        in organization: OrganizationID
    ) async throws(CatalogError) {
        try await transaction.execute("revision_author/insert", [organization, revision, authors])
    }

    /// Takes back what an older revision had reached, unless it was released.
    ///
    /// - Returns: the numbers of the revisions that lost their review or approval.
    /// - Throws: ``CatalogError``.
    public func voidOlder(than number: Int, of version: APIVersionID) async throws(CatalogError) -> [Int] {
        let rows = try await transaction.rows("revision/void_older", [version, number])
        let ids: [RevisionID] = try rows.read { (row) throws(CatalogError) in try row.read("id") }
        guard !ids.isEmpty else { return [] }
        try await transaction.execute("approval/void", [ids])
        return try rows.read { (row) throws(CatalogError) in try row.read("number") }
    }

    /// Moves a review; the database refuses a move that is not in the table.
    ///
    /// - Throws: ``CatalogError``.
    public func setReviewState(
        _ state: ReviewState,
        of revision: RevisionID,
        decidedAt: Moment?
    ) async throws(CatalogError) {
        try await transaction.execute("revision/set_review_state", [revision, state.rawValue, decidedAt])
    }

    /// Starts the votes again, for another manifest of the same content.
    ///
    /// - Throws: ``CatalogError``.
    public func reopen(
        _ revision: RevisionID,
        upstream: UpstreamID?,
        settingsSHA256: [UInt8],
        manifestSHA256: [UInt8]
    ) async throws(CatalogError) {
        try await transaction.execute("revision/reopen", [revision, upstream, settingsSHA256, manifestSHA256])
    }

    // MARK: The queue

    /// A page of the review queue, the newest first.
    ///
    /// `teams`: whose private APIs may be seen; nil for all.
    /// - Throws: ``CatalogError``.
    public func queue(
        in organization: OrganizationID,
        state: ReviewState,
        teams: Set<TeamID>?,
        before: RevisionID?,
        limit: Int
    ) async throws(CatalogError) -> [QueuedReview] {
        try await transaction.rows(
            "revision/list_reviews",
            [organization, state.rawValue, teams.map { Array($0) }, before, limit]
        ).read(QueuedReview.init)
    }

    // MARK: Votes and approvals

    /// Every vote on a revision, in the order in which they were cast.
    ///
    /// - Throws: ``CatalogError``.
    public func votes(on revision: RevisionID) async throws(CatalogError) -> [Vote] {
        try await transaction.rows("review_vote/list", [revision]).read(Vote.init)
    }

    /// Adds a vote.
    ///
    /// - Throws: ``CatalogError``; the database refuses an author, a machine, a second approval, a decided review and another
    ///   manifest.
    public func cast(
        _ vote: Vote,
        on revision: RevisionID,
        in organization: OrganizationID
    ) async throws(CatalogError) {
        try await transaction.execute(
            "review_vote/insert",
            [
                vote.id, organization, revision, vote.member, vote.decision.rawValue, vote.comment, vote.manifestSHA256,
                vote.castAt,
            ]
        )
    }

    /// Writes an approval.
    ///
    /// `carriedFrom`: the approved manifest that left the upstream open; nil where votes decided.
    /// - Throws: ``CatalogError``; the database refuses one without its quorum, and a second use of an open one.
    public func approve(
        _ manifestSHA256: [UInt8],
        of revision: RevisionID,
        carriedFrom: [UInt8]?,
        reason: String,
        in organization: OrganizationID,
        at now: Moment
    ) async throws(CatalogError) {
        try await transaction.execute(
            "approval/insert",
            [organization, revision, manifestSHA256, carriedFrom, reason, now]
        )
    }

    /// Whether this manifest of this revision is approved.
    ///
    /// - Throws: ``CatalogError``.
    public func isApproved(_ manifestSHA256: [UInt8], of revision: RevisionID) async throws(CatalogError) -> Bool {
        try await transaction.row("approval/find", [revision, manifestSHA256]) != nil
    }

    /// The manifest that used up an approval that left the upstream open.
    ///
    /// - Throws: ``CatalogError``.
    public func carried(from manifestSHA256: [UInt8], of revision: RevisionID) async throws(CatalogError) -> [UInt8]? {
        guard let row = try await transaction.row("approval/carried", [revision, manifestSHA256]) else { return nil }
        return try row.read("manifest_sha256")
    }

    /// Takes back a revision's approvals, but for those that a release stands on.
    ///
    /// - Throws: ``CatalogError``.
    public func voidApprovals(of revision: RevisionID) async throws(CatalogError) {
        try await transaction.execute("approval/void", [[revision]])
    }
}

/// A line of the review queue.
public struct QueuedReview: Sendable, Hashable, Codable {
    /// The revision.
    public var revision: Revision
    /// The API.
    public var api: String
    /// The team.
    public var team: TeamID
    /// The version.
    public var version: String
    /// Approvals of the current manifest so far.
    public var approvals: Int

    init(_ row: Row) throws(CatalogError) {
        revision = try Revision(row)
        api = try row.read("api")
        team = try row.read("team_id")
        version = try row.read("version")
        approvals = try row.read("approvals")
    }
}

extension Revision {
    init(_ row: Row) throws(CatalogError) {
        let targets: String? = try row.read("upstream_targets")
        let linted: String? = try row.read("lint_result")
        self.init(
            id: try row.read("id"),
            version: try row.read("api_version_id"),
            number: try row.read("number"),
            specification: try row.read("spec_content_id"),
            specificationSHA256: try row.read("sha256"),
            canonicalSHA256: try row.read("canonical_sha256"),
            openAPIVersion: try row.read("openapi_version"),
            operationCount: try row.read("operation_count"),
            fileName: try row.read("file_name"),
            message: try row.read("message"),
            upstream: try row.read("upstream_id"),
            upstreamTargets: try targets.map { (text) throws(CatalogError) in try StoredJSON.value(text) } ?? [],
            manifestSHA256: try row.read("manifest_sha256"),
            submittedBy: try row.read("submitted_by"),
            submittedAt: try row.read("submitted_at"),
            authors: try row.read("authors"),
            authorNames: try row.read("author_names"),
            reviewState: try row.word("review_state"),
            decidedAt: try row.read("decided_at"),
            lint: linted == nil ? nil : try LintCounts(row, result: "lint_result")
        )
    }
}

extension Vote {
    fileprivate init(_ row: Row) throws(CatalogError) {
        self.init(
            id: try row.read("id"),
            member: try row.read("member_id"),
            memberName: try row.read("member"),
            decision: try row.word("decision"),
            comment: try row.read("comment"),
            manifestSHA256: try row.read("manifest_sha256"),
            castAt: try row.read("cast_at")
        )
    }
}

extension Transaction {
    /// Revisions, their reviews, votes and approvals.
    public var revisions: RevisionStore { RevisionStore(transaction: self) }
}
