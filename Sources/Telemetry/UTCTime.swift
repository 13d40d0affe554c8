/// A moment of the proleptic Gregorian calendar in UTC, for headers, logs and calendar windows; no time zone, no Foundation.
public struct UTCTime: Hashable, Sendable {
    /// Year, for instance 2026.
    public var year: Int
    /// Month, 1 … 12.
    public var month: Int
    /// Day of the month, 1 … 31.
    public var day: Int
    /// Hour, 0 … 23.
    public var hour: Int
    /// Minute, 0 … 59.
    public var minute: Int
    /// Second, 0 … 59; Unix time has no leap second.
    public var second: Int
    /// Day of the week, 0 = Sunday.
    public var weekday: Int

    /// The moment `seconds` after 1970-01-01T00:00:00Z.
    ///
    /// Days to date by counting from 1 March of a 400-year era, so that the leap day is the last of its year.
    public init(seconds: Int64) {
        var days = Int(seconds / 86_400)
        var rest = Int(seconds % 86_400)
        if rest < 0 {
            rest += 86_400
            days -= 1
        }
        hour = rest / 3600
        minute = rest % 3600 / 60
        second = rest % 60
        weekday = ((days % 7) + 11) % 7
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Seconds since 1970 of midnight at the start of a day.
    public static func seconds(year: Int, month: Int, day: Int) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int64(era * 146_097 + dayOfEra - 719_468) * 86_400
    }

    /// An IMF-fixdate (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
    public var httpDate: String {
        let name = Self.weekdays[weekday]
        let date = "\(Self.two(day)) \(Self.months[month - 1]) \(Self.four(year))"
        return "\(name), \(date) \(Self.two(hour)):\(Self.two(minute)):\(Self.two(second)) GMT"
    }

    /// RFC 3339 with milliseconds: `2026-07-01T00:00:00.000Z`.
    public static func rfc3339(milliseconds: Int64) -> String {
        var bytes: [UInt8] = []
        appendRFC3339(milliseconds: milliseconds, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The same into memory that is at hand.
    public static func appendRFC3339(milliseconds: Int64, to out: inout [UInt8]) {
        let seconds = milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000
        let time = UTCTime(seconds: seconds)
        let parts: InlineArray<7, (number: Int, digits: Int, then: UInt8)> = [
            (time.year, 4, UInt8(ascii: "-")), (time.month, 2, UInt8(ascii: "-")), (time.day, 2, UInt8(ascii: "T")),
            (time.hour, 2, UInt8(ascii: ":")), (time.minute, 2, UInt8(ascii: ":")), (time.second, 2, UInt8(ascii: ".")),
            (Int(milliseconds - seconds * 1000), 3, UInt8(ascii: "Z")),
        ]
        for index in parts.indices {
            let part = parts[index]
            var divisor = part.digits == 4 ? 1000 : part.digits == 3 ? 100 : 10
            while divisor > 0 {
                out.append(UInt8(ascii: "0") + UInt8(part.number / divisor % 10))
                divisor /= 10
            }
            out.append(part.then)
        }
    }

    /// Unix seconds of an IMF-fixdate (RFC 9110 §5.6.7); nil where it is none.
    public static func seconds(httpDate text: String) -> Int64? {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 6, words[5] == "GMT", words[1].count == 2, words[3].count == 4,
            let day = Int(words[1]), let month = months.firstIndex(of: String(words[2])), let year = Int(words[3])
        else { return nil }
        let clock = words[4].split(separator: ":").compactMap { $0.count == 2 ? Int($0) : nil }
        guard clock.count == 3, (1...31).contains(day), (0...23).contains(clock[0]), (0...59).contains(clock[1]),
            (0...60).contains(clock[2])
        else { return nil }
        let midnight = seconds(year: year, month: month + 1, day: day)
        return midnight + Int64(clock[0] * 3600 + clock[1] * 60 + clock[2])
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func four(_ number: Int) -> String {
        let digits = "\(number)"
        return digits.count >= 4 ? digits : String(repeating: "0", count: 4 - digits.count) + digits
    }
}
