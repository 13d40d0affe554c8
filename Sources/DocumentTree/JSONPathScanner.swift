/// A cursor over the bytes of an expression, with what both parsers need.
struct JSONPathScanner {
    let bytes: [UInt8]
    var offset = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { offset >= bytes.count }

    /// The byte at the cursor, 0 at the end (no expression may hold a zero byte outside a string).
    var byte: UInt8 { offset < bytes.count ? bytes[offset] : 0 }

    func peek(_ distance: Int) -> UInt8 {
        offset + distance < bytes.count ? bytes[offset + distance] : 0
    }

    func isAt(_ text: StaticString) -> Bool {
        guard offset + text.utf8CodeUnitCount <= bytes.count else { return false }
        return text.withUTF8Buffer { expected in
            expected.indices.allSatisfy { bytes[offset + $0] == expected[$0] }
        }
    }

    mutating func take(_ expected: UInt8) -> Bool {
        guard byte == expected, !isAtEnd else { return false }
        offset += 1
        return true
    }

    mutating func take(_ text: StaticString) -> Bool {
        guard isAt(text) else { return false }
        offset += text.utf8CodeUnitCount
        return true
    }

    /// RFC 9535 `S`: space, tab, line feed, carriage return.
    mutating func skipSpace() {
        while !isAtEnd, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { offset += 1 }
    }

    func failure(_ reason: String) -> JSONPathSyntaxError { JSONPathSyntaxError(offset: offset, reason: reason) }

    mutating func expect(_ expected: UInt8) throws(JSONPathSyntaxError) {
        guard take(expected) else {
            let found = isAtEnd ? "the end" : "`\(text(from: offset, to: offset + 1))`"
            throw failure("expected `\(Character(Unicode.Scalar(expected)))`, found \(found)")
        }
    }

    func text(from start: Int, to end: Int) -> String {
        String(decoding: bytes[start..<min(end, bytes.count)], as: UTF8.self)
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    /// RFC 9535 `name-first` without digits: letters, `_` and everything outside ASCII.
    static func isNameStart(_ byte: UInt8) -> Bool {
        byte >= 0x80 || byte == 0x5F || (byte >= 0x41 && byte <= 0x5A) || (byte >= 0x61 && byte <= 0x7A)
    }

    /// Reads a quoted string; the cursor is on its quote.
    ///
    /// - Parameter isStrict: RFC 9535 escapes only, and no control characters; otherwise JavaScript's habit of taking
    ///   an unknown escape as the character itself.
    /// - Returns: the text without quotes and escapes; the cursor is behind the closing quote.
    /// - Throws: ``JSONPathSyntaxError`` for an open string and, if strict, for what RFC 9535 does not permit.
    mutating func quoted(isStrict: Bool) throws(JSONPathSyntaxError) -> String {
        let quote = byte
        offset += 1
        var result: [UInt8] = []
        while true {
            guard !isAtEnd else { throw failure("the string is not closed") }
            let current = byte
            offset += 1
            if current == quote { return String(decoding: result, as: UTF8.self) }
            if isStrict, current < 0x20 { throw failure("a control character must be escaped") }
            guard current == 0x5C else {
                result.append(current)
                continue
            }
            try escape(quote: quote, isStrict: isStrict, into: &result)
        }
    }

    private mutating func escape(
        quote: UInt8,
        isStrict: Bool,
        into result: inout [UInt8]
    ) throws(JSONPathSyntaxError) {
        guard !isAtEnd else { throw failure("the string is not closed") }
        let escaped = byte
        offset += 1
        switch escaped {
        case quote, 0x5C, 0x2F: result.append(escaped)
        case UInt8(ascii: "b"): result.append(0x08)
        case UInt8(ascii: "f"): result.append(0x0C)
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "u"): result.append(contentsOf: String(try unicodeEscape()).utf8)
        default:
            guard !isStrict else { throw failure("`\\` must stand before one of \" ' \\ / b f n r t u") }
            result.append(escaped)
        }
    }

    private mutating func unicodeEscape() throws(JSONPathSyntaxError) -> Character {
        var value = try hexQuad()
        if value >= 0xD800, value <= 0xDBFF {
            guard take("\\u") else { throw failure("a high surrogate needs a low one behind it") }
            let low = try hexQuad()
            guard low >= 0xDC00, low <= 0xDFFF else { throw failure("a high surrogate needs a low one behind it") }
            value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw failure("a low surrogate needs a high one before it") }
        return Character(scalar)
    }

    private mutating func hexQuad() throws(JSONPathSyntaxError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            let digit: UInt32
            switch byte {
            case 0x30...0x39: digit = UInt32(byte) - 0x30
            case 0x41...0x46: digit = UInt32(byte) - 0x37
            case 0x61...0x66: digit = UInt32(byte) - 0x57
            default: throw failure("expected four hexadecimal digits behind `\\u`")
            }
            value = value << 4 | digit
            offset += 1
        }
        return value
    }
}
