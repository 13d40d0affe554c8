internal import Synchronization
internal import Telemetry
internal import UpstreamRules

extension MetricsReport {
    /// What is known of upstreams with more than plain rules. Targets are a bounded label: an upstream has at most 1,000.
    func writeUpstreams(to out: inout PrometheusText) {
        let all = core.upstreams.all
        guard !all.isEmpty else { return }
        let now = Moment.monotonicNow()
        writeTargets(all, now, to: &out)
        let rows: [(String, String, (SharedUpstream) -> UInt64)] = [
            (
                "gatehouse_upstream_ejections_total", "Targets taken out of turn for failing.",
                { $0.counts.ejections.load(ordering: .relaxed) }
            ),
            (
                "gatehouse_upstream_circuit_opened_total", "Times the circuit breaker opened.",
                { $0.counts.circuitsOpened.load(ordering: .relaxed) }
            ),
            (
                "gatehouse_upstream_discovery_failures_total", "Names and files that could not be read.",
                { $0.counts.discoveryFailures.load(ordering: .relaxed) }
            ),
            (
                "gatehouse_upstream_tls_loads_total", "Times that changed TLS files were read.",
                { $0.counts.certificateLoads.load(ordering: .relaxed) }
            ),
        ]
        for (name, help, value) in rows {
            out.begin(name, .counter, help: help)
            for upstream in all { out.sample(name, [("upstream", upstream.name)], value(upstream)) }
        }
        writeRefusals(all, to: &out)
        let gauges: [(String, String, (SharedUpstream) -> UInt64)] = [
            ("gatehouse_upstream_targets", "Targets of the moment.", { UInt64($0.entries.entries.count) }),
            (
                "gatehouse_upstream_targets_ejected", "Targets out of turn for failing.",
                { UInt64($0.entries.entries.count { $0.target.ejectedUntil.load(ordering: .relaxed) > now }) }
            ),
            ("gatehouse_upstream_circuit_state", "0 closed, 1 half open, 2 open.", { $0.circuitState }),
            (
                "gatehouse_upstream_requests_waiting", "Requests that wait for a place.",
                { UInt64(max(0, $0.waiting.load(ordering: .relaxed))) }
            ),
        ]
        for (name, help, value) in gauges {
            out.begin(name, .gauge, help: help)
            for upstream in all { out.sample(name, [("upstream", upstream.name)], value(upstream)) }
        }
    }

    private func writeTargets(_ all: [SharedUpstream], _ now: UInt64, to out: inout PrometheusText) {
        let healthy = "gatehouse_upstream_target_healthy"
        out.begin(healthy, .gauge, help: "Whether the gateway's own checks find a target well.")
        for upstream in all where upstream.policy.check != nil {
            for entry in upstream.entries.entries {
                let labels = [("upstream", upstream.name), ("target", entry.target.label)]
                out.sample(healthy, labels, entry.target.isHealthy.load(ordering: .relaxed) ? 1 : 0)
            }
        }
        let checks = "gatehouse_upstream_checks_total"
        out.begin(checks, .counter, help: "Checks of targets, by result.")
        for upstream in all where upstream.policy.check != nil {
            let good = upstream.counts.checksGood.load(ordering: .relaxed)
            let bad = upstream.counts.checksBad.load(ordering: .relaxed)
            for (result, value) in [("good", good), ("bad", bad)] {
                out.sample(checks, [("upstream", upstream.name), ("result", result)], value)
            }
        }
    }

    private func writeRefusals(_ all: [SharedUpstream], to out: inout PrometheusText) {
        let name = "gatehouse_upstream_refusals_total"
        out.begin(name, .counter, help: "Requests not forwarded, by reason.")
        for upstream in all {
            for (reason, value) in [
                ("circuit", upstream.counts.refusedByCircuit.load(ordering: .relaxed)),
                ("bound", upstream.counts.refusedByBound.load(ordering: .relaxed)),
                ("wait", upstream.counts.waitedTooLong.load(ordering: .relaxed)),
            ] { out.sample(name, [("upstream", upstream.name), ("reason", reason)], value) }
        }
    }
}
