import Foundation
import RoutingTable
import Testing

@testable import Gateway

@Suite("Clients that are too slow")
struct SlowClientTests {
    private func gateway(
        _ upstream: ScriptedUpstream,
        _ change: @escaping (inout GatewayLimits) -> Void
    ) async throws -> TestGateway {
        try await TestGateway(Sample.passthrough(port: upstream.port)) { change(&$0.limits) }
    }

    @Test("a body that trickles below the least rate is 408, although no pause in it is long; one above it is not")
    func trickle() async throws {
        let upstream = ScriptedUpstream.echo()
        let gateway = try await gateway(upstream) {
            $0.bodyGraceMilliseconds = 300
            $0.bodyBytesPerSecondMin = 1_000
        }
        for framing in ["Content-Length: 100000", "Transfer-Encoding: chunked"] {
            let slow = gateway.connect()
            slow.send("POST /slow HTTP/1.1\r\nHost: h\r\n\(framing)\r\n\r\n")
            let part = framing.hasPrefix("C") ? "x" : "1\r\nx\r\n"
            let ended = Tally()
            let sender = Task {
                await offPool {
                    while ended.value == 0 {
                        slow.send(part)
                        Thread.sleep(forTimeInterval: 0.02)
                    }
                }
            }
            #expect(await offPool { slow.response() }?.code == "request-timeout")
            ended.add()
            await sender.value
        }
        #expect(gateway.metric("gatehouse_body_timeouts_total") == 2)
        // The same pause between parts, but each worth a second: after four of them the grace is long over.
        let steady = gateway.connect()
        steady.send("POST /steady HTTP/1.1\r\nHost: h\r\nContent-Length: 80000\r\n\r\n")
        await offPool {
            for _ in 0..<8 {
                steady.send([UInt8](repeating: 120, count: 10_000))
                Thread.sleep(forTimeInterval: 0.1)
            }
        }
        #expect(await offPool { steady.response() }?.status == 200)
        await gateway.stop()
    }

    @Test("a body that waits for its upstream is not the client's fault: the upstream is 504, not the client 408")
    func heldUp() async throws {
        let asked = DispatchSemaphore(value: 0)
        let goesOn = DispatchSemaphore(value: 0)
        let size = 24 << 20
        let upstream = ScriptedUpstream { connection, _ in
            guard let head = connection.receive(through: "\r\n\r\n") else { return }
            asked.signal()
            goesOn.wait()
            guard head.contains("/patient") else { return }
            var count = 0
            while count < size, let more = connection.receive() { count += more.count }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        }
        var content = Sample.passthrough(port: upstream.port)
        content.upstreams[0].headerTimeoutMilliseconds = 60_000
        func send(_ gateway: TestGateway, _ path: String) -> RawSocket {
            let connection = gateway.connect()
            Thread.detachNewThread {
                connection.send("POST \(path) HTTP/1.1\r\nHost: h\r\nContent-Length: \(size)\r\n\r\n")
                connection.send([UInt8](repeating: 120, count: size))
            }
            return connection
        }
        let patient = try await TestGateway(content) {
            $0.limits.bodyIdleTimeoutMilliseconds = 4_000
            $0.limits.bodyGraceMilliseconds = 4_000
        }
        let first = send(patient, "/patient")
        await offPool { asked.wait() }
        // Longer than the client's time between two pieces: none of it is the client's. The upstream stands still all the while.
        await offPool { Thread.sleep(forTimeInterval: 10) }
        goesOn.signal()
        // Several times the socket's own patience: what is left is much for a machine that has other things to do.
        #expect(await offPool { first.response() ?? first.response() ?? first.response() }?.status == 200)
        #expect(patient.metric("gatehouse_body_timeouts_total") == 0)
        await patient.stop()
        content.upstreams[0].headerTimeoutMilliseconds = 500
        let strict = try await TestGateway(content) { $0.limits.bodyIdleTimeoutMilliseconds = 60_000 }
        let second = send(strict, "/strict")
        await offPool { asked.wait() }
        #expect(await offPool { second.response() }?.code == "upstream-timeout")
        goesOn.signal()
        await strict.stop()
    }

    @Test("a client that reads nothing, or too little, is closed, and its upstream is let go")
    func slowReader() async throws {
        let letGo = Tally()
        let upstream = ScriptedUpstream { connection, _ in
            guard connection.receive(through: "\r\n\r\n") != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(1 << 30)\r\n\r\n")
            let block = [UInt8](repeating: 65, count: 1 << 20)
            // Ends early only when the gateway has closed: a read then finds out.
            for _ in 0..<1024 {
                connection.send(block)
                var byte: UInt8 = 0
                let got = recv(connection.descriptor, &byte, 1, Int32(MSG_DONTWAIT))
                guard got < 0, errno == EAGAIN else { return letGo.add() }
            }
        }
        let gateway = try await gateway(upstream) { $0.writeIdleTimeoutMilliseconds = 1_000 }
        let nothing = gateway.connect()
        nothing.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(await until { letGo.value == 1 })
        #expect(await until { gateway.metric("gatehouse_connections ") == 0 })
        let trickle = gateway.connect()
        trickle.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        // About a kilobyte a second, which the kernel has at hand for long after the gateway has given up.
        let isClosed = await until {
            var bytes = [UInt8](repeating: 0, count: 10)
            _ = recv(trickle.descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            return letGo.value == 2
        }
        #expect(isClosed)
        #expect(await until { gateway.metric("gatehouse_connections ") == 0 })
        withExtendedLifetime((nothing, trickle)) {}
        await gateway.stop()
    }
}
