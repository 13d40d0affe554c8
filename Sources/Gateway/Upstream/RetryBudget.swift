internal import UpstreamRules

/// Bounds retries to a share of the requests of the last ten seconds, so that an upstream that is down is not asked many
/// times as often as it would be otherwise; a minimum lets rare requests be retried at all. Kept by each event loop.
struct RetryBudget {
    private static let seconds: UInt64 = 10

    private let percent: Int
    private let perSecondMin: Int
    private var requests = InlineArray<10, UInt32>(repeating: 0)
    private var retries = InlineArray<10, UInt32>(repeating: 0)
    private var current: UInt64 = 0

    /// `loops`: over which the minimum is divided.
    init(_ policy: Retry, loops: Int) {
        percent = policy.budgetPercent
        perSecondMin = (policy.perSecondMin + loops - 1) / max(1, loops)
    }

    /// A request was forwarded for the first time.
    @inline(__always)
    mutating func countRequest(at now: UInt64) {
        slide(to: now)
        requests[Int(current % Self.seconds)] &+= 1
    }

    /// Takes one retry out of the budget; false when it is used up.
    mutating func takeRetry(at now: UInt64) -> Bool {
        slide(to: now)
        var asked = 0
        var taken = 0
        for slot in 0..<Int(Self.seconds) {
            asked += Int(requests[slot])
            taken += Int(retries[slot])
        }
        let slot = Int(current % Self.seconds)
        // The minimum is per second; the share is over the whole window.
        guard taken * 100 < asked * percent || Int(retries[slot]) < perSecondMin else { return false }
        retries[slot] &+= 1
        return true
    }

    @inline(__always)
    private mutating func slide(to now: UInt64) {
        let second = now / 1_000_000_000
        if second == current { return }
        advance(to: second)
    }

    @inline(never)
    private mutating func advance(to second: UInt64) {
        guard second > current else { return }
        let first = second - current >= Self.seconds ? second - Self.seconds + 1 : current + 1
        for passed in first...second {
            requests[Int(passed % Self.seconds)] = 0
            retries[Int(passed % Self.seconds)] = 0
        }
        current = second
    }
}
