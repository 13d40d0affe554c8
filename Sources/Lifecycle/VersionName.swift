/// A version's name: opaque text such as `1.2.0`, `v3`, `2024-07-01` or `10`, with the order and the major that can be read
/// out of it.
public struct VersionName: Hashable, Sendable, CustomStringConvertible {
    /// The text as it was given.
    public let text: String
    /// The first number of `1.2.0`, `v3` or `10`; nil for dates and for words.
    public let major: Int?
    /// Orders versions of one API bytewise, the greatest is the latest: numbers by value, pre-releases before their release
    /// (SemVer 2.0.0 §11), words before numbers, build metadata and a leading `v` without weight.
    public let sortKey: [UInt8]

    /// More text for people; may be empty.
    public var description: String { text }

    /// Every field as it stands.
    public init(_ text: String) {
        self.text = text
        let bytes = Array(text.utf8)
        if Self.isDate(bytes) {
            major = nil
            sortKey = Self.key(main: bytes.split { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }, preRelease: [])
            return
        }
        let withoutBuild = bytes.prefix { $0 != UInt8(ascii: "+") }
        let unprefixed = Self.hasVersionLetter(withoutBuild) ? withoutBuild.dropFirst() : withoutBuild[...]
        let dot = UInt8(ascii: ".")
        let hyphen = UInt8(ascii: "-")
        let main = unprefixed.prefix { $0 != hyphen }.split(separator: dot)
        let rest = unprefixed.drop { $0 != hyphen }.dropFirst()
        sortKey = Self.key(main: main, preRelease: rest.split(separator: dot))
        major = main.first.flatMap { Self.isNumber($0) ? Int(String(decoding: $0, as: UTF8.self)) : nil }
            .flatMap { $0 <= Int(Int32.max) ? $0 : nil }
    }

    /// `v3` and `V1.2`, but not `version` or `v`.
    private static func hasVersionLetter(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, first | 0x20 == UInt8(ascii: "v"), bytes.count > 1 else { return false }
        return isDigit(bytes[bytes.startIndex + 1])
    }

    /// `2024-07-01`, also with something after it, such as `2024-07-01-preview`.
    private static func isDate(_ bytes: [UInt8]) -> Bool {
        let hyphen = UInt8(ascii: "-")
        guard bytes.count >= 10, bytes[4] == hyphen, bytes[7] == hyphen else { return false }
        return (0..<10).allSatisfy { $0 == 4 || $0 == 7 || isDigit(bytes[$0]) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isNumber(_ part: ArraySlice<UInt8>) -> Bool { !part.isEmpty && part.allSatisfy(isDigit) }

    // A part is a tag, then a number as count of digits and digits without leading zeros, or a word ended by zero. The tags
    // are above the end mark, so a shorter name that begins the same is less.
    private static let end: UInt8 = 0x08
    private static let preReleaseMark: UInt8 = 0x01
    private static let releaseMark: UInt8 = 0x02

    private static func key(main: [ArraySlice<UInt8>], preRelease: [ArraySlice<UInt8>]) -> [UInt8] {
        var key: [UInt8] = []
        for part in main { append(part, to: &key, number: 0x20, word: 0x10) }
        key.append(end)
        guard !preRelease.isEmpty else { return key + [releaseMark] }
        key.append(preReleaseMark)
        // SemVer §11.4.3: numbers are less than words here.
        for part in preRelease { append(part, to: &key, number: 0x10, word: 0x20) }
        return key + [end]
    }

    private static func append(_ part: ArraySlice<UInt8>, to key: inout [UInt8], number: UInt8, word: UInt8) {
        if isNumber(part) {
            let digits = part.drop { $0 == UInt8(ascii: "0") }
            key.append(number)
            key.append(UInt8(clamping: digits.count))
            key.append(contentsOf: digits)
        } else {
            key.append(word)
            key.append(contentsOf: part)
            key.append(0)
        }
    }
}
