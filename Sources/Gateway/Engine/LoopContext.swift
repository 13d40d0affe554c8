internal import Glibc
internal import RoutingTable
internal import Synchronization
internal import Telemetry

/// What reading one request needs, kept from request to request.
final class RequestScratch {
    var head = RequestHead()
    /// The canonical path.
    var path: [UInt8] = []
    var host: [UInt8] = []
    /// Decoded keys.
    var key: [UInt8] = []
}

/// Everything one event loop owns: its view of the tables, its connections, pools, counters and scratch memory. Nothing
/// here is shared; what loops share lies in ``GatewayCore`` and is immutable or atomic.
final class LoopContext: @unchecked Sendable {
    // SAFETY: touched from its reactor's thread only; the server reaches it by `reactor.execute`. The exceptions are `metrics`
    // and `core`, which are safe from anywhere. Guarded by "swapping tables under load".
    let reactor: Reactor
    let core: GatewayCore
    let limits: GatewayLimits
    let metrics = LoopMetrics()
    /// Nil where requests are neither logged nor traced.
    let observer: LoopObserver?
    // Objects of its own, as all that a request uses: cores that count references to the same one pass the count to and fro.
    let requestNames = FieldNames.makeRequest()
    let responseNames = FieldNames.makeResponse()

    private(set) var view: GateView?
    /// The phases over ``view``.
    var phases: Phases<SilentLog>?
    private var generation: UInt64 = 0
    private(set) var now = Moment.now()
    private var turn: UInt64 = 0
    /// Room for reading a request.
    let scratch = RequestScratch()
    /// The same for an answer.
    var responseHead = ResponseHead()
    private var requestIDs = RequestIDSource()
    private(set) var isDraining = false
    /// How long a connection may be idle while ``isDraining``.
    private(set) var drainIdleMilliseconds = 0

    private var connections: [ClientConnection] = []
    private var pools: [TargetKey: TargetPool] = [:]
    /// Pools of targets that are gone, until their last connection is closed.
    private var retiredPools: [TargetPool] = []
    private var upstreams: [LoopUpstream?] = []
    /// Upstreams with more than plain rules, by name: what is known of them outlives a snapshot.
    private var keptUpstreams: [String: LoopUpstream] = [:]
    private var upstreamSeries: [Int32] = []
    var limitSets = LimitSetTable()
    private var spareWriters: [HeadWriter] = []
    /// Clients that wait for another thread: for a name to be looked up.
    private var parked: [UInt64: (client: ClientConnection, pool: TargetPool)] = [:]
    private var parkings: UInt64 = 0
    private var listeners: [Listener] = []
    /// Refuses requests while they wait too long for this loop.
    var shedder: LoadShedder

    /// Writers kept for reuse; beyond, they are let go.
    private static let sparesMax = 128
    /// Larger ones are let go after use.
    private static let spareBytesMax = 64 * 1024

    init(core: GatewayCore) throws(Disk.Failure) {
        self.core = core
        limits = core.limits
        observer = core.observers.makeLoopObserver()
        reactor = try Reactor(backlogBytesMax: core.limits.writeBacklogBytesMax)
        shedder = LoadShedder(delayMaxMilliseconds: core.limits.loopDelayMaxMilliseconds)
        reactor.delayMeasured = { [unowned self] delay, now in shedder.note(delay: delay, at: now) }
    }

    /// Listens for callers. Before the reactor runs, or on its thread.
    func listen(_ socket: ListeningSocket) {
        let listener = Listener(socket, reactor: reactor) { [unowned self] descriptor, peer in
            // Kept alive by the reactor until it closes.
            _ = ClientConnection(descriptor, peer: peer, loop: self)
        }
        listener.resume()
        listeners.append(listener)
    }

    /// Listens for callers that speak TLS, as ``listen(_:)`` does for others.
    func listenSecurely(_ socket: ListeningSocket, _ front: TLSFront) {
        let listener = Listener(socket, reactor: reactor) { [unowned self] descriptor, peer in
            guard let tls = TLSStream(front.context, pipe: reactor.pipe) else {
                metrics.countHandshakeFailure(.memory)
                _ = Glibc.close(descriptor)
                return
            }
            // Kept alive by the reactor until it closes.
            _ = ClientConnection(descriptor, peer: peer, loop: self, tls: tls)
        }
        listener.resume()
        listeners.append(listener)
    }

    /// Accepts no more, or accepts again.
    func holdListening(_ isHeld: Bool) {
        for listener in listeners { if isHeld { listener.hold() } else { listener.unhold() } }
    }

    /// Accepts no more, for good.
    func stopListening() {
        for listener in listeners { listener.close() }
    }

    // MARK: Time and tables

    /// Reads the clocks, once in a turn of the reactor: two readings for each of up to 64 events would cost more than they tell.
    @inline(__always)
    func refreshTime() {
        guard turn != reactor.turn else { return }
        turn = reactor.turn
        now = Moment.now()
    }

    /// The tables a request that begins now is decided by. One atomic load unless they were swapped.
    @inline(__always)
    func currentView() -> GateView? {
        if core.active.generation != generation { takeView() }
        return view
    }

    @inline(never)
    private func takeView() {
        let (generation, shared) = core.active.load()
        self.generation = generation
        let isOtherRouting = shared?.routes !== view?.routes
        // First, so that nothing holds the old tables longer than the view, whose last reference is not ours.
        phases = nil
        view = shared.map { GateView(sharing: $0) }
        phases = view.map { Phases(view: $0, log: SilentLog()) }
        if isOtherRouting {
            let count = view?.routes.snapshot.upstreams.count ?? 0
            upstreams = Array(repeating: nil, count: count)
            upstreamSeries = Array(repeating: -1, count: count)
            retirePools()
        }
    }

    func nextRequestID() -> RequestID { requestIDs.next() }

    // MARK: Upstreams

    /// The loop's side of an upstream of the present view.
    func upstream(_ index: UpstreamIndex, in view: GateView) -> LoopUpstream {
        if view === self.view, let upstream = upstreams[index.position], !upstream.isOutdated { return upstream }
        let upstream = makeUpstream(view.routes, index)
        if view === self.view { upstreams[index.position] = upstream }
        return upstream
    }

    /// The metrics series of an upstream.
    func series(of index: UpstreamIndex, in view: GateView) -> Int {
        if view === self.view, upstreamSeries[index.position] >= 0 { return Int(upstreamSeries[index.position]) }
        let name = view.routes.snapshot.string(view.routes.snapshot.upstreams[index.position].name)
        let number = core.series.upstreams.number([name])
        if view === self.view { upstreamSeries[index.position] = Int32(truncatingIfNeeded: number) }
        return number
    }

    /// What this loop knew of an upstream before its targets or the snapshot changed.
    func known(_ name: String) -> LoopUpstream? { keptUpstreams[name] }

    /// Keeps the loop's side of an upstream under its name, and parts with the targets that only the one before had.
    func keep(_ upstream: LoopUpstream, as name: String, instead previous: LoopUpstream?) {
        keptUpstreams[name] = upstream
        guard let previous else { return }
        for target in previous.targets where !upstream.targets.contains(where: { $0.pool === target.pool }) {
            retire(target.pool)
        }
        if let line = previous.line, line !== upstream.line { line.retire() }
    }

    /// Connections to one address, for one upstream or for all plain ones.
    func pool(_ key: TargetKey, _ shared: SharedUpstream?) -> TargetPool {
        if let pool = pools[key], pool.belongs(to: shared) { return pool }
        if let other = pools[key] { retire(other) }
        let pool = TargetPool(key, loop: self, shared: shared)
        pools[key] = pool
        return pool
    }

    private func retire(_ pool: TargetPool) {
        guard !pool.isRetired else { return }
        pool.retire()
        if pools[pool.key] === pool { pools[pool.key] = nil }
        retiredPools.append(pool)
    }

    private var allPools: [TargetPool] { Array(pools.values) + retiredPools }

    /// Parts with what a new snapshot does not have any more.
    private func retirePools() {
        let routes = view?.routes
        let named = routes?.sharedNames ?? []
        for (name, upstream) in keptUpstreams where !named.contains(name) {
            upstream.line?.retire()
            keptUpstreams[name] = nil
        }
        for (key, pool) in pools {
            let isUsed = key.owner.isEmpty ? routes?.plainTargets.contains(key) == true : named.contains(key.owner)
            if !isUsed { retire(pool) }
        }
    }

    // MARK: Memory

    /// A writer, with memory from an earlier use where there is one.
    func takeWriter() -> HeadWriter { spareWriters.popLast() ?? HeadWriter(capacity: 2048) }

    /// Gives a writer back.
    func giveBack(_ writer: consuming HeadWriter) {
        guard spareWriters.count < Self.sparesMax, writer.capacity <= Self.spareBytesMax else { return }
        writer.removeAll()
        spareWriters.append(writer)
    }

    // MARK: Waiting for other threads

    /// Keeps a client, and the pool that it is to have a connection of, while another thread works for it; returns a ticket.
    func park(_ client: ClientConnection, for pool: TargetPool) -> UInt64 {
        parkings += 1
        parked[parkings] = (client, pool)
        return parkings
    }

    func unpark(_ ticket: UInt64) -> (client: ClientConnection, pool: TargetPool)? {
        parked.removeValue(forKey: ticket)
    }

    // MARK: Connections

    /// Takes a connection in; false when there are too many already.
    func add(_ connection: ClientConnection) -> Bool {
        guard core.connectionCount.wrappingAdd(1, ordering: .relaxed).newValue <= limits.connectionsMax else {
            core.connectionCount.wrappingSubtract(1, ordering: .relaxed)
            metrics.count(.connectionsRefused)
            return false
        }
        metrics.count(.connectionsAccepted)
        connection.slot = connections.count
        connections.append(connection)
        return true
    }

    func remove(_ connection: ClientConnection) {
        guard connection.slot >= 0 else { return }
        core.connectionCount.wrappingSubtract(1, ordering: .relaxed)
        let last = connections.removeLast()
        if last !== connection {
            last.slot = connection.slot
            connections[connection.slot] = last
        }
        connection.slot = -1
    }

    /// Looks after deadlines. All connections have their turn every ``tickMilliseconds``, in parts where there are many: a thousand take
    /// about a tenth of a millisecond, and nobody's request shall wait for longer.
    ///
    /// - Returns: milliseconds until the next part.
    func tick() -> Int {
        refreshTime()
        if unseen == 0 { beginRound() }
        // Backwards, because a connection that ends is replaced by the last one.
        let end = max(0, unseen - Self.connectionsPerPart)
        unseen = min(unseen, connections.count)
        while unseen > end {
            unseen -= 1
            guard unseen < connections.count else { continue }
            let connection = connections[unseen]
            if isCrowded { connection.shortenIdle(to: limits.crowdedIdleMilliseconds) }
            if connection.deadline <= now.monotonic { connection.deadlinePassed() }
            if connection.state.isBusy { busySeen += 1 }
        }
        if unseen == 0 { endRound() }
        return max(1, Self.tickMilliseconds / (connections.count / Self.connectionsPerPart + 1))
    }

    private func beginRound() {
        // A loop without traffic lets go of old tables too.
        _ = currentView()
        if let rights = view?.tables.entitlements { limitSets.sweep(rights) }
        for listener in listeners {
            listener.resume()
            metrics.count(.acceptPauses, listener.takeShortages())
        }
        let connectionsMax = limits.connectionsMax
        isCrowded = core.connectionCount.load(ordering: .relaxed) > connectionsMax - connectionsMax / 5
        unseen = connections.count
        busySeen = 0
    }

    private func endRound() {
        var open: UInt64 = 0
        var idle: UInt64 = 0
        let keepAlive = UInt64(limits.upstreamKeepAliveMilliseconds) * 1_000_000
        retiredPools.removeAll { $0.openCount == 0 }
        for pool in allPools {
            pool.closeIdle(since: now.monotonic &- keepAlive)
            pool.expireConnecting(at: now.monotonic)
            open += UInt64(pool.openCount)
            idle += UInt64(pool.idleCount)
        }
        for (place, value) in [UInt64(connections.count), busySeen, open, idle].enumerated() {
            metrics.gauges.set(value, at: place)
        }
    }

    static let tickMilliseconds = 100
    private static let connectionsPerPart = 1_000

    /// From now on every answer closes its connection, and connections close that are idle for so long.
    func beginDraining(idleMilliseconds: Int) {
        isDraining = true
        drainIdleMilliseconds = idleMilliseconds
        refreshTime()
        for connection in connections { connection.drain(idleMilliseconds: idleMilliseconds) }
        for pool in allPools { pool.closeIdle(since: .max) }
    }

    /// Ends what is still open after the grace period.
    func closeAll() {
        for connection in connections.reversed() { connection.abort() }
        for pool in allPools {
            pool.expireConnecting(at: .max)
            pool.closeIdle(since: .max)
        }
    }

    /// Connections that this round has not looked at yet; 0 between rounds.
    private var unseen = 0
    private var busySeen: UInt64 = 0
    /// Nearly as many connections as may be: none is kept for its next request, so that others find a place.
    private(set) var isCrowded = false

    var connectionCount: Int { connections.count }
}
