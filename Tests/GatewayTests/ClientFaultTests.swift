import Foundation
import RoutingTable
import Synchronization
import Testing

@testable import Gateway

@Suite("Client faults")
struct ClientFaultTests {
    @Test("heads beyond the bounds are 431 or 414 as soon as the bound is met, and nothing reaches an upstream")
    func headBombs() async throws {
        let upstream = ScriptedUpstream.echo()
        let gateway = try await TestGateway(Sample.passthrough(port: upstream.port))
        let start = "GET / HTTP/1.1\r\nHost: h\r\n"
        let limits = GatewayLimits()
        let fields = (0..<limits.headFieldsMax).map { "X-\($0): 1\r\n" }.joined()
        let bombs: [(String, Int)] = [
            (start + fields + "\r\n", 431),
            (start + (0..<limits.headFieldsMax - 2).map { "X-\($0): 1\r\n" }.joined() + "\r\n", 200),
            (start + "X: " + String(repeating: "a", count: limits.headBytesMax), 431),
            (start + String(repeating: "X: \(String(repeating: "a", count: 1000))\r\n", count: 40), 431),
            ("GET /" + String(repeating: "a", count: limits.targetBytesMax + 1) + " HTTP/1.1\r\nHost: h\r\n\r\n", 414),
            // None of it ends: the answer must not wait for what is still to come.
            ("GET /" + String(repeating: "a", count: 40_000), 414),
            (start + "Connection: " + Array(repeating: "a", count: 40).joined(separator: ",") + "\r\n\r\n", 431),
        ]
        for (bomb, status) in bombs {
            let connection = gateway.connect()
            let answer = try #require(await offPool { connection.exchange(bomb) }, "\(bomb.prefix(60))")
            #expect(answer.status == status, "\(bomb.prefix(60))")
            if status != 200 { #expect(answer.field("connection") == "close") }
        }
        #expect(upstream.connectionCount == 1)
        // 64 MB of head, as fast as it goes: refused at the bound, thrown away for a moment, then closed.
        let flood = gateway.connect()
        let sent = await offPool {
            flood.send(start)
            let block = Array(repeating: [UInt8]("X: \(String(repeating: "b", count: 1020))\r\n".utf8), count: 64)
                .flatMap { $0 }
            var sent = 0
            while sent < 1024 {
                let count = block.withUnsafeBytes {
                    Foundation.send(flood.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                if count < 0 { break }
                sent += 1
            }
            return sent
        }
        #expect(sent < 1024, "the connection was closed long before")
        await gateway.stop()
    }

    @Test(
        "Expect: the body is asked for once, waited for within its time, and never read for a request that is refused"
    )
    func expectations() async throws {
        let complete = Tally()
        let upstream = ScriptedUpstream { connection, _ in
            while let head = connection.receive(through: "\r\n\r\n") {
                guard let count = RawResponse(head: head).field("content-length").flatMap({ Int($0) }) else { return }
                guard connection.receive(count: count) != nil else { return }
                complete.add()
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            }
        }
        let gateway = try await TestGateway(Sample.passthrough(port: upstream.port)) {
            $0.limits.bodyIdleTimeoutMilliseconds = 400
        }
        func head(_ path: String, _ fields: String) -> String {
            "POST \(path) HTTP/1.1\r\nHost: h\r\n\(fields)\r\n\r\n"
        }
        // Asked for and never sent.
        let silent = gateway.connect()
        silent.send(head("/a", "Content-Length: 5\r\nExpect: 100-continue"))
        #expect(silent.receive(through: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
        #expect(await offPool { silent.response() }?.code == "request-timeout")
        #expect(await offPool { silent.receiveAll() } == "")
        #expect(complete.value == 0)
        // Sent without waiting: one final answer, whether or not it was asked for in between.
        let hasty = gateway.connect()
        hasty.send(head("/b", "Content-Length: 5\r\nExpect: 100-continue") + "hello")
        var answer = hasty.response()
        if answer?.status == 100 { answer = hasty.response() }
        #expect(answer?.status == 200)
        #expect(complete.value == 1)
        // Refused: no 100, and the connection closes with the body unread.
        let refused = gateway.connect()
        let denied = refused.exchange(head("/admin", "Content-Length: 5\r\nExpect: 100-continue"))
        #expect(denied?.status == 404 || denied?.status == 403)
        #expect(denied?.field("connection") == "close")
        refused.send("hello")
        #expect(await offPool { refused.receiveAll() } == "")
        // An expectation nobody knows.
        let odd = gateway.connect()
        #expect(odd.exchange(head("/c", "Content-Length: 5\r\nExpect: something"))?.status == 417)
        #expect(complete.value == 1)
        await gateway.stop()
    }

    @Test("clients that vanish at any moment, orderly or with a reset, leave nothing behind", .timeLimit(.minutes(5)))
    func vanishing() async throws {
        let cancelled = Tally()
        let upstream = ScriptedUpstream { connection, _ in
            while let head = connection.receive(through: "\r\n\r\n") {
                if head.contains("/wait") {
                    // Ends when the gateway gives the request up.
                    while connection.receive() != nil {}
                    return cancelled.add()
                }
                if head.contains("/long") {
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nbegun")
                    while connection.receive() != nil {}
                    return cancelled.add()
                }
                if head.hasPrefix("POST") { while connection.receive() != nil {} }
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            }
        }
        let gateway = try await TestGateway(Sample.passthrough(port: upstream.port)) { $0.loops = 2 }
        let port = gateway.port
        let moments: [(sent: String, waits: String?)] = [
            ("", nil), ("GET / HT", nil), ("GET / HTTP/1.1\r\nHost: h\r\nX: ", nil),
            ("POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc", nil),
            ("POST /chunks HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", nil),
            ("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n", nil), ("GET /long HTTP/1.1\r\nHost: h\r\n\r\n", "begun"),
            ("GET /a HTTP/1.1\r\nHost: h\r\n\r\nGET /wait HTTP/1.1\r\nHost: h\r\n\r\nGET /c HTTP/1.1\r\n", "ok"),
        ]
        let rounds = 100
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<4 {
                group.addTask {
                    await offPool {
                        for round in 0..<rounds {
                            for (place, moment) in moments.enumerated() {
                                let connection = RawSocket(port: port)
                                connection.send(moment.sent)
                                if let marker = moment.waits { _ = connection.receive(through: marker) }
                                switch (worker + round + place) % 3 {
                                case 0: connection.reset()
                                case 1: connection.shutdownWriting()
                                default: break
                                }
                            }
                        }
                    }
                }
            }
        }
        #expect(await until(within: 60) { gateway.metric("gatehouse_connections ") == 0 })
        #expect(await until { gateway.metric("gatehouse_active_requests ") == 0 })
        // What the upstream was asked for nobody is told to be given up.
        #expect(
            await until {
                gateway.metric("gatehouse_upstream_connections ")
                    == gateway.metric("gatehouse_upstream_connections_idle ")
            }
        )
        let gone = gateway.metric("gatehouse_clients_gone_total")
        print(
            "figure: \(4 * rounds * moments.count) clients vanished, \(gone) in the middle of a request, \(cancelled.value) upstream calls ended"
        )
        #expect(cancelled.value > 0)
        #expect(gateway.get("/after")?.status == 200)
        await gateway.stop()
    }

    @Test("2,000 slow heads hold nobody up, and each is closed in time", .timeLimit(.minutes(5)))
    func slowHeads() async throws {
        let upstream = ScriptedUpstream.echo()
        let gateway = try await TestGateway(Sample.passthrough(port: upstream.port)) {
            $0.loops = 2
            $0.limits.headTimeoutMilliseconds = 60_000
        }
        let count = Self.slowClients
        let slow = (0..<count).map { _ in gateway.connect() }
        for connection in slow { connection.send("GET / HTTP/1.1\r\nHost: h\r\nX: ") }
        let callers = Callers(port: gateway.port, keeping: 4, fresh: 1)
        for _ in 0..<5 {
            for connection in slow { connection.send("a") }
            #expect(await callers.serve(50))
        }
        await callers.stop()
        #expect(callers.faultsFound == [:])
        #expect(gateway.metric("gatehouse_connections ") >= Double(count))
        #expect(await offPool { slow.allSatisfy { $0.exchange("\r\n\r\n")?.status == 200 } }, "slow is not wrong")
        await gateway.stop()
        // Beyond their time.
        let strict = try await TestGateway(Sample.passthrough(port: upstream.port)) {
            $0.limits.headTimeoutMilliseconds = 500
        }
        let late = (0..<100).map { _ in strict.connect() }
        for connection in late { connection.send("GET / HTTP/1.1\r\n") }
        #expect(await offPool { late.allSatisfy { $0.response()?.status == 408 && $0.receiveAll() == "" } })
        #expect(strict.metric("gatehouse_head_timeouts_total") == 100)
        await strict.stop()
    }

    /// As many as the process may have descriptors for, beside those of other tests; 2,000 where it may.
    private static let slowClients: Int = {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit)
        return min(2_000, max(50, Int(limit.rlim_cur) / 8))
    }()
}
