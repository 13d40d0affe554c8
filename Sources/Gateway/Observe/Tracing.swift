internal import Synchronization
internal import Telemetry

/// What the gateway does about traces: W3C Trace Context towards upstreams, and spans for whoever takes them.
public struct TracingSettings: Hashable, Sendable {
    /// Share of the traces begun here that are sampled, 0 … 1.
    public var share = 1.0
    /// Whether a caller's sampling decision stands; else the share decides about every trace, by its identifier.
    public var followsParent = true
    /// Whether spans of sampled requests are kept for `GatewayServer.takeSpans`; else traces are only passed on.
    public var keepsSpans = false
    /// Spans that wait at most; more are dropped and counted.
    public var spansMax = 2_048

    /// Everything is sampled, nothing kept.
    public init() {}
}

/// The tracing of all loops.
final class Tracing: Sendable {
    let share: SamplingShare
    let followsParent: Bool
    let keepsSpans: Bool
    private let queueLines: Int
    private let queueBytes: Int
    private let queues = Mutex<[LineQueue]>([])
    let exported = Atomic<UInt64>(0)
    let failed = Atomic<UInt64>(0)

    init(_ settings: TracingSettings, backlogBytesMax: Int, loopCount: Int) {
        share = SamplingShare(settings.share)
        followsParent = settings.followsParent
        keepsSpans = settings.keepsSpans
        queueLines = max(1, settings.spansMax / max(1, loopCount))
        queueBytes = max(1, backlogBytesMax / max(1, loopCount))
    }

    /// A queue for one more loop.
    func makeQueue() -> LineQueue {
        let queue = LineQueue(capacityBytes: queueBytes, linesMax: queueLines)
        queues.withLock { $0.append(queue) }
        return queue
    }

    var waiting: Int { queues.withLock { $0.reduce(0) { $0 + $1.count } } }
    var dropped: UInt64 { queues.withLock { $0.reduce(0) { $0 &+ $1.dropped } } }

    /// Takes up to `most` spans. One caller at a time.
    func take(_ most: Int) -> SpanBatch {
        var batch = SpanBatch(count: 0, lines: [])
        queues.withLock { queues in
            for queue in queues { batch.count += queue.take(most - batch.count, into: &batch.lines) }
        }
        return batch
    }
}
