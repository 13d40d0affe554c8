public import CatalogStore
public import Lifecycle
import PolicyEngine

/// How a policy would treat one revision that counts today.
public struct PolicyStanding: Sendable, Hashable {
    /// How the checks ended, the worst of them.
    public var outcome: Lifecycle.LintResult
    /// What the policy asks for, at the stricter of its stages.
    public var action: PolicyAction
    /// Findings that block.
    public var blockingCount: Int
}

/// One revision before and after.
public struct PolicyEvaluationItem: Sendable, Hashable {
    /// What the change of rulesets or mode does to it.
    public enum Change: String, Sendable, Hashable, CaseIterable {
        /// It would be blocked, and is not today.
        case newlyFailing = "newly_failing"
        /// It is blocked today, and would not be.
        case fixed
        /// It is blocked today and would be.
        case stillFailing = "still_failing"
        /// It is not blocked today and would not be.
        case stillPassing = "still_passing"
        /// A check of it waits in the queue.
        case waiting
    }

    /// The revision.
    public var revision: CurrentRevision
    /// With the rulesets in force; nil while a check waits.
    public var before: PolicyStanding?
    /// With the newest rulesets; nil while a check waits.
    public var after: PolicyStanding?
    /// What changes.
    public var change: Change
}

/// What a policy makes of the catalog, and what it would make of it once it enforced the newest revisions of its rulesets.
public struct PolicyEvaluation: Sendable {
    /// The policy as it stands.
    public var policy: Policy
    /// Its rulesets at their newest revisions.
    public var candidates: [PolicyRuleset]
    /// How many revisions each change is for, over all pages.
    public var counts: [PolicyEvaluationItem.Change: Int]
    /// Revisions of which a check could not be carried out, with the newest rulesets.
    public var errorCount: Int
    /// Revisions to which no rule applies, with the newest rulesets.
    public var notApplicableCount: Int
    /// A page of the revisions.
    public var items: Page<PolicyEvaluationItem>
}

extension Governance {
    /// Shows what would newly fail under a policy before it is enforced: the revisions that count today, as the policy treats
    /// them now and as it would treat them with the newest revisions of its rulesets in mode `enforce`.
    ///
    /// Waivers count as they hold at this moment. Nothing is checked here; what waits is told as waiting.
    ///
    /// `change` narrows the items, not the counts.
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `cursor-invalid`.
    public func evaluatePolicy(
        _ actor: Actor,
        _ name: String,
        change: PolicyEvaluationItem.Change? = nil,
        _ page: PageRequest = PageRequest()
    ) async throws(GovernanceError) -> PolicyEvaluation {
        try actor.requireAnywhere(.readCatalog)
        let after = try page.after(RevisionID.self)
        return try await read(actor) { work in
            let policy = try await work.policy(name)
            let candidates = try await work.candidates(of: policy)
            let items = try await work.items(of: policy, candidates)
            let counts = Dictionary(grouping: items, by: \.change).mapValues(\.count)
            let shown = items.filter { item in
                (change == nil || item.change == change) && (after.map { item.revision.id > $0 } ?? true)
            }
            return PolicyEvaluation(
                policy: policy,
                candidates: candidates,
                counts: counts,
                errorCount: items.count { $0.after?.outcome == .error },
                notApplicableCount: items.count { $0.after?.outcome == .notApplicable },
                items: Page(surplus: Array(shown.prefix(page.rowCount)), for: page, by: \.revision.id)
            )
        }
    }

    /// What the policies for an API say about a revision today, at both stages. Waivers count as they hold at this moment, so
    /// that one that is over turns red by itself.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`.
    public func showAssessments(
        _ actor: Actor,
        api: String,
        version: String,
        revision: Int
    ) async throws(GovernanceError) -> [PolicyAssessment] {
        try await read(actor) { work in
            let api = try await work.fullAPI(api)
            let version = try await work.version(version, of: api)
            let revision = try await work.revision(revision, of: version)
            return try await work.assessments(of: revision, version, api)
        }
    }
}

extension UnitOfWork {
    /// What the policies say about a revision today, without checking anything.
    func assessments(
        of revision: Revision,
        _ version: APIVersion,
        _ api: API
    ) async throws -> [PolicyAssessment] {
        let document = AssessedDocument(
            revision.specification,
            sha256: revision.specificationSHA256,
            fileName: revision.fileName,
            in: self
        )
        var all: [PolicyAssessment] = []
        let approvers = try await approvers(of: revision)
        for stage in PolicyStage.allCases {
            all += try await assess(
                document,
                of: api,
                at: stage,
                version: version,
                approvers: approvers,
                evaluates: false
            )
        }
        return all
    }

    /// Names of those who approved a revision as it is to run.
    func approvers(of revision: Revision) async throws -> Set<String> {
        let votes = try await transaction.revisions.votes(on: revision.id)
        return Set(
            votes.filter { $0.decision == .approve && $0.manifestSHA256 == revision.manifestSHA256 }.map(\.memberName)
        )
    }

    fileprivate func items(
        of policy: Policy,
        _ candidates: [PolicyRuleset]
    ) async throws -> [PolicyEvaluationItem] {
        var inForce: [ReadyRuleset] = []
        for reference in policy.terms.rulesets { inForce.append(try await ready(reference)) }
        var newest: [ReadyRuleset] = []
        for reference in candidates { newest.append(try await ready(reference)) }
        let waivers = try await transaction.waivers.inForce(in: actor.organization, at: now)
        var items: [PolicyEvaluationItem] = []
        var after: RevisionID?
        repeat {
            let page = try await transaction.revisions.current(
                in: actor.organization,
                teams: actor.teams(for: .readCatalog),
                after: after,
                limit: Self.currentPageSize
            )
            after = page.count == Self.currentPageSize ? page.last?.id : nil
            let selected = page.filter { policy.terms.selector.matches($0.labels) }
            let known = try await transaction.evaluations.find(
                contents: Set(selected.map(\.specificationSHA256)),
                rulesets: Set((inForce + newest).map(\.sha256)),
                engine: Linter.engineVersion,
                in: actor.organization
            )
            for revision in selected {
                let leave = waivers[revision.apiID] ?? []
                let before = try await standing(of: revision, inForce, policy, known, leave)
                let then = try await standing(of: revision, newest, policy, known, leave)
                items.append(PolicyEvaluationItem(revision, policy.terms.mode, before: before, after: then))
            }
        } while after != nil
        return items
    }

    private func standing(
        of revision: CurrentRevision,
        _ rulesets: [ReadyRuleset],
        _ policy: Policy,
        _ known: [EvaluationStore.Key: Evaluation],
        _ waivers: [Waiver]
    ) async throws -> PolicyStanding? {
        var assessments: [RulesetAssessment] = []
        for ruleset in rulesets {
            guard let evaluation = known[ruleset.key(for: revision.specificationSHA256)] else { return nil }
            // Without waivers the numbers say it all; only what may be waived is looked at one by one.
            let found = waivers.isEmpty ? [] : try await findings(of: evaluation)
            for stage in PolicyStage.allCases {
                assessments.append(
                    RulesetAssessment(
                        ruleset,
                        (evaluation, found),
                        actions: policy.terms.stages[stage],
                        waivers: waivers,
                        at: now
                    )
                )
            }
        }
        let whole = PolicyAssessment(
            policyID: policy.id,
            policy: policy.name,
            policyRevision: policy.revision,
            mode: .enforce,
            stage: .publish,
            rulesets: assessments,
            breakingChanges: nil
        )
        guard let outcome = whole.outcome else { return nil }
        return PolicyStanding(
            outcome: outcome,
            action: whole.action,
            blockingCount: try await blockingCount(rulesets, policy, revision, known, waivers)
        )
    }

    /// Findings that block, with waivers taken off.
    private func blockingCount(
        _ rulesets: [ReadyRuleset],
        _ policy: Policy,
        _ revision: CurrentRevision,
        _ known: [EvaluationStore.Key: Evaluation],
        _ waivers: [Waiver]
    ) async throws -> Int {
        let stages = policy.terms.stages
        var count = 0
        for ruleset in rulesets {
            guard let evaluation = known[ruleset.key(for: revision.specificationSHA256)] else { continue }
            let counts = evaluation.counts
            let numbers = [counts.errors, counts.warnings, counts.informations, counts.hints]
            for severity in numbers.indices where max(stages.submit[severity], stages.publish[severity]) == .block {
                count += numbers[severity]
                guard !waivers.isEmpty, numbers[severity] > 0 else { continue }
                count -= try await findings(of: evaluation).count { finding in
                    finding.severity == severity
                        && waivers.contains {
                            $0.covers(
                                rule: finding.rule,
                                pointer: finding.pointer,
                                fingerprint: finding.fingerprint,
                                at: now
                            )
                        }
                }
            }
        }
        return count
    }
}

extension PolicyEvaluationItem {
    /// Today only a policy that is enforced holds anything up; afterwards it would be enforced.
    fileprivate init(_ revision: CurrentRevision, _ mode: PolicyMode, before: PolicyStanding?, after: PolicyStanding?) {
        self.revision = revision
        self.before = before
        self.after = after
        guard let before, let after else {
            change = .waiting
            return
        }
        switch (mode == .enforce && before.action == .block, after.action == .block) {
        case (false, true): change = .newlyFailing
        case (true, false): change = .fixed
        case (true, true): change = .stillFailing
        case (false, false): change = .stillPassing
        }
    }
}
