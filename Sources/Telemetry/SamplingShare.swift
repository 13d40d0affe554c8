/// A share of all requests, decided by a random number that each request carries.
///
/// As in OpenTelemetry's consistent probability sampling the lowest 56 bits decide, and a number that a small share takes is
/// taken by every larger one: two samplers that look at the same number choose nested sets.
public struct SamplingShare: Hashable, Sendable {
    /// Numbers below are left out; 2⁵⁶ leaves out all.
    private let threshold: UInt64

    /// Takes `share` of all numbers, 0 … 1; what lies outside is the nearer border.
    public init(_ share: Double) {
        let kept = min(max(share, 0), 1) * Double(Self.range)
        threshold = Self.range - UInt64(kept)
    }

    /// Whether a request with this random number is taken.
    @_noAllocation @_noLocks
    @inline(__always)
    public func takes(_ number: UInt64) -> Bool { number & (Self.range &- 1) >= threshold }

    private static let range: UInt64 = 1 << 56
}
