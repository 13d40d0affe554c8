internal import Glibc

/// Both clocks at one moment, read together so that a request sees one time.
struct Moment: Sendable {
    /// Nanoseconds of the monotonic clock.
    var monotonic: UInt64
    /// Nanoseconds since 1970-01-01 UTC.
    var wall: UInt64

    /// Whole seconds since 1970-01-01 UTC.
    var seconds: Int64 { Int64(wall / 1_000_000_000) }

    /// The present moment.
    static func now() -> Moment {
        Moment(monotonic: read(CLOCK_MONOTONIC), wall: read(CLOCK_REALTIME))
    }

    /// The monotonic clock alone.
    @inline(__always)
    static func monotonicNow() -> UInt64 { read(CLOCK_MONOTONIC) }

    @inline(__always)
    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        // Both clocks exist on every Linux; the call cannot fail with a valid pointer.
        unsafe _ = clock_gettime(clock, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }
}
