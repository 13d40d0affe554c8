public import Lifecycle

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where the time comes from. Use cases never ask the system themselves, so that tests choose the time.
public protocol Clock: Sendable {
    /// The present moment in UTC.
    var now: Moment { get }
}

/// The machine's own clock.
public struct SystemClock: Clock {
    /// Makes one.
    public init() {}

    /// The present moment.
    public var now: Moment {
        var time = timespec()
        // The call cannot fail: the clock exists on every supported system and the pointer is a local's.
        clock_gettime(CLOCK_REALTIME, &time)
        return Moment(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}
