import CatalogStore
import DocumentTree
import Lifecycle
import Manifest

/// Rulesets and policies. What people made is taken over where a manifest names it.
extension ManifestRun {
    mutating func apply(_ item: ManifestItem<RulesetSpec>) async throws -> ManifestChange {
        let draft = RulesetDraft(
            name: item.name,
            bytes: try Self.bytes(of: item),
            title: item.spec.title ?? item.name,
            message: item.spec.message ?? "",
            managedBy: Governance.manifestKeeper
        )
        let before = try await work.transaction.rulesets.find(item.name, in: work.actor.organization)
        let outcome = try await work.storeRuleset(draft, try RulesetStore.Content(draft))
        var differences = Differences()
        if let before {
            differences.compare("title", before.title, outcome.ruleset.title)
            differences.compare("definition", before.newest.number, outcome.ruleset.newest.number)
            differences.compare("managed-by", before.managedBy, outcome.ruleset.managedBy)
        }
        return ManifestChange(.ruleset, item, isNew: outcome.isNew, fields: differences.fields)
    }

    mutating func apply(_ item: ManifestItem<PolicySpec>) async throws -> ManifestChange {
        let before = try await work.transaction.policies.find(item.name, in: work.actor.organization)
        let outcome = try await work.setPolicy(PolicyDraft(item))
        var fields = outcome.changed
        if let before, before.managedBy != outcome.policy.managedBy { fields.append("managed-by") }
        let newer = try await work.candidates(of: outcome.policy).filter { !outcome.policy.terms.rulesets.contains($0) }
        let note = newer.isEmpty ? nil : "not adopted yet: \(newer.map(\.text).joined(separator: ", "))"
        return ManifestChange(.policy, item, isNew: outcome.isNew, fields: fields, note: note)
    }

    private static func bytes(of item: ManifestItem<RulesetSpec>) throws(GovernanceError) -> [UInt8] {
        switch item.spec.definition {
        case .inline(let definition): return Array(definition.value.text(pretty: true).utf8)
        case .file(let reference):
            let what = "`definition.file` names `\(reference.name)`, a file that only the sender has"
            throw GovernanceError(
                .manifestInvalid,
                what,
                mend: "send it as `definition.inline`, as `gatehouse apply` does",
                places: [GovernanceError.Place(what, at: reference.place ?? item.place)]
            )
        }
    }

    /// Removes policies, then rulesets, that manifests made and no longer name.
    mutating func prunePolicies() async throws {
        guard work.actor.may(.managePolicies, team: nil) else { return }
        let organization = work.actor.organization
        let policies = try await work.transaction.policies.list(
            in: organization,
            after: nil,
            limit: UnitOfWork.policiesMax
        )
        for policy in policies where policy.managedBy == Governance.manifestKeeper {
            guard !manifests.contains(.policy, policy.name) else { continue }
            _ = try await work.deletePolicy(policy.name)
            record(ManifestChange(.delete, ManifestKind.policy.rawValue, policy.name))
        }
        let kept = try await work.transaction.policies.list(in: organization, after: nil, limit: UnitOfWork.policiesMax)
        let named = Set(kept.flatMap(\.terms.rulesets).map(\.name))
        let rulesets = try await work.transaction.rulesets.list(
            in: organization,
            after: nil,
            limit: UnitOfWork.rulesetsMax
        )
        for ruleset in rulesets where ruleset.managedBy == Governance.manifestKeeper {
            guard !manifests.contains(.ruleset, ruleset.name) else { continue }
            if named.contains(ruleset.name) {
                let note = "kept: policies name it"
                record(ManifestChange(.none, ManifestKind.ruleset.rawValue, ruleset.name, note: note))
            } else {
                _ = try await work.deleteRuleset(ruleset.name)
                record(ManifestChange(.delete, ManifestKind.ruleset.rawValue, ruleset.name))
            }
        }
    }
}

extension PolicyDraft {
    fileprivate init(_ item: ManifestItem<PolicySpec>) {
        let spec = item.spec
        self.init(
            name: item.name,
            title: spec.title,
            description: spec.description ?? "",
            mode: PolicyMode(rawValue: spec.mode.rawValue) ?? .observe,
            selector: LabelSelector(
                matchLabels: spec.matchLabels,
                matchExpressions: spec.matchExpressions.map { requirement in
                    let comparison = LabelSelector.Comparison(rawValue: requirement.comparison.rawValue)
                    return .init(requirement.key, comparison ?? .exists, requirement.values)
                }
            ),
            rulesets: spec.rulesets.map { PolicyRuleset($0.name, revision: $0.revision) },
            stages: PolicyStages(submit: SeverityActions(spec.submit), publish: SeverityActions(spec.publish)),
            breakingChanges: BreakingChangeRule(
                action: BreakingChangeRule.Action(rawValue: spec.breakingAction.rawValue) ?? .allow,
                approvers: spec.breakingApprovers
            ),
            managedBy: Governance.manifestKeeper
        )
    }
}

extension SeverityActions {
    fileprivate init(_ spec: PolicySpec.Actions) {
        self.init()
        if let action = spec.error.flatMap({ PolicyAction(rawValue: $0.rawValue) }) { error = action }
        if let action = spec.warn.flatMap({ PolicyAction(rawValue: $0.rawValue) }) { warn = action }
        if let action = spec.info.flatMap({ PolicyAction(rawValue: $0.rawValue) }) { info = action }
        if let action = spec.hint.flatMap({ PolicyAction(rawValue: $0.rawValue) }) { hint = action }
    }
}

extension PolicySpec {
    /// A policy as its manifest.
    init(_ policy: Policy) {
        let terms = policy.terms
        self.init(
            title: terms.title == policy.name ? nil : terms.title,
            description: terms.description.isEmpty ? nil : terms.description,
            mode: Mode(rawValue: terms.mode.rawValue) ?? .observe,
            matchLabels: terms.selector.matchLabels,
            matchExpressions: terms.selector.matchExpressions.map { requirement in
                Requirement(
                    key: requirement.key,
                    comparison: Comparison(rawValue: requirement.comparison.rawValue) ?? .exists,
                    values: requirement.values
                )
            },
            // Without revisions: what is in force here stays so, and another catalog counts its own.
            rulesets: terms.rulesets.map { Binding(name: $0.name) },
            submit: Actions(terms.stages.submit),
            publish: Actions(terms.stages.publish),
            breakingAction: BreakingAction(rawValue: terms.breakingChanges.action.rawValue) ?? .allow,
            breakingApprovers: terms.breakingChanges.approvers
        )
    }
}

extension PolicySpec.Actions {
    /// What differs from the usual.
    fileprivate init(_ actions: SeverityActions) {
        let usual = SeverityActions()
        func word(_ action: PolicyAction, _ standard: PolicyAction) -> PolicySpec.Action? {
            action == standard ? nil : PolicySpec.Action(rawValue: action.rawValue)
        }
        self.init(
            error: word(actions.error, usual.error),
            warn: word(actions.warn, usual.warn),
            info: word(actions.info, usual.info),
            hint: word(actions.hint, usual.hint)
        )
    }
}
