public import CatalogStore
public import Lifecycle
import PolicyEngine

/// What one policy says about one document at one stage, with everything that it was decided on.
public struct PolicyAssessment: Sendable, Hashable, Codable {
    /// The policy.
    public var policyID: PolicyID
    /// The policy's name.
    public var policy: String
    /// The revision of the policy that decided.
    public var policyRevision: Int
    /// How serious it is.
    public var mode: PolicyMode
    /// The stage.
    public var stage: PolicyStage
    /// One for each ruleset that it binds, in its order.
    public var rulesets: [RulesetAssessment]
    /// What it makes of changes that break callers; nil where it has no rule about them or nothing to compare with.
    public var breakingChanges: BreakingAssessment?

    /// How the checks ended, the worst of them; nil while one of them waits.
    public var outcome: Lifecycle.LintResult? {
        var worst = Lifecycle.LintResult.notApplicable
        for ruleset in rulesets {
            guard let outcome = ruleset.outcome else { return nil }
            worst = Self.order.first { $0 == worst || $0 == outcome } ?? worst
        }
        return worst
    }

    private static let order: [Lifecycle.LintResult] = [.error, .fail, .warn, .pass, .notApplicable]

    /// What the policy asks for, the strictest that anything leads to.
    public var action: PolicyAction {
        max(rulesets.map(\.action).max() ?? .allow, breakingChanges?.action ?? .allow)
    }
    /// What that comes to under the policy's mode.
    public var effect: PolicyAction { mode.effect(of: action) }
    /// The waivers that cover a finding, each once.
    public var waivers: [WaiverID] { Set(rulesets.flatMap(\.findings).compactMap { $0.waiver?.id }).sorted() }
}

/// What a policy makes of changes that break callers.
public struct BreakingAssessment: Sendable, Hashable, Codable {
    /// Changes that are listed; how many there are is told beside.
    static let changesMax = 200

    /// The policy's rule.
    public var rule: BreakingChangeRule
    /// What it was compared with.
    public var base: ComparedRevision
    /// Whether the version's name tells callers that they may break.
    public var isMajorStep: Bool
    /// Changes that break callers and that no waiver covers, the first of them.
    public var changes: [SpecificationChange]
    /// How many there are.
    public var count: Int
    /// Why the documents could not be compared; counts as a change that breaks.
    public var failure: String?
    /// Names of those of the rule's approvers who approved it.
    public var approvedBy: [String]
    /// What the policy asks for because of it.
    public var action: PolicyAction

    init(
        _ rule: BreakingChangeRule,
        _ comparison: Comparison,
        base: ComparedRevision,
        version: String,
        stage: PolicyStage,
        approvers: Set<String>,
        waivers: [Waiver],
        at now: Moment
    ) {
        let breaking = comparison.changes.filter(\.isBreaking)
        let counting = breaking.filter { change in
            let pointer = change.revision?.pointer ?? change.base?.pointer ?? ""
            return !waivers.contains {
                $0.covers(rule: change.id, pointer: pointer, fingerprint: change.fingerprint, at: now)
            }
        }
        self.rule = rule
        self.base = base
        isMajorStep = VersionName(version).isMajorStep(from: VersionName(base.version))
        changes = Array(counting.prefix(Self.changesMax))
        // Beyond the limit of kept changes no waiver can be seen to cover them.
        count = counting.count + max(0, comparison.errors - breaking.count)
        failure = comparison.failure
        approvedBy = rule.approvers.filter { approvers.contains($0) }
        guard !isMajorStep, count > 0 || failure != nil else {
            action = .allow
            return
        }
        switch rule.action {
        case .allow: action = .allow
        case .warn: action = .warn
        case .block: action = .block
        // Approvals come between submission and publication: first it is told, then it is asked for.
        case .approval: action = !approvedBy.isEmpty ? .allow : stage == .submit ? .warn : .block
        }
    }
}

/// What a policy makes of a check with one of its rulesets.
public struct RulesetAssessment: Sendable, Hashable, Codable {
    /// The ruleset.
    public var ruleset: PolicyRuleset
    /// What identifies its rules.
    public var sha256: [UInt8]
    /// The policy engine's version.
    public var engine: String
    /// How the check ended; nil while it waits.
    public var outcome: Lifecycle.LintResult?
    /// Why it could not be carried out.
    public var failure: String?
    /// The findings that the policy does something about or that a waiver covers, in the order of the document.
    public var findings: [AssessedFinding]
    /// What the policy asks for because of it.
    public var action: PolicyAction
}

/// A finding with what a policy does about it.
public struct AssessedFinding: Sendable, Hashable, Codable {
    /// The waiver that covers it.
    public struct Leave: Sendable, Hashable, Codable {
        /// The waiver.
        public var id: WaiverID
        /// When the finding counts again.
        public var expiresAt: Moment
    }

    /// The finding.
    public var finding: LintFinding
    /// What the policy does about it; `allow` where a waiver covers it.
    public var action: PolicyAction
    /// The waiver that covers it.
    public var waiver: Leave?
}

extension RulesetAssessment {
    /// What follows from a check under some actions at a moment; `checked` is nil while the check waits.
    init(
        _ ruleset: ReadyRuleset,
        _ checked: CheckCache.Checked?,
        actions: SeverityActions,
        waivers: [Waiver],
        at now: Moment
    ) {
        var assessed: [AssessedFinding] = []
        var counting: [Int] = []
        var seen = [0, 0, 0, 0]
        for finding in checked?.findings ?? [] {
            if seen.indices.contains(finding.severity) { seen[finding.severity] += 1 }
            let waiver = waivers.first { waiver in
                waiver.covers(
                    rule: finding.rule,
                    pointer: finding.pointer,
                    fingerprint: finding.fingerprint,
                    at: now
                )
            }
            if let waiver {
                let leave = AssessedFinding.Leave(id: waiver.id, expiresAt: waiver.expiresAt)
                assessed.append(AssessedFinding(finding: finding, action: .allow, waiver: leave))
                continue
            }
            counting.append(finding.severity)
            let action = actions[finding.severity]
            if action != .allow { assessed.append(AssessedFinding(finding: finding, action: action, waiver: nil)) }
        }
        if let counts = checked?.evaluation.counts {
            // What was found beyond the limit of kept findings counts as found, and no waiver can be seen to cover it.
            let all = [counts.errors, counts.warnings, counts.informations, counts.hints]
            counting += all.indices.filter { all[$0] > seen[$0] }
        }
        let outcome = checked?.evaluation.counts.result
        self.init(
            ruleset: ruleset.reference,
            sha256: ruleset.sha256,
            engine: Linter.engineVersion,
            outcome: outcome,
            failure: checked?.evaluation.failure,
            findings: assessed,
            action: outcome.map { actions.action(for: $0, severities: counting) } ?? .allow
        )
    }
}
