internal import Telemetry

// What metrics say of TLS towards callers.

extension MetricsReport {
    func writeTLS(to out: inout PrometheusText) {
        guard let front = core.front else { return }
        let handshakes = "gatehouse_tls_handshakes_total"
        out.begin(handshakes, .counter, help: "TLS handshakes with callers, by whether a session was resumed.")
        out.sample(handshakes, [("session", "new")], sum(\.handshakes, 0))
        out.sample(handshakes, [("session", "resumed")], sum(\.handshakes, 1))
        let failures = "gatehouse_tls_handshake_failures_total"
        out.begin(failures, .counter, help: "Callers that TLS could not be spoken with, by reason.")
        for reason in TLSFault.Reason.allCases {
            let value = sum(\.handshakes, 2 + reason.rawValue)
            if value > 0 { out.sample(failures, [("reason", reason.label)], value) }
        }
        let ends = "gatehouse_tls_certificate_not_after_timestamp_seconds"
        out.begin(ends, .gauge, help: "When each certificate ceases to be valid, Unix time.")
        for certificate in front.shown {
            out.sample(ends, [("name", certificate.name)], UInt64(max(0, certificate.notAfter)))
        }
        let loads = "gatehouse_tls_certificate_loads_total"
        out.begin(loads, .counter, help: "Changed files of certificates and authorities, by what became of them.")
        out.sample(loads, [("result", "taken")], front.loads.taken)
        out.sample(loads, [("result", "refused")], front.loads.refused)
    }
}
