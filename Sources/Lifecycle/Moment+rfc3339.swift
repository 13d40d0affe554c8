/// RFC 3339 reading and writing, without a calendar library: the proleptic Gregorian calendar as in ISO 8601.
extension Moment {
    /// The text `YYYY-MM-DDThh:mm:ss[.ffffff]Z`.
    public var rfc3339: String {
        let days = Self.floorDivide(unixSeconds, by: 86_400)
        let second = unixSeconds - days * 86_400
        let date = Self.civil(fromDays: days)
        let fraction = microseconds - unixSeconds * 1_000_000
        var text = Self.padded(date.year, 4) + "-" + Self.padded(date.month, 2) + "-" + Self.padded(date.day, 2)
        text += "T" + Self.padded(second / 3600, 2) + ":" + Self.padded(second / 60 % 60, 2)
        text += ":" + Self.padded(second % 60, 2)
        if fraction > 0 {
            var digits = Self.padded(fraction, 6)
            while digits.hasSuffix("0") { digits.removeLast() }
            text += "." + digits
        }
        return text + "Z"
    }

    /// Reads an RFC 3339 date and time with any offset, or a date alone (midnight UTC); nil for anything else.
    public init?(rfc3339 text: some StringProtocol) {
        var reader = Reader(bytes: Array(text.utf8))
        guard let year = reader.digits(4), reader.accept("-"), let month = reader.digits(2), reader.accept("-"),
            let day = reader.digits(2), (1...12).contains(month), day >= 1, day <= Self.daysIn(month: month, year: year)
        else { return nil }
        let days = Self.days(fromYear: year, month: month, day: day)
        if reader.isAtEnd {
            self.init(unixSeconds: days * 86_400)
            return
        }
        guard reader.accept("T") || reader.accept("t") || reader.accept(" "), let hour = reader.digits(2),
            reader.accept(":"), let minute = reader.digits(2), reader.accept(":"), let second = reader.digits(2),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        guard let fraction = reader.fraction(), let offset = reader.offsetSeconds(), reader.isAtEnd else { return nil }
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
        self.init(microseconds: seconds * 1_000_000 + fraction)
    }

    private struct Reader {
        let bytes: [UInt8]
        var index = 0

        var isAtEnd: Bool { index == bytes.count }

        mutating func accept(_ character: Unicode.Scalar) -> Bool {
            guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
            index += 1
            return true
        }

        mutating func digits(_ count: Int) -> Int64? {
            guard index + count <= bytes.count else { return nil }
            var value: Int64 = 0
            for byte in bytes[index..<index + count] {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                value = value * 10 + Int64(byte - UInt8(ascii: "0"))
            }
            index += count
            return value
        }

        /// Microseconds; digits beyond the sixth are cut off.
        mutating func fraction() -> Int64? {
            guard accept(".") else { return 0 }
            var value: Int64 = 0
            var count = 0
            while let digit = digits(1) {
                if count < 6 { value = value * 10 + digit }
                count += 1
            }
            guard count > 0 else { return nil }
            for _ in min(count, 6)..<6 { value *= 10 }
            return value
        }

        mutating func offsetSeconds() -> Int64? {
            if accept("Z") || accept("z") { return 0 }
            let sign: Int64
            if accept("+") { sign = 1 } else if accept("-") { sign = -1 } else { return nil }
            guard let hours = digits(2), accept(":"), let minutes = digits(2), hours < 24, minutes < 60 else {
                return nil
            }
            return sign * (hours * 3600 + minutes * 60)
        }
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func floorDivide(_ value: Int64, by divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }

    private static func daysIn(month: Int64, year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days since 1970-01-01. The year is shifted to begin in March, so that the leap day is its last day.
    private static func days(fromYear year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = floorDivide(shifted, by: 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = floorDivide(shifted, by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthIndex + 2) / 5 + 1)
    }
}
