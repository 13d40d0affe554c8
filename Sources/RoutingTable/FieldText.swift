/// Texts of HTTP fields, made once when a snapshot is built.
enum FieldText {
    /// An HTTP date (RFC 9110 §5.6.7), for example `Wed, 01 Jul 2026 00:00:00 GMT`; nil outside the years 1 … 9999.
    static func httpDate(_ seconds: Int64) -> String? {
        guard (-62_135_596_800...253_402_300_799).contains(seconds) else { return nil }
        var day = seconds / 86_400
        var second = seconds % 86_400
        if second < 0 {
            second += 86_400
            day -= 1
        }
        let (year, month, dayOfMonth) = civil(day)
        let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][Int(((day % 7) + 7) % 7)]
        let monthName = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month - 1]
        let time = [second / 3_600, second / 60 % 60, second % 60].map { padded(Int($0), 2) }.joined(separator: ":")
        return "\(weekday), \(padded(dayOfMonth, 2)) \(monthName) \(padded(Int(year), 4)) \(time) GMT"
    }

    /// A field name (RFC 9110 §5.6.2 `token`).
    static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
                    UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
                    UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
                    true
                default: false
                }
            }
    }

    /// A field value of visible ASCII, spaces and tabs, without either at its ends (RFC 9110 §5.5).
    static func isValue(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        if let first = bytes.first, let last = bytes.last, isBlank(first) || isBlank(last) { return false }
        return bytes.allSatisfy { (0x20...0x7E).contains($0) || $0 == 0x09 }
    }

    /// A URL that can stand between `<` and `>` in `Link`.
    static func isLinkTarget(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x3C && $0 != 0x3E && $0 != 0x22 }
    }

    /// Fields that say how a message is framed or where it goes; the gateway makes them itself for each hop.
    static let ownedByTheGateway: Set<String> = [
        "connection", "content-length", "expect", "host", "http2-settings", "keep-alive", "proxy-connection", "te",
        "trailer", "transfer-encoding", "upgrade",
    ]

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    /// Days since 1970-01-01 to a date of the Gregorian calendar; years count from March so that leap days come last.
    private static func civil(_ days: Int64) -> (year: Int64, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
        let month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
