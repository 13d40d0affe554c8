internal import ProblemDetails
internal import RoutingTable
internal import Telemetry

// After the answer: counters, and what is written down where that was asked for.

extension ClientConnection {
    /// Counts the exchange. Called exactly once per exchange, before the state is reset.
    func settle() {
        let metrics = loop.metrics
        let view = exchange.view
        let series = view?.series(of: exchange.decision, at: loop.now.seconds) ?? RequestSeries()
        if series.isDeprecated { metrics.deprecated.add(1, at: series.operation) }
        metrics.countAnswer(series: series.operation, status: exchange.status == 0 ? 499 : exchange.status)
        DurationHistogram.record(
            nanoseconds: loop.now.monotonic &- exchange.startedAt,
            in: metrics.durations,
            at: series.version * DurationHistogram.cells
        )
        if exchange.headAt != 0, let view, let upstream = exchange.decision.upstream {
            DurationHistogram.record(
                nanoseconds: exchange.headAt &- exchange.forwardedAt,
                in: metrics.upstreamDurations,
                at: loop.series(of: upstream, in: view) * DurationHistogram.cells
            )
        }
        metrics.count(.bytesIn, exchange.bytesIn)
        metrics.count(.bytesOut, exchange.bytesOut)
        if exchange.problem == .rateLimitExceeded || exchange.problem == .quotaExceeded,
            let limits = exchange.decision.limits
        {
            for name in limits.violated { metrics.rejections.add(1, at: loop.core.series.limits.number([name])) }
        }
        report()
        if exchange.isInFlight || exchange.holdsPlace { leaveUpstream() }
        exchange.view = nil
        exchange.upstream = nil
        exchange.decision.limits = nil
    }
}
