internal import ProblemDetails
internal import RoutingTable
internal import Telemetry

// After the answer: counters, and the access log where one was asked for.

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
        if let log = loop.core.accessLog { log.append(accessLogEntry.line.span) }
        if exchange.isInFlight || exchange.holdsPlace { leaveUpstream() }
        exchange.view = nil
        exchange.upstream = nil
        exchange.decision.limits = nil
    }

    private var accessLogEntry: AccessLogEntry {
        let decision = exchange.decision
        let routes = exchange.view?.routes
        let rights = exchange.view?.tables.entitlements
        let snapshot = routes?.snapshot
        let version = decision.version.flatMap { index in snapshot.map { $0.string($0.versions[index.position].name) } }
        let operation = decision.operation.flatMap { index in
            snapshot.map { $0.string($0.operations[index.position].id) }
        }
        let upstreamTime = exchange.headAt == 0 ? 0 : exchange.headAt &- exchange.forwardedAt
        var entry = AccessLogEntry(
            timeMilliseconds: Int64(loop.now.wall / 1_000_000),
            requestID: exchange.id.text,
            api: decision.api.flatMap { index in routes.map { $0.apis[index.position].name } } ?? "",
            version: version ?? "",
            operation: operation ?? "",
            application: decision.application.flatMap { rights?.name($0) } ?? "",
            credentialStart: decision.credential.flatMap { rights?.start($0) } ?? "",
            method: String(decoding: route.prefix(methodLength), as: UTF8.self),
            path: String(decoding: route.dropFirst(methodLength), as: UTF8.self),
            status: exchange.status,
            deniedBecause: exchange.problem.map { ProblemCatalogue[$0].slug.description } ?? "",
            durationMicroseconds: (loop.now.monotonic &- exchange.startedAt) / 1000,
            upstreamMicroseconds: upstreamTime / 1000,
            bytesIn: exchange.bytesIn,
            bytesOut: exchange.bytesOut
        )
        if let peer {
            entry.clientSubject = peer.subject
            entry.clientFingerprint = peer.fingerprint
        }
        return entry
    }
}
