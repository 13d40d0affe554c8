import Glibc

/// A point in time as `timestamptz` stores it: microseconds, here since 1970-01-01 00:00:00 UTC.
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Microseconds since the Unix epoch, negative before it.
    public var microseconds: Int64

    /// Microseconds since the Unix epoch.
    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// Whole seconds since the Unix epoch; a value outside `timestamptz` becomes an infinity.
    public init(seconds: Int64) {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        microseconds = overflow ? (seconds < 0 ? .min : .max) : product
    }

    /// `infinity`, later than every other.
    public static let distantFuture = Timestamp(microseconds: .max)
    /// `-infinity`, earlier than every other.
    public static let distantPast = Timestamp(microseconds: .min)

    /// The wall clock of this machine. The database's `now()` is the better source wherever rows are compared.
    public static func now() -> Timestamp {
        var time = timespec()
        // The call cannot fail: the clock exists and the pointer is valid.
        _ = clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    /// Whole seconds since the Unix epoch, rounded down.
    public var seconds: Int64 {
        microseconds >= 0 ? microseconds / 1_000_000 : (microseconds - 999_999) / 1_000_000
    }

    /// Order in time.
    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }

    /// This moment moved by `duration`, kept within the infinities.
    public func advanced(by duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        guard !overflow else { return seconds < 0 ? .distantPast : .distantFuture }
        let (sum, sumOverflow) = microseconds.addingReportingOverflow(scaled + attoseconds / 1_000_000_000_000)
        guard !sumOverflow else { return seconds < 0 ? .distantPast : .distantFuture }
        return Timestamp(microseconds: sum)
    }

    /// RFC 3339 in UTC with microseconds where there are any: `2026-11-23T07:29:00.000250Z`.
    public var description: String {
        if self == .distantFuture { return "infinity" }
        if self == .distantPast { return "-infinity" }
        let (date, time) = civil()
        let year = date.year
        let sign = year < 0 ? "-" : ""
        return "\(sign)\(padded(abs(year), 4))-\(padded(date.month, 2))-\(padded(date.day, 2))T\(time)Z"
    }

    /// The form PostgreSQL reads, which spells years before 1 as `BC`.
    var postgresText: String {
        if self == .distantFuture || self == .distantPast { return description }
        let (date, time) = civil()
        let era = date.year <= 0 ? " BC" : ""
        let year = date.year <= 0 ? 1 - date.year : date.year
        return "\(padded(year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2)) \(time)+00\(era)"
    }

    /// Days to a date of the proleptic Gregorian calendar, by eras of 400 years that start on 1 March.
    private func civil() -> (date: (year: Int64, month: Int64, day: Int64), time: String) {
        let seconds = seconds
        let fraction = microseconds - seconds * 1_000_000
        let days = seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400
        let second = seconds - days * 86400
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        var time = "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
        if fraction != 0 { time += ".\(padded(fraction, 6))" }
        return ((year, month, day), time)
    }

    private func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
