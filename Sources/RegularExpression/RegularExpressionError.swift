/// Why a pattern was refused.
public struct PatternError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of refusal it is.
    public enum Kind: Hashable, Sendable {
        /// The pattern is not ECMA-262.
        case syntax
        /// The pattern is ECMA-262 but PCRE2 cannot run it (a lookbehind of variable length, the `v` flag).
        case unsupported
        /// The pattern is longer, deeper or larger when compiled than ``PatternLimits`` or PCRE2 allow.
        case tooLarge
    }

    /// The kind.
    public let kind: Kind
    /// What is wrong, lowercase and without a final stop.
    public let message: String
    /// Where, as an offset in UTF-8 bytes from the start of the pattern.
    public let offset: Int

    /// The message with its place.
    public var description: String { "\(message) at offset \(offset)" }
}

/// Why a search came to no answer. It is never the same as "does not match": the caller decides what no answer means.
public enum MatchFailure: Error, Hashable, Sendable {
    /// The search took more steps, depth or memory than ``PatternLimits`` allow: usually a catastrophic pattern.
    case limitExceeded
    /// The text is longer than ``PatternLimits/subjectBytesMax``.
    case subjectTooLong(bytes: Int)
    /// The bytes given are not UTF-8; the offset is in bytes.
    case malformedText(offset: Int)
    /// PCRE2 failed with this negative code, which none of the other cases covers (memory is exhausted).
    case engine(code: Int32)
}
