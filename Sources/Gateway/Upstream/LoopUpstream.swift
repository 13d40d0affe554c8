internal import Synchronization
internal import UpstreamRules

/// One target as one loop uses it. A class, so that it stays the same while the list around it changes.
final class LoopTarget {
    let pool: TargetPool
    let weight: Int
    let priority: Int
    /// Put before the specification's path.
    let path: [UInt8]
    /// The value of `Host`.
    let authority: [UInt8]
    /// `Host: …CRLF`
    let hostLine: [UInt8]
    /// For consistent hashing.
    let seed: UInt64
    /// What the whole gateway knows of it; nil for a plain upstream.
    let state: SharedTarget?
    /// Requests of this loop that it has not answered yet.
    var inFlight = 0
    var latency = PeakLatency()

    init(pool: TargetPool, weight: Int, priority: Int, path: [UInt8], authority: [UInt8], state: SharedTarget?) {
        self.pool = pool
        self.weight = weight
        self.priority = priority
        self.path = path
        self.authority = authority
        self.state = state
        hostLine = Array("Host: ".utf8) + authority + Array("\r\n".utf8)
        seed = state?.seed ?? Rendezvous.number(of: authority)
    }

    /// When it was last taken into turn; 0: it was there from the start. Monotonic; in the future while it is ejected.
    var usableSince: UInt64 { state?.usableSince() ?? 0 }
}

/// An upstream as one loop balances over it. The list of targets never changes: another list is another object, and a
/// request under way keeps the one it was sent by.
final class LoopUpstream {
    typealias Target = LoopTarget

    /// Limits in time, as the snapshot has them.
    struct Times {
        var connectMilliseconds: Int
        var headerNanoseconds: UInt64
        var idleNanoseconds: UInt64
        /// 0: none.
        var tryNanoseconds: UInt64 = 0
        /// 0: none.
        var totalNanoseconds: UInt64 = 0
    }

    let targets: [LoopTarget]
    let times: Times
    let policy: UpstreamPolicy
    let shared: SharedUpstream?
    /// Nil unless there are bounds.
    let line: LoopLine?
    /// Whether the next target is simply the next in turn, and nobody needs to hear of outcomes.
    let isPlain: Bool
    private let generation: UInt64
    private let isDynamic: Bool
    private let hasStates: Bool
    private let slowStartNanoseconds: UInt64
    private var turn: SmoothRoundRobin
    private var choices: TwoChoices
    private(set) var budget: RetryBudget

    /// `generation`: of the shared targets that these were made of. `previous`: the same upstream before a change, whose
    /// budget and line go on.
    init(
        targets: [LoopTarget],
        times: Times,
        policy: UpstreamPolicy,
        shared: SharedUpstream?,
        generation: UInt64,
        loop: LoopContext,
        previous: LoopUpstream?
    ) {
        self.targets = targets
        self.times = times
        self.policy = policy
        self.shared = shared
        self.generation = generation
        if case .none = policy.discovery { isDynamic = false } else { isDynamic = true }
        hasStates = shared != nil
        isPlain =
            targets.allSatisfy { $0.priority == targets[0].priority }
            && UpstreamBook.isPlain(policy, targetCount: targets.count)
        slowStartNanoseconds = UInt64(policy.slowStartMilliseconds) * 1_000_000
        turn = SmoothRoundRobin(count: targets.count)
        choices = TwoChoices(seed: UInt64(bitPattern: Int64(ObjectIdentifier(loop).hashValue)) ^ loop.now.wall)
        if let previous, previous.policy == policy {
            budget = previous.budget
        } else {
            budget = RetryBudget(policy.retry, loops: loop.core.loopCount)
        }
        if let shared, policy.bounds.isOn {
            if let previous, previous.shared === shared {
                line = previous.line
            } else {
                line = LoopLine(shared, reactor: loop.reactor)
            }
        } else {
            line = nil
        }
    }

    /// Whether the shared list has changed since.
    @inline(__always)
    var isOutdated: Bool {
        guard isDynamic, let shared else { return false }
        return shared.generation != generation
    }

    // MARK: Choosing

    /// The place of the next target; nil when all weights are zero. For plain upstreams.
    @inline(__always)
    func next(at now: UInt64) -> Int? {
        budget.countRequest(at: now)
        if targets.count == 1 { return targets[0].weight > 0 ? 0 : nil }
        return nextInTurn()
    }

    private func nextInTurn() -> Int? {
        let targets = self.targets
        return turn.next { targets[$0].weight }
    }

    /// The place of the target for a request; nil when none can be used. `key`: what the request is known by, where that
    /// decides. `tried`: targets not to be chosen, a bit each; those beyond 64 have none.
    func choose(key: UInt64?, tried: UInt64, at now: UInt64) -> Int? {
        let targets = self.targets
        var group = Int.max
        for index in targets.indices where isUsable(index, tried, now) { group = min(group, targets[index].priority) }
        guard group < Int.max else { return nil }
        func weight(_ index: Int) -> Int {
            guard targets[index].priority == group, isUsable(index, tried, now) else { return 0 }
            return self.weight(of: targets[index], at: now)
        }
        switch policy.balance {
        case .roundRobin: return turn.next(weight: weight)
        case .leastRequests:
            return choices.next(count: targets.count, weight: weight) { first, second in
                // In flight against weight, without dividing.
                targets[second].inFlight * targets[first].weight < targets[first].inFlight * targets[second].weight
            }
        case .latency:
            return choices.next(count: targets.count, weight: weight) { first, second in
                latencyCost(of: targets[second], at: now) < latencyCost(of: targets[first], at: now)
            }
        case .hash:
            guard let key else { return turn.next(weight: weight) }
            return Rendezvous.choose(key: key, count: targets.count, seed: { targets[$0].seed }, weight: weight)
        }
    }

    /// Whether a target that was not tried yet can be used.
    func hasOther(than place: Int, tried: UInt64, at now: UInt64) -> Bool {
        targets.indices.contains { $0 != place && isUsable($0, tried, now) }
    }

    private func isUsable(_ index: Int, _ tried: UInt64, _ now: UInt64) -> Bool {
        if index < 64, tried & (1 << UInt64(index)) != 0 { return false }
        let target = targets[index]
        return target.weight > 0 && (target.state?.isUsable(at: now) ?? true)
    }

    /// The weight with slow start: a tenth at first, then in proportion to the time. In hundredths where that matters.
    private func weight(of target: LoopTarget, at now: UInt64) -> Int {
        guard slowStartNanoseconds > 0 else { return target.weight }
        let since = target.usableSince
        guard since > 0, now < since + slowStartNanoseconds else { return target.weight * 100 }
        let elapsed = now > since ? now - since : 0
        return max(1, target.weight * Int(max(10, elapsed * 100 / slowStartNanoseconds)))
    }

    private func latencyCost(of target: LoopTarget, at now: UInt64) -> Double {
        target.latency.cost(inFlight: target.inFlight, since: target.usableSince, at: now)
    }

    // MARK: What happens

    func countRequest(at now: UInt64) { budget.countRequest(at: now) }

    /// Takes a retry out of the budget.
    func takeRetry(at now: UInt64) -> Bool { budget.takeRetry(at: now) }

    /// The head of an answer came.
    func answered(_ place: Int, status: Int, after nanoseconds: UInt64, at now: UInt64) {
        let target = targets[place]
        target.latency.observe(nanoseconds, since: target.usableSince, at: now)
        guard let shared, let state = target.state else { return }
        if status >= 500 {
            shared.fail(state, isTarget: policy.ejection.countsStatuses, at: now)
        } else {
            shared.succeed(state, at: now)
        }
    }

    /// A request was lost. `after`: how long it had waited, which is the least it would have taken.
    func failed(_ place: Int, after nanoseconds: UInt64, at now: UInt64) {
        let target = targets[place]
        // A target that refuses at once is not a fast one.
        target.latency.observe(max(nanoseconds, 1_000_000_000), since: target.usableSince, at: now)
        guard let shared, let state = target.state else { return }
        shared.fail(state, isTarget: true, at: now)
    }

    // MARK: Bounds

    /// Takes a place for a request; false when all are taken.
    func takePlace() -> Bool {
        guard let shared, policy.bounds.requestsMax > 0 else { return true }
        return SharedUpstream.take(shared.requests, of: policy.bounds.requestsMax)
    }

    func freePlace() {
        guard let shared else { return }
        if policy.bounds.requestsMax > 0 { shared.requests.wrappingSubtract(1, ordering: .sequentiallyConsistent) }
        serve()
    }

    /// Something became free: whoever waits here goes first, then those on other loops.
    func serve() {
        guard let shared, let line else { return }
        line.serveSoon()
        if !line.isWaited { shared.wake(except: line) }
    }

    /// Takes a place for a connection to a target; when all are taken, an idle one to another target is closed, whose end
    /// then lets the request go on.
    func takeConnection(for pool: TargetPool) -> Bool {
        guard let shared, policy.bounds.connectionsMax > 0 else { return true }
        if SharedUpstream.take(shared.connections, of: policy.bounds.connectionsMax) { return true }
        for target in targets where target.pool !== pool && target.pool.closeOldest() { break }
        return false
    }
}
