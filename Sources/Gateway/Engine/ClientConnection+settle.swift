internal import ProblemDetails
internal import RoutingTable
internal import Telemetry

// After the answer: counters, and what is written down where that was asked for.

extension ClientConnection {
    /// Counts the exchange. Called exactly once per exchange, before the state is reset.
    func settle() {
        let metrics = loop.metrics
        let view = exchange.view
        var series = 0
        var versionSeries = 0
        if let routes = view?.routes {
            if let operation = exchange.decision.operation {
                series = Int(routes.operationSeries[operation.position])
            } else if let api = exchange.decision.api {
                series = routes.apis[api.position].series
            }
            if let version = exchange.decision.version {
                versionSeries = routes.versions[version.position].series
                if let operation = exchange.decision.operation,
                    routes.snapshot.versions[version.position].isDeprecated(at: loop.now.seconds)
                        || routes.snapshot.operations[operation.position].isDeprecated
                {
                    metrics.deprecated.add(1, at: series)
                }
            }
        }
        metrics.countAnswer(series: series, status: exchange.status == 0 ? 499 : exchange.status)
        DurationHistogram.record(
            nanoseconds: loop.now.monotonic &- exchange.startedAt,
            in: metrics.durations,
            at: versionSeries * DurationHistogram.cells
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
