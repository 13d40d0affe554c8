internal import RoutingTable
internal import Synchronization

/// What all loops share: immutable settings, atomics, and the slow-path owners of counters and names.
final class GatewayCore: Sendable {
    let limits: GatewayLimits
    let active = ActiveView()
    let series = SeriesBook()
    let buckets: BucketBook
    let ledger: QuotaLedger?
    let connectionCount = Atomic<Int>(0)
    /// When the entitlements were last known to be current, Unix seconds; see ``entitlementAgeMaxSeconds``.
    let entitlementsConfirmedAt = Atomic<Int64>(0)
    /// Keys are refused when the entitlements are older; nil serves on.
    let entitlementAgeMaxSeconds: Int?
    let denials: DenialRing
    let upstreams: UpstreamBook
    let loopCount: Int
    /// Speaks TLS to callers; nil where none of them may.
    let front: TLSFront?
    let observers: Observers
    let resolver = NameResolver()

    init(
        limits: GatewayLimits,
        ledger: QuotaLedger?,
        observers: Observers = Observers(),
        entitlementAgeMaxSeconds: Int?,
        upstreamFiles: UpstreamFiles = UpstreamFiles(folder: nil),
        loopCount: Int = 1,
        front: TLSFront? = nil
    ) {
        self.limits = limits
        self.loopCount = loopCount
        self.front = front
        upstreams = UpstreamBook(files: upstreamFiles)
        self.entitlementAgeMaxSeconds = entitlementAgeMaxSeconds
        self.ledger = ledger
        buckets = BucketBook(ledger: ledger)
        denials = DenialRing(capacity: limits.denialsMax)
        self.observers = observers
    }
}

extension GatewayCore {
    /// Whether nobody can say any more who may call: a gateway that is cut off cannot know of a revocation.
    @inline(__always)
    func isStale(at now: Moment) -> Bool {
        guard let most = entitlementAgeMaxSeconds else { return false }
        return now.seconds - entitlementsConfirmedAt.load(ordering: .relaxed) > Int64(most)
    }
}

/// The view in force. A writer stores it under a lock and then moves the generation on; loops look at the generation
/// alone until it moves.
///
/// Views that were in force stay here until no loop and no request holds them: taking down the tables of a million keys is
/// work for the side thread, and would be a pause on an event loop.
final class ActiveView: Sendable {
    private struct State {
        var view: GateView?
        var retired: [GateView] = []
    }

    private let state = Mutex(State())
    private let moved = Atomic<UInt64>(0)

    /// Moves with every store.
    @inline(__always)
    var generation: UInt64 { moved.load(ordering: .acquiring) }

    func store(_ view: GateView) {
        state.withLock { state in
            if let last = state.view { state.retired.append(last) }
            state.view = view
            moved.wrappingAdd(1, ordering: .releasing)
        }
    }

    func load() -> (generation: UInt64, view: GateView?) {
        state.withLock { (moved.load(ordering: .relaxed), $0.view) }
    }

    /// Views of earlier generations that have not been taken down.
    var retiredCount: Int { state.withLock { $0.retired.count } }

    /// Takes down the retired views that nobody else holds. Nobody can come to hold one again: ``load()`` hands out the
    /// present one only. Not for event loops.
    ///
    /// - Returns: how many are still held.
    @discardableResult
    func reap() -> Int {
        // What is taken out dies with this list, after the lock was given back.
        var gone: [GateView] = []
        return state.withLock { state in
            for place in state.retired.indices.reversed() where isKnownUniquelyReferenced(&state.retired[place]) {
                gone.append(state.retired.remove(at: place))
            }
            return state.retired.count
        }
    }
}
