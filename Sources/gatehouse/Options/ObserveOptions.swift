import ArgumentParser
import Foundation
import Gateway
import Telemetry

/// What the gateway writes down of requests: access log and traces.
struct ObserveOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Access log as JSON lines: a file, - for stdout, syslog: (or syslog:/SOCKET), or syslog://HOST:PORT.",
            valueName: "sink"
        )
    )
    var accessLog: String?
    @Option(help: ArgumentHelp("Share of the requests in the access log, 0 to 1; default 1.", valueName: "share"))
    var accessLogSample: String?
    @Option(
        help: ArgumentHelp(
            "always (default): denials, 5xx and cut answers are in the access log whatever the share; sampled: they are not.",
            valueName: "when"
        )
    )
    var accessLogErrors: String?
    @Option(
        help: ArgumentHelp("Query parameters that the access log may show, separated by commas.", valueName: "names")
    )
    var accessLogQuery: String?
    @Option(
        help: ArgumentHelp(
            "auto (default): take part in traces where a collector is named; on: always; off: pass their fields on as they are.",
            valueName: "when"
        )
    )
    var traces: String?
    @Option(
        help: ArgumentHelp(
            "Share of the traces begun here that are sampled, 0 to 1; default as OTEL_TRACES_SAMPLER says.",
            valueName: "share"
        )
    )
    var traceSample: String?
    @Option(
        help: ArgumentHelp(
            "Collector that spans are sent to over OTLP/HTTP; default OTEL_EXPORTER_OTLP_ENDPOINT.",
            valueName: "url"
        )
    )
    var otlpEndpoint: String?

    /// The settings of these options.
    static let entries: [ProcessOptions.Entry] = [
        entry("accessLog", "ACCESS_LOG", "--access-log", \.accessLog),
        entry("accessLogSample", "ACCESS_LOG_SAMPLE", "--access-log-sample", \.accessLogSample, "1"),
        entry("accessLogErrors", "ACCESS_LOG_ERRORS", "--access-log-errors", \.accessLogErrors, "always"),
        entry("accessLogQuery", "ACCESS_LOG_QUERY", "--access-log-query", \.accessLogQuery),
        entry("traces", "TRACES", "--traces", \.traces, "auto"),
        entry("traceSample", "TRACE_SAMPLE", "--trace-sample", \.traceSample),
        entry("otlpEndpoint", "OTLP_ENDPOINT", "--otlp-endpoint", \.otlpEndpoint),
    ]

    private static func entry(
        _ name: String,
        _ variable: String,
        _ flag: String,
        _ given: any KeyPath<ObserveOptions, String?> & Sendable,
        _ standard: String = ""
    ) -> ProcessOptions.Entry {
        ProcessOptions.Entry(
            name: name,
            variable: "GATEHOUSE_GATEWAY_\(variable)",
            flag: flag,
            given: { $0.observe[keyPath: given] },
            standard: standard
        )
    }
}

/// The same as values.
struct ObserveSettings: Sendable {
    /// Nil writes no access log.
    let accessLog: AccessLogSettings?
    /// Nil leaves traces alone.
    let tracing: TracingSettings?
    /// Where spans go; without an endpoint nowhere.
    let export: TraceExportSettings

    /// - Parameters:
    ///   - values: settings by name.
    ///   - environment: for the variables of OpenTelemetry.
    /// - Throws: `Stop` that names the setting that cannot be used.
    init(
        _ values: [String: String],
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        let given = values.filter { !$0.value.isEmpty }
        // Checked also where it is not used: a typing error should not wait for the day on which it is.
        _ = try Self.share(given["accessLogSample"] ?? "1", "--access-log-sample")
        _ = try given["traceSample"].map { try Self.share($0, "--trace-sample") }
        accessLog = try given["accessLog"].map { try Self.accessLog($0, given) }
        if let url = given["otlpEndpoint"] {
            guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
                throw Stop(.usage, "--otlp-endpoint `\(url)` is no URL; write for instance http://127.0.0.1:4318")
            }
        }
        export = TraceExportSettings(environment: environment, base: given["otlpEndpoint"])
        let when = given["traces"] ?? "auto"
        guard ["auto", "on", "off"].contains(when) else {
            throw Stop(.usage, "--traces `\(when)`: expected auto, on or off")
        }
        guard when == "on" || (when == "auto" && export.endpoint != nil) else {
            tracing = nil
            return
        }
        var settings = TracingSettings()
        settings.share = try given["traceSample"].map { try Self.share($0, "--trace-sample") } ?? export.share
        settings.followsParent = export.followsParent
        settings.keepsSpans = export.endpoint != nil
        settings.spansMax = export.queueMax
        tracing = settings
    }

    private static func accessLog(_ text: String, _ given: [String: String]) throws -> AccessLogSettings {
        guard let sink = AccessLogSettings.Sink(text) else {
            throw Stop(
                .usage,
                "--access-log `\(text)`: expected a file, -, syslog:, syslog:/path/of/socket or syslog://host:port"
            )
        }
        var settings = AccessLogSettings(sink: sink)
        settings.share = try share(given["accessLogSample"] ?? "1", "--access-log-sample")
        switch given["accessLogErrors"] ?? "always" {
        case "always": settings.alwaysFaults = true
        case "sampled": settings.alwaysFaults = false
        case let other: throw Stop(.usage, "--access-log-errors `\(other)`: expected always or sampled")
        }
        let names = (given["accessLogQuery"] ?? "").split(separator: ",")
        settings.queryParameters = names.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        return settings
    }

    private static func share(_ text: String, _ option: String) throws -> Double {
        guard let share = Double(text), (0...1).contains(share) else {
            throw Stop(.usage, "\(option) `\(text)`: expected a number from 0 to 1, for instance 0.01")
        }
        return share
    }
}
