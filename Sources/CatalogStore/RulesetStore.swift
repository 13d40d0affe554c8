public import Lifecycle
import Postgres

/// Rulesets and their immutable revisions.
public struct RulesetStore: Sendable {
    let transaction: Transaction

    /// A revision's text with its digests.
    public struct Content: Sendable, Hashable {
        /// The bytes as they were sent.
        public var bytes: [UInt8]
        /// SHA-256 of the bytes.
        public var sha256: [UInt8]
        /// SHA-256 of the canonical form.
        public var canonicalSHA256: [UInt8]
        /// Rules that it switches on.
        public var ruleCount: Int

        /// Every field as it stands.
        public init(bytes: [UInt8], sha256: [UInt8], canonicalSHA256: [UInt8], ruleCount: Int) {
            self.bytes = bytes
            self.sha256 = sha256
            self.canonicalSHA256 = canonicalSHA256
            self.ruleCount = ruleCount
        }
    }

    /// The ruleset of a name; nil where none is in use. With `isLocking` it is held until the transaction ends.
    ///
    /// - Throws: ``CatalogError``.
    public func find(
        _ name: String,
        in organization: OrganizationID,
        isLocking: Bool = false
    ) async throws(CatalogError) -> StoredRuleset? {
        let query = isLocking ? "ruleset/lock" : "ruleset/find"
        return try Row.read(try await transaction.row(query, [organization, name]), StoredRuleset.init)
    }

    /// A page of the rulesets in use by name.
    ///
    /// - Throws: ``CatalogError``.
    public func list(
        in organization: OrganizationID,
        after name: String?,
        limit: Int
    ) async throws(CatalogError) -> [StoredRuleset] {
        try await transaction.rows("ruleset/list", [organization, name ?? "", limit]).read(StoredRuleset.init)
    }

    /// Adds a ruleset without a revision; ``append(_:to:message:by:in:at:)`` gives it the first.
    ///
    /// - Throws: ``CatalogError``.
    public func insert(
        _ id: RulesetID,
        named name: String,
        title: String,
        managedBy: String?,
        in organization: OrganizationID,
        at now: Moment
    ) async throws(CatalogError) {
        try await transaction.execute("ruleset/insert", [id, organization, name, title, managedBy, now])
    }

    /// Adds a revision.
    ///
    /// - Returns: its number.
    /// - Throws: ``CatalogError``.
    public func append(
        _ content: Content,
        to id: RulesetID,
        message: String,
        by member: MemberID?,
        in organization: OrganizationID,
        at now: Moment
    ) async throws(CatalogError) -> Int {
        guard let row = try await transaction.row("ruleset/next_revision_number", [id]) else {
            throw CatalogError.unexpected(reason: "the ruleset went while it was held")
        }
        let number: Int = try row.read("number")
        try await transaction.execute(
            "ruleset_revision/insert",
            [
                organization, id, number, content.bytes, content.sha256, content.canonicalSHA256, content.ruleCount,
                message, member, now,
            ]
        )
        return number
    }

    /// Changes what stands beside the revisions.
    ///
    /// - Throws: ``CatalogError``.
    public func update(_ id: RulesetID, title: String, managedBy: String?) async throws(CatalogError) {
        try await transaction.execute("ruleset/update", [id, title, managedBy])
    }

    /// Takes a ruleset out of use.
    ///
    /// - Throws: ``CatalogError``; the database refuses it while a policy names the ruleset.
    public func delete(_ id: RulesetID, at now: Moment) async throws(CatalogError) {
        try await transaction.execute("ruleset/delete", [id, now])
    }

    /// A page of a ruleset's revisions, the newest first.
    ///
    /// - Throws: ``CatalogError``.
    public func revisions(
        of id: RulesetID,
        before number: Int?,
        limit: Int
    ) async throws(CatalogError) -> [RulesetRevision] {
        try await transaction.rows("ruleset_revision/list", [id, number, limit]).read(RulesetRevision.init)
    }

    /// The text of a revision with its SHA-256; nil where there is none.
    ///
    /// - Throws: ``CatalogError``.
    public func load(
        _ number: Int,
        of id: RulesetID
    ) async throws(CatalogError) -> (bytes: [UInt8], sha256: [UInt8])? {
        guard let row = try await transaction.row("ruleset_revision/load", [id, number]) else { return nil }
        return (try row.read("bytes"), try row.read("sha256"))
    }
}

extension StoredRuleset {
    fileprivate init(_ row: Row) throws(CatalogError) {
        self.init(
            id: try row.read("id"),
            name: try row.read("slug"),
            title: try row.read("title"),
            newest: try RulesetRevision(row),
            managedBy: try row.read("managed_by"),
            createdAt: try row.read("made_at")
        )
    }
}

extension RulesetRevision {
    fileprivate init(_ row: Row) throws(CatalogError) {
        self.init(
            number: try row.read("number"),
            sha256: try row.read("sha256"),
            canonicalSHA256: try row.read("canonical_sha256"),
            ruleCount: try row.read("rule_count"),
            message: try row.read("message"),
            createdBy: try row.read("created_by"),
            createdAt: try row.read("created_at")
        )
    }
}

extension Transaction {
    /// Rulesets and their revisions.
    public var rulesets: RulesetStore { RulesetStore(transaction: self) }
}
