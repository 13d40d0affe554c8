import CatalogStore
import DocumentTree
public import Lifecycle
import PolicyEngine
import Synchronization

/// The catalog is checked again in the background when rulesets or policies change: a queue in the database, so that it
/// survives restarts and any number of control nodes share it.
extension Governance {
    /// Makes one check that waits, or finds none.
    ///
    /// The row of the queue is held until the result is written in the same transaction: a node that goes away in between
    /// leaves the check to the next one. A check that fails for an outer reason is tried again later, each time after a longer
    /// pause.
    ///
    /// - Returns: whether a check waited.
    /// - Throws: ``GovernanceError`` of the check that failed.
    public func checkNext() async throws(GovernanceError) -> Bool {
        let now = clock.now
        let taken = Mutex<EvaluationStore.Task?>(nil)
        do throws(GovernanceError) {
            return try await translated {
                try await catalog.transaction { transaction in
                    guard let task = try await transaction.evaluations.take(at: now) else { return false }
                    taken.withLock { $0 = task }
                    try await make(task, unit(transaction, .system(task.organization), now))
                    return true
                }
            }
        } catch {
            if let task = taken.withLock({ $0 }) { try await postpone(task, now) }
            throw error
        }
    }

    /// How long the queue is that ``checkNext()`` works off, over all tenants and whoever works on it.
    ///
    /// - Throws: ``GovernanceError``.
    public func checkQueue() async throws(GovernanceError) -> CheckQueue {
        let now = clock.now
        return try await translated {
            try await catalog.transaction { transaction in
                let queue = try await transaction.evaluations.queue()
                let waited = queue.oldest.map { max(0, now.microseconds - $0.microseconds) } ?? 0
                return CheckQueue(
                    waiting: queue.waiting,
                    failing: queue.failing,
                    longest: .microseconds(waited)
                )
            }
        }
    }

    private func make(_ task: EvaluationStore.Task, _ work: UnitOfWork) async throws {
        let ruleset: ReadyRuleset
        if let id = task.rulesetID, let number = task.ruleset.revision {
            ruleset = try await work.ready(task.ruleset, id: id, number: number)
        } else {
            ruleset = try await work.ready(task.ruleset)
        }
        let evaluations = work.transaction.evaluations
        let content = try await work.transaction.specifications.load(task.specification, in: task.organization)
        if let content {
            let key = ruleset.key(for: content.sha256)
            if try await evaluations.find(key, in: task.organization) == nil {
                let result = DocumentCheck.run(
                    AssessedDocument.parse(content.bytes, "openapi"),
                    with: ruleset,
                    startedAt: clock.now,
                    finished: { clock.now }
                )
                _ = try await evaluations.store(result.evaluation, result.findings, for: key, in: task.organization)
            }
        }
        try await evaluations.finish(task.id)
    }

    private func postpone(_ task: EvaluationStore.Task, _ now: Moment) async throws(GovernanceError) {
        let pause = min(1 << min(task.attempts, 10), Self.checkPauseSecondsMax)
        try await translated {
            try await catalog.transaction { transaction in
                try await transaction.evaluations.postpone(task.id, until: now.advanced(by: .seconds(pause)))
            }
        }
    }

    /// The longest pause between two tries of a check.
    static let checkPauseSecondsMax = 600

    /// Lets every check wait that policies ask for and that was never made: after an upgrade of the engine, after labels changed,
    /// after whatever else no single act knows of.
    ///
    /// - Throws: ``GovernanceError``.
    public func enqueueMissingChecks(_ organization: OrganizationID) async throws(GovernanceError) {
        let now = clock.now
        try await translated {
            try await catalog.transaction { transaction in
                let work = unit(transaction, .system(organization), now)
                let policies = try await transaction.policies.list(
                    in: organization,
                    after: nil,
                    limit: UnitOfWork.policiesMax
                )
                for policy in policies where policy.terms.mode != .off { try await work.enqueueChecks(of: policy) }
            }
        }
    }
}

/// How long the queue of background checks is.
public struct CheckQueue: Sendable, Hashable {
    /// Checks that wait.
    public var waiting: Int64
    /// Those among them that were tried in vain.
    public var failing: Int64
    /// How long the oldest has waited; zero where none does.
    public var longest: Duration
}

extension UnitOfWork {
    /// Revisions that one step of a walk over the catalog reads.
    static let currentPageSize = 500

    /// Lets the checks of a policy wait that were never made: with the rulesets in force and with the newest ones.
    func enqueueChecks(of policy: Policy) async throws {
        guard policy.terms.mode != .off else { return }
        var rulesets: [ReadyRuleset] = []
        for reference in Set(policy.terms.rulesets + (try await candidates(of: policy))) {
            rulesets.append(try await ready(reference))
        }
        try await enqueue(policy.terms.selector, rulesets)
    }

    /// Lets the checks wait that a new revision asks for, for what the policies that name the ruleset select.
    func enqueueChecks(with ruleset: StoredRuleset) async throws {
        let policies = try await transaction.policies.list(in: actor.organization, after: nil, limit: Self.policiesMax)
        for policy in policies where policy.terms.mode != .off {
            guard policy.terms.rulesets.contains(where: { $0.name == ruleset.name }) else { continue }
            let reference = PolicyRuleset(ruleset.name, revision: ruleset.newest.number)
            try await enqueue(policy.terms.selector, [try await ready(reference)])
        }
    }

    private func enqueue(_ selector: LabelSelector, _ rulesets: [ReadyRuleset]) async throws {
        let organization = actor.organization
        var after: RevisionID?
        repeat {
            let page = try await transaction.revisions.current(
                in: organization,
                teams: nil,
                after: after,
                limit: Self.currentPageSize
            )
            after = page.count == Self.currentPageSize ? page.last?.id : nil
            let selected = page.filter { selector.matches($0.labels) }
            let known = try await transaction.evaluations.find(
                contents: Set(selected.map(\.specificationSHA256)),
                rulesets: Set(rulesets.map(\.sha256)),
                engine: Linter.engineVersion,
                in: organization
            )
            for ruleset in rulesets {
                let missing = selected.filter { known[ruleset.key(for: $0.specificationSHA256)] == nil }
                try await transaction.evaluations.enqueue(
                    Set(missing.map(\.specification)),
                    for: ruleset.reference,
                    id: ruleset.id,
                    in: organization,
                    at: now
                )
            }
        } while after != nil
    }

    /// The rulesets of a policy, each at its newest revision: what it would check with after adopting them.
    func candidates(of policy: Policy) async throws -> [PolicyRuleset] {
        var candidates: [PolicyRuleset] = []
        for reference in policy.terms.rulesets {
            guard reference.revision != nil else {
                candidates.append(reference)
                continue
            }
            let newest = try await ruleset(reference.name).newest.number
            candidates.append(PolicyRuleset(reference.name, revision: newest))
        }
        return candidates
    }
}
