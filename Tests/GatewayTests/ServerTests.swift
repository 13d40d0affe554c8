import Foundation
import RoutingTable
import Synchronization
import Testing

@testable import Gateway

@Suite("GatewayServer")
struct ServerTests {
    @Test("a granted call is forwarded without its key, with our fields, and answered with version and limits")
    func granted() async throws {
        let upstream = ScriptedUpstream.echo()
        let gateway = try await TestGateway(Sample.orders(port: upstream.port), Sample.rights())
        let fields = [
            "Host: Api.Local", "X-API-Key: " + Sample.key("tight"), "X-Request-Id: abc-1", "Accept: a/b",
            "X-Forwarded-For: 6.6.6.6", "X-HTTP-Method-Override: DELETE", "X-Custom:  spaced ",
        ]
        let head = "GET /orders/v1/items/7?x=1&y=%20 HTTP/1.1\r\n" + fields.map { $0 + "\r\n" }.joined()
        let response = try #require(gateway.call(head + "\r\n"))
        #expect(response.status == 200)
        #expect(response.field("api-version") == "1.2.0")
        #expect(response.field("x-request-id") == "abc-1")
        #expect(response.field("ratelimit")?.hasPrefix("\"second\";r=2;t=") == true)
        #expect(response.field("ratelimit-policy") == "\"second\";q=1;w=3600, \"month\";q=1000;w=2592000")
        #expect(response.values("vary").joined().contains("x-api-key"))
        #expect(response.body.hasPrefix("GET /base/items/7?x=1&y=%20 HTTP/1.1\r\nHost: 127.0.0.1:\(upstream.port)\r\n"))
        #expect(response.body.contains("\r\nX-Custom:  spaced \r\n"), "lines go through as the client wrote them")
        #expect(response.body.contains("\r\nX-Forwarded-For: 127.0.0.1\r\n"))
        #expect(response.body.contains("\r\nX-Forwarded-Host: Api.Local\r\n"))
        #expect(response.body.contains("\r\nVia: 1.1 gatehouse\r\n"))
        #expect(response.body.contains("\r\nX-Request-Id: abc-1\r\n"))
        for word in ["6.6.6.6", "Override", Sample.key("tight")] { #expect(!response.body.contains(word)) }
        await gateway.stop()
    }

    @Test("problems are RFC 9457, never cached, and name who is at fault")
    func problems() async throws {
        let upstream = ScriptedUpstream.echo()
        let gateway = try await TestGateway(Sample.orders(port: upstream.port), Sample.rights())
        let missing = try #require(gateway.get("/orders/items"))
        #expect(missing.status == 401)
        #expect(missing.field("content-type") == "application/problem+json")
        #expect(missing.field("cache-control") == "no-store")
        #expect(missing.code == "credential-missing")
        #expect(missing.values("www-authenticate").contains { $0.contains("X-API-Key".lowercased()) })
        #expect(missing.values("www-authenticate").contains { $0.hasPrefix("Bearer ") })
        #expect(missing.field("x-request-id")?.count == 32)
        #expect(missing.member("instance") == "urn:gatehouse:request:" + (missing.field("x-request-id") ?? ""))
        let gold = "X-API-Key: " + Sample.key("gold")
        let method = try #require(gateway.call("DELETE /orders/items HTTP/1.1\r\nHost: a\r\n\(gold)\r\n\r\n"))
        #expect(method.status == 405)
        #expect(method.field("allow") == "GET, POST")
        #expect(method.field("api-version") == "1.2.0")
        let version = try #require(gateway.get("/orders/v2/items", gold))
        #expect(version.status == 403)
        #expect(version.member("detail")?.contains("`1.2.0`") == true)
        let gone = try #require(gateway.get("/orders/0.5.0/items", "X-API-Key: " + Sample.key("every")))
        #expect(gone.status == 410)
        #expect(gone.member("successor") == "1.2.0")
        let grant = try #require(
            gateway.call("POST /orders/items HTTP/1.1\r\nHost: a\r\nX-API-Key: \(Sample.key("silver"))\r\n\r\n")
        )
        #expect(grant.member("detail") == "plan `silver-plan` does not grant operation `create`")
        let denials = gateway.server.drainDenials()
        #expect(denials.count == 5)
        let last = try #require(denials.last)
        #expect(
            (last.code, last.api, last.version, last.operation) == (
                "operation-not-granted", "orders", "1.2.0", "create"
            )
        )
        #expect(
            (last.application, last.plan, last.method, last.path) == ("silver", "silver-plan", "POST", "/orders/items")
        )
        #expect(gateway.server.denial(requestID: last.requestID) == last)
        #expect(gateway.server.drainDenials().isEmpty)
        await gateway.stop()
    }

    @Test("deprecation is stated by the gateway, and the upstream's own word is replaced")
    func deprecation() async throws {
        let upstream = ScriptedUpstream { connection, _ in
            while connection.receive(through: "\r\n\r\n") != nil {
                connection.send(
                    "HTTP/1.1 200 OK\r\nDeprecation: true\r\nSunset: never\r\nLink: </x>; rel=\"next\"\r\nAPI-Version: 9\r\n"
                        + "Connection: X-Hop\r\nX-Hop: 1\r\nKeep-Alive: a\r\nContent-Length: 0\r\n\r\n"
                )
            }
        }
        let gateway = try await TestGateway(Sample.orders(port: upstream.port), Sample.rights())
        let response = try #require(gateway.get("/orders/1.0.0/items", "X-API-Key: " + Sample.key("gold")))
        #expect(response.values("deprecation") == ["@1767225600"])
        #expect(response.values("sunset") == ["Fri, 01 Jan 2100 00:00:00 GMT"])
        #expect(response.values("api-version") == ["1.0.0"])
        #expect(response.values("link").count == 2)
        #expect(response.values("link").joined().contains("rel=\"successor-version\""))
        #expect(response.field("x-hop") == nil)
        #expect(response.field("keep-alive") == nil)
        let other = try #require(gateway.get("/orders/1.2.0/items", "X-API-Key: " + Sample.key("gold")))
        #expect(other.values("deprecation") == ["true"], "where we state nothing, the upstream's word stands")
        #expect(gateway.server.metrics.contains("gatehouse_deprecated_requests_total{api=\"orders\",version=\"1.0.0\""))
        await gateway.stop()
    }

    @Test("over the limit is 429 with Retry-After and the violated policy")
    func limited() async throws {
        let upstream = ScriptedUpstream.echo()
        let gateway = try await TestGateway(Sample.orders(port: upstream.port), Sample.rights()) { $0.loops = 2 }
        var statuses: [Int] = []
        var last: RawResponse?
        for _ in 0..<5 {
            last = gateway.get("/orders/items", "X-API-Key: " + Sample.key("tight"))
            statuses.append(last?.status ?? 0)
        }
        #expect(statuses == [200, 200, 200, 429, 429], "the count is one over all loops")
        let refused = try #require(last)
        #expect(refused.code == "rate-limit-exceeded")
        #expect(Int(refused.field("retry-after") ?? "").map { $0 > 3000 && $0 <= 3600 } == true)
        #expect(refused.body.contains("\"violated-policies\":[\"second\"]"))
        #expect(refused.field("ratelimit")?.contains("\"month\";r=996") == true, "the quota was not spent by refusals")
        #expect(gateway.server.metrics.contains("gatehouse_limit_rejections_total{limit=\"second\"} 2"))
        await gateway.stop()
    }

    @Test("a quota's count survives a restart of the gateway")
    func quotaSurvives() async throws {
        let upstream = ScriptedUpstream.echo()
        let folder = TemporaryFolder()
        let rights = Sample.rights { content in
            content.subscriptions[0].limits = [
                .init(name: "year", kind: .quota, amount: 5, window: .calendar(.year), algorithm: .fixedWindow)
            ]
        }
        var statuses: [Int] = []
        for _ in 0..<2 {
            let gateway = try await TestGateway(Sample.orders(port: upstream.port), rights) {
                $0.dataDirectory = folder.path
            }
            for _ in 0..<4 {
                statuses.append(gateway.get("/orders/items", "X-API-Key: " + Sample.key("gold"))?.status ?? 0)
            }
            await gateway.stop()
        }
        #expect(statuses == [200, 200, 200, 200, 200, 429, 429, 429])
    }

    @Test("bodies stream both ways, by length and in chunks, and Expect is answered here")
    func bodies() async throws {
        let upstream = ScriptedUpstream.echo()
        let gateway = try await TestGateway(Sample.passthrough(port: upstream.port))
        let connection = gateway.connect()
        let length = try #require(connection.exchange("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello"))
        #expect(length.body.hasSuffix("\r\n\r\nhello"))
        #expect(length.body.contains("\r\nContent-Length: 5\r\n"))
        connection.send("POST /b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
        connection.send("2;x=y\r\nde\r\n0\r\nX-T: 1\r\n\r\n")
        let chunked = try #require(connection.response())
        #expect(chunked.body.hasSuffix("\r\n\r\nabcde"))
        #expect(!chunked.body.contains("X-T"))
        connection.send("POST /c HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        #expect(connection.receive(through: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
        connection.send("ok")
        let expected = try #require(connection.response())
        #expect(expected.body.hasSuffix("\r\n\r\nok"))
        #expect(!expected.body.lowercased().contains("expect:"))
        let big = String(repeating: "0123456789abcdef", count: 40_000)
        let large = try #require(
            connection.exchange("PUT /d HTTP/1.1\r\nHost: h\r\nContent-Length: \(big.utf8.count)\r\n\r\n\(big)")
        )
        #expect(large.body.hasSuffix(big))
        let head = try #require(connection.exchange("HEAD /e HTTP/1.1\r\nHost: h\r\n\r\n"))
        #expect(head.status == 200)
        #expect(connection.exchange("GET /f HTTP/1.1\r\nHost: h\r\n\r\n")?.status == 200)
        #expect(upstream.connectionCount == 1, "one client connection needed one upstream connection")
        await gateway.stop()
    }

    @Test("pipelined requests are answered in order, and Connection: close ends after its answer")
    func pipelining() async throws {
        let upstream = ScriptedUpstream.echo()
        let gateway = try await TestGateway(Sample.passthrough(port: upstream.port))
        let connection = gateway.connect()
        connection.send(
            (0..<20).map { "GET /p\($0) HTTP/1.1\r\nHost: h\r\n\r\n" }.joined()
                + "GET /last HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\nGET /never HTTP/1.1\r\nHost: h\r\n\r\n"
        )
        for index in 0..<20 { #expect(connection.response()?.body.hasPrefix("GET /p\(index) ") == true) }
        let last = try #require(connection.response())
        #expect(last.body.hasPrefix("GET /last "))
        #expect(last.field("connection") == "close")
        #expect(connection.receiveAll() == "")
        await gateway.stop()
    }

    @Test("HTTP/1.0 clients get a body until the connection closes, never chunks")
    func oldClients() async throws {
        let upstream = ScriptedUpstream { connection, _ in
            while connection.receive(through: "\r\n\r\n") != nil {
                connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
            }
        }
        let gateway = try await TestGateway(Sample.passthrough(port: upstream.port))
        let connection = gateway.connect()
        connection.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        let text = connection.receiveAll()
        #expect(text.hasSuffix("\r\n\r\nabcde"))
        #expect(!text.lowercased().contains("transfer-encoding"))
        #expect(gateway.get("/x")?.body == "abcde")
        await gateway.stop()
    }

    @Test("without a snapshot the data port answers 503 and the gateway is not ready; with one it is")
    func readiness() async throws {
        let upstream = ScriptedUpstream.echo()
        let gateway = try await TestGateway(nil)
        #expect(gateway.get("/")?.code == "no-snapshot")
        #expect(gateway.operations("/readyz")?.status == 503)
        #expect(gateway.operations("/livez")?.status == 200)
        let content = Sample.passthrough(port: upstream.port)
        try gateway.server.activate(routingBytes: RoutingSnapshot.encode(content, generation: 4, signer: nil))
        #expect(gateway.get("/")?.status == 200)
        #expect(gateway.operations("/readyz")?.status == 200)
        let verbose = try #require(gateway.operations("/readyz?verbose"))
        #expect(verbose.member("generation") == "4")
        #expect(verbose.member("status") == "pass")
        let metrics = try #require(gateway.operations("/metrics"))
        #expect(
            metrics.body.contains(
                "gatehouse_http_requests_total{api=\"all\",version=\"\",operation=\"\",status_class=\"2xx\"} 1"
            )
        )
        #expect(metrics.body.contains("gatehouse_problems_total{code=\"no-snapshot\"} 1"))
        #expect(metrics.body.contains("generation=\"4\"} 1"))
        #expect(gateway.operations("/nothing")?.status == 404)
        await gateway.stop()
    }

    @Test("a port in use is an error that names it, although sockets share ports among loops")
    func portInUse() async throws {
        let first = try await TestGateway(nil)
        let failure = await #expect(throws: GatewayFailure.self) {
            _ = try await TestGateway(nil) { $0.port = first.port }
        }
        #expect(failure == .addressInUse("127.0.0.1:\(first.port)"))
        await first.stop()
    }

    @Test("artifacts that do not fit are refused with their reason, and the old ones stay")
    func refusedArtifacts() async throws {
        let upstream = ScriptedUpstream.echo()
        let gateway = try await TestGateway(Sample.orders(port: upstream.port), Sample.rights())
        var bytes = try RoutingSnapshot.encode(Sample.orders(port: 1), generation: 2, signer: nil)
        bytes[bytes.count / 2] ^= 0x40
        #expect(throws: ActivationRefused.self) { try gateway.server.activate(routingBytes: bytes) }
        var other = Sample.orders(port: 1)
        other.environment = "test"
        let otherBytes = try RoutingSnapshot.encode(other, generation: 2, signer: nil)
        #expect(throws: ActivationRefused.otherEnvironment(found: "test", expected: "live")) {
            try gateway.server.activate(routingBytes: otherBytes)
        }
        let gap = EntitlementDelta(environment: "live", fromSequence: 5, toSequence: 6)
        let gapBytes = try gap.encode(signer: nil)
        #expect(throws: ActivationRefused.delta(.gap(from: 5, current: 1))) {
            try gateway.server.apply(entitlementBytes: gapBytes)
        }
        #expect(gateway.get("/orders/items", "X-API-Key: " + Sample.key("gold"))?.status == 200)
        #expect(gateway.server.status.generation == 1)
        await gateway.stop()
    }

    @Test("a delta revokes a key at once, and an older base does not bring it back")
    func revocation() async throws {
        let upstream = ScriptedUpstream.echo()
        let gateway = try await TestGateway(Sample.orders(port: upstream.port), Sample.rights())
        let connection = gateway.connect()
        let request = "GET /orders/items HTTP/1.1\r\nHost: a\r\nX-API-Key: \(Sample.key("gold"))\r\n\r\n"
        #expect(connection.exchange(request)?.status == 200)
        let delta = EntitlementDelta(
            environment: "live",
            fromSequence: 1,
            toSequence: 2,
            changes: [.removeCredential(Sample.id(101))]
        )
        try gateway.server.apply(entitlementBytes: delta.encode(signer: nil))
        #expect(
            connection.exchange(request)?.code == "credential-invalid",
            "also on a connection that was served before"
        )
        let base = try EntitlementSet.encode(Sample.rights(), sequence: 1, signer: nil)
        #expect(throws: ActivationRefused.notNewer(found: 1, current: 2)) {
            try gateway.server.apply(entitlementBytes: base)
        }
        await gateway.stop()
    }

    @Test("requests under way are finished while the gateway stops, with Connection: close")
    func draining() async throws {
        let asked = DispatchSemaphore(value: 0)
        let drained = DispatchSemaphore(value: 0)
        let upstream = ScriptedUpstream { connection, _ in
            while connection.receive(through: "\r\n\r\n") != nil {
                asked.signal()
                drained.wait()
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            }
        }
        let gateway = try await TestGateway(Sample.passthrough(port: upstream.port))
        let idle = gateway.connect()
        let busy = gateway.connect()
        busy.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n")
        await offPool { asked.wait() }
        async let stopped: Void = gateway.server.shutdown(grace: .seconds(60))
        // Nobody listens any more: it has begun, however long that took on a busy machine.
        let port = gateway.port
        #expect(await until(within: 300) { RawSocket.open(port: port) == nil })
        #expect(await offPool { idle.receiveAll() } == "", "a connection that is idle closes")
        drained.signal()
        let response = try #require(busy.response())
        #expect(response.body == "ok")
        #expect(response.field("connection") == "close")
        await stopped
    }
}
