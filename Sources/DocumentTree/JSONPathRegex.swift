/// A regular-expression engine lent to ``JSONPath`` by its caller.
///
/// `DocumentTree` stands below every engine in the dependency graph, so it names what it needs and takes it as a
/// value: a way to compile, and programs that answer within a budget.
public struct RegexMatcher: Sendable {
    /// A compiled expression: true when it is found somewhere in the text. Throws when the match ran into its budget.
    public typealias Program = @Sendable (_ text: String) throws(RegexBudgetExceeded) -> Bool

    /// Compiles an ECMA-262 pattern with its flags (`i`, `m`, `s`, `u`, `g`, `y`; the last two change nothing for a test).
    public let compile: @Sendable (_ pattern: String, _ flags: String) throws(RegexRejected) -> Program

    /// - Parameter compile: makes a program from an ECMA-262 pattern and its flags.
    public init(
        compile: @escaping @Sendable (_ pattern: String, _ flags: String) throws(RegexRejected) -> Program
    ) {
        self.compile = compile
    }

    /// An engine that refuses every pattern: for callers whose expressions hold none.
    public static let none = RegexMatcher { (_, _) throws(RegexRejected) -> Program in
        throw RegexRejected(reason: "no regular-expression engine was given")
    }
}

/// A pattern that the engine does not take.
public struct RegexRejected: Error, Hashable, Sendable {
    /// What is wrong with the pattern, in words for its author.
    public let reason: String

    /// - Parameter reason: what is wrong with the pattern.
    public init(reason: String) { self.reason = reason }
}

/// A match that was given up because it needed more steps than it may take.
public struct RegexBudgetExceeded: Error, Hashable, Sendable {
    /// The pattern, as written.
    public let pattern: String

    /// - Parameter pattern: the pattern, as written.
    public init(pattern: String) { self.pattern = pattern }
}
