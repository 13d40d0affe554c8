internal import Synchronization
internal import Telemetry

extension MetricsReport {
    /// The gateway's own log lines and spans, and how upstreams failed.
    func writeObservers(to out: inout PrometheusText) {
        writeUpstreamErrors(to: &out)
        if let log = core.observers.log {
            out.begin("gatehouse_access_log_lines_total", .counter, help: "Lines that were written.")
            out.sample("gatehouse_access_log_lines_total", log.written)
            out.begin("gatehouse_access_log_dropped_total", .counter, help: "Lines dropped: reader slow, gone or full.")
            out.sample("gatehouse_access_log_dropped_total", log.dropped)
        }
        guard let tracing = core.observers.tracing, tracing.keepsSpans else { return }
        out.begin("gatehouse_spans_exported_total", .counter, help: "Spans that a collector took.")
        out.sample("gatehouse_spans_exported_total", tracing.exported.load(ordering: .relaxed))
        out.begin("gatehouse_spans_dropped_total", .counter, help: "Spans that nobody got, by reason.")
        out.sample("gatehouse_spans_dropped_total", [("reason", "queue_full")], tracing.dropped)
        out.sample("gatehouse_spans_dropped_total", [("reason", "export")], tracing.failed.load(ordering: .relaxed))
        out.begin("gatehouse_spans_waiting", .gauge, help: "Spans that wait to be exported.")
        out.sample("gatehouse_spans_waiting", UInt64(tracing.waiting))
    }

    private func writeUpstreamErrors(to out: inout PrometheusText) {
        let name = "gatehouse_upstream_errors_total"
        out.begin(name, .counter, help: "Tries that an upstream failed, by RFC 9209 error type.")
        for (number, series) in core.series.upstreams.all.enumerated() {
            for error in ProxyError.allCases {
                let value = sum(\.upstreamErrors, ProxyError.cell(error, series: number))
                guard value > 0 else { continue }
                out.sample(name, [("upstream", series[0]), ("error", error.token.description)], value)
            }
        }
    }

    /// The names that Prometheus' own clients give to these, so that dashboards made for those fit.
    func writeProcess(to out: inout PrometheusText) {
        let figures = ProcessFigures.now()
        out.begin("process_cpu_seconds_total", .counter, help: "CPU time of the process.")
        out.sample("process_cpu_seconds_total", seconds: figures.cpuSeconds)
        out.begin("process_start_time_seconds", .gauge, help: "When the gateway started, Unix time.")
        out.sample("process_start_time_seconds", UInt64(max(0, startedAt)))
        let gauges: [(String, String, UInt64?)] = [
            ("process_resident_memory_bytes", "Memory in use.", figures.residentBytes),
            ("process_virtual_memory_bytes", "Address space in use.", figures.virtualBytes),
            ("process_open_fds", "Open file descriptors.", figures.openDescriptors),
            ("process_max_fds", "File descriptors that may be open.", figures.descriptorsMax),
        ]
        for (name, help, value) in gauges {
            guard let value else { continue }
            out.begin(name, .gauge, help: help)
            out.sample(name, value)
        }
    }
}
