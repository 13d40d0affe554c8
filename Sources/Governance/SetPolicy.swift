import CatalogStore
public import Lifecycle
import PolicyEngine

/// A policy as somebody wrote it, whole.
public struct PolicyDraft: Sendable, Hashable {
    /// Unique in the organization.
    public var name: String
    /// Nil for the name.
    public var title: String?
    /// More text for people; may be empty.
    public var description: String
    /// How serious it is.
    public var mode: PolicyMode
    /// The APIs it is about.
    public var selector: LabelSelector
    /// What it checks with. A stored ruleset without a revision keeps the one that the policy binds already, else takes the
    /// newest.
    public var rulesets: [PolicyRuleset]
    /// What follows from findings.
    public var stages: PolicyStages
    /// What follows from changes that break callers.
    public var breakingChanges: BreakingChangeRule
    /// What keeps it from now on; nil leaves that as it is.
    public var managedBy: String?

    /// A draft; it only observes unless something else is said: nobody is held up by an oversight.
    public init(
        name: String,
        title: String? = nil,
        description: String = "",
        mode: PolicyMode = .observe,
        selector: LabelSelector = .everything,
        rulesets: [PolicyRuleset],
        stages: PolicyStages = PolicyStages(),
        breakingChanges: BreakingChangeRule = BreakingChangeRule(),
        managedBy: String? = nil
    ) {
        self.name = name
        self.title = title
        self.description = description
        self.mode = mode
        self.selector = selector
        self.rulesets = rulesets
        self.stages = stages
        self.breakingChanges = breakingChanges
        self.managedBy = managedBy
    }
}

/// What setting a policy led to.
public struct PolicyOutcome: Sendable, Hashable, Codable {
    /// The policy.
    public var policy: Policy
    /// Whether its name is new.
    public var isNew: Bool
    /// Names of the members that differed before; empty for a new one.
    public var changed: [String]
}

extension Governance {
    /// Makes a policy, or replaces what one says. What it selects and was never checked is checked in the background.
    ///
    /// `edition` is the policy's revision that the caller saw; nil changes whatever is there.
    /// - Throws: ``GovernanceError``: `forbidden`, `validation-failed` with every place, `name-invalid`, `limit-reached`,
    ///   `precondition-failed`.
    public func setPolicy(
        _ actor: Actor,
        _ draft: PolicyDraft,
        ifEdition edition: Int64? = nil
    ) async throws(GovernanceError) -> PolicyOutcome {
        try await change(actor, mayChangeNothing: true) { work in
            try await work.setPolicy(draft, ifEdition: edition)
        }
    }

    /// Takes a policy out of use; what it decided stays readable.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`.
    public func deletePolicy(_ actor: Actor, _ name: String) async throws(GovernanceError) -> Policy {
        try await change(actor) { work in try await work.deletePolicy(name) }
    }

    /// A policy.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`.
    public func showPolicy(_ actor: Actor, _ name: String) async throws(GovernanceError) -> Policy {
        try actor.requireAnywhere(.readCatalog)
        return try await read(actor) { work in try await work.policy(name) }
    }

    /// A page of the policies by name.
    ///
    /// - Throws: ``GovernanceError`` `forbidden`.
    public func listPolicies(
        _ actor: Actor,
        _ page: PageRequest = PageRequest()
    ) async throws(GovernanceError) -> Page<Policy> {
        try actor.requireAnywhere(.readCatalog)
        return try await read(actor) { work in
            let rows = try await work.transaction.policies.list(
                in: actor.organization,
                after: page.cursor,
                limit: page.rowCount
            )
            return Page(surplus: rows, for: page, byText: \.name)
        }
    }
}

extension UnitOfWork {
    /// A policy in use.
    func policy(_ name: String, isLocking: Bool = false) async throws -> Policy {
        let policy = try await transaction.policies.find(name, in: actor.organization, isLocking: isLocking)
        guard let policy else { throw GovernanceError.notFound("policy", name) }
        return policy
    }

    func setPolicy(_ draft: PolicyDraft, ifEdition edition: Int64? = nil) async throws -> PolicyOutcome {
        try actor.require(.managePolicies, team: nil)
        let known = try await transaction.policies.find(draft.name, in: actor.organization, isLocking: true)
        let terms = try await checked(draft, against: known)
        guard let known else {
            if let edition { try require(edition: edition, is: 0) }
            return try await createPolicy(draft, terms)
        }
        try require(edition: edition, is: Int64(known.revision))
        let keeper = draft.managedBy ?? known.managedBy
        if keeper != known.managedBy { try await transaction.policies.setKeeper(keeper, of: known.id) }
        guard terms != known.terms else {
            return PolicyOutcome(policy: try await policy(draft.name), isNew: false, changed: [])
        }
        try await transaction.policies.update(
            known.id,
            to: terms,
            managedBy: keeper,
            in: actor.organization,
            at: now
        )
        let policy = try await policy(draft.name)
        audit("policy.updated", subject(of: policy), Self.detail(of: policy))
        try await enqueueChecks(of: policy)
        return PolicyOutcome(policy: policy, isNew: false, changed: terms.differences(from: known.terms))
    }

    private func createPolicy(_ draft: PolicyDraft, _ terms: PolicyTerms) async throws -> PolicyOutcome {
        let store = transaction.policies
        let count = try await store.list(in: actor.organization, after: nil, limit: Self.policiesMax).count
        guard count < Self.policiesMax else {
            throw GovernanceError(
                .limitReached,
                "an organization has at most \(Self.policiesMax) policies",
                mend: "delete one, or let one policy bind several rulesets"
            )
        }
        let id = PolicyID.make(at: now)
        try await store.insert(
            id,
            named: draft.name,
            terms,
            managedBy: draft.managedBy,
            in: actor.organization,
            at: now
        )
        let policy = try await policy(draft.name)
        audit("policy.created", subject(of: policy), Self.detail(of: policy))
        try await enqueueChecks(of: policy)
        return PolicyOutcome(policy: policy, isNew: true, changed: [])
    }

    func deletePolicy(_ name: String) async throws -> Policy {
        try actor.require(.managePolicies, team: nil)
        let known = try await policy(name, isLocking: true)
        try await transaction.policies.delete(known.id, at: now)
        audit("policy.deleted", subject(of: known), Self.detail(of: known))
        return known
    }

    func subject(of policy: Policy) -> AuditEvent.Subject {
        AuditEvent.Subject("policy", id: policy.id.value, name: policy.name)
    }

    private static func detail(of policy: Policy) -> AuditDetail {
        let terms = policy.terms
        let labels = terms.selector.matchLabels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let expressions = terms.selector.matchExpressions.map {
            "\($0.key) \($0.comparison.rawValue) \($0.values.joined(separator: ","))"
        }
        return [
            "revision": .number(Int64(policy.revision)), "mode": .text(terms.mode.rawValue),
            "selector": .list(labels + expressions), "rulesets": .list(terms.rulesets.map(\.text)),
            "submit": .text(terms.stages.submit.summary), "publish": .text(terms.stages.publish.summary),
            "breakingChanges": .text(terms.breakingChanges.action.rawValue),
        ]
    }

    // MARK: What a policy may say

    /// The terms of a draft, each stored ruleset with a revision.
    private func checked(_ draft: PolicyDraft, against known: Policy?) async throws -> PolicyTerms {
        var places = draft.selector.faults.map { GovernanceError.Place($0.what, pointer: "/selector" + $0.pointer) }
        var rulesets: [PolicyRuleset] = []
        if draft.rulesets.isEmpty, draft.breakingChanges.action == .allow {
            places.append(
                .init("a policy binds at least one ruleset or rules on breaking changes", pointer: "/rulesets")
            )
        }
        if draft.rulesets.count > PolicyTerms.rulesetsMax {
            places.append(.init("a policy binds at most \(PolicyTerms.rulesetsMax) rulesets", pointer: "/rulesets"))
        }
        for (index, wanted) in draft.rulesets.prefix(PolicyTerms.rulesetsMax).enumerated() {
            let pointer = "/rulesets/\(index)"
            if draft.rulesets.prefix(index).contains(where: { $0.name == wanted.name }) {
                places.append(.init("`\(wanted.name)` is named twice", pointer: pointer + "/name"))
                continue
            }
            do {
                rulesets.append(try await bound(wanted, pointer, known))
            } catch let error as GovernanceError where error.code == .validationFailed {
                places += error.places
            }
        }
        places += try await faults(of: draft.breakingChanges)
        guard let first = places.first else {
            return PolicyTerms(
                title: draft.title ?? draft.name,
                description: draft.description,
                mode: draft.mode,
                selector: draft.selector,
                rulesets: rulesets,
                stages: draft.stages,
                breakingChanges: draft.breakingChanges
            )
        }
        throw GovernanceError(
            .validationFailed,
            places.count == 1 ? first.detail : "\(places.count) places of the policy are wrong",
            mend: "correct each place in `errors`; nothing was changed",
            places: places
        )
    }

    /// A ruleset as the policy is to bind it.
    private func bound(_ wanted: PolicyRuleset, _ pointer: String, _ known: Policy?) async throws -> PolicyRuleset {
        if Ruleset.builtInNames.contains(wanted.name) {
            guard wanted.revision == nil else {
                throw GovernanceError.invalid(
                    pointer + "/revision",
                    "`\(wanted.name)` comes with the program and has no revisions",
                    mend: "leave `revision` out"
                )
            }
            return wanted
        }
        guard let stored = try await transaction.rulesets.find(wanted.name, in: actor.organization) else {
            let names = try await transaction.rulesets.list(in: actor.organization, after: nil, limit: Self.rulesetsMax)
            let nearest = NearestName.of(wanted.name, among: names.map(\.name) + Ruleset.builtInNames)
            throw GovernanceError.invalid(
                pointer + "/name",
                "there is no ruleset `\(wanted.name)`" + (nearest.map { "; did you mean `\($0)`?" } ?? ""),
                mend: "store it first, or name one of \(Ruleset.builtInNames.joined(separator: ", "))"
            )
        }
        let bound = known?.terms.rulesets.first { $0.name == wanted.name }?.revision
        let number = wanted.revision ?? bound ?? stored.newest.number
        guard (1...stored.newest.number).contains(number) else {
            throw GovernanceError.invalid(
                pointer + "/revision",
                "`\(wanted.name)` has no revision \(number); its newest is \(stored.newest.number)",
                mend: "name a revision that is there"
            )
        }
        return PolicyRuleset(wanted.name, revision: number)
    }

    private func faults(of rule: BreakingChangeRule) async throws -> [GovernanceError.Place] {
        let pointer = "/breakingChanges/approvers"
        guard rule.action == .approval else {
            return rule.approvers.isEmpty ? [] : [.init("only the action `approval` names approvers", pointer: pointer)]
        }
        guard (1...BreakingChangeRule.approversMax).contains(rule.approvers.count) else {
            let text = "the action `approval` names 1 to \(BreakingChangeRule.approversMax) approvers"
            return [.init(text, pointer: pointer)]
        }
        var places: [GovernanceError.Place] = []
        for (index, name) in rule.approvers.enumerated() {
            let member = try await transaction.people.member(named: name, in: actor.organization)
            if member?.kind != .person {
                places.append(.init("`\(name)` is no person of the organization", pointer: "\(pointer)/\(index)"))
            }
        }
        return places
    }
}

extension SeverityActions {
    /// For the audit.
    fileprivate var summary: String {
        "error \(error.rawValue), warn \(warn.rawValue), info \(info.rawValue), hint \(hint.rawValue)"
    }
}

extension PolicyTerms {
    /// Names of the members that differ.
    func differences(from other: PolicyTerms) -> [String] {
        var differences = Differences()
        differences.compare("title", other.title, title)
        differences.compare("description", other.description, description)
        differences.compare("mode", other.mode, mode)
        differences.compare("selector", other.selector, selector)
        differences.compare("rulesets", other.rulesets, rulesets)
        differences.compare("stages", other.stages, stages)
        differences.compare("breakingChanges", other.breakingChanges, breakingChanges)
        return differences.fields
    }
}
