/// The window of a limit, an ISO 8601 duration: `PT1S`, `PT1M`, `PT15M`, `P1D`, `P1M`.
///
/// Seconds to weeks have a fixed length. A month and a year do not, so they are only spellable as calendar units and
/// only with the count one; which of the two readings `P1D` gets is said by the limit's alignment.
public enum LimitWindow: Hashable, Sendable, Codable {
    /// A fixed length in seconds, 1 … 31 622 400 (366 days).
    case seconds(UInt32)
    /// One calendar month.
    case month
    /// One calendar year.
    case year

    /// A unit of the calendar (UTC) at which a window may be aligned.
    public enum CalendarUnit: String, Hashable, Sendable, CaseIterable {
        /// From :00 to :00.
        case minute
        /// From :00:00 to :00:00.
        case hour
        /// From midnight UTC.
        case day
        /// From Monday, midnight UTC (ISO 8601).
        case week
        /// From the first of the month, midnight UTC.
        case month
        /// From the first of January, midnight UTC.
        case year
    }

    /// The longest fixed window in seconds: a leap year.
    public static let secondsMax: UInt32 = 366 * 86_400

    /// Reads an ISO 8601 duration; nil unless it is one that a limit can have.
    ///
    /// Taken: `P[nW]` or `P[nD][T[nH][nM][nS]]` with whole numbers, in sum 1 second to 366 days, and `P1M`, `P1Y`.
    public init?(_ text: String) {
        if text == "P1M" {
            self = .month
            return
        }
        if text == "P1Y" {
            self = .year
            return
        }
        guard let seconds = Self.fixedSeconds(text.utf8) else { return nil }
        self = .seconds(seconds)
    }

    /// The duration in one canonical form: `PT90S` and `PT1M30S` both write `PT1M30S`.
    public var text: String {
        switch self {
        case .month: "P1M"
        case .year: "P1Y"
        case .seconds(let seconds): Self.write(seconds)
        }
    }

    /// The calendar unit of exactly this length, nil for lengths the calendar has no word for.
    public var calendarUnit: CalendarUnit? {
        switch self {
        case .month: .month
        case .year: .year
        case .seconds(60): .minute
        case .seconds(3_600): .hour
        case .seconds(86_400): .day
        case .seconds(604_800): .week
        case .seconds: nil
        }
    }

    /// The length in seconds; nil for months and years, whose length depends on the date.
    public var fixedSeconds: UInt32? {
        guard case .seconds(let seconds) = self else { return nil }
        return seconds
    }

    /// The length in seconds with a month of 30 and a year of 365 days: for listings and sorting only.
    public var approximateSeconds: UInt32 {
        switch self {
        case .month: 30 * 86_400
        case .year: 365 * 86_400
        case .seconds(let seconds): seconds
        }
    }

    private static func write(_ seconds: UInt32) -> String {
        if seconds % 604_800 == 0 { return "P\(seconds / 604_800)W" }
        var text = "P"
        var rest = seconds
        if rest >= 86_400 {
            text += "\(rest / 86_400)D"
            rest %= 86_400
        }
        if rest == 0 { return text }
        text += "T"
        for (length, letter) in [(UInt32(3_600), "H"), (60, "M"), (1, "S")] where rest >= length {
            text += "\(rest / length)\(letter)"
            rest %= length
        }
        return text
    }

    /// Walks `P…` once, left to right; designators must come in ISO 8601's order and at most once.
    private static func fixedSeconds(_ bytes: String.UTF8View) -> UInt32? {
        var iterator = bytes.makeIterator()
        guard iterator.next() == UInt8(ascii: "P") else { return nil }
        var total: UInt64 = 0
        var number: UInt64?
        var inTime = false
        // The rank of the last designator seen: W 0, D 1, H 3, M 4, S 5. It only grows; nothing may follow W.
        var rank = -1
        while let byte = iterator.next() {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let grown = (number ?? 0) * 10 + UInt64(byte - UInt8(ascii: "0"))
                guard grown <= UInt64(secondsMax) else { return nil }
                number = grown
            case UInt8(ascii: "T"):
                guard !inTime, number == nil, rank != 0 else { return nil }
                inTime = true
            default:
                guard let value = number, let unit = unit(of: byte, inTime: inTime), unit.rank > rank, rank != 0 else {
                    return nil
                }
                rank = unit.rank
                total += value * unit.seconds
                number = nil
            }
        }
        let endsInsideTime = inTime && rank < 3
        guard number == nil, !endsInsideTime, total >= 1, total <= UInt64(secondsMax) else { return nil }
        return UInt32(total)
    }

    private static func unit(of designator: UInt8, inTime: Bool) -> (rank: Int, seconds: UInt64)? {
        switch (designator, inTime) {
        case (UInt8(ascii: "W"), false): (0, 604_800)
        case (UInt8(ascii: "D"), false): (1, 86_400)
        case (UInt8(ascii: "H"), true): (3, 3_600)
        case (UInt8(ascii: "M"), true): (4, 60)
        case (UInt8(ascii: "S"), true): (5, 1)
        default: nil
        }
    }
}
