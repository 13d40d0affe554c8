internal import UpstreamRules

/// What the gateway's own checks say about one target. Pure: results in, changes out.
///
/// A target counts as healthy until checks say otherwise: a gateway that has just started serves at once.
struct CheckTrack {
    private let policy: ActiveCheck
    private(set) var isHealthy = true
    private var streak = 0

    init(_ policy: ActiveCheck, isHealthy: Bool = true) {
        self.policy = policy
        self.isHealthy = isHealthy
    }

    /// A check ended.
    ///
    /// - Returns: the target's state where this check changed it.
    mutating func record(isGood: Bool) -> Bool? {
        guard isGood != isHealthy else {
            streak = 0
            return nil
        }
        streak += 1
        guard streak >= (isGood ? policy.healthyThreshold : policy.unhealthyThreshold) else { return nil }
        streak = 0
        isHealthy = isGood
        return isGood
    }

    /// Whether an answer with this status is well.
    static func expects(_ status: Int, _ policy: ActiveCheck) -> Bool {
        policy.expected.contains { $0.first <= status && status <= $0.last }
    }

    /// Until the next check, varied by the policy's jitter. `random`: any number; equal ones give equal intervals.
    static func intervalNanoseconds(_ policy: ActiveCheck, random: UInt64) -> UInt64 {
        let interval = policy.intervalMilliseconds * 1_000
        let span = interval / 100 * policy.jitterPercent
        guard span > 0 else { return UInt64(interval) * 1_000 }
        let offset = Int(random % UInt64(2 * span + 1)) - span
        return UInt64(interval + offset) * 1_000
    }
}
