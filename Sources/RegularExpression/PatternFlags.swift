/// The flags of an ECMAScript regular expression literal that change what matches.
public struct PatternFlags: OptionSet, Hashable, Sendable {
    /// The bits.
    public let rawValue: UInt8
    /// Makes a set from its bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `i`: letters match in either case, by Unicode simple case folding.
    public static let ignoreCase = PatternFlags(rawValue: 1 << 0)
    /// `m`: `^` and `$` also match at line terminators.
    public static let multiline = PatternFlags(rawValue: 1 << 1)
    /// `s`: `.` also matches line terminators.
    public static let dotAll = PatternFlags(rawValue: 1 << 2)
    /// `u`: the strict grammar; text is code points with or without it.
    public static let unicode = PatternFlags(rawValue: 1 << 3)
    /// `y`: a match begins where the search begins.
    public static let sticky = PatternFlags(rawValue: 1 << 4)

    /// Reads flag letters; `g` and `d` are taken and mean nothing for a single search.
    ///
    /// - Parameters:
    ///   - letters: The letters after the closing slash.
    ///   - offset: Where they start, for the error.
    /// - Throws: `PatternError` for a letter that is unknown, repeated or unsupported (`v`).
    public init(letters: String, offset: Int = 0) throws(PatternError) {
        self = []
        var seen: Set<Character> = []
        for letter in letters {
            guard seen.insert(letter).inserted else {
                throw PatternError(kind: .syntax, message: "the flag `\(letter)` is given twice", offset: offset)
            }
            switch letter {
            case "i": insert(.ignoreCase)
            case "m": insert(.multiline)
            case "s": insert(.dotAll)
            case "u": insert(.unicode)
            case "y": insert(.sticky)
            case "g", "d": continue
            case "v":
                throw PatternError(
                    kind: .unsupported,
                    message: "the flag `v` is not supported, use `u`",
                    offset: offset
                )
            default:
                throw PatternError(
                    kind: .syntax,
                    message: "the flag `\(letter)` is unknown, expected `d`, `g`, `i`, `m`, `s`, `u` or `y`",
                    offset: offset
                )
            }
        }
    }

    /// The pattern and flag letters of `/pattern/flags`, or `nil` where `text` has not that form.
    static func splitLiteral(_ text: String) -> (pattern: String, letters: String)? {
        guard text.first == "/", let slash = text.lastIndex(of: "/"), slash != text.startIndex else { return nil }
        let letters = text[text.index(after: slash)...]
        let pattern = text[text.index(after: text.startIndex)..<slash]
        guard !pattern.isEmpty, letters.allSatisfy({ $0.isASCII && $0.isLetter }) else { return nil }
        return (String(pattern), String(letters))
    }
}

/// Which of the two grammars of ECMA-262 a pattern is read with.
public enum PatternGrammar: Hashable, Sendable {
    /// The grammar with the `u` flag: an escape that means nothing is an error. What JSON Schema asks for.
    case unicode
    /// The grammar with Annex B, as browsers take it without the `u` flag: `\-` and a lone `{` stand for themselves.
    case annexB
}
