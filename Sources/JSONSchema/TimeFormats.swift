/// Dates, times and durations (RFC 3339 §5.6 and appendix A).
enum TimeFormats {
    static func isDateTime(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.count > 11 else { return false }
        let middle = bytes.startIndex + 10
        return isDate(bytes[..<middle]) && bytes[middle] | 0x20 == UInt8(ascii: "t") && isTime(bytes[(middle + 1)...])
    }

    static func isDate(_ bytes: ArraySlice<UInt8>) -> Bool {
        var reader = DigitReader(bytes)
        guard let year = reader.number(of: 4), reader.take("-"), let month = reader.number(of: 2), reader.take("-"),
            let day = reader.number(of: 2), reader.isAtEnd, (1...12).contains(month)
        else { return false }
        let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1...days[month - 1]).contains(day)
    }

    static func isTime(_ bytes: ArraySlice<UInt8>) -> Bool {
        var reader = DigitReader(bytes)
        guard let hour = reader.number(of: 2), reader.take(":"), let minute = reader.number(of: 2), reader.take(":"),
            let second = reader.number(of: 2), hour <= 23, minute <= 59, second <= 60
        else { return false }
        if reader.take("."), reader.digits() == 0 { return false }
        var offset = 0
        if !reader.take("Z"), !reader.take("z") {
            let isNegative = reader.take("-")
            guard isNegative || reader.take("+"), let hours = reader.number(of: 2), reader.take(":"),
                let minutes = reader.number(of: 2), hours <= 23, minutes <= 59
            else { return false }
            offset = (hours * 60 + minutes) * (isNegative ? -1 : 1)
        }
        guard reader.isAtEnd else { return false }
        // A leap second is the last one of a day in UTC.
        return second < 60 || (hour * 60 + minute - offset + 2 * 1440) % 1440 == 1439
    }

    static func isDuration(_ bytes: ArraySlice<UInt8>) -> Bool {
        var reader = DigitReader(bytes)
        guard reader.take("P") else { return false }
        if reader.isAtEnd { return false }
        if reader.units(["W"]) == 1, reader.isAtEnd { return true }
        reader = DigitReader(bytes)
        _ = reader.take("P")
        guard let dates = reader.units(["Y", "M", "D"]) else { return false }
        if reader.isAtEnd { return dates > 0 }
        guard reader.take("T"), let times = reader.units(["H", "M", "S"]) else { return false }
        return reader.isAtEnd && times > 0
    }
}

/// Reads fixed runs of digits.
private struct DigitReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: scalar) else { return false }
        rest.removeFirst()
        return true
    }

    mutating func number(of count: Int) -> Int? {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy(\.isDigit) else { return nil }
        rest.removeFirst(count)
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    mutating func digits() -> Int {
        let count = rest.prefix(while: \.isDigit).count
        rest.removeFirst(count)
        return count
    }

    /// Reads `1Y2M` and the like: units in this order, without a gap between the first and the last. Returns how many, or
    /// `nil` where the order is wrong.
    mutating func units(_ names: [Unicode.Scalar]) -> Int? {
        var count = 0
        var last = -1
        while rest.first?.isDigit == true {
            _ = digits()
            guard let next = names.indices.first(where: { rest.first == UInt8(ascii: names[$0]) }) else { return nil }
            guard next == last + 1 || last == -1 else { return nil }
            rest.removeFirst()
            last = next
            count += 1
        }
        return count
    }
}
