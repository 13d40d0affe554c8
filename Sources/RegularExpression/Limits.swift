/// What bounds the work of one regular expression, by name. Patterns come from specifications and rulesets that
/// strangers write, so none of these may be infinite.
public struct PatternLimits: Hashable, Sendable {
    /// The longest pattern taken, in UTF-8 bytes.
    public var patternBytesMax: Int = 64 << 10
    /// The deepest nesting of groups in a pattern.
    public var groupDepthMax: Int = 200
    /// The longest text searched, in UTF-8 bytes.
    public var subjectBytesMax: Int = 16 << 20
    /// How many steps PCRE2 may take in one search before it gives up (`pcre2_set_match_limit`). A catastrophic pattern
    /// reaches this in some tens of milliseconds.
    public var matchStepsMax: UInt32 = 2_000_000
    /// How deeply the interpreter may backtrack (`pcre2_set_depth_limit`); just-in-time code is bounded by its stack.
    public var backtrackDepthMax: UInt32 = 250_000
    /// How much heap the interpreter may take in one search, in KiB (`pcre2_set_heap_limit`).
    public var heapKibibytesMax: UInt32 = 32 << 10
    /// How many match blocks a pattern keeps for its next searches; more are freed at once.
    public var pooledMatchBlocksMax: Int = 8

    /// Makes the limits that the product uses unless told otherwise.
    public init() {}

    /// The limits that the product uses unless told otherwise.
    public static let `default` = PatternLimits()
}
