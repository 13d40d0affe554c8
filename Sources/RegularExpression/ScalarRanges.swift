/// A set of Unicode scalars as sorted ranges that do not touch: what `\s`, `\d` and `\w` mean in ECMA-262.
struct ScalarRanges: Hashable {
    private(set) var ranges: [ClosedRange<UInt32>]

    /// ECMA-262 §22.2.2.9 CharacterClassEscape `\d`.
    static let digits = ScalarRanges([0x30...0x39])
    /// `\w`.
    static let wordCharacters = ScalarRanges([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    /// `\s`: WhiteSpace and LineTerminator of ECMA-262 §12.2 and §12.3.
    static let whiteSpace = ScalarRanges([
        0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F,
        0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF,
    ])
    /// What `.` does not match and where `^` and `$` match with the `m` flag (ECMA-262 §12.3).
    static let lineTerminators = ScalarRanges([0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029])

    private init(_ ranges: [ClosedRange<UInt32>]) { self.ranges = ranges }

    /// Every scalar that is not in this set.
    var complement: ScalarRanges {
        var result: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges {
            if next < range.lowerBound { result.append(next...(range.lowerBound - 1)) }
            next = range.upperBound + 1
        }
        result.append(next...0x10FFFF)
        return ScalarRanges(result)
    }

    /// The members as PCRE2 writes them between brackets.
    var text: String { ranges.map { Self.text(of: $0) }.joined() }

    /// One range as PCRE2 writes it between brackets. The surrogates, which no text contains, are left out; a range of
    /// nothing else is empty.
    static func text(of range: ClosedRange<UInt32>) -> String {
        if range.upperBound >= 0xD800, range.lowerBound <= 0xDFFF {
            let below = range.lowerBound < 0xD800 ? text(of: range.lowerBound...0xD7FF) : ""
            let above = range.upperBound > 0xDFFF ? text(of: 0xE000...range.upperBound) : ""
            return below + above
        }
        let low = hexadecimal(range.lowerBound)
        return range.lowerBound == range.upperBound ? low : "\(low)-\(hexadecimal(range.upperBound))"
    }

    /// One scalar in PCRE2's notation that needs no quoting anywhere.
    static func hexadecimal(_ value: UInt32) -> String { #"\x{\#(String(value, radix: 16))}"# }
}
