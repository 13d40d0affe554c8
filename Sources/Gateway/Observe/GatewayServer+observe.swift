internal import Synchronization
public import Telemetry

// What those who watch the gateway ask of it.

extension GatewayServer {
    /// Opens the sinks that a configuration asks for.
    static func makeObservers(_ configuration: GatewayConfiguration) throws(GatewayFailure) -> Observers {
        let limits = configuration.limits
        var log: AccessLog?
        if let settings = configuration.accessLog {
            do throws(LogSink.Failure) {
                log = try AccessLog(
                    settings,
                    backlogBytesMax: limits.accessLogBacklogBytesMax,
                    loopCount: configuration.loops,
                    note: configuration.onNote
                )
            } catch {
                throw .accessLog(reason: "\(error)")
            }
        }
        let tracing = configuration.tracing.map {
            Tracing($0, backlogBytesMax: limits.spanBacklogBytesMax, loopCount: configuration.loops)
        }
        return Observers(log: log, tracing: tracing)
    }

    /// Opens the access log's file anew, for instance after it was renamed to be kept. Before the next line, not at once.
    public func reopenAccessLog() { core.observers.log?.reopen() }

    /// Spans that wait to be taken.
    public var waitingSpanCount: Int { core.observers.tracing?.waiting ?? 0 }

    /// Takes up to `most` spans out, also after ``shutdown(grace:)``. One caller at a time.
    public func takeSpans(_ most: Int) -> SpanBatch {
        core.observers.tracing?.take(most) ?? SpanBatch(count: 0, lines: [])
    }

    /// Notes what became of spans that were taken, for the metrics.
    public func noteSpans(exported: Int, failed: Int) {
        guard let tracing = core.observers.tracing else { return }
        tracing.exported.wrappingAdd(UInt64(exported), ordering: .relaxed)
        tracing.failed.wrappingAdd(UInt64(failed), ordering: .relaxed)
    }
}
