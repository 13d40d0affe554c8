import Foundation
import RoutingTable
import Telemetry
import Testing

@testable import Gateway

/// One span as a collector reads it.
private struct Span {
    let object: [String: Any]

    func text(_ name: String) -> String { object[name] as? String ?? "" }
    var kind: Int { object["kind"] as? Int ?? 0 }
    var isError: Bool { (object["status"] as? [String: Int])?["code"] == 2 }

    /// Attributes as text, whatever their type.
    var attributes: [String: String] {
        let pairs = (object["attributes"] as? [[String: Any]] ?? []).map { attribute in
            (attribute["key"] as? String ?? "", (attribute["value"] as? [String: String])?.values.first ?? "")
        }
        return Dictionary(pairs) { first, _ in first + " twice" }
    }

    static func all(_ batch: SpanBatch) throws -> [Span] {
        let request = batch.request(resource: [], version: "1")
        let object = try JSONSerialization.jsonObject(with: Data(request)) as? [String: Any]
        let resources = object?["resourceSpans"] as? [[String: Any]]
        let scopes = resources?.first?["scopeSpans"] as? [[String: Any]]
        let spans = try #require(scopes?.first?["spans"] as? [[String: Any]])
        #expect(spans.count == batch.count)
        return spans.map(Span.init)
    }
}

@Suite("Traces")
struct TracingTests {
    private static let trace = "0af7651916cd43dd8448eb211c80319c"
    private static let caller = "b7ad6b7169203331"

    private func gateway(
        _ content: RoutingContent,
        _ rights: EntitlementContent? = nil,
        _ change: @escaping (inout TracingSettings) -> Void = { _ in }
    ) async throws -> TestGateway {
        try await TestGateway(content, rights) {
            var settings = TracingSettings()
            settings.keepsSpans = true
            change(&settings)
            $0.tracing = settings
        }
    }

    /// The parts of the one `traceparent` that the upstream got.
    private func parts(_ answer: RawResponse?) throws -> [String] {
        let request = RawResponse(head: try #require(answer).body)
        let fields = request.values("traceparent")
        try #require(fields.count == 1)
        let parts = fields[0].split(separator: "-").map(String.init)
        #expect(parts.map(\.count) == [2, 32, 16, 2] && parts[0] == "00")
        return parts
    }

    @Test("a caller's trace goes on under a span of ours, with its state")
    func passedOn() async throws {
        let upstream = ScriptedUpstream.echo()
        let gateway = try await gateway(Sample.passthrough(port: upstream.port))
        for flags in ["00", "01", "02", "03"] {
            let answer = gateway.get(
                "/x",
                "traceparent: 00-\(Self.trace)-\(Self.caller)-\(flags)",
                "tracestate: a=1, b=2",
                "TraceState: c=3"
            )
            let parts = try parts(answer)
            #expect(parts[1] == Self.trace && parts[2] != Self.caller && parts[3] == flags)
            #expect(RawResponse(head: answer?.body ?? "").values("tracestate") == ["a=1, b=2", "c=3"])
        }
        await gateway.stop()
    }

    @Test(
        "without a valid context a trace begins, and the caller's state is not passed on",
        arguments: [
            [], ["traceparent: 00-\(trace)-\(caller)-0", "tracestate: a=1"], ["tracestate: a=1"],
            ["traceparent: 00-\(trace)-\(caller)-01", "traceparent: 00-\(trace)-\(caller)-01", "tracestate: a=1"],
            ["traceparent: 00-00000000000000000000000000000000-\(caller)-01"],
            ["Connection: traceparent", "traceparent: 00-\(trace)-\(caller)-01"],
        ]
    )
    func begun(_ fields: [String]) async throws {
        let upstream = ScriptedUpstream.echo()
        let gateway = try await gateway(Sample.passthrough(port: upstream.port))
        var seen: Set<String> = []
        for _ in 0..<3 {
            let answer = gateway.call("GET /x HTTP/1.1\r\nHost: h\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n")
            let parts = try parts(answer)
            #expect(parts[1] != Self.trace && parts[3] == "03", "sampled, and random as level 2 has it")
            seen.formUnion([parts[1], parts[2]])
            #expect(RawResponse(head: answer?.body ?? "").field("tracestate") == nil)
        }
        #expect(seen.count == 6)
        await gateway.stop()
    }

    @Test("a state that is malformed is dropped; the trace goes on")
    func badState() async throws {
        let upstream = ScriptedUpstream.echo()
        let gateway = try await gateway(Sample.passthrough(port: upstream.port))
        let context = "traceparent: 00-\(Self.trace)-\(Self.caller)-01"
        for fields in [["tracestate: a"], ["tracestate: a=1", "tracestate: B=2"]] {
            let answer = gateway.call(
                "GET /x HTTP/1.1\r\nHost: h\r\n" + ([context] + fields).map { $0 + "\r\n" }.joined() + "\r\n"
            )
            #expect(try parts(answer)[1] == Self.trace)
            #expect(RawResponse(head: answer?.body ?? "").field("tracestate") == nil)
        }
        await gateway.stop()
    }

    @Test("where traces are left alone, their fields pass as they came")
    func untouched() async throws {
        let upstream = ScriptedUpstream.echo()
        let gateway = try await TestGateway(Sample.passthrough(port: upstream.port))
        let request = RawResponse(head: gateway.get("/x", "traceparent: nonsense", "tracestate: ===")?.body ?? "")
        #expect(request.values("traceparent") == ["nonsense"] && request.values("tracestate") == ["==="])
        #expect(RawResponse(head: gateway.get("/x")?.body ?? "").field("traceparent") == nil)
        await gateway.stop()
    }

    @Test("a proxied request has a server span and a client span under it, without query values")
    func spans() async throws {
        let upstream = ScriptedUpstream.echo()
        let gateway = try await gateway(Sample.orders(port: upstream.port), Sample.rights())
        let answer = gateway.call(
            """
            GET /orders/items/7?secret=s3cr3t HTTP/1.1\r
            Host: api.local:8443\r
            Authorization: Bearer \(Sample.key("gold"))\r
            User-Agent: te"st\r
            traceparent: 00-\(Self.trace)-\(Self.caller)-01\r
            \r

            """
        )
        #expect(answer?.status == 200)
        let sent = try parts(answer)
        let batch = gateway.server.takeSpans(10)
        let text = String(decoding: batch.lines, as: UTF8.self)
        #expect(!text.contains("s3cr3t") && !text.contains(Sample.key("gold")))
        let spans = try Span.all(batch)
        try #require(spans.count == 2)
        let (client, server) = (spans[0], spans[1])
        #expect(server.kind == 2 && client.kind == 3)
        #expect(server.text("traceId") == Self.trace && client.text("traceId") == Self.trace)
        #expect(server.text("parentSpanId") == Self.caller)
        #expect(client.text("parentSpanId") == server.text("spanId") && client.text("spanId") == sent[2])
        #expect(server.text("name") == "GET /items/{id}" && client.text("name") == "GET")
        let (start, end) = (UInt64(server.text("startTimeUnixNano")) ?? 0, UInt64(server.text("endTimeUnixNano")) ?? 0)
        let (sentAt, gotAt) = (
            UInt64(client.text("startTimeUnixNano")) ?? 0, UInt64(client.text("endTimeUnixNano")) ?? 0
        )
        #expect(start > 1_700_000_000_000_000_000 && start <= sentAt && sentAt <= gotAt && gotAt <= end)
        #expect(!server.isError && !client.isError)
        let expected = [
            "http.request.method": "GET", "url.scheme": "http", "url.path": "/orders/items/7",
            "http.route": "/items/{id}",
            "http.response.status_code": "200", "server.address": "api.local", "server.port": "8443",
            "client.address": "127.0.0.1", "network.protocol.version": "1.1", "user_agent.original": "te\"st",
            "gatehouse.api": "orders", "gatehouse.operation": "read", "gatehouse.application": "gold",
        ]
        for (name, value) in expected { #expect(server.attributes[name] == value, "\(name)") }
        #expect(server.attributes["error.type"] == nil)
        let towards = [
            "http.request.method": "GET", "server.address": "127.0.0.1", "server.port": "\(upstream.port)",
            "url.full": "http://127.0.0.1:\(upstream.port)/base/items/7", "http.response.status_code": "200",
        ]
        for (name, value) in towards { #expect(client.attributes[name] == value, "\(name)") }
        await gateway.stop()
    }

    @Test("refusals, broken heads and lost upstreams have spans that say why")
    func faults() async throws {
        let dying = ScriptedUpstream { connection, _ in _ = connection.receive(through: "\r\n\r\n") }
        let gateway = try await gateway(Sample.orders(port: dying.port), Sample.rights())
        #expect(gateway.get("/orders/items")?.status == 401)
        #expect(gateway.call("BAD\r\n\r\n")?.status == 400)
        #expect(gateway.get("/orders/items", "X-API-Key: " + Sample.key("gold"))?.status == 502)
        #expect(gateway.call("MAKE /orders/ping HTTP/1.1\r\nHost: h\r\n\r\n")?.status == 405)
        let spans = try Span.all(gateway.server.takeSpans(10))
        try #require(spans.count == 5)
        #expect(spans[0].attributes["gatehouse.denied_because"] == "credential-missing" && !spans[0].isError)
        #expect(spans[0].attributes["error.type"] == nil, "4xx is no error of a server")
        #expect(spans[1].text("name") == "HTTP" && spans[1].attributes["http.request.method"] == "_OTHER")
        #expect(spans[2].kind == 3 && spans[2].attributes["error.type"] == "connection_terminated" && spans[2].isError)
        #expect(spans[2].attributes["http.response.status_code"] == nil)
        #expect(spans[3].attributes["error.type"] == "upstream-connection-lost" && spans[3].isError)
        #expect(spans[4].attributes["http.request.method"] == "_OTHER")
        #expect(spans[4].attributes["http.request.method_original"] == "MAKE")
        await gateway.stop()
    }

    @Test("a caller's decision stands, unless the gateway is told to decide itself")
    func sampling() async throws {
        let upstream = ScriptedUpstream.echo()
        for (followsParent, share, flags, isSampled) in [
            (true, 0.0, "01", true), (true, 1, "00", false), (false, 0, "01", false), (false, 1, "00", true),
        ] {
            let gateway = try await gateway(Sample.passthrough(port: upstream.port)) {
                $0.followsParent = followsParent
                $0.share = share
            }
            let sent = try parts(gateway.get("/x", "traceparent: 00-\(Self.trace)-\(Self.caller)-\(flags)"))
            #expect(sent[3] == (isSampled ? "01" : "00"))
            #expect(gateway.server.takeSpans(10).count == (isSampled ? 2 : 0))
            #expect(try parts(gateway.get("/x"))[3] == (share == 1 ? "03" : "02"))
            await gateway.stop()
        }
    }

    @Test("the queue is bounded: what is too much is dropped and counted")
    func bounded() async throws {
        let upstream = ScriptedUpstream.echo()
        let gateway = try await gateway(Sample.passthrough(port: upstream.port)) { $0.spansMax = 5 }
        for _ in 0..<10 { #expect(gateway.get("/x")?.status == 200) }
        #expect(gateway.server.waitingSpanCount == 5)
        #expect(gateway.sample("gatehouse_spans_dropped_total{reason=\"queue_full\"}") == 15)
        #expect(gateway.server.takeSpans(3).count == 3)
        gateway.server.noteSpans(exported: 3, failed: 0)
        #expect(gateway.sample("gatehouse_spans_exported_total") == 3)
        await gateway.stop()
        #expect(gateway.server.takeSpans(10).count == 2, "what is left can be had after the end")
    }

    @Test("of the rarer of log line and trace each has the other, and the line names the trace")
    func together() async throws {
        let upstream = ScriptedUpstream.echo()
        let log = LogPipe()
        let gateway = try await TestGateway(Sample.passthrough(port: upstream.port)) {
            var settings = AccessLogSettings(sink: log.sink)
            settings.share = 0.2
            $0.accessLog = settings
            var tracing = TracingSettings()
            tracing.share = 0.05
            tracing.keepsSpans = true
            $0.tracing = tracing
        }
        let connection = gateway.connect()
        for _ in 0..<400 { #expect(connection.exchange("GET /x HTTP/1.1\r\nHost: h\r\n\r\n")?.status == 200) }
        await gateway.stop()
        let spans = try Span.all(gateway.server.takeSpans(2_000)).filter { $0.kind == 2 }
        let lines = log.lines.objects
        // Binomial around 20 and 80: none at all is less likely than one in 10⁸.
        #expect(!spans.isEmpty && lines.count > spans.count)
        let logged = Dictionary(lines.map { ($0["trace_id"] ?? "", $0["span_id"] ?? "") }) { first, _ in first }
        for span in spans { #expect(logged[span.text("traceId")] == span.text("spanId")) }
    }
}
