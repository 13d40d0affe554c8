/// The characters that one place of a pattern takes: Latin-1 exactly, everything beyond as one.
///
/// Enough to tell whether two places can take the same character, which is what ambiguity is made of.
struct CharacterSetSketch: Hashable {
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    private var hasOthers = false

    init() {}

    init(_ ranges: [ClosedRange<UInt32>]) {
        for range in ranges { insert(range) }
    }

    static let all = CharacterSetSketch([0...0x10FFFF])
    static let digits = CharacterSetSketch([0x30...0x39])
    static let wordCharacters = CharacterSetSketch([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    static let spaces = CharacterSetSketch([0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x2028...0x2029])
    /// `.` without the `s` flag.
    static let anyButLineEnds = CharacterSetSketch([0...0x09, 0x0B...0x0C, 0x0E...0x10FFFF])

    mutating func insert(_ range: ClosedRange<UInt32>) {
        if range.upperBound > 0xFF { hasOthers = true }
        guard range.lowerBound <= 0xFF else { return }
        for value in range.lowerBound...min(range.upperBound, 0xFF) { insertLatin(value) }
    }

    private mutating func insertLatin(_ value: UInt32) {
        let bit: UInt64 = 1 << UInt64(value & 63)
        switch value >> 6 {
        case 0: words.0 |= bit
        case 1: words.1 |= bit
        case 2: words.2 |= bit
        default: words.3 |= bit
        }
    }

    mutating func formUnion(_ other: CharacterSetSketch) {
        words = (words.0 | other.words.0, words.1 | other.words.1, words.2 | other.words.2, words.3 | other.words.3)
        hasOthers = hasOthers || other.hasOthers
    }

    /// The complement; what lies beyond Latin-1 is in it, since no class names all of that.
    var inverted: CharacterSetSketch {
        var result = self
        result.words = (~words.0, ~words.1, ~words.2, ~words.3)
        result.hasOthers = true
        return result
    }

    func overlaps(_ other: CharacterSetSketch) -> Bool {
        words.0 & other.words.0 != 0 || words.1 & other.words.1 != 0 || words.2 & other.words.2 != 0
            || words.3 & other.words.3 != 0 || hasOthers && other.hasOthers
    }

    static func == (left: CharacterSetSketch, right: CharacterSetSketch) -> Bool {
        left.words == right.words && left.hasOthers == right.hasOthers
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
        hasher.combine(hasOthers)
    }
}
