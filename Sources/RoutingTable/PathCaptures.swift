/// Where the parameters of a matched template stand in the path, in order of appearance. Reused between requests.
public struct PathCaptures: Sendable {
    /// One parameter's bytes: offsets into the path that was looked up.
    public struct Capture: Sendable {
        public var offset: UInt32
        public var count: UInt32

        public var range: Range<Int> { Int(offset)..<Int(offset) + Int(count) }
    }

    var slots: [8 of Capture]
    /// Parameters of the template; may exceed `count`.
    public internal(set) var total: Int

    public init() {
        slots = .init(repeating: Capture(offset: 0, count: 0))
        total = 0
    }

    /// Captures at hand: at most `RoutingLimits.capturesMax`, the first ones.
    public var count: Int { min(total, RoutingLimits.capturesMax) }

    /// The capture at `index`, which is less than `count`.
    public subscript(index: Int) -> Capture {
        precondition(index < count, "only \(count) parameters were captured")
        return slots[index]
    }

    /// Notes one more; from the ninth on only counted.
    @_noAllocation @_noLocks
    mutating func append(offset: Int, count: Int) {
        if total < slots.count {
            slots[total] = Capture(offset: UInt32(truncatingIfNeeded: offset), count: UInt32(truncatingIfNeeded: count))
        }
        total &+= 1
    }
}
