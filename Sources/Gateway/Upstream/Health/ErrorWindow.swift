/// Counts requests and failures of the last moments in a ring of slots, so that a window slides instead of starting anew.
struct ErrorWindow {
    private static let slots = 10

    private var requestsBySlot = InlineArray<10, UInt32>(repeating: 0)
    private var failuresBySlot = InlineArray<10, UInt32>(repeating: 0)
    private var current: UInt64 = 0
    private let slotNanoseconds: UInt64
    private(set) var requests = 0
    private(set) var failures = 0

    init(milliseconds: Int) { slotNanoseconds = UInt64(max(1, milliseconds)) * 1_000_000 / UInt64(Self.slots) }

    /// Counts one outcome at a monotonic time in nanoseconds.
    mutating func record(isFailure: Bool, at now: UInt64) {
        slide(to: now)
        let slot = Int(current % UInt64(Self.slots))
        requestsBySlot[slot] += 1
        requests += 1
        if isFailure {
            failuresBySlot[slot] += 1
            failures += 1
        }
    }

    /// Whether failures make up at least this share of at least so many requests.
    mutating func isBad(percent: Int, requestsMin: Int, at now: UInt64) -> Bool {
        slide(to: now)
        return requests >= requestsMin && failures * 100 >= percent * requests && failures > 0
    }

    /// Forgets everything.
    mutating func reset() {
        for slot in 0..<Self.slots {
            requestsBySlot[slot] = 0
            failuresBySlot[slot] = 0
        }
        requests = 0
        failures = 0
    }

    private mutating func slide(to now: UInt64) {
        let number = now / slotNanoseconds
        guard number > current else { return }
        if number - current >= UInt64(Self.slots) {
            reset()
        } else {
            for passed in (current + 1)...number {
                let slot = Int(passed % UInt64(Self.slots))
                requests -= Int(requestsBySlot[slot])
                failures -= Int(failuresBySlot[slot])
                requestsBySlot[slot] = 0
                failuresBySlot[slot] = 0
            }
        }
        current = number
    }
}
