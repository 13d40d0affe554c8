/// What plain scalars mean: the core schema of YAML 1.2 (section 10.3.2).
///
/// `yes`, `no`, `on`, `off`, sexagesimals and dates are text, as YAML 1.2 has it and Spectral reads it.
enum YAMLScalar {
    /// The kind of an untagged plain scalar.
    static func kind(of text: UnsafeBufferPointer<UInt8>) -> NodeKind {
        guard let first = text.first else { return .null }
        switch first {
        case UInt8(ascii: "~"):
            return text.count == 1 ? .null : .string
        case UInt8(ascii: "n"), UInt8(ascii: "N"):
            return isAny(text, of: "null", "Null", "NULL") ? .null : .string
        case UInt8(ascii: "t"), UInt8(ascii: "T"):
            return isAny(text, of: "true", "True", "TRUE") ? .boolean : .string
        case UInt8(ascii: "f"), UInt8(ascii: "F"):
            return isAny(text, of: "false", "False", "FALSE") ? .boolean : .string
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            return numberKind(of: text)
        default:
            return .string
        }
    }

    /// The value of an integer in decimal, `0o` octal or `0x` hexadecimal; nil beyond `Int`.
    static func integer(_ text: String) -> Int? {
        if text.utf8.starts(with: "0x".utf8) { return Int(text.dropFirst(2), radix: 16) }
        if text.utf8.starts(with: "0o".utf8) { return Int(text.dropFirst(2), radix: 8) }
        return Int(text)
    }

    /// The value of any number of the core schema or JSON, rounded.
    static func number(_ text: String) -> Double? {
        if text.utf8.starts(with: "0o".utf8) { return integer(text).map(Double.init) }
        var digits = text[...]
        let isNegative = digits.utf8.first == UInt8(ascii: "-")
        if isNegative || digits.utf8.first == UInt8(ascii: "+") { digits = digits.dropFirst() }
        switch digits {
        case ".inf", ".Inf", ".INF": return isNegative ? -Double.infinity : Double.infinity
        case ".nan", ".NaN", ".NAN": return Double.nan
        default: break
        }
        // `1.` and `.5` are numbers of the core schema that `Double` reads only with a digit on both sides of the
        // point.
        if digits.utf8.first == UInt8(ascii: ".") { digits = "0" + digits }
        if digits.utf8.last == UInt8(ascii: ".") { digits += "0" }
        if let point = digits.firstRange(of: ".e") ?? digits.firstRange(of: ".E") {
            digits.replaceSubrange(point.lowerBound..<digits.index(after: point.lowerBound), with: ".0")
        }
        return Double(digits).map { isNegative ? -$0 : $0 }
    }

    private static func numberKind(of text: UnsafeBufferPointer<UInt8>) -> NodeKind {
        var index = 0
        if text[0] == UInt8(ascii: "0"), text.count > 2 {
            if text[1] == UInt8(ascii: "x") {
                return text.dropFirst(2).allSatisfy { hexadecimalValue($0) != nil } ? .integer : .string
            }
            if text[1] == UInt8(ascii: "o") {
                return text.dropFirst(2).allSatisfy { (0x30...0x37).contains($0) } ? .integer : .string
            }
        }
        if text[0] == UInt8(ascii: "+") || text[0] == UInt8(ascii: "-") { index = 1 }
        let rest = UnsafeBufferPointer(rebasing: text[index...])
        if isAny(rest, of: ".inf", ".Inf", ".INF") { return .number }
        if index == 0, isAny(rest, of: ".nan", ".NaN", ".NAN") { return .number }
        let whole = skipDigits(text, &index)
        if index == text.count { return whole > 0 ? .integer : .string }
        var fraction = 0
        if text[index] == UInt8(ascii: ".") {
            index += 1
            fraction = skipDigits(text, &index)
        }
        guard whole + fraction > 0 else { return .string }
        if index < text.count, text[index] == UInt8(ascii: "e") || text[index] == UInt8(ascii: "E") {
            index += 1
            if index < text.count, text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-") { index += 1 }
            guard skipDigits(text, &index) > 0 else { return .string }
        }
        return index == text.count ? .number : .string
    }

    private static func skipDigits(_ text: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> Int {
        let start = index
        while index < text.count, (0x30...0x39).contains(text[index]) { index += 1 }
        return index - start
    }

    private static func isAny(_ text: UnsafeBufferPointer<UInt8>, of words: StaticString...) -> Bool {
        words.contains { word in
            word.utf8CodeUnitCount == text.count && word.withUTF8Buffer { $0.elementsEqual(text) }
        }
    }
}
