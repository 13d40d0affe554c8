/// Builds one JSON object on one line, in memory that is kept from line to line.
///
/// Text that is no UTF-8 is repaired and control characters are escaped, so a line has exactly one newline, at its end.
public struct JSONLine: Sendable {
    /// What has been written.
    public private(set) var bytes: [UInt8] = []

    /// Makes an empty one.
    public init() {}

    /// Starts the line's object; what was written before is forgotten.
    public mutating func begin() {
        bytes.removeAll(keepingCapacity: true)
        bytes.append(UInt8(ascii: "{"))
    }

    /// Ends the line's object and the line.
    public mutating func end() { literal("}\n") }

    /// Adds a text member unless it is empty.
    public mutating func member(_ name: StaticString, _ value: String) {
        guard !value.isEmpty else { return }
        self.name(name)
        string(value)
    }

    /// Adds a text member unless it is empty.
    public mutating func member(_ name: StaticString, _ value: Span<UInt8>) {
        guard !value.isEmpty else { return }
        self.name(name)
        string(value)
    }

    /// Adds a whole number.
    public mutating func member(_ name: StaticString, _ value: UInt64) {
        self.name(name)
        number(value)
    }

    /// Adds nanoseconds as milliseconds with three decimals.
    public mutating func member(_ name: StaticString, milliseconds nanoseconds: UInt64) {
        self.name(name)
        let microseconds = nanoseconds / 1000
        number(microseconds / 1000)
        bytes.append(UInt8(ascii: "."))
        digits(microseconds % 1000, count: 3)
    }

    /// Adds a moment as RFC 3339 with milliseconds in UTC.
    public mutating func member(_ name: StaticString, time milliseconds: Int64) {
        self.name(name)
        bytes.append(Self.quote)
        UTCTime.appendRFC3339(milliseconds: milliseconds, to: &bytes)
        bytes.append(Self.quote)
    }

    /// Adds a number as lower-case hexadecimal text, such as identifiers of traces and spans are.
    public mutating func member(_ name: StaticString, hexadecimal high: UInt64?, _ low: UInt64) {
        self.name(name)
        bytes.append(Self.quote)
        if let high { TraceContext.appendHexadecimal(high, to: &bytes) }
        TraceContext.appendHexadecimal(low, to: &bytes)
        bytes.append(Self.quote)
    }

    // MARK: Parts

    /// Writes a member's name; its value follows.
    public mutating func name(_ name: StaticString) {
        separate()
        bytes.append(Self.quote)
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        literal("\":")
    }

    /// Writes a comma where one is needed: after a value, not after an opening bracket.
    public mutating func separate() {
        guard let last = bytes.last, last != UInt8(ascii: "{"), last != UInt8(ascii: "["), last != UInt8(ascii: ":")
        else { return }
        bytes.append(UInt8(ascii: ","))
    }

    /// Writes JSON as it is.
    public mutating func literal(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// Writes a whole number.
    public mutating func number(_ value: UInt64) {
        var places = 1
        var rest = value
        while rest >= 10 {
            rest /= 10
            places += 1
        }
        digits(value, count: places)
    }

    /// Writes a text with its quotation marks.
    public mutating func string(_ value: String) {
        bytes.append(Self.quote)
        for byte in value.utf8 { escape(byte) }
        bytes.append(Self.quote)
    }

    /// Writes a text with its quotation marks; what is no UTF-8 in it becomes U+FFFD.
    public mutating func string(_ value: Span<UInt8>) {
        var isASCII = true
        for index in value.indices where value[index] >= 0x80 { isASCII = false }
        guard isASCII else {
            return string(value.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) })
        }
        bytes.append(Self.quote)
        for index in value.indices { escape(value[index]) }
        bytes.append(Self.quote)
    }

    private mutating func digits(_ value: UInt64, count: Int) {
        var divisor: UInt64 = 1
        for _ in 1..<count { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
            divisor /= 10
        }
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case Self.quote, UInt8(ascii: "\\"):
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        case 0x00..<0x20, 0x7F:
            literal("\\u00")
            bytes.append(TraceContext.digit(byte >> 4))
            bytes.append(TraceContext.digit(byte & 0x0F))
        default: bytes.append(byte)
        }
    }

    private static let quote = UInt8(ascii: "\"")
}
