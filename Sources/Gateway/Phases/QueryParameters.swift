/// The `name=value` pairs of a query, in order, without copying.
struct QueryParameters {
    /// One pair; `whole` covers name, `=` and value.
    struct Parameter {
        let whole: Range<Int>
        let name: Range<Int>
        let value: Range<Int>

        /// Whether the decoded name is `expected`.
        func isNamed(_ expected: [UInt8], _ bytes: Span<UInt8>) -> Bool {
            var offset = 0
            var index = name.lowerBound
            while index < name.upperBound {
                guard offset < expected.count else { return false }
                var byte = bytes[index]
                if byte == UInt8(ascii: "+") { byte = ASCII.space }
                if byte == ASCII.percent, index + 2 < name.upperBound, let high = ByteClass.hexValue(bytes[index + 1]),
                    let low = ByteClass.hexValue(bytes[index + 2])
                {
                    byte = high << 4 | low
                    index += 2
                }
                guard byte == expected[offset] else { return false }
                offset += 1
                index += 1
            }
            return offset == expected.count
        }
    }

    private var index: Int
    private let end: Int

    init(_ query: Range<Int>) {
        index = query.lowerBound
        end = query.upperBound
    }

    mutating func next(_ bytes: Span<UInt8>) -> Parameter? {
        guard index < end else { return nil }
        let start = index
        var equals = -1
        while index < end, bytes[index] != UInt8(ascii: "&") {
            if equals < 0, bytes[index] == ASCII.equals { equals = index }
            index += 1
        }
        let whole = start..<index
        index += 1
        guard equals >= 0 else {
            return Parameter(whole: whole, name: whole, value: whole.upperBound..<whole.upperBound)
        }
        return Parameter(whole: whole, name: start..<equals, value: (equals + 1)..<whole.upperBound)
    }

    /// Appends the decoded bytes of a value; false when an escape is malformed.
    static func decode(_ bytes: Span<UInt8>, _ range: Range<Int>, to out: inout [UInt8]) -> Bool {
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            if byte == ASCII.percent {
                guard index + 2 < range.upperBound, let high = ByteClass.hexValue(bytes[index + 1]),
                    let low = ByteClass.hexValue(bytes[index + 2])
                else { return false }
                out.append(high << 4 | low)
                index += 3
            } else {
                out.append(byte == UInt8(ascii: "+") ? ASCII.space : byte)
                index += 1
            }
        }
        return true
    }
}

/// The pairs of a `Cookie` field (RFC 6265 §4.2.1), in order, without copying.
struct CookiePairs {
    /// One pair; `whole` covers name, `=` and value.
    struct Cookie {
        let whole: Range<Int>
        let name: Range<Int>
        let value: Range<Int>
    }

    private var index: Int
    private let end: Int

    init(_ field: Range<Int>) {
        index = field.lowerBound
        end = field.upperBound
    }

    mutating func next(_ bytes: Span<UInt8>) -> Cookie? {
        while index < end, bytes[index] == ASCII.space || bytes[index] == ASCII.semicolon { index += 1 }
        guard index < end else { return nil }
        let start = index
        var equals = -1
        while index < end, bytes[index] != ASCII.semicolon {
            if equals < 0, bytes[index] == ASCII.equals { equals = index }
            index += 1
        }
        let whole = RequestHead.trimmed(bytes, start..<index)
        guard equals >= 0, equals < whole.upperBound else {
            return Cookie(whole: whole, name: whole, value: index..<index)
        }
        var value = RequestHead.trimmed(bytes, (equals + 1)..<whole.upperBound)
        if value.count >= 2, bytes[value.lowerBound] == ASCII.quote, bytes[value.upperBound - 1] == ASCII.quote {
            value = (value.lowerBound + 1)..<(value.upperBound - 1)
        }
        return Cookie(whole: whole, name: RequestHead.trimmed(bytes, start..<equals), value: value)
    }
}

/// `Basic` credentials (RFC 7617): the key is the password, whatever the user name.
enum BasicCredentials {
    /// Decodes into `scratch` and returns where the password lies there; nil for anything but base64 with a colon in it.
    static func password(_ bytes: Span<UInt8>, _ range: Range<Int>, into scratch: inout [UInt8]) -> Range<Int>? {
        let start = scratch.count
        var bits: UInt32 = 0
        var count = 0
        var end = range.upperBound
        while end > range.lowerBound, range.upperBound - end < 2, bytes[end - 1] == ASCII.equals { end -= 1 }
        for index in range.lowerBound..<end {
            guard let value = value(of: bytes[index]) else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                scratch.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        guard count < 6, let colon = scratch[start...].firstIndex(of: ASCII.colon) else { return nil }
        return (colon + 1)..<scratch.count
    }

    private static func value(of byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
