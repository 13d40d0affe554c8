import Foundation
import RoutingTable
import Testing
import UpstreamRules

@testable import Gateway

@Suite("Targets that fail", .serialized)
struct FailureTests {
    private func three() -> [SwitchableUpstream] { ["a", "b", "c"].map { SwitchableUpstream($0) } }

    @Test("one of three targets dies under load and comes back: no idempotent request fails")
    func diesUnderLoad() async throws {
        let upstreams = three()
        let gateway = try await TestGateway(
            Sample.balanced(upstreams) { $0.policy.ejection.baseMilliseconds = 500 }
        ) { $0.loops = 2 }
        let result = await gateway.load(
            clients: 8,
            requests: 400,
            step: { step in
                if step == 3 { upstreams[1].die() }
                if step == 7 { upstreams[1].comeBack() }
            }
        )
        let retries = gateway.metric("gatehouse_upstream_retries_total")
        print("figure: 1 of 3 dies under load: \(result.statuses), retries \(retries), by target \(result.byName)")
        #expect(result.statuses == [200: 3200])
        #expect(retries > 0)
        #expect(retries <= 3200 * 0.2 + 200)
        #expect(gateway.metric("gatehouse_upstream_ejections_total", "\"u\"") >= 1)
        // It is used again.
        #expect(await eventually { gateway.get("/")?.body == "b" })
        await gateway.stop()
    }

    @Test(
        "a POST is never sent twice: it fails where a GET is tried elsewhere, but a refused connection is tried again"
    )
    func unsafe() async throws {
        let upstreams = three()
        let gateway = try await TestGateway(
            Sample.balanced(upstreams) {
                $0.policy.ejection.consecutiveFailures = 0
                $0.policy.retry.perSecondMin = 100
            }
        )
        for upstream in upstreams { upstream.become(.drop) }
        upstreams[2].become(.answer)
        func post() -> Int? { gateway.call("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi")?.status }
        #expect((0..<6).map { _ in post() } == [502, 502, 200, 502, 502, 200])
        #expect(upstreams.map(\.heads.count) == [2, 2, 2], "nothing was sent twice")
        #expect((0..<6).allSatisfy { _ in gateway.get("/")?.status == 200 })
        upstreams[0].die()
        upstreams[1].die()
        pause(milliseconds: 50)
        #expect(
            (0..<6).allSatisfy { _ in post() == 200 },
            "nothing had been sent, so it may go elsewhere, body and all"
        )
        #expect(upstreams[2].heads.last?.contains("Content-Length: 2") == true)
        await gateway.stop()
    }

    @Test("retries keep to their budget when everything fails")
    func budget() async throws {
        let upstreams = three()
        for upstream in upstreams { upstream.become(.drop) }
        let gateway = try await TestGateway(
            Sample.balanced(upstreams) {
                $0.policy.ejection.consecutiveFailures = 0
                $0.policy.retry.budgetPercent = 20
                $0.policy.retry.perSecondMin = 0
            }
        )
        let result = await gateway.load(clients: 4, requests: 100)
        let tries = upstreams.reduce(0) { $0 + $1.heads.count }
        print("figure: everything fails, budget 20 %: \(result.total) requests made \(tries) tries")
        #expect(result.statuses == [502: 400])
        #expect(tries > 440 && tries <= 481, "\(tries)")
        // Who was not allowed one; the others had two and failed all the same.
        #expect((320...400).contains(gateway.metric("gatehouse_upstream_retries_denied_total")))
        await gateway.stop()
    }

    @Test("a target that hangs is 504 in time, is tried elsewhere where that is asked for, and is ejected")
    func hangs() async throws {
        let upstreams = three()
        upstreams[0].become(.hang)
        let content = Sample.balanced(upstreams) {
            $0.policy.retry.tryTimeoutMilliseconds = 250
            $0.policy.retry.afterTimeout = true
            $0.policy.ejection.consecutiveFailures = 2
        }
        let gateway = try await TestGateway(content)
        let started = Date()
        let result = await gateway.load(clients: 2, requests: 30)
        print("figure: 1 of 3 hangs, tries of 250 ms: \(result.statuses) in \(Date().timeIntervalSince(started)) s")
        #expect(result.statuses == [200: 60])
        #expect(gateway.metric("gatehouse_upstream_targets_ejected", "\"u\"") == 1)
        await gateway.stop()
        var strict = content
        strict.upstreams[0].policy.retry.afterTimeout = false
        let other = try await TestGateway(strict)
        let late = try #require((0..<3).compactMap { _ in other.get("/") }.first { $0.status != 200 })
        #expect(late.status == 504)
        #expect(late.field("proxy-status") == "gatehouse; error=http_response_timeout")
        await other.stop()
    }

    @Test("the total timeout ends all tries together, and an answer that is under way")
    func total() async throws {
        let upstreams = three()
        for upstream in upstreams { upstream.become(.hang) }
        let gateway = try await TestGateway(
            Sample.balanced(upstreams) {
                $0.policy.totalTimeoutMilliseconds = 400
                $0.policy.retry.tryTimeoutMilliseconds = 250
                $0.policy.retry.afterTimeout = true
            }
        )
        let started = Date()
        let late = try #require(gateway.get("/"))
        let elapsed = Date().timeIntervalSince(started)
        #expect(late.code == "upstream-timeout")
        #expect((0.35...0.9).contains(elapsed), "\(elapsed)")
        #expect(upstreams.reduce(0) { $0 + $1.heads.count } == 2)
        await gateway.stop()
        let endless = ScriptedUpstream { connection, _ in
            _ = connection.receive(through: "\r\n\r\n")
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in 0..<100 {
                connection.send("1\r\nx\r\n")
                Thread.sleep(forTimeInterval: 0.05)
            }
        }
        var content = Sample.passthrough(port: endless.port)
        content.upstreams[0].policy.totalTimeoutMilliseconds = 400
        let other = try await TestGateway(content)
        let connection = other.connect()
        connection.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        let cut = Date()
        let text = connection.receiveAll()
        #expect(!text.hasSuffix("\r\n0\r\n\r\n"))
        #expect(Date().timeIntervalSince(cut) < 1.5)
        await other.stop()
    }

    @Test("statuses that are listed are tried elsewhere; when all say so, the last one's answer is passed on")
    func statuses() async throws {
        let upstreams = three()
        upstreams[0].become(.status(503))
        upstreams[1].become(.status(503))
        let gateway = try await TestGateway(
            Sample.balanced(upstreams) { $0.policy.retry.statuses = [502, 503] }
        )
        #expect((0..<9).allSatisfy { _ in gateway.get("/")?.status == 200 })
        #expect(gateway.call("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n") != nil)
        upstreams[2].become(.status(503))
        let last = try #require(gateway.get("/"))
        #expect(last.status == 503)
        #expect(last.field("proxy-status") == nil, "it is the upstream's own answer")
        #expect(last.body.count == 1)
        await gateway.stop()
    }

    @Test("errors as answers eject where they are counted, and never do otherwise")
    func errorAnswers() async throws {
        for counts in [true, false] {
            let upstreams = three()
            upstreams[0].become(.status(500))
            let gateway = try await TestGateway(
                Sample.balanced(upstreams) {
                    $0.policy.ejection.countsStatuses = counts
                    $0.policy.ejection.consecutiveFailures = 3
                }
            )
            let result = await gateway.load(clients: 1, requests: 60)
            #expect(result.statuses[500] == (counts ? 3 : 20))
            await gateway.stop()
        }
    }

    @Test("checks take out a target that answers badly although it answers, and bring it back")
    func activeChecks() async throws {
        let upstreams = three()
        var check = ActiveCheck(path: "/healthz")
        check.intervalMilliseconds = 100
        check.timeoutMilliseconds = 200
        check.healthyThreshold = 2
        check.unhealthyThreshold = 2
        let notes = NoteBook()
        let gateway = try await TestGateway(
            Sample.balanced(upstreams) {
                $0.policy.check = check
                $0.policy.ejection.consecutiveFailures = 0
            }
        ) { $0.onNote = { notes.add($0) } }
        #expect(await eventually { upstreams.allSatisfy { $0.heads.contains { $0.hasPrefix("GET /healthz ") } } })
        upstreams[0].become(.status(500))
        upstreams[1].become(.hang)
        #expect(await eventually { gateway.metric("gatehouse_upstream_target_healthy", "\"u\"") == 1 })
        #expect((0..<10).allSatisfy { _ in gateway.get("/")?.body == "c" })
        upstreams[2].die()
        #expect(await eventually { gateway.metric("gatehouse_upstream_target_healthy", "\"u\"") == 0 })
        let none = try #require(gateway.get("/"))
        #expect(none.code == "upstream-unavailable")
        #expect(none.field("proxy-status") == "gatehouse; error=destination_unavailable")
        #expect(none.field("retry-after") == "1")
        upstreams[0].become(.answer)
        upstreams[1].become(.answer)
        #expect(await eventually { gateway.metric("gatehouse_upstream_target_healthy", "\"u\"") == 2 })
        #expect(Set((0..<10).compactMap { _ in gateway.get("/")?.body }) == ["a", "b"])
        #expect(notes.all.contains { $0.contains("is unhealthy") })
        #expect(notes.all.contains { $0.contains("is healthy again") })
        await gateway.stop()
    }

    @Test("a check without a path only connects")
    func connectChecks() async throws {
        let upstreams = three()
        var check = ActiveCheck()
        check.intervalMilliseconds = 100
        check.unhealthyThreshold = 1
        let gateway = try await TestGateway(Sample.balanced(upstreams) { $0.policy.check = check })
        upstreams[0].become(.status(500))
        #expect(await eventually { gateway.metric("gatehouse_upstream_checks_total", "result=\"good\"") >= 6 })
        #expect(gateway.metric("gatehouse_upstream_target_healthy", "\"u\"") == 3)
        upstreams[0].die()
        #expect(await eventually { gateway.metric("gatehouse_upstream_target_healthy", "\"u\"") == 2 })
        await gateway.stop()
    }

    @Test("the breaker opens on errors, answers at once without asking, and closes when probes go well")
    func breaker() async throws {
        let upstreams = [SwitchableUpstream("a")]
        upstreams[0].become(.status(500))
        var breaker = Breaker()
        breaker.requestsMin = 10
        breaker.openMilliseconds = 500
        breaker.probes = 2
        let gateway = try await TestGateway(Sample.balanced(upstreams) { $0.policy.breaker = breaker })
        for _ in 0..<10 { #expect(gateway.get("/")?.status == 500) }
        let asked = upstreams[0].heads.count
        let refused = try #require(gateway.get("/"))
        #expect(refused.code == "upstream-unavailable")
        #expect(refused.field("retry-after") == "1")
        #expect(upstreams[0].heads.count == asked)
        #expect(gateway.metric("gatehouse_upstream_circuit_state", "\"u\"") == 2)
        upstreams[0].become(.answer)
        #expect(await eventually { gateway.get("/")?.status == 200 })
        #expect(gateway.get("/")?.status == 200)
        #expect(gateway.metric("gatehouse_upstream_circuit_state", "\"u\"") == 0)
        await gateway.stop()
    }

    @Test("a removed target finishes what is under way and keeps no connection")
    func draining() async throws {
        let upstreams = three()
        let gateway = try await TestGateway(Sample.balanced(upstreams))
        #expect((0..<6).allSatisfy { _ in gateway.get("/")?.status == 200 })
        #expect(upstreams[0].openCount == 1)
        upstreams[0].become(.slow(400))
        let slow = (0..<3).map { _ in gateway.connect() }
        let before = upstreams.map(\.heads.count).reduce(0, +)
        for connection in slow { connection.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n") }
        waitUntil { upstreams.map(\.heads.count).reduce(0, +) == before + slow.count }
        let fewer = Sample.balanced(Array(upstreams.dropFirst()))
        try gateway.server.activate(routingBytes: RoutingSnapshot.encode(fewer, generation: 2, signer: nil))
        #expect((0..<6).allSatisfy { _ in gateway.get("/")?.body != "a" })
        #expect(slow.compactMap { $0.response()?.status } == [200, 200, 200])
        #expect(await eventually { upstreams[0].openCount == 0 })
        await gateway.stop()
    }
}

/// What a gateway said while it ran.
final class NoteBook: @unchecked Sendable {
    private let lock = NSLock()
    private var notes: [String] = []

    func add(_ note: String) { lock.withLock { notes.append(note) } }
    var all: [String] { lock.withLock { notes } }
}
