internal import Glibc

/// How long a target is expected to take: a moving average that jumps up to every new peak and comes down slowly, so that
/// a target that turns slow is left at once and tried again little by little.
struct PeakLatency {
    /// After so long without news an average has lost 63 % of its weight.
    static let decayNanoseconds = 10e9

    private(set) var average = 0.0
    private var updatedAt: UInt64 = 0

    /// An answer's head came after this time.
    ///
    /// - Parameters:
    ///   - nanoseconds: how long it took.
    ///   - since: when the target was last taken back into turn. What was seen before counts no more: a failure counts as an answer
    ///     after a second, which beside answers of a millisecond would keep a target that is well again out for a minute. In the
    ///     future while it is out of turn: what then comes of requests that were sent before is forgotten as well.
    ///   - now: the present moment.
    mutating func observe(_ nanoseconds: UInt64, since: UInt64 = 0, at now: UInt64) {
        let latency = Double(nanoseconds)
        let kept = updatedAt < since ? 0 : weight(of: now)
        if kept == 0 { average = 0 }
        updatedAt = max(now, updatedAt)
        average = latency > average ? latency : average * kept + latency * (1 - kept)
    }

    /// What the next request would cost.
    ///
    /// - Parameters:
    ///   - inFlight: requests that wait for this target at the moment.
    ///   - since: as for ``observe(_:since:at:)``.
    ///   - now: the present moment.
    /// - Returns: expected nanoseconds until all that wait are answered; smaller is better.
    func cost(inFlight: Int, since: UInt64 = 0, at now: UInt64) -> Double {
        let expected = updatedAt < since ? 0 : average * weight(of: now)
        // Nothing is known: one request finds out, the others do not pile up behind it.
        if expected < 1 { return inFlight == 0 ? 0 : 1e9 * Double(inFlight) }
        return expected * Double(inFlight + 1)
    }

    private func weight(of now: UInt64) -> Double {
        guard now > updatedAt else { return 1 }
        return exp(-Double(now - updatedAt) / Self.decayNanoseconds)
    }
}
