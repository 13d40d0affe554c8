import Foundation
import RoutingTable
import Testing
import UpstreamRules

@testable import Gateway

@Suite("Bounds of an upstream", .serialized)
struct BoundsTests {
    @Test("no more requests than the bound are under way, over all loops; the others wait and are served")
    func requests() async throws {
        let upstream = SwitchableUpstream("a")
        upstream.become(.slow(5))
        let gateway = try await TestGateway(
            Sample.balanced([upstream]) {
                $0.policy.bounds.requestsMax = 3
                $0.policy.bounds.waitMilliseconds = 20_000
            }
        ) { $0.loops = 2 }
        let result = await gateway.load(clients: 12, requests: 20)
        print("figure: bound of 3 requests, 12 clients: at most \(upstream.inFlightMax) under way, \(result.statuses)")
        #expect(result.statuses == [200: 240])
        #expect(upstream.inFlightMax == 3)
        #expect(gateway.metric("gatehouse_upstream_requests_waiting") == 0)
        await gateway.stop()
    }

    @Test("no more connections than the bound are open, and idle ones to one target make room for another")
    func connections() async throws {
        let upstreams = [SwitchableUpstream("a"), SwitchableUpstream("b")]
        for upstream in upstreams { upstream.become(.slow(3)) }
        let gateway = try await TestGateway(
            Sample.balanced(upstreams) {
                $0.policy.bounds.connectionsMax = 2
                $0.policy.bounds.waitMilliseconds = 20_000
            }
        )
        let result = await gateway.load(clients: 8, requests: 20)
        #expect(result.statuses == [200: 160])
        #expect(upstreams.reduce(0) { $0 + $1.inFlightMax } <= 4)
        #expect(await eventually { upstreams.reduce(0) { $0 + $1.openCount } <= 2 })
        await gateway.stop()
    }

    @Test("a place that is freed on one loop goes to a request that waits on another")
    func acrossLoops() async throws {
        let upstream = SwitchableUpstream("a")
        upstream.become(.slow(150))
        let gateway = try await TestGateway(
            Sample.balanced([upstream]) {
                $0.policy.bounds.requestsMax = 1
                $0.policy.bounds.waitMilliseconds = 10_000
            }
        ) { $0.loops = 4 }
        let started = Date()
        let result = await gateway.load(clients: 8, requests: 1)
        #expect(result.statuses == [200: 8])
        #expect(upstream.inFlightMax == 1)
        #expect(Date().timeIntervalSince(started) < 6, "1.2 s are the least; waiting for a timer would take longer")
        await gateway.stop()
    }

    @Test("when the line is full it is 503 at once, and 503 in time for those who wait too long, both with Retry-After")
    func full() async throws {
        let upstream = SwitchableUpstream("a")
        upstream.become(.slow(5_000))
        let gateway = try await TestGateway(
            Sample.balanced([upstream]) {
                $0.policy.bounds.requestsMax = 1
                $0.policy.bounds.waitingMax = 1
                $0.policy.bounds.waitMilliseconds = 2_500
            }
        )
        let get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
        let first = gateway.connect()
        first.send(get)
        waitUntil { upstream.heads.count == 1 }
        let second = gateway.connect()
        second.send(get)
        waitUntil { gateway.metric("gatehouse_upstream_requests_waiting") == 1 }
        let third = try #require(gateway.get("/"))
        #expect(third.code == "upstream-busy")
        #expect(third.field("retry-after") == "1")
        #expect(third.field("proxy-status") == "gatehouse; error=connection_limit_reached")
        #expect(second.response()?.code == "upstream-busy")
        #expect(first.response()?.status == 200)
        #expect(second.exchange(get)?.status == 200, "the connection goes on")
        #expect(gateway.metric("gatehouse_upstream_refusals_total", "reason=\"bound\"") == 1)
        #expect(gateway.metric("gatehouse_upstream_refusals_total", "reason=\"wait\"") == 1)
        await gateway.stop()
    }

    @Test("a client that leaves the line frees its place in it, and one that leaves its upstream frees that")
    func leaving() async throws {
        let upstream = SwitchableUpstream("a")
        upstream.become(.hang)
        let gateway = try await TestGateway(
            Sample.balanced([upstream]) {
                $0.policy.bounds.requestsMax = 1
                $0.policy.bounds.waitingMax = 1
                $0.policy.bounds.waitMilliseconds = 10_000
            }
        )
        let get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
        let (first, second) = (gateway.connect(), gateway.connect())
        first.send(get)
        #expect(await eventually { upstream.heads.count == 1 })
        second.send(get)
        #expect(await eventually { gateway.metric("gatehouse_upstream_requests_waiting") == 1 })
        second.reset()
        #expect(await eventually { gateway.metric("gatehouse_upstream_requests_waiting") == 0 })
        let third = gateway.connect()
        third.send(get)
        #expect(await eventually { gateway.metric("gatehouse_upstream_requests_waiting") == 1 })
        upstream.become(.answer)
        first.reset()
        #expect(third.response()?.status == 200)
        await gateway.stop()
    }

    @Test("a request with a body waits with its body, and all of it arrives")
    func bodies() async throws {
        let upstream = ScriptedUpstream { connection, _ in
            while let head = connection.receive(through: "\r\n\r\n") {
                let count = RawResponse(head: head).field("content-length").flatMap { Int($0) } ?? 0
                let body = connection.receive(count: count) ?? ""
                Thread.sleep(forTimeInterval: 0.1)
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            }
        }
        var content = Sample.passthrough(port: upstream.port)
        content.upstreams[0].policy.bounds.requestsMax = 1
        content.upstreams[0].policy.bounds.waitMilliseconds = 10_000
        let gateway = try await TestGateway(content)
        let bodies = (0..<3).map { String(repeating: "\($0)", count: 300_000) }
        let answers = await withTaskGroup(of: (Int, String?).self) { group in
            for (index, body) in bodies.enumerated() {
                group.addTask {
                    let request = "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
                    return (index, await offPool { gateway.call(request)?.body })
                }
            }
            return await group.reduce(into: [Int: String?]()) { $0[$1.0] = $1.1 }
        }
        for (index, body) in bodies.enumerated() { #expect(answers[index] == .some(body)) }
        await gateway.stop()
    }
}
