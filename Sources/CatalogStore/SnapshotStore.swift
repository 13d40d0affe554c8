public import Lifecycle
import Postgres

/// Routing snapshots of each environment, every generation; and the compiled revisions that they are made of.
public struct SnapshotStore: Sendable {
    let transaction: Transaction

    /// A snapshot to be stored.
    public struct New: Sendable {
        /// The generation of the routing snapshot.
        public var generation: Int64
        /// The whole artefact.
        public var artefact: [UInt8]
        /// SHA-256 of the body: equal content has equal digests.
        public var bodySHA256: [UInt8]
        /// The older generation whose content it carries; nil where it was compiled anew.
        public var contentOfGeneration: Int64?
        /// Such as `publish` or `activate`.
        public var cause: String
        /// Why, in a person's words.
        public var reason: String
        /// APIs in it.
        public var apiCount: Int
        /// Versions in it.
        public var versionCount: Int
        /// Operations in the document.
        public var operationCount: Int

        /// Every field as it stands.
        public init(
            generation: Int64,
            artefact: [UInt8],
            bodySHA256: [UInt8],
            contentOfGeneration: Int64?,
            cause: String,
            reason: String,
            apiCount: Int,
            versionCount: Int,
            operationCount: Int
        ) {
            self.generation = generation
            self.artefact = artefact
            self.bodySHA256 = bodySHA256
            self.contentOfGeneration = contentOfGeneration
            self.cause = cause
            self.reason = reason
            self.apiCount = apiCount
            self.versionCount = versionCount
            self.operationCount = operationCount
        }
    }

    /// Stores the next generation of an environment that this transaction holds, and tells the listeners at the commit.
    ///
    /// - Throws: ``CatalogError``; a generation that another transaction stored first is refused.
    public func insert(
        _ snapshot: New,
        for environment: Environment,
        in organization: OrganizationID,
        by member: MemberID?,
        at now: Moment
    ) async throws(CatalogError) {
        try await transaction.execute(
            "routing_snapshot/insert",
            [
                organization, environment.id, snapshot.generation, snapshot.artefact, snapshot.bodySHA256,
                environment.generation, snapshot.contentOfGeneration, snapshot.cause, snapshot.reason,
                snapshot.apiCount,
                snapshot.versionCount, snapshot.operationCount, member, now,
            ]
        )
        try await transaction.environments.setGeneration(snapshot.generation, of: environment.id)
        try await transaction.notify(.routing, environment.name)
    }

    /// The whole artefact of a generation.
    ///
    /// - Throws: ``CatalogError``.
    public func artefact(
        _ generation: Int64,
        of environment: EnvironmentID,
        in organization: OrganizationID
    ) async throws(CatalogError) -> [UInt8]? {
        let row = try await transaction.row("routing_snapshot/load", [organization, environment, generation])
        return try Row.read(row) { (row) throws(CatalogError) in try row.read("artefact") }
    }

    /// A snapshot without its bytes.
    ///
    /// - Throws: ``CatalogError``.
    public func find(
        _ generation: Int64,
        of environment: EnvironmentID,
        in organization: OrganizationID
    ) async throws(CatalogError) -> SnapshotRecord? {
        try Row.read(
            try await transaction.row("routing_snapshot/find", [organization, environment, generation]),
            SnapshotRecord.init
        )
    }

    /// A page of an environment's snapshots, the newest first.
    ///
    /// - Throws: ``CatalogError``.
    public func list(
        of environment: EnvironmentID,
        in organization: OrganizationID,
        before generation: Int64?,
        limit: Int
    ) async throws(CatalogError) -> [SnapshotRecord] {
        try await transaction.rows(
            "routing_snapshot/list",
            [organization, environment, generation, limit]
        ).read(SnapshotRecord.init)
    }

    /// Deletes all but the newest generations of an environment.
    ///
    /// - Throws: ``CatalogError``.
    @discardableResult
    public func forget(in environment: EnvironmentID, keptCount: Int) async throws(CatalogError) -> Int {
        try await transaction.execute("routing_snapshot/delete_old", [environment, keptCount])
    }

    // MARK: Compiled revisions

    /// What this compiler made of these revisions before, as far as it is kept.
    ///
    /// - Throws: ``CatalogError``.
    public func compiled(
        _ revisions: [RevisionID],
        by compiler: String
    ) async throws(CatalogError) -> [RevisionID: [UInt8]] {
        guard !revisions.isEmpty else { return [:] }
        var bodies: [RevisionID: [UInt8]] = [:]
        for row in try await transaction.rows("compiled_revision/find", [revisions, compiler]) {
            bodies[try row.read("revision_id")] = try row.read("body", as: [UInt8].self)
        }
        return bodies
    }

    /// Keeps what a compiler made of a revision.
    ///
    /// - Throws: ``CatalogError``.
    public func keep(
        _ body: [UInt8],
        of revision: RevisionID,
        by compiler: String,
        in organization: OrganizationID,
        at now: Moment
    ) async throws(CatalogError) {
        try await transaction.execute("compiled_revision/insert", [organization, revision, compiler, body, now])
    }
}

/// A snapshot without its bytes.
public struct SnapshotRecord: Sendable, Hashable, Codable {
    /// The generation of the routing snapshot.
    public var generation: Int64
    /// SHA-256 of the body: equal content has equal digests.
    public var bodySHA256: [UInt8]
    /// The generation before.
    public var parentGeneration: Int64
    /// The older generation whose content it carries; nil where it was compiled anew.
    public var contentOfGeneration: Int64?
    /// What led to it.
    public var cause: String
    /// Why, in a person's words.
    public var reason: String
    /// APIs in it.
    public var apiCount: Int
    /// Versions in it.
    public var versionCount: Int
    /// Operations in the document.
    public var operationCount: Int
    /// The artefact's size.
    public var artefactBytes: Int
    /// The member's name; nil for the system and the local operator.
    public var createdBy: String?
    /// When it was made.
    public var createdAt: Moment

    init(_ row: Row) throws(CatalogError) {
        generation = try row.read("generation")
        bodySHA256 = try row.read("body_sha256")
        parentGeneration = try row.read("parent_generation")
        contentOfGeneration = try row.read("content_of_generation")
        cause = try row.read("cause")
        reason = try row.read("reason")
        apiCount = try row.read("api_count")
        versionCount = try row.read("version_count")
        operationCount = try row.read("operation_count")
        artefactBytes = try row.read("artefact_bytes")
        createdBy = try row.read("created_by")
        createdAt = try row.read("created_at")
    }
}

extension Transaction {
    /// Routing snapshots.
    public var snapshots: SnapshotStore { SnapshotStore(transaction: self) }
}
