import Foundation
import Testing

@testable import Telemetry

@Suite("TraceExportSettings")
struct TraceExportSettingsTests {
    @Test("without an endpoint nothing is sent, and the defaults are OpenTelemetry's")
    func defaults() {
        let settings = TraceExportSettings(environment: [:])
        #expect(settings.endpoint == nil && settings.warnings.isEmpty)
        #expect(settings.resource == [.init(key: "service.name", value: "gatehouse")])
        #expect(settings.share == 1 && settings.followsParent)
        #expect(settings.queueMax == 2048 && settings.batchMax == 512 && settings.delayMilliseconds == 5000)
        #expect(settings.timeoutMilliseconds == 10_000 && settings.exportMilliseconds == 30_000)
    }

    @Test(
        "the base gets the path of traces, the traces' own endpoint is taken as it is, and a setting of ours is nearest"
    )
    func endpoints() {
        let base = ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318/"]
        #expect(TraceExportSettings(environment: base).endpoint == "http://collector:4318/v1/traces")
        let both = base.merging(["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://t/x"]) { $1 }
        #expect(TraceExportSettings(environment: both).endpoint == "https://t/x")
        #expect(TraceExportSettings(environment: both, base: "http://near").endpoint == "http://near/v1/traces")
        for off in [["OTEL_SDK_DISABLED": "TRUE"], ["OTEL_TRACES_EXPORTER": "none"]] {
            let settings = TraceExportSettings(environment: base.merging(off) { $1 })
            #expect(settings.endpoint == nil && settings.warnings.isEmpty)
        }
    }

    @Test("headers and resource attributes are decoded, and the service's name has an order")
    func lists() {
        let settings = TraceExportSettings(environment: [
            "OTEL_EXPORTER_OTLP_HEADERS": "authorization=Bearer%20x%3D, b = 2 ,broken,=no",
            "OTEL_RESOURCE_ATTRIBUTES": "service.name=other,deployment.environment=test%2C1",
        ])
        #expect(settings.headers == [.init(key: "authorization", value: "Bearer x="), .init(key: "b", value: "2")])
        #expect(
            settings.resource == [
                .init(key: "service.name", value: "other"), .init(key: "deployment.environment", value: "test,1"),
            ]
        )
        let named = TraceExportSettings(environment: [
            "OTEL_SERVICE_NAME": "gate", "OTEL_RESOURCE_ATTRIBUTES": "service.name=other",
            "OTEL_EXPORTER_OTLP_TRACES_HEADERS": "a=1", "OTEL_EXPORTER_OTLP_HEADERS": "b=2",
        ])
        #expect(named.resource == [.init(key: "service.name", value: "gate")])
        #expect(named.headers == [.init(key: "a", value: "1")])
    }

    @Test(
        "samplers",
        arguments: [
            ("always_on", "", 1.0, false), ("always_off", "", 0, false), ("traceidratio", "0.25", 0.25, false),
            ("parentbased_always_on", "", 1, true), ("parentbased_always_off", "", 0, true),
            ("parentbased_traceidratio", "0.01", 0.01, true),
        ]
    )
    func samplers(_ name: String, _ argument: String, _ share: Double, _ followsParent: Bool) {
        let settings = TraceExportSettings(environment: [
            "OTEL_TRACES_SAMPLER": name, "OTEL_TRACES_SAMPLER_ARG": argument,
        ])
        #expect(settings.share == share && settings.followsParent == followsParent && settings.warnings.isEmpty)
    }

    @Test(
        "what cannot be used is said and replaced by the default",
        arguments: [
            ["OTEL_TRACES_SAMPLER": "magic"], ["OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": "2"],
            ["OTEL_BSP_MAX_QUEUE_SIZE": "many"], ["OTEL_BSP_SCHEDULE_DELAY": "-1"], ["OTEL_EXPORTER_OTLP_TIMEOUT": "0"],
            ["OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318"], ["OTEL_TRACES_EXPORTER": "zipkin"],
            ["OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"], ["OTEL_EXPORTER_OTLP_HEADERS": "nonsense"],
        ]
    )
    func warnings(_ environment: [String: String]) {
        let settings = TraceExportSettings(environment: environment)
        #expect(settings.warnings.count == 1)
        var plain = settings
        plain.warnings = []
        var standard = TraceExportSettings(environment: [:])
        standard.followsParent = settings.followsParent
        #expect(plain == standard)
    }

    @Test("a batch is never larger than the queue")
    func batch() {
        let settings = TraceExportSettings(environment: ["OTEL_BSP_MAX_QUEUE_SIZE": "10"])
        #expect(settings.queueMax == 10 && settings.batchMax == 10)
    }
}

@Suite("ExportRetry")
struct ExportRetryTests {
    @Test(
        "success ends, refusal gives up",
        arguments: [(200, ExportRetry.Step.done), (202, .done), (400, .giveUp), (413, .giveUp), (500, .giveUp)]
    )
    func final(_ status: Int, _ step: ExportRetry.Step) {
        var retry = ExportRetry(endsAt: 30_000)
        #expect(retry.judge(status: status, retryAfter: nil, now: 0, random: 0) == step)
    }

    @Test(
        "what passes is tried again, twice as late each time, until the batch's time is over",
        arguments: [429, 502, 503, 504, nil]
    )
    func backsOff(_ status: Int?) {
        var retry = ExportRetry(endsAt: 30_000)
        #expect(retry.judge(status: status, retryAfter: nil, now: 0, random: 0) == .again(afterMilliseconds: 500))
        #expect(retry.judge(status: status, retryAfter: nil, now: 500, random: 0) == .again(afterMilliseconds: 1000))
        #expect(retry.judge(status: status, retryAfter: nil, now: 1500, random: 0.5) == .again(afterMilliseconds: 3000))
        #expect(retry.judge(status: status, retryAfter: nil, now: 4500, random: 0) == .again(afterMilliseconds: 4000))
        #expect(retry.judge(status: status, retryAfter: nil, now: 25_000, random: 0) == .giveUp)
    }

    @Test("Retry-After is waited for, in seconds or as a date, unless it comes too late")
    func retryAfter() {
        let now: Int64 = 784_111_777_000
        var retry = ExportRetry(endsAt: now + 30_000)
        #expect(retry.judge(status: 429, retryAfter: "7", now: now, random: 0) == .again(afterMilliseconds: 7000))
        let date = "Sun, 06 Nov 1994 08:49:47 GMT"
        #expect(retry.judge(status: 503, retryAfter: date, now: now, random: 0) == .again(afterMilliseconds: 10_000))
        #expect(retry.judge(status: 503, retryAfter: "soon", now: now, random: 0) == .again(afterMilliseconds: 2000))
        #expect(retry.judge(status: 503, retryAfter: "31", now: now, random: 0) == .giveUp)
    }
}

@Suite("SpanBatch")
struct SpanBatchTests {
    @Test("lines become one request with the resource before them")
    func request() throws {
        var span = JSONLine()
        span.begin()
        span.member("name", "GET \"/x\"")
        span.name("attributes")
        span.literal("[")
        span.attribute("http.request.method", Array("GET".utf8).span)
        span.attribute("http.response.status_code", number: 200)
        span.attribute("gatehouse.api", text: "orders")
        span.attribute("empty", text: "")
        span.literal("]")
        span.end()
        let batch = SpanBatch(count: 2, lines: span.bytes + span.bytes)
        let body = batch.request(resource: [.init(key: "service.name", value: "g\"1")], version: "1.0")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
        let resource = try #require((object["resourceSpans"] as? [[String: Any]])?.first)
        let attributes = (resource["resource"] as? [String: Any])?["attributes"] as? [[String: Any]]
        #expect((attributes?.first?["value"] as? [String: String])?["stringValue"] == "g\"1")
        let scope = try #require((resource["scopeSpans"] as? [[String: Any]])?.first)
        let spans = try #require(scope["spans"] as? [[String: Any]])
        #expect(spans.count == 2)
        let values = try #require(spans.last?["attributes"] as? [[String: Any]])
        #expect(values.count == 3)
        #expect((values[1]["value"] as? [String: String])?["intValue"] == "200")
    }
}
