internal import Glibc

/// How long a target is expected to take: a moving average that jumps up to every new peak and comes down slowly, so that
/// a target that turns slow is left at once and tried again little by little.
struct PeakLatency {
    /// After so long without news an average has lost 63 % of its weight.
    static let decayNanoseconds = 10e9

    private(set) var average = 0.0
    private var updatedAt: UInt64 = 0

    /// An answer's head came after this time.
    mutating func observe(_ nanoseconds: UInt64, at now: UInt64) {
        let latency = Double(nanoseconds)
        let kept = weight(of: now)
        updatedAt = max(now, updatedAt)
        average = latency > average ? latency : average * kept + latency * (1 - kept)
    }

    /// What the next request would cost; smaller is better. `inFlight`: requests that wait for this target at the moment.
    func cost(inFlight: Int, at now: UInt64) -> Double {
        let expected = average * weight(of: now)
        // Nothing is known: one request finds out, the others do not pile up behind it.
        if expected < 1 { return inFlight == 0 ? 0 : 1e9 * Double(inFlight) }
        return expected * Double(inFlight + 1)
    }

    private func weight(of now: UInt64) -> Double {
        guard now > updatedAt else { return 1 }
        return exp(-Double(now - updatedAt) / Self.decayNanoseconds)
    }
}
