import Foundation
import RoutingTable
import Testing

@testable import Gateway

@Suite("The metrics page")
struct MetricsPageTests {
    /// The names of the ecosystem that dashboards hold on to, with their labels.
    private static let names: [(name: String, type: String, labels: Set<String>)] = [
        ("gatehouse_http_requests_total", "counter", ["api", "version", "operation", "status_class"]),
        ("gatehouse_http_request_duration_seconds", "histogram", ["api", "version"]),
        ("gatehouse_upstream_request_duration_seconds", "histogram", ["upstream"]),
        ("gatehouse_config_snapshot_info", "gauge", ["sha", "generation"]),
        ("gatehouse_config_last_success_timestamp_seconds", "gauge", ["part"]),
        ("gatehouse_limit_rejections_total", "counter", ["limit"]),
        ("gatehouse_deprecated_requests_total", "counter", ["api", "version", "operation"]),
        ("gatehouse_build_info", "gauge", ["version"]),
        ("gatehouse_upstream_errors_total", "counter", ["upstream", "error"]),
        ("gatehouse_access_log_dropped_total", "counter", []),
        ("gatehouse_spans_dropped_total", "counter", ["reason"]),
        ("process_cpu_seconds_total", "counter", []), ("process_resident_memory_bytes", "gauge", []),
        ("process_open_fds", "gauge", []), ("process_max_fds", "gauge", []),
    ]

    /// A gateway that has seen some of everything, and its page.
    private func page() async throws -> String {
        let upstream = ScriptedUpstream { connection, number in
            while connection.receive(through: "\r\n\r\n") != nil {
                // The first connection breaks off.
                if number == 0 { return }
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            }
        }
        let log = LogPipe()
        let gateway = try await TestGateway(Sample.orders(port: upstream.port), Sample.rights()) {
            $0.loops = 2
            $0.version = "1.0 \"quoted\" \\ test"
            $0.accessLog = AccessLogSettings(sink: log.sink)
            var tracing = TracingSettings()
            tracing.keepsSpans = true
            $0.tracing = tracing
        }
        let key = "X-API-Key: " + Sample.key("gold")
        #expect(gateway.get("/orders/items", key)?.status == 502)
        for _ in 0..<6 { #expect(gateway.get("/orders/v1/items", key)?.status == 200) }
        #expect(gateway.get("/orders/items", key, "API-Version: 1.0.0")?.status == 200)
        for _ in 0..<4 { _ = gateway.get("/orders/items", "X-API-Key: " + Sample.key("tight")) }
        for path in ["/nothing", "/orders/none", "/orders/%7B%22%7D?x=\(UUID())"] { _ = gateway.get(path) }
        let answer = try #require(gateway.operations("/metrics"))
        #expect(answer.field("content-type") == "text/plain; version=0.0.4; charset=utf-8")
        await gateway.stop()
        return answer.body
    }

    @Test("it keeps to the format, has every name with bounded labels, and the loops' counts add up")
    func strict() async throws {
        let text = try await page()
        let page = try MetricsPage(text)
        for expected in Self.names {
            let family = try #require(page.families[expected.name], "\(expected.name)")
            #expect(family.type == expected.type, "\(expected.name)")
            for sample in family.samples {
                #expect(Set(sample.labels.keys).subtracting(["le"]) == expected.labels, "\(expected.name)")
            }
            #expect(!family.samples.isEmpty, "\(expected.name)")
        }
        let requests = try #require(page.families["gatehouse_http_requests_total"]).samples
        #expect(requests.reduce(0) { $0 + $1.value } == 15)
        #expect(requests.allSatisfy { ["1xx", "2xx", "3xx", "4xx", "5xx"].contains($0.labels["status_class"]) })
        let durations = try #require(page.families["gatehouse_http_request_duration_seconds"]).samples
        #expect(durations.filter { $0.name.hasSuffix("_count") }.reduce(0) { $0 + $1.value } == 15)
        for secret in [Sample.key("gold"), "/nothing", "none", "gh_live"] { #expect(!text.contains(secret)) }
        for family in page.families.values where family.name.hasPrefix("gatehouse_") {
            #expect(!family.name.hasSuffix("_ms") && !family.name.contains("milliseconds"), "base units")
        }
    }

    @Test("the strict reader refuses what a scraper would")
    func readerIsStrict() throws {
        let good = "# HELP a_total x\n# TYPE a_total counter\na_total{b=\"c\\\"d\"} 1\n"
        #expect(try MetricsPage(good).families["a_total"]?.samples.first?.labels == ["b": "c\\\"d"])
        for bad in [
            String(good.dropLast()), "a_total 1\n", good + "a_total{b=\"c\\\"d\"} 2\n", good + "a_total{b=\"c} 2\n",
            good + "b_total 1\n", good + good, "# HELP a x\n# TYPE a counter\n", good + "a_total -1\n",
            good + "a_total x\n",
            "# HELP h x\n# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_sum 1\nh_count 1\n",
            "# HELP h x\n# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n",
        ] { #expect(throws: MetricsPage.Mistake.self, "\(bad)") { try MetricsPage(bad) } }
    }

    @Test("Prometheus' own reader for Python takes the page (GATEHOUSE_PYTHON names an interpreter that has it)")
    func realParser() async throws {
        let python = ProcessInfo.processInfo.environment["GATEHOUSE_PYTHON"] ?? "python3"
        let script = """
            import sys
            from prometheus_client.parser import text_string_to_metric_families as read
            families = list(read(sys.stdin.read()))
            print(sum(s.value for f in families if f.name == "gatehouse_http_requests" for s in f.samples))
            """
        guard try await run(python, "import prometheus_client", "").code == 0 else {
            // Not a failure: the strict reader above stands in where Python has no prometheus_client.
            return print("skipped: \(python) has no prometheus_client")
        }
        let result = try await run(python, script, try await page())
        #expect(result.code == 0)
        #expect(result.output == "15\n")
    }

    private func run(_ python: String, _ script: String, _ input: String) async throws -> (code: Int32, output: String)
    {
        try await offPool {
            Result {
                let process = Process()
                let (incoming, outgoing) = (Pipe(), Pipe())
                process.executableURL = URL(filePath: "/usr/bin/env")
                process.arguments = [python, "-c", script]
                process.standardInput = incoming
                process.standardOutput = outgoing
                process.standardError = FileHandle.nullDevice
                try process.run()
                Thread.detachNewThread {
                    // An interpreter that ends early does not read it: then its exit code says so.
                    try? incoming.fileHandleForWriting.write(contentsOf: Data(input.utf8))
                    try? incoming.fileHandleForWriting.close()
                }
                let output = outgoing.fileHandleForReading.readDataToEndOfFile()
                process.waitUntilExit()
                return (process.terminationStatus, String(decoding: output, as: UTF8.self))
            }
        }.get()
    }
}
