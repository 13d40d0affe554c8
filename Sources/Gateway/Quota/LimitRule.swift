internal import RoutingTable
internal import Telemetry

/// A limit with its arithmetic done: what a bucket's one word means and how far it may go.
struct LimitRule: Sendable {
    /// How the word of a bucket is read.
    enum Shape: Sendable {
        /// The theoretical arrival time in nanoseconds. `increment` is the spacing of two requests, `tolerance` how far
        /// the arrival time may run ahead of the clock.
        case gcra(increment: UInt64, tolerance: UInt64)
        /// Window number and count, packed.
        case window(EntitlementContent.LimitWindow)
    }

    let shape: Shape
    let amount: UInt64
    let kind: EntitlementContent.LimitKind

    init(_ limit: EntitlementContent.Limit) {
        amount = min(limit.amount, WindowWord.countMax)
        kind = limit.kind
        switch limit.algorithm {
        case .fixedWindow: shape = .window(limit.window)
        case .gcra:
            let window = CalendarWindow.nominalSeconds(limit.window) &* 1_000_000_000
            // Rounded up: a spacing that is too short would admit more than the amount.
            let increment = limit.amount == 0 ? window : (window - 1) / limit.amount + 1
            // Bounded to 146 years of arrivals ahead, so that no sum of times overflows.
            let capacity = max(1, limit.burst)
            let (tolerance, overflow) = increment.multipliedReportingOverflow(by: capacity)
            shape = .gcra(increment: increment, tolerance: overflow ? UInt64.max >> 2 : min(tolerance, UInt64.max >> 2))
        }
    }
}

/// What asking a bucket came to.
struct LimitReading: Equatable, Sendable {
    var isAdmitted: Bool
    /// Requests that would be admitted right now, after this one.
    var remaining: UInt64
    /// Nanoseconds until the allowance is whole again; for a refusal, until one more request may come.
    var resetNanoseconds: UInt64
}

/// Generic cell rate algorithm on one word: at most `burst + rate × time` requests, without a timer.
enum GCRA {
    /// What one more request at `now` would come to, and the word that admitting it would leave.
    @_noAllocation @_noLocks @inline(__always)
    static func step(
        word: UInt64,
        now: UInt64,
        increment: UInt64,
        tolerance: UInt64
    ) -> (reading: LimitReading, next: UInt64) {
        // A word further ahead than the tolerance was written before the clock went back: it counts as an empty
        // allowance, not as a ban for the length of the jump.
        let arrival = min(max(word, now), now &+ tolerance)
        let next = arrival &+ increment
        let ahead = next &- now
        guard ahead <= tolerance else {
            // Written down also when refused: else the jump would be clamped anew at every request, and block after all.
            let refusal = LimitReading(isAdmitted: false, remaining: 0, resetNanoseconds: ahead &- tolerance)
            return (refusal, min(word, now &+ tolerance))
        }
        let remaining = (tolerance &- ahead) / increment
        return (LimitReading(isAdmitted: true, remaining: remaining, resetNanoseconds: ahead), next)
    }
}

/// The packed word of a fixed window: 28 bits of window number, 36 bits of count.
enum WindowWord {
    /// The greatest count a bucket holds, and so the greatest amount that is told apart: 68,719,476,735.
    static var countMax: UInt64 { @_noAllocation @_noLocks get { 1 << 36 - 1 } }
    static var numberMask: UInt64 { @_noAllocation @_noLocks get { 1 << 28 - 1 } }

    @_noAllocation @_noLocks @inline(__always)
    static func make(number: UInt64, count: UInt64) -> UInt64 { number << 36 | count }
    @_noAllocation @_noLocks @inline(__always)
    static func number(_ word: UInt64) -> UInt64 { word >> 36 }
    @_noAllocation @_noLocks @inline(__always)
    static func count(_ word: UInt64) -> UInt64 { word & countMax }

    /// What one more request in window `number` would come to, and the word that admitting it would leave.
    ///
    /// A word from an earlier window counts from zero. One that is a single window ahead belongs to a loop whose clock
    /// was read a moment later: the request counts there. One further ahead was written before the clock was set back:
    /// its count is carried into the present window, so the jump neither refunds nor blocks.
    @_noAllocation @_noLocks @inline(__always)
    static func step(
        word: UInt64,
        number: UInt64,
        amount: UInt64,
        resetNanoseconds: UInt64
    ) -> (reading: LimitReading, next: UInt64) {
        let number = number & numberMask
        let ahead = (Self.number(word) &- number) & numberMask
        let used: UInt64
        let present: UInt64
        if ahead == 0 {
            (used, present) = (count(word), number)
        } else if ahead == 1 {
            (used, present) = (count(word), Self.number(word))
        } else if ahead < numberMask >> 1 {
            (used, present) = (count(word), number)
        } else {
            (used, present) = (0, number)
        }
        guard used < amount else {
            // Also a refusal writes down into which window the count was carried; else it would be carried again and again.
            let reading = LimitReading(isAdmitted: false, remaining: 0, resetNanoseconds: resetNanoseconds)
            return (reading, make(number: present, count: used))
        }
        let reading = LimitReading(isAdmitted: true, remaining: amount &- used &- 1, resetNanoseconds: resetNanoseconds)
        return (reading, make(number: present, count: used &+ 1))
    }
}

/// Where the windows of a limit begin and end.
enum CalendarWindow {
    /// A window's number, and its first second and the second after its last (Unix time).
    struct Bounds: Equatable, Sendable {
        var number: UInt64
        var start: Int64
        var end: Int64
    }

    /// The window that `seconds` lies in.
    static func bounds(_ window: EntitlementContent.LimitWindow, at seconds: Int64) -> Bounds {
        switch window {
        case .seconds(let length): return even(Int64(max(1, length)), at: seconds, offset: 0)
        case .calendar(let unit):
            switch unit {
            case .minute: return even(60, at: seconds, offset: 0)
            case .hour: return even(3600, at: seconds, offset: 0)
            case .day: return even(86_400, at: seconds, offset: 0)
            // 1970-01-01 was a Thursday; ISO weeks begin on Monday.
            case .week: return even(604_800, at: seconds, offset: 3 * 86_400)
            case .month:
                let time = UTCTime(seconds: seconds)
                let next = time.month == 12 ? (time.year + 1, 1) : (time.year, time.month + 1)
                return Bounds(
                    number: UInt64(max(0, time.year * 12 + time.month - 1)),
                    start: UTCTime.seconds(year: time.year, month: time.month, day: 1),
                    end: UTCTime.seconds(year: next.0, month: next.1, day: 1)
                )
            case .year:
                let time = UTCTime(seconds: seconds)
                return Bounds(
                    number: UInt64(max(0, time.year)),
                    start: UTCTime.seconds(year: time.year, month: 1, day: 1),
                    end: UTCTime.seconds(year: time.year + 1, month: 1, day: 1)
                )
            }
        }
    }

    /// The length that `RateLimit-Policy` states and GCRA spreads over: a month counts 30 days, a year 365.
    static func nominalSeconds(_ window: EntitlementContent.LimitWindow) -> UInt64 {
        switch window {
        case .seconds(let length): UInt64(max(1, length))
        case .calendar(.minute): 60
        case .calendar(.hour): 3600
        case .calendar(.day): 86_400
        case .calendar(.week): 604_800
        case .calendar(.month): 2_592_000
        case .calendar(.year): 31_536_000
        }
    }

    private static func even(_ length: Int64, at seconds: Int64, offset: Int64) -> Bounds {
        let number = max(0, seconds + offset) / length
        return Bounds(number: UInt64(number), start: number * length - offset, end: (number + 1) * length - offset)
    }
}
