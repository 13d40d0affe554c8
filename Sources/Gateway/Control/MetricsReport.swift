internal import ProblemDetails
internal import RoutingTable
internal import Telemetry

/// Renders the counters of all loops as Prometheus text.
struct MetricsReport {
    let loops: [LoopMetrics]
    /// What each loop's reactor notes of its own pauses.
    let pauses: [CellBank]
    let core: GatewayCore
    let status: GatewayStatus
    let version: String
    let startedAt: Int64

    var text: String {
        var out = PrometheusText()
        writeRequests(to: &out)
        writeDurations(to: &out)
        writeLimits(to: &out)
        writeConnections(to: &out)
        writePauses(to: &out)
        writeUpstreams(to: &out)
        writeTLS(to: &out)
        writeObservers(to: &out)
        writeProcess(to: &out)
        writeState(to: &out)
        return out.text
    }

    private static let classes = ["1xx", "2xx", "3xx", "4xx", "5xx"]

    func sum(_ bank: (LoopMetrics) -> CellBank, _ index: Int) -> UInt64 {
        loops.reduce(0) { $0 &+ bank($1).value(at: index) }
    }

    private func labels(_ series: [String]) -> [(String, String)] {
        Array(zip(["api", "version", "operation"], series))
    }

    private func writeRequests(to out: inout PrometheusText) {
        let all = core.series.operations.all
        out.begin("gatehouse_http_requests_total", .counter, help: "Requests answered, by what they asked for.")
        for (number, series) in all.enumerated() {
            for (place, name) in Self.classes.enumerated() {
                let value = sum(\.requests, number * 5 + place)
                guard value > 0 else { continue }
                out.sample("gatehouse_http_requests_total", labels(series) + [("status_class", name)], value)
            }
        }
        out.begin(
            "gatehouse_deprecated_requests_total",
            .counter,
            help: "Requests to deprecated versions and operations."
        )
        for (number, series) in all.enumerated() {
            let value = sum(\.deprecated, number)
            if value > 0 { out.sample("gatehouse_deprecated_requests_total", labels(series), value) }
        }
        out.begin("gatehouse_problems_total", .counter, help: "Answers the gateway made itself, by problem code.")
        for code in ProblemCode.allCases {
            let value = sum(\.problems, Int(code.rawValue))
            guard value > 0 else { continue }
            out.sample("gatehouse_problems_total", [("code", ProblemCatalogue[code].slug.description)], value)
        }
    }

    private func writeDurations(to out: inout PrometheusText) {
        let name = "gatehouse_http_request_duration_seconds"
        out.begin(name, .histogram, help: "Time from the head of a request to the end of its answer.")
        for (number, series) in core.series.versions.all.enumerated() {
            let reading = DurationHistogram.read(at: number * DurationHistogram.cells, in: loops.map(\.durations))
            guard reading.count > 0 else { continue }
            out.histogram(name, Array(zip(["api", "version"], series)), reading)
        }
        let upstream = "gatehouse_upstream_request_duration_seconds"
        out.begin(upstream, .histogram, help: "Time from forwarding a request to the head of the upstream's answer.")
        for (number, series) in core.series.upstreams.all.enumerated() {
            let reading = DurationHistogram.read(
                at: number * DurationHistogram.cells,
                in: loops.map(\.upstreamDurations)
            )
            guard reading.count > 0 else { continue }
            out.histogram(upstream, [("upstream", series[0])], reading)
        }
    }

    private func writeLimits(to out: inout PrometheusText) {
        out.begin("gatehouse_limit_rejections_total", .counter, help: "Requests refused by a limit of this name.")
        for (number, series) in core.series.limits.all.enumerated() {
            let value = sum(\.rejections, number)
            if value > 0 { out.sample("gatehouse_limit_rejections_total", [("limit", series[0])], value) }
        }
        out.begin(
            "gatehouse_quota_ledger_overflow_total",
            .counter,
            help: "Quotas counted in memory only: ledger full."
        )
        out.sample("gatehouse_quota_ledger_overflow_total", core.buckets.overflowCount)
    }

    private func writeConnections(to out: inout PrometheusText) {
        let rows: [(LoopMetrics.Counter, String, String)] = [
            (.connectionsAccepted, "gatehouse_connections_accepted_total", "Client connections accepted."),
            (.connectionsRefused, "gatehouse_connections_refused_total", "Client connections beyond the limit."),
            (.bytesIn, "gatehouse_request_body_bytes_total", "Body bytes received from clients."),
            (.bytesOut, "gatehouse_response_body_bytes_total", "Body bytes sent to clients."),
            (.upstreamConnections, "gatehouse_upstream_connections_opened_total", "Connections opened to upstreams."),
            (.upstreamReuses, "gatehouse_upstream_connections_reused_total", "Requests on a pooled connection."),
            (.upstreamResumptions, "gatehouse_upstream_tls_resumptions_total", "TLS sessions resumed with upstreams."),
            (.upstreamRetries, "gatehouse_upstream_retries_total", "Requests sent again."),
            (
                .upstreamRetriesDenied, "gatehouse_upstream_retries_denied_total",
                "Retries that the budget did not allow."
            ),
            (.clientsGone, "gatehouse_clients_gone_total", "Clients that left before their answer was complete."),
            (.answersCut, "gatehouse_answers_cut_total", "Answers cut because the upstream was lost in the middle."),
            (.headTimeouts, "gatehouse_head_timeouts_total", "Clients that did not send a whole head in time."),
            (.acceptPauses, "gatehouse_accept_pauses_total", "Pauses in accepting for lack of descriptors."),
            (.bodyTimeouts, "gatehouse_body_timeouts_total", "Clients that sent a body too slowly."),
        ]
        for (counter, name, help) in rows {
            out.begin(name, .counter, help: help)
            out.sample(name, sum(\.counters, counter.rawValue))
        }
        let shed = "gatehouse_requests_shed_total"
        out.begin(shed, .counter, help: "Requests refused because requests waited too long, by priority.")
        for (counter, name) in [
            (LoopMetrics.Counter.shedAnonymous, "anonymous"), (.shedReads, "read"), (.shedWrites, "write"),
        ] {
            out.sample(shed, [("priority", name)], sum(\.counters, counter.rawValue))
        }
        let gauges = [
            ("gatehouse_connections", "Open client connections."),
            ("gatehouse_active_requests", "Requests under way."),
            ("gatehouse_upstream_connections", "Open upstream connections."),
            ("gatehouse_upstream_connections_idle", "Upstream connections in the pools."),
        ]
        for (place, (name, help)) in gauges.enumerated() {
            out.begin(name, .gauge, help: help)
            out.sample(name, sum(\.gauges, place))
        }
    }

    private func writePauses(to out: inout PrometheusText) {
        let longest = "gatehouse_loop_pause_seconds_max"
        out.begin(longest, .gauge, help: "The longest time that an event loop was away from its sockets.")
        out.sample(longest, seconds: Double(pauses.map { $0.value(at: 0) }.max() ?? 0) / 1e9)
        let name = "gatehouse_loop_pauses_total"
        out.begin(name, .counter, help: "Times that an event loop was away from its sockets for longer.")
        for (place, border) in Reactor.pauseBorders.enumerated() {
            out.sample(name, [("longer", border.seconds)], pauses.reduce(0) { $0 &+ $1.value(at: place + 1) })
        }
    }

    private func writeState(to out: inout PrometheusText) {
        out.begin("gatehouse_config_snapshot_info", .gauge, help: "The routing snapshot in force.")
        if let generation = status.generation, let checksum = status.checksum {
            let labels = [("sha", checksum.hexadecimal), ("generation", "\(generation)")]
            out.sample("gatehouse_config_snapshot_info", labels, 1)
        }
        out.begin(
            "gatehouse_config_last_success_timestamp_seconds",
            .gauge,
            help: "When each part was last known current."
        )
        if let time = status.routingConfirmedAt {
            out.sample("gatehouse_config_last_success_timestamp_seconds", [("part", "routing")], UInt64(max(0, time)))
        }
        if let time = status.entitlementsConfirmedAt {
            out.sample(
                "gatehouse_config_last_success_timestamp_seconds",
                [("part", "entitlements")],
                UInt64(max(0, time))
            )
        }
        out.begin("gatehouse_entitlements_sequence", .gauge, help: "Sequence of the entitlements in force.")
        out.sample("gatehouse_entitlements_sequence", status.sequence ?? 0)
        out.begin("gatehouse_tables_retired", .gauge, help: "Tables of earlier generations that requests still hold.")
        out.sample("gatehouse_tables_retired", UInt64(core.active.retiredCount))
        out.begin("gatehouse_build_info", .gauge, help: "The program.")
        out.sample("gatehouse_build_info", [("version", version)], 1)
        out.begin("gatehouse_start_time_seconds", .gauge, help: "When the gateway started, Unix time.")
        out.sample("gatehouse_start_time_seconds", UInt64(max(0, startedAt)))
    }
}
