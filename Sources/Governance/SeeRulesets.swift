import CatalogStore
public import Lifecycle
import PolicyEngine

/// A ruleset that comes with the program.
public struct BuiltInRuleset: Sendable, Hashable {
    /// Such as `spectral:oas`.
    public var name: String
    /// Rules that it switches on.
    public var ruleCount: Int
}

extension Governance {
    /// The rulesets that come with the program, by name.
    public static var builtInRulesets: [BuiltInRuleset] {
        Ruleset.builtInNames.sorted().compactMap { name in
            // One that cannot be read is one that no policy can bind; the policy engine's tests read all of them.
            guard let ruleset = try? Ruleset.builtIn(name) else { return nil }
            return BuiltInRuleset(name: name, ruleCount: ruleset.enabledRules.count)
        }
    }

    /// A page of the stored rulesets by name.
    ///
    /// - Throws: ``GovernanceError`` `forbidden`.
    public func listRulesets(
        _ actor: Actor,
        _ page: PageRequest = PageRequest()
    ) async throws(GovernanceError) -> Page<StoredRuleset> {
        try actor.requireAnywhere(.readCatalog)
        return try await read(actor) { work in
            let rows = try await work.transaction.rulesets.list(
                in: actor.organization,
                after: page.cursor,
                limit: page.rowCount
            )
            return Page(surplus: rows, for: page, byText: \.name)
        }
    }

    /// A stored ruleset.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`.
    public func showRuleset(_ actor: Actor, _ name: String) async throws(GovernanceError) -> StoredRuleset {
        try actor.requireAnywhere(.readCatalog)
        return try await read(actor) { work in try await work.ruleset(name) }
    }

    /// A page of a ruleset's revisions, the newest first.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `cursor-invalid`.
    public func listRulesetRevisions(
        _ actor: Actor,
        _ name: String,
        _ page: PageRequest = PageRequest()
    ) async throws(GovernanceError) -> Page<RulesetRevision> {
        try actor.requireAnywhere(.readCatalog)
        let before = try page.number()
        return try await read(actor) { work in
            let ruleset = try await work.ruleset(name)
            let rows = try await work.transaction.rulesets.revisions(
                of: ruleset.id,
                before: before.map { Int(clamping: $0) },
                limit: page.rowCount
            )
            return Page(surplus: rows, for: page, byText: { String($0.number) })
        }
    }

    /// The text of a revision, byte for byte as it was stored.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`.
    public func showRulesetText(
        _ actor: Actor,
        _ name: String,
        revision number: Int
    ) async throws(GovernanceError) -> [UInt8] {
        try actor.requireAnywhere(.readCatalog)
        return try await read(actor) { work in
            let ruleset = try await work.ruleset(name)
            guard let (bytes, _) = try await work.transaction.rulesets.load(number, of: ruleset.id) else {
                throw GovernanceError.notFound("revision", "\(name)@\(number)")
            }
            return bytes
        }
    }
}
