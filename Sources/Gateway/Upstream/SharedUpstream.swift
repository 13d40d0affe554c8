internal import Synchronization
internal import UpstreamRules

/// What all loops share of one upstream that has more than plain rules: its targets of the moment, their health, the
/// circuit breaker, and the counts that are bounded over the whole gateway. Plain upstreams have none.
final class SharedUpstream: Sendable {
    struct Entry: Sendable {
        let setting: TargetSetting
        let target: SharedTarget
    }

    private struct State {
        var list: TargetList
        var entries: [Entry] = []
        var tracks: [String: EjectionTrack] = [:]
        var breaker: CircuitBreaker?
    }

    let name: String
    let policy: UpstreamPolicy
    /// Nil unless a target is spoken to by TLS.
    let tls: UpstreamTLS?
    private let state: Mutex<State>
    private let moved = Atomic<UInt64>(1)
    private let isCircuitClosed = Atomic<Bool>(true)

    let requests = Atomic<Int>(0)
    let connections = Atomic<Int>(0)
    let waiting = Atomic<Int>(0)
    /// The loops that ever let somebody wait.
    let lines = Mutex<[LoopLine]>([])
    let counts = UpstreamCounts()

    init(name: String, policy: UpstreamPolicy, listed: [TargetSetting], tls: UpstreamTLS?) {
        self.name = name
        self.policy = policy
        self.tls = tls
        state = Mutex(State(list: TargetList(listed), breaker: policy.breaker.map { CircuitBreaker($0) }))
        state.withLock { Self.rebuild(&$0, since: 0) }
    }

    // MARK: Targets

    /// Moves whenever the targets change.
    @inline(__always)
    var generation: UInt64 { moved.load(ordering: .acquiring) }

    var entries: (generation: UInt64, entries: [Entry]) {
        state.withLock { (moved.load(ordering: .relaxed), $0.entries) }
    }

    /// The hosts of the list that are names.
    var namesToResolve: Set<String> {
        Set(
            state.withLock { $0.list.listed }.map(\.host).filter {
                !$0.contains(":") && $0.contains { !$0.isNumber && $0 != "." }
            }
        )
    }

    /// Changes the list; targets that stay keep what is known of them.
    func update(at now: UInt64, _ change: (inout TargetList) -> Bool) {
        state.withLock { state in
            guard change(&state.list) else { return }
            Self.rebuild(&state, since: now)
            moved.wrappingAdd(1, ordering: .releasing)
        }
    }

    private static func rebuild(_ state: inout State, since now: UInt64) {
        let known = Dictionary(
            state.entries.map { ($0.target.identity, $0.target) },
            uniquingKeysWith: { first, _ in first }
        )
        var seen: Set<String> = []
        state.entries = state.list.targets.compactMap { setting in
            // The same address twice would be checked and ejected twice.
            guard seen.insert(setting.identity).inserted else { return nil }
            return Entry(setting: setting, target: known[setting.identity] ?? SharedTarget(setting, since: now))
        }
        state.tracks = state.tracks.filter { seen.contains($0.key) }
    }

    /// A check ended in a change.
    func note(_ target: SharedTarget, isHealthy: Bool, at now: UInt64) {
        if isHealthy { target.availableSince.store(now, ordering: .relaxed) }
        target.isHealthy.store(isHealthy, ordering: .releasing)
    }

    // MARK: Outcomes

    private var countsAll: Bool { policy.ejection.errorPercent > 0 || policy.breaker != nil }

    /// Whether the breaker lets a request through.
    @inline(__always)
    func admits(at now: UInt64) -> Bool {
        if isCircuitClosed.load(ordering: .relaxed) { return true }
        return state.withLock { $0.breaker?.admit(at: now) ?? true }
    }

    /// An answer came, and it counts as a success.
    @inline(__always)
    func succeed(_ target: SharedTarget, at now: UInt64) {
        guard countsAll || target.hasFailed.load(ordering: .relaxed) else { return }
        record(target, targetFailed: false, requestFailed: false, at: now)
    }

    /// A request failed. `isTarget`: in a way that counts against the target itself.
    func fail(_ target: SharedTarget, isTarget: Bool, at now: UInt64) {
        record(target, targetFailed: isTarget, requestFailed: true, at: now)
    }

    private func record(_ target: SharedTarget, targetFailed: Bool, requestFailed: Bool, at now: UInt64) {
        state.withLock { state in
            if var breaker = state.breaker {
                if breaker.record(isFailure: requestFailed, at: now) {
                    counts.circuitsOpened.wrappingAdd(1, ordering: .relaxed)
                }
                isCircuitClosed.store(breaker.state == .closed, ordering: .relaxed)
                state.breaker = breaker
            }
            guard policy.ejection.isOn else { return }
            var track = state.tracks[target.identity] ?? EjectionTrack(policy.ejection)
            if targetFailed {
                let others = state.entries.count { entry in
                    entry.target !== target && entry.target.ejectedUntil.load(ordering: .relaxed) > now
                }
                if let until = track.fail(at: now, others: others, of: state.entries.count) {
                    target.ejectedUntil.store(until, ordering: .releasing)
                    counts.ejections.wrappingAdd(1, ordering: .relaxed)
                }
            } else {
                track.succeed(at: now)
            }
            target.hasFailed.store(track.streak > 0, ordering: .relaxed)
            state.tracks[target.identity] = track
        }
    }

    /// 0 closed, 1 half open, 2 open; for metrics.
    var circuitState: UInt64 {
        state.withLock { state in
            switch state.breaker?.state {
            case nil, .closed: 0
            case .halfOpen: 1
            case .open: 2
            }
        }
    }

    // MARK: Bounds

    /// Takes one place of `most`; false when all are taken.
    static func take(_ count: borrowing Atomic<Int>, of most: Int) -> Bool {
        if count.wrappingAdd(1, ordering: .sequentiallyConsistent).newValue <= most { return true }
        count.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        return false
    }

    /// A place has become free: whoever waits elsewhere looks again.
    func wake(except line: LoopLine) {
        guard waiting.load(ordering: .sequentiallyConsistent) > 0 else { return }
        for other in lines.withLock({ $0 }) where other !== line && other.isWaited {
            other.reactor.execute { other.serve() }
        }
    }
}

/// What happened at one upstream, for metrics.
struct UpstreamCounts: ~Copyable, Sendable {
    let ejections = Atomic<UInt64>(0)
    let circuitsOpened = Atomic<UInt64>(0)
    let checksGood = Atomic<UInt64>(0)
    let checksBad = Atomic<UInt64>(0)
    let refusedByCircuit = Atomic<UInt64>(0)
    let refusedByBound = Atomic<UInt64>(0)
    let waitedTooLong = Atomic<UInt64>(0)
    let discoveryFailures = Atomic<UInt64>(0)
    let certificateLoads = Atomic<UInt64>(0)
}
