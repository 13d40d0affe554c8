/// A regular expression with the syntax and meaning of ECMA-262, run by PCRE2 with just-in-time code.
///
/// JSON Schema, Spectral rulesets and OpenAPI all mean ECMAScript when they say "regular expression". The pattern is read
/// by our own reader of that grammar (`PatternTranslator`), which writes an equivalent PCRE2 pattern; this gives exact
/// errors, keeps PCRE2's own extensions (`(*LIMIT…)`, recursion, callouts) out of reach of strangers' patterns, and settles
/// the differences (`.`, `\s`, `$`, `[^]`, `[[]`, `\u{…}`, `\cX`, `\1` before its group).
///
/// What differs from ECMA-262, because PCRE2 cannot do it: each alternative of a lookbehind has a fixed length, the `v` flag
/// is refused, text is Unicode scalars (a lone surrogate never occurs), a counted repetition above 65,535 has no upper
/// bound, and captures inside a repetition keep the value of the last round that set them.
///
/// A value can be shared by any number of threads. Every search is bounded by ``PatternLimits``.
public final class ECMAPattern: Sendable {
    /// The pattern as given, without delimiters and flags.
    public let pattern: String
    /// The flags as given.
    public let flags: PatternFlags
    /// Names of the capturing groups and their numbers, in the order of the pattern.
    public let groupNames: [(name: String, number: Int)]
    /// How many capturing groups the pattern has.
    public let groupCount: Int

    private let limits: PatternLimits
    private let program: Program

    /// Compiles a pattern.
    ///
    /// - Parameters:
    ///   - pattern: The pattern, without delimiters.
    ///   - flags: As after the closing slash of a literal.
    ///   - grammar: Whether oddities that only browsers must accept (Annex B) are taken.
    ///   - limits: What bounds compiling and searching.
    /// - Throws: `PatternError` where the pattern is wrong, cannot be run, or is too large.
    public init(
        _ pattern: String,
        flags: PatternFlags = [],
        grammar: PatternGrammar = .annexB,
        limits: PatternLimits = .default
    ) throws(PatternError) {
        guard pattern.utf8.count <= limits.patternBytesMax else {
            throw PatternError(
                kind: .tooLarge,
                message: "the pattern has \(pattern.utf8.count) bytes, at most \(limits.patternBytesMax) are taken",
                offset: 0
            )
        }
        var translator = PatternTranslator(pattern, flags: flags, grammar: grammar, limits: limits)
        let translated = try translator.translate()
        self.pattern = pattern
        self.flags = flags
        self.limits = limits
        groupNames = translated.groupNames
        groupCount = translated.groupCount
        program = try Program(translated.text, flags: flags, groupCount: translated.groupCount, limits: limits)
    }

    /// Compiles what rulesets hold: `/pattern/flags`, or a bare pattern.
    ///
    /// A text that starts with a slash and has a later slash followed only by flag letters is a literal; anything else is a
    /// pattern, as Spectral's `pattern` function has it.
    ///
    /// - Throws: `PatternError` as ``init(_:flags:grammar:limits:)``, and for unknown or repeated flags.
    public convenience init(literal: String, limits: PatternLimits = .default) throws(PatternError) {
        guard let parts = PatternFlags.splitLiteral(literal) else {
            try self.init(literal, limits: limits)
            return
        }
        let flags = try PatternFlags(letters: parts.letters, offset: parts.pattern.utf8.count + 2)
        try self.init(
            parts.pattern,
            flags: flags,
            grammar: flags.contains(.unicode) ? .unicode : .annexB,
            limits: limits
        )
    }

    /// Whether a text is a pattern of ECMA-262, without compiling it. What PCRE2 cannot run is a pattern all the same.
    public static func isWellFormed(
        _ pattern: String,
        grammar: PatternGrammar = .annexB,
        limits: PatternLimits = .default
    ) -> Bool {
        guard pattern.utf8.count <= limits.patternBytesMax else { return false }
        var translator = PatternTranslator(pattern, flags: [], grammar: grammar, limits: limits)
        do {
            _ = try translator.translate()
            return true
        } catch {
            return error.kind == .unsupported
        }
    }

    /// Whether the pattern is found anywhere in `text`.
    ///
    /// - Throws: `MatchFailure` where no answer was found within the limits.
    public func matches(_ text: String) throws(MatchFailure) -> Bool {
        try run(text, from: 0, { _ in () }) != nil
    }

    /// Whether the pattern is found anywhere in bytes that should be UTF-8.
    ///
    /// - Throws: `MatchFailure`, with ``MatchFailure/malformedText(offset:)`` for bytes that are not UTF-8.
    public func matches(utf8 bytes: Span<UInt8>) throws(MatchFailure) -> Bool {
        try search(bytes, from: 0, isChecked: false, { _ in () }) != nil
    }

    /// The first place where the pattern is found at or after an offset in UTF-8 bytes, with its captures.
    ///
    /// - Parameters:
    ///   - text: What is searched.
    ///   - from: The offset to start from, 0 ... `text.utf8.count`, on the border of a character.
    /// - Returns: The match, or `nil` where the pattern is not found.
    /// - Throws: `MatchFailure` where no answer was found within the limits.
    public func firstMatch(in text: String, from: Int = 0) throws(MatchFailure) -> PatternMatch? {
        let count = groupCount
        return try run(text, from: from) { block in
            PatternMatch(groups: (0...count).map { block.range(of: $0) })
        }
    }

    /// The text of the first match of the group with this name, or `nil` where it did not take part or does not exist.
    public func text(of name: String, in match: PatternMatch, of text: String) -> Substring? {
        guard let number = groupNames.first(where: { $0.name == name })?.number else { return nil }
        return match.text(of: number, in: text)
    }

    private func run<Result>(
        _ text: String,
        from offset: Int,
        _ body: (borrowing MatchBlock) -> Result
    ) throws(MatchFailure) -> Result? {
        var text = text
        // A Swift string is always well-formed UTF-8, so PCRE2 need not check it again.
        text.makeContiguousUTF8()
        return try search(text.utf8.span, from: offset, isChecked: true, body)
    }

    private func search<Result>(
        _ bytes: Span<UInt8>,
        from offset: Int,
        isChecked: Bool,
        _ body: (borrowing MatchBlock) -> Result
    ) throws(MatchFailure) -> Result? {
        guard bytes.count <= limits.subjectBytesMax else { throw .subjectTooLong(bytes: bytes.count) }
        precondition((0...bytes.count).contains(offset), "a search starts inside its text")
        precondition(offset == bytes.count || bytes[offset] & 0xC0 != 0x80, "a search starts between characters")
        return try program.search(bytes, from: offset, isChecked: isChecked, body)
    }
}

/// Where a pattern was found; offsets are UTF-8 bytes from the start of the text.
public struct PatternMatch: Hashable, Sendable {
    /// The whole match first, then each capturing group; `nil` for a group that took no part.
    public let groups: [Range<Int>?]

    /// The range of the whole match. `\K` does not exist in ECMA-262, so it is never backwards.
    public var range: Range<Int> { groups.first.flatMap { $0 } ?? 0..<0 }

    /// The text of a group, or `nil` for one that took no part or does not exist.
    public func text(of group: Int, in text: String) -> Substring? {
        guard groups.indices.contains(group), let range = groups[group] else { return nil }
        let utf8 = text.utf8
        let start = utf8.index(utf8.startIndex, offsetBy: range.lowerBound)
        return text[start..<utf8.index(start, offsetBy: range.count)]
    }
}
