import Foundation
import RoutingTable
import Testing

@testable import Gateway

@Suite("LoadShedder")
struct LoadShedderTests {
    private static let millisecond: UInt64 = 1_000_000

    /// So many intervals, each with these delays in milliseconds.
    private func feed(_ shedder: inout LoadShedder, _ intervals: Int, _ delays: UInt64..., from start: inout UInt64) {
        for _ in 0..<intervals {
            for (place, delay) in delays.enumerated() {
                let part = LoadShedder.intervalNanoseconds / UInt64(delays.count) * UInt64(place + 1)
                _ = shedder.note(delay: delay * Self.millisecond, at: start + part)
            }
            start += LoadShedder.intervalNanoseconds
        }
    }

    private func admitted(_ shedder: inout LoadShedder, _ priority: RequestPriority) -> Int {
        (0..<100).reduce(0) { count, _ in count + (shedder.admits(priority) ? 1 : 0) }
    }

    @Test("a standing delay refuses more and more, the least important first; a burst refuses nothing")
    func standing() {
        var shedder = LoadShedder(delayMaxMilliseconds: 50)
        var now: UInt64 = 1
        feed(&shedder, 20, 400, 3, 400, from: &now)
        #expect(!shedder.isShedding, "the least delay of an interval counts")
        feed(&shedder, 5, 60, 70, from: &now)
        #expect(shedder.isShedding)
        #expect((30...40).contains(shedder.cut), "the first interval is not believed yet")
        let anonymous = admitted(&shedder, .anonymous)
        #expect(anonymous == 100 - shedder.cut)
        #expect(admitted(&shedder, .read) == 100)
        #expect(admitted(&shedder, .write) == 100)
        feed(&shedder, 10, 60, 70, from: &now)
        #expect(admitted(&shedder, .anonymous) == 0)
        #expect((30...70).contains(admitted(&shedder, .read)))
        #expect(admitted(&shedder, .write) == 100)
        feed(&shedder, 100, 60, 70, from: &now)
        #expect(shedder.cut == LoadShedder.cutMax)
        #expect(admitted(&shedder, .read) == 0)
        #expect(admitted(&shedder, .write) == 10, "somebody has to find out that it is over")
        #expect(shedder.retryAfterSeconds == 3)
    }

    @Test("refusals are spread, not bunched")
    func spread() {
        var shedder = LoadShedder(delayMaxMilliseconds: 50)
        var now: UInt64 = 1
        while shedder.cut < 25 { feed(&shedder, 1, 60, from: &now) }
        var longest = 0
        var run = 0
        for _ in 0..<400 {
            run = shedder.admits(.anonymous) ? 0 : run + 1
            longest = max(longest, run)
        }
        #expect(longest == 1)
    }

    @Test("far above the bound it goes faster, between half of it and it all stays, and below it is taken back")
    func pace() {
        var shedder = LoadShedder(delayMaxMilliseconds: 50)
        var now: UInt64 = 1
        feed(&shedder, 5, 500, from: &now)
        let far = shedder.cut
        #expect((150...200).contains(far))
        feed(&shedder, 20, 30, from: &now)
        #expect(shedder.cut == far)
        feed(&shedder, 10, 25, from: &now)
        #expect(shedder.cut == far - 50)
        feed(&shedder, 40, 0, from: &now)
        #expect(!shedder.isShedding)
        #expect(shedder.retryAfterSeconds == 1)
    }

    @Test("without a bound nothing is ever refused, and a measurement below it asks for no second one")
    func off() {
        var shedder = LoadShedder(delayMaxMilliseconds: nil)
        var now: UInt64 = 1
        feed(&shedder, 50, 60_000, from: &now)
        #expect(!shedder.isShedding)
        var other = LoadShedder(delayMaxMilliseconds: 50)
        let below = other.note(delay: 50 * Self.millisecond, at: 1)
        let above = other.note(delay: 51 * Self.millisecond, at: 2)
        #expect(!below)
        #expect(above)
    }
}

@Suite("Overload")
struct OverloadTests {
    @Test("requests are refused by priority, with 503 and Retry-After, and spend nothing of a quota")
    func byPriority() async throws {
        let upstream = ScriptedUpstream.echo()
        let rights = Sample.rights { content in
            content.subscriptions[0].limits = [
                .init(name: "year", kind: .quota, amount: 1_000_000, window: .calendar(.year), algorithm: .fixedWindow)
            ]
        }
        // No delay is good enough: every interval finds a standing queue.
        let gateway = try await TestGateway(Sample.orders(port: upstream.port), rights) {
            $0.limits.loopDelayMaxMilliseconds = 0
        }
        let gold = "X-API-Key: " + Sample.key("gold")
        let spent = Tally()
        @Sendable func statuses(_ count: Int, _ request: String) -> [Int: Int] {
            (0..<count).reduce(into: [:]) { counts, _ in
                let status = gateway.call(request + "\r\n\r\n")?.status ?? 0
                if status == 200, request.contains("X-API-Key") { spent.add() }
                counts[status, default: 0] += 1
            }
        }
        let ping = "GET /orders/ping HTTP/1.1\r\nHost: h"
        let read = "GET /orders/items HTTP/1.1\r\nHost: h\r\n" + gold
        let write = "POST /orders/items HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n" + gold
        // More and more is refused, up to nine of ten writes.
        #expect(await until { statuses(20, write)[503] == 18 })
        let shed = gateway.metric("gatehouse_requests_shed_total", "write")
        #expect(statuses(20, ping) == [503: 20])
        #expect(statuses(20, read) == [503: 20])
        #expect(statuses(40, write) == [503: 36, 200: 4])
        let refused = try #require(gateway.call(ping + "\r\n\r\n"))
        #expect(refused.code == "overloaded")
        #expect(refused.field("retry-after") == "3")
        #expect(refused.field("connection") == nil, "the connection is kept: a new one would cost more")
        #expect(gateway.metric("gatehouse_requests_shed_total", "anonymous") == 21)
        #expect(gateway.metric("gatehouse_requests_shed_total", "write") == shed + 36)
        // What is no good is refused for what it is: it costs nothing and the caller should know.
        #expect(gateway.get("/nowhere")?.status == 404)
        #expect(gateway.operations("/readyz")?.status == 200, "health has its own door")
        let last = try #require(
            (0..<10).lazy.compactMap { _ in gateway.call(write + "\r\n\r\n") }.first { $0.status == 200 }
        )
        #expect(
            last.field("ratelimit")?.contains("\"year\";r=\(999_999 - spent.value)") == true,
            "refusals spend nothing"
        )
        await gateway.stop()
    }

    @Test("a loop that is not busy refuses nothing")
    func idle() async throws {
        let upstream = ScriptedUpstream.echo()
        let gateway = try await TestGateway(Sample.passthrough(port: upstream.port)) {
            $0.limits.loopDelayMaxMilliseconds = 2_000
        }
        let callers = Callers(port: gateway.port, keeping: 4, fresh: 0)
        #expect(await callers.serve(400))
        await callers.stop()
        #expect(callers.faultsFound == [:])
        #expect(gateway.metric("gatehouse_requests_shed_total") == 0)
        await gateway.stop()
    }

    @Test("near the bound on connections none is kept for its next request, and idle ones make room")
    func crowded() async throws {
        let upstream = ScriptedUpstream.echo()
        let request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
        func gateway(idleMilliseconds: Int) async throws -> TestGateway {
            try await TestGateway(Sample.passthrough(port: upstream.port)) {
                $0.limits.connectionsMax = 10
                // Nobody leaves for other reasons, however long this test waits for its turn.
                $0.limits.headTimeoutMilliseconds = 600_000
                $0.limits.keepAliveTimeoutMilliseconds = 600_000
                $0.limits.crowdedIdleMilliseconds = idleMilliseconds
            }
        }
        let patient = try await gateway(idleMilliseconds: 600_000)
        let few = (0..<8).map { _ in patient.connect() }
        for connection in few { #expect(connection.exchange(request)?.field("connection") == nil) }
        let ninth = patient.connect()
        #expect(await until { patient.metric("gatehouse_connections ") == 9 })
        #expect(ninth.exchange(request)?.field("connection") == "close")
        #expect(ninth.receiveAll() == "")
        #expect(await until { patient.metric("gatehouse_connections ") == 8 })
        #expect(few.allSatisfy { $0.exchange(request)?.field("connection") == nil }, "with room they are kept")
        await patient.stop()
        let hurried = try await gateway(idleMilliseconds: 100)
        let idle = (0..<10).map { _ in hurried.connect() }
        #expect(await until { hurried.metric("gatehouse_connections_accepted_total") == 10 })
        // Nobody leaves by himself; there is room all the same.
        let port = hurried.port
        #expect(await until { RawSocket(port: port).exchange(request)?.status == 200 })
        withExtendedLifetime(idle) {}
        await hurried.stop()
    }
}
