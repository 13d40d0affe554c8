public import Lifecycle
import Postgres

/// Policies with all that they ever said, and what they decided.
public struct PolicyStore: Sendable {
    let transaction: Transaction

    /// The policy of a name; nil where none is in use. With `isLocking` it is held until the transaction ends.
    ///
    /// - Throws: ``CatalogError``.
    public func find(
        _ name: String,
        in organization: OrganizationID,
        isLocking: Bool = false
    ) async throws(CatalogError) -> Policy? {
        let query = isLocking ? "policy/lock" : "policy/find"
        return try Row.read(try await transaction.row(query, [organization, name]), Policy.init)
    }

    /// A page of the policies in use by name.
    ///
    /// - Throws: ``CatalogError``.
    public func list(
        in organization: OrganizationID,
        after name: String?,
        limit: Int
    ) async throws(CatalogError) -> [Policy] {
        try await transaction.rows("policy/list", [organization, name ?? "", limit]).read(Policy.init)
    }

    /// Adds a policy with its first revision.
    ///
    /// - Throws: ``CatalogError``.
    public func insert(
        _ id: PolicyID,
        named name: String,
        _ terms: PolicyTerms,
        managedBy: String?,
        in organization: OrganizationID,
        at now: Moment
    ) async throws(CatalogError) {
        try await transaction.execute(
            "policy/insert",
            [
                id, organization, name, terms.title, terms.description, terms.mode.rawValue,
                try StoredJSON.text(terms.selector), try StoredJSON.text(terms.stages),
                try StoredJSON.text(terms.breakingChanges), managedBy, now,
            ]
        )
        try await write(terms, of: id, revision: 1, in: organization, at: now)
    }

    /// Replaces what a policy says; what it said before stays readable.
    ///
    /// - Returns: the new revision.
    /// - Throws: ``CatalogError``.
    @discardableResult
    public func update(
        _ id: PolicyID,
        to terms: PolicyTerms,
        managedBy: String?,
        in organization: OrganizationID,
        at now: Moment
    ) async throws(CatalogError) -> Int {
        let row = try await transaction.row(
            "policy/update",
            [
                id, terms.title, terms.description, terms.mode.rawValue, try StoredJSON.text(terms.selector),
                try StoredJSON.text(terms.stages), try StoredJSON.text(terms.breakingChanges), managedBy, now,
            ]
        )
        guard let row else { throw CatalogError.unexpected(reason: "the policy went while it was held") }
        let revision: Int = try row.read("revision")
        try await transaction.execute("policy_ruleset/delete", [id])
        try await write(terms, of: id, revision: revision, in: organization, at: now)
        return revision
    }

    /// Changes what keeps a policy.
    ///
    /// - Throws: ``CatalogError``.
    public func setKeeper(_ managedBy: String?, of id: PolicyID) async throws(CatalogError) {
        try await transaction.execute("policy/set_keeper", [id, managedBy])
    }

    /// Takes a policy out of use.
    ///
    /// - Throws: ``CatalogError``.
    public func delete(_ id: PolicyID, at now: Moment) async throws(CatalogError) {
        try await transaction.execute("policy/delete", [id, now])
    }

    private func write(
        _ terms: PolicyTerms,
        of id: PolicyID,
        revision: Int,
        in organization: OrganizationID,
        at now: Moment
    ) async throws(CatalogError) {
        let written = try await transaction.execute(
            "policy_ruleset/insert",
            [id, organization, terms.rulesets.map(\.name), terms.rulesets.map { $0.revision ?? 0 }]
        )
        guard written == terms.rulesets.count else {
            throw CatalogError.unexpected(reason: "a ruleset of the policy went before it was written")
        }
        try await transaction.execute("policy_revision/insert", [id, revision, try StoredJSON.text(terms), now])
    }

    /// What a policy decided, and on what.
    public struct Decision: Sendable, Hashable {
        /// Its identifier.
        public var id: PolicyDecisionID
        /// The policy.
        public var policy: PolicyID
        /// The revision of the policy that decided.
        public var policyRevision: Int
        /// Where on its way the specification was.
        public var stage: PolicyStage
        /// The specification's revision; nil for a submission that was refused.
        public var revision: RevisionID?
        /// Such as `orders 1.2.0`.
        public var subject: String
        /// SHA-256 of the document's bytes.
        public var contentSHA256: [UInt8]
        /// What identifies the rulesets, in the policy's order.
        public var rulesetSHA256s: [[UInt8]]
        /// The policy engine's version.
        public var engine: String
        /// The policy's mode at that time.
        public var mode: PolicyMode
        /// How the checks ended, the worst of them.
        public var outcome: LintResult
        /// What the policy asks for.
        public var action: PolicyAction
        /// What that came to under its mode.
        public var effect: PolicyAction
        /// Waivers that covered a finding.
        public var waivers: [WaiverID]
        /// When.
        public var decidedAt: Moment
        /// SHA-256 of the document that it was compared with; nil where nothing was.
        public var baseSHA256: [UInt8]?
        /// Changes that break callers and that no waiver covers; nil where nothing was compared.
        public var breakingCount: Int?

        /// Every field as it stands.
        public init(
            id: PolicyDecisionID,
            policy: PolicyID,
            policyRevision: Int,
            stage: PolicyStage,
            revision: RevisionID?,
            subject: String,
            contentSHA256: [UInt8],
            rulesetSHA256s: [[UInt8]],
            engine: String,
            mode: PolicyMode,
            outcome: LintResult,
            action: PolicyAction,
            effect: PolicyAction,
            waivers: [WaiverID],
            decidedAt: Moment,
            baseSHA256: [UInt8]? = nil,
            breakingCount: Int? = nil
        ) {
            self.id = id
            self.policy = policy
            self.policyRevision = policyRevision
            self.stage = stage
            self.revision = revision
            self.subject = subject
            self.contentSHA256 = contentSHA256
            self.rulesetSHA256s = rulesetSHA256s
            self.engine = engine
            self.mode = mode
            self.outcome = outcome
            self.action = action
            self.effect = effect
            self.waivers = waivers
            self.decidedAt = decidedAt
            self.baseSHA256 = baseSHA256
            self.breakingCount = breakingCount
        }
    }

    /// Writes a decision.
    ///
    /// - Throws: ``CatalogError``; the database refuses an error that passes and a block that no mode enforces.
    public func record(_ decision: Decision, in organization: OrganizationID) async throws(CatalogError) {
        try await transaction.execute(
            "policy_decision/insert",
            [
                decision.id, organization, decision.policy, decision.policyRevision, decision.stage.rawValue,
                decision.revision, decision.subject, decision.contentSHA256, decision.rulesetSHA256s, decision.engine,
                decision.mode.rawValue, decision.outcome.rawValue, decision.action.rawValue, decision.effect.rawValue,
                decision.waivers, decision.decidedAt, decision.baseSHA256, decision.breakingCount,
            ]
        )
    }
}

extension Policy {
    fileprivate init(_ row: Row) throws(CatalogError) {
        let names: [String] = try row.read("ruleset_names")
        let revisions: [Int] = try row.read("ruleset_revisions")
        self.init(
            id: try row.read("id"),
            name: try row.read("slug"),
            revision: try row.read("revision"),
            terms: PolicyTerms(
                title: try row.read("title"),
                description: try row.read("description"),
                mode: try row.word("mode"),
                selector: try StoredJSON.value(try row.read("selector")),
                rulesets: zip(names, revisions).map { PolicyRuleset($0, revision: $1 == 0 ? nil : $1) },
                stages: try StoredJSON.value(try row.read("stages")),
                breakingChanges: try StoredJSON.value(try row.read("breaking_changes"))
            ),
            managedBy: try row.read("managed_by"),
            createdAt: try row.read("created_at"),
            updatedAt: try row.read("updated_at")
        )
    }
}

extension Transaction {
    /// Policies and their decisions.
    public var policies: PolicyStore { PolicyStore(transaction: self) }
}
