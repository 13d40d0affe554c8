/// When a server that ended is started again. Pure.
struct RestartState {
    private static let pauseMin = Duration.milliseconds(50)
    private static let pauseMax = Duration.seconds(5)
    /// A server that was ready for this long is sound: the next end of it is a first one again.
    private static let soundAfter = Duration.seconds(10)

    private var failures = 0
    private var readySince: ContinuousClock.Instant?

    mutating func becameReady(now: ContinuousClock.Instant) {
        readySince = now
    }

    /// The server ended, or did not come up.
    ///
    /// - Returns: How long to wait before the next start.
    mutating func ended(now: ContinuousClock.Instant) -> Duration {
        if let readySince, now - readySince >= Self.soundAfter { failures = 0 }
        readySince = nil
        failures += 1
        return min(Self.pauseMin * (1 << min(16, failures - 1)), Self.pauseMax)
    }
}
