import Foundation
import RoutingTable
import Testing

@testable import Gateway

@Suite("Upstream faults")
struct UpstreamFaultTests {
    /// One gateway in front of an upstream that answers its first connection with `answer` and then closes it, and every
    /// later one properly.
    private func firstAnswer(_ answer: String, keepsOpen: Bool = false) async throws -> (
        RawResponse?, RawResponse?, ScriptedUpstream
    ) {
        let upstream = ScriptedUpstream { connection, number in
            guard number == 0 else {
                while let head = connection.receive(through: "\r\n\r\n") {
                    let marker = RawResponse(head: head).field("x-marker") ?? ""
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(marker.utf8.count)\r\n\r\n\(marker)")
                }
                return
            }
            _ = connection.receive(through: "\r\n\r\n")
            connection.send(answer)
            if keepsOpen { _ = connection.receive() }
        }
        let gateway = try await TestGateway(Sample.passthrough(port: upstream.port))
        let first = gateway.get("/first", "X-Marker: one")
        pause(milliseconds: 30)
        let second = gateway.get("/second", "X-Marker: two")
        await gateway.stop()
        return (first, second, upstream)
    }

    @Test("a connection that closes before an answer is 502, and nothing is retried on a fresh connection")
    func closedEarly() async throws {
        let (first, second, upstream) = try await firstAnswer("")
        #expect(first?.code == "upstream-connection-lost")
        #expect(first?.field("proxy-status") == "gatehouse; error=connection_terminated")
        #expect(second?.body == "two")
        #expect(upstream.connectionCount == 2)
    }

    @Test("an answer that ends too early is cut for the client as well, never ended cleanly")
    func cut() async throws {
        for (answer, isWhole) in [
            ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", false),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", false),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nZZ\r\n", false),
            ("HTTP/1.1 200 OK\r\n\r\nabc", true),
        ] {
            let upstream = ScriptedUpstream { connection, _ in
                _ = connection.receive(through: "\r\n\r\n")
                connection.send(answer)
            }
            let gateway = try await TestGateway(Sample.passthrough(port: upstream.port))
            let connection = gateway.connect()
            connection.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            if isWhole {
                #expect(connection.response()?.body == "abc")
            } else {
                let text = connection.receiveAll()
                #expect(text.hasPrefix("HTTP/1.1 200 OK"))
                #expect(text.contains("abc"))
                #expect(!text.hasSuffix("0\r\n\r\n"))
            }
            await gateway.stop()
        }
    }

    @Test("a pooled connection that had gone stale is replaced without the client noticing, but never for a POST")
    func staleConnection() async throws {
        let upstream = ScriptedUpstream { connection, number in
            _ = connection.receive(through: "\r\n\r\n")
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\(number)")
            // The next request on this connection is read and then dropped, as by a server that was just closing.
            _ = connection.receive(through: "\r\n\r\n")
        }
        let gateway = try await TestGateway(Sample.passthrough(port: upstream.port))
        let connection = gateway.connect()
        let get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
        #expect(connection.exchange(get)?.body == "0")
        #expect(connection.exchange(get)?.body == "1")
        #expect(connection.exchange("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n")?.status == 502)
        #expect(connection.exchange(get)?.body == "2")
        #expect(gateway.server.metrics.contains("gatehouse_upstream_retries_total 1"))
        await gateway.stop()
    }

    @Test("nobody listening is 502, and an upstream that says nothing is 504 at the configured time")
    func unreachable() async throws {
        let closed = ScriptedUpstream.echo().port
        let gateway = try await TestGateway(Sample.passthrough(port: closed))
        let refused = try #require(gateway.get("/"))
        #expect(refused.status == 502)
        #expect(refused.code == "upstream-unreachable")
        #expect(refused.field("proxy-status") == "gatehouse; error=connection_refused")
        await gateway.stop()
        let silent = ScriptedUpstream { connection, _ in while connection.receive() != nil {} }
        let other = try await TestGateway(Sample.orders(port: silent.port), Sample.rights())
        let late = try #require(other.get("/orders/items", "X-API-Key: " + Sample.key("gold")))
        #expect(late.status == 504)
        #expect(late.code == "upstream-timeout")
        #expect(late.field("proxy-status") == "gatehouse; error=http_response_timeout")
        await other.stop()
    }

    @Test("an answer before the end of the request is passed on and both connections end")
    func earlyAnswer() async throws {
        let upstream = ScriptedUpstream { connection, _ in
            _ = connection.receive(through: "\r\n\r\n")
            connection.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno")
            while connection.receive() != nil {}
        }
        let gateway = try await TestGateway(Sample.passthrough(port: upstream.port))
        let connection = gateway.connect()
        connection.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\nabc")
        let response = try #require(connection.response())
        #expect(response.status == 413)
        #expect(response.field("connection") == "close")
        #expect(connection.receiveAll() == "")
        await gateway.stop()
    }

    @Test("interim answers other than 100 are passed on")
    func earlyHints() async throws {
        let upstream = ScriptedUpstream { connection, _ in
            _ = connection.receive(through: "\r\n\r\n")
            connection.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n")
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            _ = connection.receive()
        }
        let gateway = try await TestGateway(Sample.passthrough(port: upstream.port))
        let connection = gateway.connect()
        let hints = try #require(connection.exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n"))
        #expect(hints.status == 103)
        #expect(hints.field("link") == "</a>; rel=preload")
        #expect(connection.response()?.body == "ok")
        await gateway.stop()
    }

    @Test("requests are spread by weight, and a target that refuses connections is passed over")
    func balancing() async throws {
        let names = ["a", "b"]
        let upstreams = names.map { name in
            ScriptedUpstream { connection, _ in
                while connection.receive(through: "\r\n\r\n") != nil {
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\(name)")
                }
            }
        }
        var content = Sample.passthrough(port: upstreams[0].port)
        content.upstreams[0].targets = [
            .init(host: "127.0.0.1", port: upstreams[0].port, weight: 3),
            .init(host: "127.0.0.1", port: upstreams[1].port, weight: 1),
        ]
        let gateway = try await TestGateway(content)
        let connection = gateway.connect()
        let answers = (0..<8).compactMap { _ in connection.exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n")?.body }
        #expect(answers.filter { $0 == "a" }.count == 6)
        #expect(answers.filter { $0 == "b" }.count == 2)
        content.upstreams[0].targets[1].port = ScriptedUpstream.echo().port
        try gateway.server.activate(routingBytes: RoutingSnapshot.encode(content, generation: 2, signer: nil))
        for _ in 0..<8 { #expect(connection.exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n")?.body == "a") }
        await gateway.stop()
    }

    @Test("a client that leaves takes its upstream request with it")
    func clientGone() async throws {
        let arrived = Tally()
        let gone = Tally()
        let upstream = ScriptedUpstream { connection, _ in
            _ = connection.receive(through: "\r\n\r\n")
            arrived.add()
            if connection.receive() == nil { gone.add() }
        }
        let gateway = try await TestGateway(Sample.passthrough(port: upstream.port))
        let connection = gateway.connect()
        connection.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        waitUntil { arrived.value == 1 }
        connection.reset()
        waitUntil { gone.value == 1 && gateway.server.metrics.contains("gatehouse_clients_gone_total 1") }
        #expect(gone.value == 1)
        #expect(gateway.server.metrics.contains("gatehouse_clients_gone_total 1"))
        await gateway.stop()
    }
}
