/// Appends JSON text to byte arrays: the pieces with which the data plane finishes a pre-rendered problem.
///
/// A gateway takes ``ProblemCatalogue/opening(of:)``, appends the members of the case at hand, and closes the object:
/// ```swift
/// var bytes = ProblemCatalogue.opening(of: .noSuchAPI)
/// ProblemJSON.appendMember("instance", untrusted: path, to: &bytes)
/// ProblemJSON.close(&bytes)
/// ```
public enum ProblemJSON {
    /// Appends `,"name":"value"`; `name` must need no escaping.
    public static func appendMember(_ name: StaticString, _ value: String, to bytes: inout [UInt8]) {
        appendName(name, to: &bytes)
        appendString(value, to: &bytes)
    }

    /// Appends `,"name":"value"` where the value came from outside and may not be UTF-8 (each ill-formed part becomes
    /// U+FFFD); `name` must need no escaping.
    public static func appendMember(_ name: StaticString, untrusted value: Span<UInt8>, to bytes: inout [UInt8]) {
        appendName(name, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
        appendEscaped(value, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Appends `,"name":value`; `name` must need no escaping.
    public static func appendMember(_ name: StaticString, _ value: Int64, to bytes: inout [UInt8]) {
        appendName(name, to: &bytes)
        appendDecimal(value, to: &bytes)
    }

    /// Appends a quoted and escaped JSON string.
    public static func appendString(_ value: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        var value = value
        value.withUTF8 { buffer in
            for byte in buffer { appendEscaped(byte, to: &bytes) }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Ends the object.
    public static func close(_ bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "}"))
    }

    private static func appendName(_ name: StaticString, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: ","))
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    /// Escapes one byte of well-formed UTF-8 (RFC 8259 §7). DEL is escaped too: some log viewers act on it.
    private static func appendEscaped(_ byte: UInt8, to bytes: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        case 0x0A:
            bytes.append(contentsOf: #"\n"#.utf8)
        case 0x0D:
            bytes.append(contentsOf: #"\r"#.utf8)
        case 0x09:
            bytes.append(contentsOf: #"\t"#.utf8)
        case 0x00..<0x20, 0x7F:
            bytes.append(contentsOf: #"\u00"#.utf8)
            bytes.append(hexDigit(byte >> 4))
            bytes.append(hexDigit(byte & 0x0F))
        default:
            bytes.append(byte)
        }
    }

    private static func appendEscaped(_ value: Span<UInt8>, to bytes: inout [UInt8]) {
        var index = 0
        while index < value.count {
            let byte = value[index]
            if byte < 0x80 {
                appendEscaped(byte, to: &bytes)
                index += 1
                continue
            }
            let length = wellFormedLength(value, at: index)
            if length == 0 {
                bytes.append(contentsOf: [0xEF, 0xBF, 0xBD])
                index += 1
            } else {
                for offset in index..<(index + length) { bytes.append(value[offset]) }
                index += length
            }
        }
    }

    /// The number of bytes of the well-formed multi-byte sequence that starts at `index`, else 0 (Unicode 16, table 3-7).
    private static func wellFormedLength(_ value: Span<UInt8>, at index: Int) -> Int {
        let lead = value[index]
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF:
            length = 3
            if lead == 0xE0 { second = 0xA0...0xBF }
            if lead == 0xED { second = 0x80...0x9F }
        case 0xF0...0xF4:
            length = 4
            if lead == 0xF0 { second = 0x90...0xBF }
            if lead == 0xF4 { second = 0x80...0x8F }
        default: return 0
        }
        guard index + length <= value.count, second.contains(value[index + 1]) else { return 0 }
        for offset in 2..<max(length, 2) where !(0x80...0xBF).contains(value[index + offset]) { return 0 }
        return length
    }

    private static func appendDecimal(_ value: Int64, to bytes: inout [UInt8]) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        var rest = value.magnitude
        var digits: InlineArray<20, UInt8> = .init(repeating: UInt8(ascii: "0"))
        var count = 0
        repeat {
            digits[count] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
            count += 1
        } while rest > 0
        for index in stride(from: count - 1, through: 0, by: -1) { bytes.append(digits[index]) }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + (value - 10)
    }
}
