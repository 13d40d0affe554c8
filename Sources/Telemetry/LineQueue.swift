import Synchronization

/// A bounded ring of finished lines between one writer and one reader: no lock, no allocation, never waits, counts what it drops.
///
/// An event loop owns one for its log lines and one for its spans. A slow reader costs lines, never latency.
public final class LineQueue: @unchecked Sendable {
    // SAFETY: the memory is allocated once and freed in `deinit`. The writer touches only what lies outside `taken ..< written`,
    // the reader only what lies inside; each moves its own end with release ordering after it is done and reads the other's with
    // acquire ordering before it begins. Guarded by "lines come out whole and in order while they go in".
    private let memory: UnsafeMutablePointer<UInt8>
    private let capacityBytes: Int
    private let linesMax: UInt64
    /// Bytes ever written and ever taken.
    private let written = Atomic<UInt64>(0)
    private let taken = Atomic<UInt64>(0)
    private let linesWritten = Atomic<UInt64>(0)
    private let linesTaken = Atomic<UInt64>(0)
    private let lost = Atomic<UInt64>(0)

    /// Makes a queue.
    ///
    /// - Parameters:
    ///   - capacityBytes: bytes it holds at most, 1 or more; the memory is only used when it is written to.
    ///   - linesMax: lines it holds at most.
    public init(capacityBytes: Int, linesMax: Int = .max) {
        precondition(capacityBytes >= 1 && linesMax >= 1, "a queue has room for something")
        self.capacityBytes = capacityBytes
        self.linesMax = UInt64(linesMax)
        memory = .allocate(capacity: capacityBytes)
    }

    deinit { memory.deallocate() }

    /// Appends one line, or drops and counts it. From the one thread that writes.
    ///
    /// - Parameter line: ends with a newline and has no other.
    @_noAllocation @_noLocks
    public func append(_ line: borrowing Span<UInt8>) {
        let start = written.load(ordering: .relaxed)
        let free = capacityBytes - Int(start &- taken.load(ordering: .acquiring))
        let waiting = linesWritten.load(ordering: .relaxed) &- linesTaken.load(ordering: .relaxed)
        guard line.count <= free, waiting < linesMax else {
            lost.wrappingAdd(1, ordering: .relaxed)
            return
        }
        let place = Int(start % UInt64(capacityBytes))
        let first = min(line.count, capacityBytes - place)
        for index in 0..<first { memory[place + index] = line[index] }
        for index in first..<line.count { memory[index - first] = line[index] }
        linesWritten.wrappingAdd(1, ordering: .relaxed)
        written.store(start &+ UInt64(line.count), ordering: .releasing)
    }

    /// Moves up to `most` lines to the end of `out`. From the one thread that reads.
    ///
    /// - Returns: how many lines were moved.
    public func take(_ most: Int = .max, into out: inout [UInt8]) -> Int {
        let start = taken.load(ordering: .relaxed)
        let end = written.load(ordering: .acquiring)
        guard end != start, most > 0 else { return 0 }
        let place = Int(start % UInt64(capacityBytes))
        let count = Int(end &- start)
        let first = UnsafeBufferPointer(start: memory + place, count: min(count, capacityBytes - place))
        let second = UnsafeBufferPointer(start: memory, count: count - first.count)
        var lines = 0
        var moved = 0
        for part in [first, second] where lines < most {
            var length = 0
            while length < part.count, lines < most {
                if part[length] == UInt8(ascii: "\n") { lines += 1 }
                length += 1
            }
            out.append(contentsOf: part[..<length])
            moved += length
        }
        linesTaken.wrappingAdd(UInt64(lines), ordering: .relaxed)
        taken.store(start &+ UInt64(moved), ordering: .releasing)
        return lines
    }

    /// Lines that wait to be taken; from any thread, and already out of date.
    public var count: Int {
        let out = linesTaken.load(ordering: .relaxed)
        return Int(max(linesWritten.load(ordering: .relaxed), out) - out)
    }

    /// Lines dropped since the start.
    public var dropped: UInt64 { lost.load(ordering: .relaxed) }
}
