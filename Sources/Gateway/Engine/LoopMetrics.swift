internal import ProblemDetails
internal import Telemetry

/// What one loop counts. Only the loop writes; the metrics listener sums all loops.
final class LoopMetrics: Sendable {
    /// Plain counters, by number.
    enum Counter: Int, CaseIterable {
        case connectionsAccepted
        case connectionsRefused
        case bytesIn
        case bytesOut
        case upstreamConnections
        case upstreamReuses
        case upstreamResumptions
        case upstreamRetries
        case upstreamRetriesDenied
        case clientsGone
        case answersCut
        case headTimeouts
        case bodyTimeouts
        case acceptPauses
        case shedAnonymous
        case shedReads
        case shedWrites
    }

    /// `gatehouse_http_requests_total`: series × 5 + class − 1.
    let requests = CellBank()
    /// `gatehouse_deprecated_requests_total`: by operation series.
    let deprecated = CellBank()
    /// `gatehouse_http_request_duration_seconds`: by version series.
    let durations = CellBank()
    /// `gatehouse_upstream_request_duration_seconds`: by upstream series.
    let upstreamDurations = CellBank()
    /// `gatehouse_limit_rejections_total`: by limit series.
    let rejections = CellBank()
    /// `gatehouse_upstream_errors_total`: upstream series and error, see `ProxyError`.
    let upstreamErrors = CellBank()
    /// `gatehouse_problems_total`: by code.
    let problems = CellBank()
    let counters = CellBank()
    /// `gatehouse_tls_handshakes_total` (whole, resumed), then failures by reason.
    let handshakes = CellBank()
    /// Open client connections, busy ones, open and idle upstream connections: set at every tick.
    let gauges = CellBank()

    @inline(__always)
    func count(_ counter: Counter, _ amount: UInt64 = 1) { counters.add(amount, at: counter.rawValue) }

    func countHandshake(isResumed: Bool) { handshakes.add(1, at: isResumed ? 1 : 0) }

    func countHandshakeFailure(_ reason: TLSFault.Reason) { handshakes.add(1, at: 2 + reason.rawValue) }

    func countShed(_ priority: RequestPriority) {
        switch priority {
        case .anonymous: count(.shedAnonymous)
        case .read: count(.shedReads)
        case .write: count(.shedWrites)
        }
    }

    @inline(__always)
    func countAnswer(series: Int, status: Int) { requests.add(1, at: series * 5 + max(1, min(5, status / 100)) - 1) }
}
