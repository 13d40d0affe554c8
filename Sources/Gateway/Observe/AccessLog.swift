internal import Glibc
internal import NIOPosix
internal import Synchronization
internal import Telemetry

/// The access log: loops put finished lines into queues of their own, one thread carries them to the sink.
///
/// A reader that is slow or gone stops that thread and nobody else: the queues fill, then drop lines and count them.
final class AccessLog: Sendable {
    let share: SamplingShare
    let alwaysFaults: Bool
    /// Names of the query parameters that may be shown.
    let queryParameters: [[UInt8]]
    private let queueBytes: Int
    private let queues = Mutex<[LineQueue]>([])
    private let sink: Mutex<LogSink>
    private let note: @Sendable (String) -> Void
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let wantsReopening = Atomic<Bool>(false)
    /// When the last line must be out, monotonic nanoseconds; 0 while running.
    private let endsAt = Atomic<UInt64>(0)
    private let arrived = Atomic<UInt64>(0)
    private let unwritten = Atomic<UInt64>(0)

    /// How often the queues are looked at.
    private static let pauseMilliseconds: Int32 = 100
    /// How long a reader that does not read may hold up the end of the gateway.
    private static let lastWordNanoseconds: UInt64 = 1_000_000_000

    /// Opens the sink.
    ///
    /// - Parameters:
    ///   - settings: where to and how much.
    ///   - backlogBytesMax: bytes of all loops together that wait at most.
    ///   - loopCount: how many loops share them.
    ///   - note: is told what people should know.
    /// - Throws: `LogSink.Failure`, a sentence about what cannot be opened.
    init(
        _ settings: AccessLogSettings,
        backlogBytesMax: Int,
        loopCount: Int,
        note: @escaping @Sendable (String) -> Void
    ) throws(LogSink.Failure) {
        share = SamplingShare(settings.share)
        alwaysFaults = settings.alwaysFaults
        queryParameters = settings.queryParameters.map { Array($0.utf8) }
        queueBytes = max(1, backlogBytesMax / max(1, loopCount))
        sink = Mutex(try LogSink(settings.sink))
        self.note = note
    }

    /// A queue for one more loop.
    func makeQueue() -> LineQueue {
        let queue = LineQueue(capacityBytes: queueBytes)
        queues.withLock { $0.append(queue) }
        return queue
    }

    /// Begins to carry lines.
    func start() {
        // A reader that is gone must not take the process with it; the failed write is counted instead.
        signal(SIGPIPE, SIG_IGN)
        thread.start()
        thread.submit { _ in self.carry() }
    }

    /// Opens a file anew before the next line.
    func reopen() { wantsReopening.store(true, ordering: .relaxed) }

    /// Writes what is left, within a second, and ends.
    func stop() async {
        endsAt.store(Moment.monotonicNow() &+ Self.lastWordNanoseconds, ordering: .relaxed)
        // Nobody is left who could act on a failure to stop a thread.
        try? await thread.shutdownGracefully()
    }

    /// Lines that arrived.
    var written: UInt64 { arrived.load(ordering: .relaxed) }

    /// Lines that were dropped because the reader was slow, gone or full.
    var dropped: UInt64 {
        queues.withLock { $0.reduce(0) { $0 &+ $1.dropped } } &+ unwritten.load(ordering: .relaxed)
    }

    // MARK: The thread

    private func carry() {
        var lines: [UInt8] = []
        var followAt = Moment.monotonicNow() &+ 1_000_000_000
        while true {
            // Read before the queues, so that what was put in before the end is carried.
            let isLast = endsAt.load(ordering: .relaxed) != 0
            let now = Moment.monotonicNow()
            if wantsReopening.exchange(false, ordering: .relaxed) {
                open { (sink) throws(LogSink.Failure) in try sink.reopen() }
            } else if now >= followAt {
                followAt = now &+ 1_000_000_000
                open { (sink) throws(LogSink.Failure) in try sink.followName() }
            }
            for queue in queues.withLock({ $0 }) {
                lines.removeAll(keepingCapacity: true)
                let count = queue.take(into: &lines)
                guard count > 0 else { continue }
                let good = sink.withLock { $0.write(lines, isOver: isOver) }
                arrived.wrappingAdd(UInt64(good), ordering: .relaxed)
                unwritten.wrappingAdd(UInt64(count - good), ordering: .relaxed)
            }
            if isLast { return }
            _ = poll(nil, 0, Self.pauseMilliseconds)
        }
    }

    private func open(_ act: (inout LogSink) throws(LogSink.Failure) -> Void) {
        do throws(LogSink.Failure) {
            try sink.withLock { (sink) throws(LogSink.Failure) in try act(&sink) }
        } catch {
            note("the access log goes on where it was: \(error)")
        }
    }

    private func isOver() -> Bool {
        let end = endsAt.load(ordering: .relaxed)
        return end != 0 && Moment.monotonicNow() >= end
    }
}
