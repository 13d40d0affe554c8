import Testing

@testable import Postgres

@Suite("PoolState")
struct PoolStateTests {
    private let start = ContinuousClock.now

    @Test("connections are opened up to the limit, then callers wait, then they are refused")
    func limits() {
        var state = PoolState(connectionsMax: 2, waitersMax: 1)
        #expect(state.acquire(1) == .proceed(.open(1)))
        #expect(state.acquire(2) == .proceed(.open(2)))
        #expect(state.acquire(3) == .wait)
        #expect(state.acquire(4) == .refuseFull)
        #expect(state.openCount == 2)
        #expect(state.waiterCount == 1)
    }

    @Test("a connection given back goes to the one who waited longest")
    func order() {
        var state = PoolState(connectionsMax: 1, waitersMax: 9)
        #expect(state.acquire(1) == .proceed(.open(1)))
        state.opened(1)
        #expect(state.acquire(2) == .wait)
        #expect(state.acquire(3) == .wait)
        #expect(state.release(1, isReusable: true, now: start) == .init(wake: (2, .use(1))))
        #expect(state.release(1, isReusable: true, now: start) == .init(wake: (3, .use(1))))
        #expect(state.release(1, isReusable: true, now: start) == .init())
        #expect(state.idleCount == 1)
        #expect(state.acquire(4) == .proceed(.use(1)))
    }

    @Test("a broken connection lets the next waiter open another")
    func broken() {
        var state = PoolState(connectionsMax: 1, waitersMax: 9)
        _ = state.acquire(1)
        state.opened(1)
        #expect(state.acquire(2) == .wait)
        #expect(state.release(1, isReusable: false, now: start) == .init(close: 1, wake: (2, .open(2))))
        #expect(state.lost(2) == .init())
        #expect(state.isEmpty)
    }

    @Test("a failed opening passes the place on")
    func failedOpening() {
        var state = PoolState(connectionsMax: 1, waitersMax: 9)
        _ = state.acquire(1)
        #expect(state.acquire(2) == .wait)
        #expect(state.lost(1) == .init(wake: (2, .open(2))))
        #expect(state.openCount == 1)
    }

    @Test("a waiter can give up once, and not after it was granted something")
    func cancel() {
        var state = PoolState(connectionsMax: 1, waitersMax: 9)
        _ = state.acquire(1)
        state.opened(1)
        _ = state.acquire(2)
        _ = state.acquire(3)
        #expect((state.cancel(2)) == true)
        #expect((!state.cancel(2)) == true)
        #expect(state.release(1, isReusable: true, now: start) == .init(wake: (3, .use(1))))
        #expect((!state.cancel(3)) == true)
    }

    @Test("only connections unused for the whole time are expired, the newest is used first")
    func idle() {
        var state = PoolState(connectionsMax: 3, waitersMax: 9)
        for id in 1...3 {
            _ = state.acquire(id)
            state.opened(id)
        }
        for id in 1...3 { _ = state.release(id, isReusable: true, now: start + .seconds(id)) }
        #expect(state.acquire(9) == .proceed(.use(3)))
        #expect(state.expireIdle(before: start + .seconds(1)) == [1])
        #expect(state.expireIdle(before: start + .seconds(9)) == [2])
        #expect(state.openCount == 1)
    }

    @Test("closing refuses callers, tells waiters and empties as connections come back")
    func close() {
        var state = PoolState(connectionsMax: 2, waitersMax: 9)
        for id in 1...2 {
            _ = state.acquire(id)
            state.opened(id)
        }
        _ = state.release(2, isReusable: true, now: start)
        #expect(state.acquire(3) == .proceed(.use(2)))
        #expect(state.acquire(4) == .wait)
        let closing = state.close()
        #expect(closing.connections.isEmpty)
        #expect(closing.waiters == [4])
        #expect(state.acquire(5) == .refuseClosed)
        #expect(state.release(1, isReusable: true, now: start) == .init(close: 1))
        let replacement = state.replace(2)
        #expect(replacement == 3)
        #expect(state.lost(3) == .init())
        #expect(state.isEmpty)
    }

    @Test("any order of events keeps the bounds")
    func random() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var state = PoolState(connectionsMax: 3, waitersMax: 4)
            var opening: Set<Int> = []
            var busy: Set<Int> = []
            var waiting: Set<Int> = []
            func follow(_ grant: PoolState.Grant) {
                switch grant {
                case .open(let id): opening.insert(id)
                case .use(let id): busy.insert(id)
                }
            }
            func follow(_ action: PoolState.ReleaseAction) {
                guard let (waiter, grant) = action.wake else { return }
                #expect(waiting.remove(waiter) != nil)
                follow(grant)
            }
            for waiter in 0..<100 {
                switch Int.random(in: 0..<6, using: &generator) {
                case 0, 1:
                    switch state.acquire(waiter) {
                    case .proceed(let grant): follow(grant)
                    case .wait: waiting.insert(waiter)
                    case .refuseFull: #expect(waiting.count == 4)
                    case .refuseClosed: Issue.record("not closed")
                    }
                case 2:
                    guard let id = opening.popFirst() else { continue }
                    if Bool.random() {
                        state.opened(id)
                        busy.insert(id)
                    } else {
                        follow(state.lost(id))
                    }
                case 3:
                    guard let id = busy.popFirst() else { continue }
                    follow(state.release(id, isReusable: .random(), now: start))
                case 4:
                    guard let waiter = waiting.popFirst() else { continue }
                    #expect((state.cancel(waiter)) == true)
                default: _ = state.expireIdle(before: Bool.random() ? start : start - .seconds(1))
                }
                #expect(state.openCount == opening.count + busy.count + state.idleCount)
                #expect(state.openCount <= 3)
                #expect(state.waiterCount == waiting.count)
                #expect(waiting.isEmpty || (state.idleCount == 0 && state.openCount == 3))
            }
        }
    }
}
