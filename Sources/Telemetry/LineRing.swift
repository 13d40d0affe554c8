import Synchronization

/// A bounded buffer of finished lines between many writers and one drain: never waits, counts what it drops.
///
/// Writers append whole lines under a short lock; when the buffer is full the line is dropped and counted, so a slow
/// reader of the log costs lines, not latency.
public final class LineRing: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var dropped: UInt64 = 0
    }

    private let state = Mutex(State())
    private let capacityBytes: Int

    /// Makes a ring that holds at most `capacityBytes` of text.
    public init(capacityBytes: Int) {
        self.capacityBytes = capacityBytes
    }

    /// Appends one line (its newline included), or drops and counts it.
    public func append(_ line: Span<UInt8>) {
        state.withLock { state in
            guard state.bytes.count + line.count <= capacityBytes else {
                state.dropped &+= 1
                return
            }
            for index in line.indices { state.bytes.append(line[index]) }
        }
    }

    /// Takes everything that has been written.
    public func drain() -> [UInt8] {
        state.withLock { state in
            let bytes = state.bytes
            state.bytes = []
            return bytes
        }
    }

    /// Lines dropped since the start.
    public var dropped: UInt64 { state.withLock { $0.dropped } }
}
