/// Who has which connection, who waits, and what to do next. Pure: no connection, no clock, no lock in here.
///
/// INVARIANT: `openCount == idle.count + busy.count + opening.count ≤ connectionsMax`, and nobody waits while a
/// connection is idle or could be opened.
struct PoolState {
    typealias ConnectionID = Int
    typealias WaiterID = Int
    typealias Instant = ContinuousClock.Instant

    /// What someone who wants a connection is to do.
    enum Grant: Equatable {
        case use(ConnectionID)
        case open(ConnectionID)
    }

    enum AcquireAction: Equatable {
        case proceed(Grant)
        case wait
        case refuseFull
        case refuseClosed
    }

    /// What follows from giving a connection back.
    struct ReleaseAction: Equatable {
        /// To be closed, since it is broken, too old or too many.
        var close: ConnectionID?
        /// To be woken with this grant.
        var wake: (waiter: WaiterID, grant: Grant)?

        static func == (left: ReleaseAction, right: ReleaseAction) -> Bool {
            left.close == right.close && left.wake?.waiter == right.wake?.waiter
                && left.wake?.grant == right.wake?.grant
        }
    }

    private struct Idle {
        let id: ConnectionID
        let since: Instant
    }

    let connectionsMax: Int
    let waitersMax: Int
    /// Used last, handed out first, so that the others grow old and are closed.
    private var idle: [Idle] = []
    private var busy: Set<ConnectionID> = []
    private var opening: Set<ConnectionID> = []
    /// In order of arrival. Bounded by `waitersMax`, so that removing from the middle is cheap enough.
    private var waiters: [WaiterID] = []
    private var nextID: ConnectionID = 1
    private(set) var isClosed = false

    init(connectionsMax: Int, waitersMax: Int) {
        self.connectionsMax = max(1, connectionsMax)
        self.waitersMax = max(0, waitersMax)
    }

    var openCount: Int { idle.count + busy.count + opening.count }
    var idleCount: Int { idle.count }
    var waiterCount: Int { waiters.count }
    var isEmpty: Bool { openCount == 0 }

    mutating func acquire(_ waiter: WaiterID) -> AcquireAction {
        if isClosed { return .refuseClosed }
        if let grant = nextGrant() { return .proceed(grant) }
        guard waiters.count < waitersMax else { return .refuseFull }
        waiters.append(waiter)
        return .wait
    }

    /// The waiter gave up. False if it was granted something already.
    mutating func cancel(_ waiter: WaiterID) -> Bool {
        guard let index = waiters.firstIndex(of: waiter) else { return false }
        waiters.remove(at: index)
        return true
    }

    mutating func opened(_ id: ConnectionID) {
        opening.remove(id)
        busy.insert(id)
    }

    /// Opening failed, or a connection that was in use turned out to be broken and is gone.
    mutating func lost(_ id: ConnectionID) -> ReleaseAction {
        opening.remove(id)
        busy.remove(id)
        return ReleaseAction(wake: grantToNextWaiter())
    }

    /// The holder of a broken connection opens another in its place.
    mutating func replace(_ id: ConnectionID) -> ConnectionID {
        busy.remove(id)
        return startOpening()
    }

    mutating func release(_ id: ConnectionID, isReusable: Bool, now: Instant) -> ReleaseAction {
        busy.remove(id)
        if isClosed || !isReusable {
            return ReleaseAction(close: id, wake: isClosed ? nil : grantToNextWaiter())
        }
        if !waiters.isEmpty {
            busy.insert(id)
            return ReleaseAction(wake: (waiters.removeFirst(), .use(id)))
        }
        idle.append(Idle(id: id, since: now))
        return ReleaseAction()
    }

    /// Takes out the connections that nobody used since `limit`.
    mutating func expireIdle(before limit: Instant) -> [ConnectionID] {
        let expired = idle.filter { $0.since <= limit }.map(\.id)
        idle.removeAll { $0.since <= limit }
        return expired
    }

    /// No more grants. Idle connections are to be closed, waiters to be told.
    mutating func close() -> (connections: [ConnectionID], waiters: [WaiterID]) {
        isClosed = true
        defer {
            idle = []
            waiters = []
        }
        return (idle.map(\.id), waiters)
    }

    private mutating func nextGrant() -> Grant? {
        if let newest = idle.popLast() {
            busy.insert(newest.id)
            return .use(newest.id)
        }
        return openCount < connectionsMax ? .open(startOpening()) : nil
    }

    private mutating func grantToNextWaiter() -> (waiter: WaiterID, grant: Grant)? {
        guard !waiters.isEmpty, let grant = nextGrant() else { return nil }
        return (waiters.removeFirst(), grant)
    }

    private mutating func startOpening() -> ConnectionID {
        defer { nextID += 1 }
        opening.insert(nextID)
        return nextID
    }
}
