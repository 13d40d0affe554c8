import CatalogStore
import DocumentTree
public import Lifecycle
import PolicyEngine
import RoutingTable

/// A ruleset as somebody hands it in.
public struct RulesetDraft: Sendable, Hashable {
    /// Unique in the organization.
    public var name: String
    /// The document as it is, YAML or JSON, in Spectral's format.
    public var bytes: [UInt8]
    /// Nil for the name, or what it is already.
    public var title: String?
    /// Why it changes.
    public var message: String
    /// What keeps it from now on; nil leaves that as it is.
    public var managedBy: String?

    /// Every field as it stands.
    public init(name: String, bytes: [UInt8], title: String? = nil, message: String = "", managedBy: String? = nil) {
        self.name = name
        self.bytes = bytes
        self.title = title
        self.message = message
        self.managedBy = managedBy
    }
}

/// What storing a ruleset led to.
public struct RulesetOutcome: Sendable, Hashable, Codable {
    /// The ruleset.
    public var ruleset: StoredRuleset
    /// Whether its name is new.
    public var isNew: Bool
    /// Whether there is a new revision; false where the content is the newest one's already.
    public var isChanged: Bool
}

extension Governance {
    /// Stores a ruleset, or a new revision of one. Policies go on with the revisions that they bind; what the new one would
    /// change for them is evaluated in the background and shown by ``evaluatePolicy(_:_:change:_:)`` before anybody adopts it.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `ruleset-invalid` with every place, `name-invalid`, `limit-reached`,
    ///   `validation-failed`.
    public func storeRuleset(_ actor: Actor, _ draft: RulesetDraft) async throws(GovernanceError) -> RulesetOutcome {
        try actor.require(.managePolicies, team: nil)
        let content = try RulesetStore.Content(draft)
        return try await change(actor, mayChangeNothing: true) { work in
            try await work.storeRuleset(draft, content)
        }
    }

    /// Takes a ruleset out of use.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `in-use`.
    public func deleteRuleset(_ actor: Actor, _ name: String) async throws(GovernanceError) -> StoredRuleset {
        try await change(actor) { work in try await work.deleteRuleset(name) }
    }
}

extension UnitOfWork {
    /// Rulesets that an organization has at most.
    static let rulesetsMax = 200

    func storeRuleset(_ draft: RulesetDraft, _ content: RulesetStore.Content) async throws -> RulesetOutcome {
        try actor.require(.managePolicies, team: nil)
        let store = transaction.rulesets
        guard let known = try await store.find(draft.name, in: actor.organization, isLocking: true) else {
            return try await createRuleset(draft, content)
        }
        let title = draft.title ?? known.title
        let keeper = draft.managedBy ?? known.managedBy
        let isChanged = known.newest.canonicalSHA256 != content.canonicalSHA256
        if title != known.title || keeper != known.managedBy {
            try await store.update(known.id, title: title, managedBy: keeper)
        }
        guard isChanged else {
            if title != known.title { audit("ruleset.updated", subject(of: known), ["title": .text(title)]) }
            return RulesetOutcome(ruleset: try await ruleset(draft.name), isNew: false, isChanged: false)
        }
        _ = try await store.append(
            content,
            to: known.id,
            message: draft.message,
            by: actor.member,
            in: actor.organization,
            at: now
        )
        let ruleset = try await ruleset(draft.name)
        auditRevision(of: ruleset, "ruleset.revised")
        try await enqueueChecks(with: ruleset)
        return RulesetOutcome(ruleset: ruleset, isNew: false, isChanged: true)
    }

    private func createRuleset(_ draft: RulesetDraft, _ content: RulesetStore.Content) async throws -> RulesetOutcome {
        let store = transaction.rulesets
        let count = try await store.list(in: actor.organization, after: nil, limit: Self.rulesetsMax).count
        guard count < Self.rulesetsMax else {
            throw GovernanceError(
                .limitReached,
                "an organization has at most \(Self.rulesetsMax) rulesets",
                mend: "delete one that no policy names"
            )
        }
        let id = RulesetID.make(at: now)
        try await store.insert(
            id,
            named: draft.name,
            title: draft.title ?? draft.name,
            managedBy: draft.managedBy,
            in: actor.organization,
            at: now
        )
        _ = try await store.append(
            content,
            to: id,
            message: draft.message,
            by: actor.member,
            in: actor.organization,
            at: now
        )
        let ruleset = try await ruleset(draft.name)
        auditRevision(of: ruleset, "ruleset.created")
        return RulesetOutcome(ruleset: ruleset, isNew: true, isChanged: true)
    }

    func deleteRuleset(_ name: String) async throws -> StoredRuleset {
        try actor.require(.managePolicies, team: nil)
        guard let known = try await transaction.rulesets.find(name, in: actor.organization, isLocking: true) else {
            throw GovernanceError.notFound("ruleset", name)
        }
        try await transaction.rulesets.delete(known.id, at: now)
        audit("ruleset.deleted", subject(of: known), ["revision": .number(Int64(known.newest.number))])
        return known
    }

    /// A stored ruleset.
    func ruleset(_ name: String) async throws -> StoredRuleset {
        guard let ruleset = try await transaction.rulesets.find(name, in: actor.organization) else {
            throw GovernanceError.notFound("ruleset", name)
        }
        return ruleset
    }

    func subject(of ruleset: StoredRuleset) -> AuditEvent.Subject {
        AuditEvent.Subject("ruleset", id: ruleset.id.value, name: ruleset.name)
    }

    private func auditRevision(of ruleset: StoredRuleset, _ action: String) {
        audit(
            action,
            subject(of: ruleset),
            [
                "revision": .number(Int64(ruleset.newest.number)),
                "sha256": .text(Hexadecimal.text(ruleset.newest.sha256)),
                "rules": .number(Int64(ruleset.newest.ruleCount)), "message": .text(ruleset.newest.message),
            ]
        )
    }
}

extension RulesetStore.Content {
    /// Reads and checks what was handed in.
    ///
    /// - Throws: ``GovernanceError`` `ruleset-invalid`, `validation-failed`.
    init(_ draft: RulesetDraft) throws(GovernanceError) {
        guard draft.bytes.count <= StoredRuleset.bytesMax else {
            throw GovernanceError.invalid(
                "",
                "the ruleset has \(draft.bytes.count) bytes, at most \(StoredRuleset.bytesMax) are taken",
                mend: "split it into several rulesets and bind all of them"
            )
        }
        let document: Document
        do throws(UnreadableDocument) {
            document = try Document.read(draft.bytes, name: draft.name)
        } catch {
            throw Self.refused(error.findings, draft.name)
        }
        let ruleset: Ruleset
        do throws(RulesetRejected) {
            ruleset = try Ruleset.read(document: document)
        } catch {
            throw Self.refused(error.findings, draft.name)
        }
        guard !ruleset.enabledRules.isEmpty else {
            throw GovernanceError(
                .rulesetInvalid,
                "the ruleset switches no rule on, so it would check nothing",
                mend: "add rules, or extend a built-in ruleset such as `gatehouse:recommended`"
            )
        }
        self.init(
            bytes: draft.bytes,
            sha256: Digest32.sha256(of: draft.bytes).bytes,
            canonicalSHA256: Digest32.sha256(of: document.root.json(sortsKeys: true)).bytes,
            ruleCount: ruleset.enabledRules.count
        )
    }

    private static func refused(_ findings: [Finding], _ name: String) -> GovernanceError {
        let first = findings.first
        return GovernanceError(
            .rulesetInvalid,
            first?.message ?? "the ruleset cannot be read",
            mend: first?.help ?? "correct the places that are named",
            places: findings.map { GovernanceError.Place($0, source: name) }
        )
    }
}
