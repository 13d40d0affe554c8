internal import UpstreamRules

/// What real requests say about one target, and for how long it is taken out of turn.
///
/// Pure: outcomes in, ejections out. The next ejection in a row lasts twice as long; every window without one halves it
/// again.
struct EjectionTrack {
    private let policy: Ejection
    private var window: ErrorWindow
    /// Failures in a row.
    private(set) var streak = 0
    /// Ejections in a row.
    private(set) var ejections = 0
    /// Monotonic nanoseconds; in the past when the target is in turn.
    private(set) var ejectedUntil: UInt64 = 0

    init(_ policy: Ejection) {
        self.policy = policy
        window = ErrorWindow(milliseconds: policy.windowMilliseconds)
    }

    /// A request went well.
    mutating func succeed(at now: UInt64) {
        streak = 0
        if policy.errorPercent > 0 { window.record(isFailure: false, at: now) }
    }

    /// A request failed. `others`: targets that are ejected at the moment, this one aside, of so many in all.
    ///
    /// - Returns: until when it is ejected, where this failure ejects it.
    mutating func fail(at now: UInt64, others: Int, of count: Int) -> UInt64? {
        streak += 1
        if policy.errorPercent > 0 { window.record(isFailure: true, at: now) }
        guard ejectedUntil <= now else { return nil }
        let isStreak = policy.consecutiveFailures > 0 && streak >= policy.consecutiveFailures
        let isRatio =
            policy.errorPercent > 0
            && window.isBad(percent: policy.errorPercent, requestsMin: policy.requestsMin, at: now)
        guard isStreak || isRatio else { return nil }
        guard (others + 1) * 100 <= count * policy.sharePercentMax else { return nil }
        forget(before: now)
        ejections = min(ejections + 1, 30)
        let doubled = policy.baseMilliseconds << (ejections - 1)
        let duration = UInt64(min(max(doubled, policy.baseMilliseconds), policy.longestMilliseconds))
        ejectedUntil = now + duration * 1_000_000
        streak = 0
        window.reset()
        return ejectedUntil
    }

    private mutating func forget(before now: UInt64) {
        guard ejectedUntil > 0, now > ejectedUntil else { return }
        let quiet = (now - ejectedUntil) / (UInt64(policy.windowMilliseconds) * 1_000_000)
        ejections = max(0, ejections - Int(min(quiet, 64)))
    }
}
