internal import Telemetry

/// What one loop needs to write requests down: its queues, its random numbers and the memory that lines are made in.
///
/// A loop has none where there is neither an access log nor tracing, and then pays one test a request.
final class LoopObserver {
    let log: AccessLog?
    let tracing: Tracing?
    let lines: LineQueue?
    /// Nil where nobody takes spans.
    let spans: LineQueue?
    /// Lines are made here.
    var json = JSONLine()
    private var state: UInt64
    private let prefix: UInt64

    init(log: AccessLog?, tracing: Tracing?) {
        self.log = log
        self.tracing = tracing
        lines = log?.makeQueue()
        spans = tracing?.keepsSpans == true ? tracing?.makeQueue() : nil
        var generator = SystemRandomNumberGenerator()
        state = generator.next()
        prefix = generator.next() | 1
    }

    /// A random number (splitmix64): it identifies and it samples, and keeps nothing secret.
    func number() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word &>> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word &>> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word &>> 31)
    }

    /// A random number that is not zero, as identifiers must be.
    func identifier() -> UInt64 {
        while true {
            let number = number()
            if number != 0 { return number }
        }
    }

    /// The first half of the identifier of a new trace; `word` becomes the second. Never zero.
    func traceHigh(_ word: UInt64) -> UInt64 { prefix ^ (word &* 0xD6E8_FEB8_6659_FD93 &<< 1) }
}

/// Everything that watches requests, over all loops.
final class Observers: Sendable {
    let log: AccessLog?
    let tracing: Tracing?

    init(log: AccessLog? = nil, tracing: Tracing? = nil) {
        self.log = log
        self.tracing = tracing
    }

    func makeLoopObserver() -> LoopObserver? {
        log == nil && tracing == nil ? nil : LoopObserver(log: log, tracing: tracing)
    }
}
