/// A JSONPath expression, compiled once and evaluated over any number of documents.
///
/// Two dialects share one evaluator. ``Dialect/rfc9535`` takes exactly what RFC 9535 defines and refuses the rest;
/// ``Dialect/spectral`` takes what rulesets in the field hold: names without quotes in brackets, `^` (parent), `~` (key),
/// `@property`, `@path`, and filters that are JavaScript expressions.
public struct JSONPath: Sendable {
    /// Which language an expression is written in.
    public enum Dialect: Sendable {
        /// RFC 9535 and nothing else.
        case rfc9535
        /// The dialect of Spectral rulesets (jsonpath-plus and nimma).
        case spectral
    }

    /// The expression as it was written.
    public let text: String
    /// The language it was read in.
    public let dialect: Dialect
    let steps: [JSONPathStep]
    /// The text up to the end of each step, in the Spectral dialect; what two expressions begin with alike, they select
    /// alike up to there.
    let beginnings: [String]

    /// Compiles an expression.
    ///
    /// - Parameters:
    ///   - text: the expression, beginning with `$`.
    ///   - dialect: the language of the expression.
    ///   - regularExpressions: the engine for patterns in filters.
    /// - Throws: ``JSONPathSyntaxError`` with the place (byte offset) and what was expected there.
    public init(
        _ text: String,
        dialect: Dialect,
        regularExpressions: RegexMatcher = .none
    ) throws(JSONPathSyntaxError) {
        self.text = text
        self.dialect = dialect
        guard text.utf8.count <= JSONPathLimits.expressionBytesMax else {
            throw JSONPathSyntaxError(
                offset: JSONPathLimits.expressionBytesMax,
                reason: "the expression is longer than \(JSONPathLimits.expressionBytesMax) bytes"
            )
        }
        var scanner = JSONPathScanner(text)
        switch dialect {
        case .rfc9535:
            var parser = JSONPathStrictParser(scanner: scanner, regularExpressions: regularExpressions)
            steps = try parser.parse()
            beginnings = []
        case .spectral:
            let parsed = try JSONPathSpectralParser.parse(&scanner, regularExpressions: regularExpressions)
            steps = parsed.map(\.step)
            beginnings = parsed.map { scanner.text(from: 0, to: $0.end) }
        }
    }

    /// True when the expression is `$` alone.
    public var isRoot: Bool { steps.isEmpty }

    /// Evaluates the expression.
    ///
    /// - Parameters:
    ///   - document: the document to look in.
    ///   - start: the node that `$` stands for; the document's root when nil.
    ///   - index: lets `..name` and simple filters jump to their candidates, and, if it follows references, makes the
    ///     expression see the target where a local `$ref` stands. Every real node is then visited once per step.
    ///   - nodesVisitedMax: how many nodes the evaluation may look at.
    /// - Returns: the matches in the order of evaluation; with an index no node twice.
    /// - Throws: ``JSONPathEvaluationFailure`` when a limit was reached.
    public func matches(
        in document: Document,
        from start: NodeID? = nil,
        index: JSONPathIndex? = nil,
        nodesVisitedMax: Int = JSONPathLimits.nodesVisitedMax
    ) throws(JSONPathEvaluationFailure) -> [JSONPathMatch] {
        var budget = nodesVisitedMax
        return try matches(in: document, from: start, index: index, budget: &budget)
    }

    /// Evaluates the expression out of a budget that several evaluations share.
    ///
    /// - Parameters:
    ///   - document: the document to look in.
    ///   - start: the node that `$` stands for; the document's root when nil.
    ///   - index: as for ``matches(in:from:index:nodesVisitedMax:)``.
    ///   - budget: how many nodes may still be looked at; what was used is taken off.
    /// - Returns: the matches in the order of evaluation; with an index no node twice.
    /// - Throws: ``JSONPathEvaluationFailure`` when a limit was reached.
    public func matches(
        in document: Document,
        from start: NodeID? = nil,
        index: JSONPathIndex? = nil,
        budget: inout Int
    ) throws(JSONPathEvaluationFailure) -> [JSONPathMatch] {
        var evaluator = JSONPathEvaluator(
            document: document,
            root: start ?? document.rootID,
            index: index,
            isSet: dialect == .spectral,
            budget: budget
        )
        defer { budget = evaluator.budgetLeft }
        return try evaluator.evaluate(steps)
    }
}

/// One result of an evaluation.
public struct JSONPathMatch: Hashable, Sendable {
    /// The value; the target where references are followed and a `$ref` stands at ``place``.
    public let node: NodeID
    /// Where the value stands in its parent; the node that holds the `$ref` when a reference was followed.
    public let place: NodeID
    /// True when the expression ended in `~`: the match is the key of the value, not the value.
    public let isKey: Bool

    /// - Parameters:
    ///   - node: the value.
    ///   - place: where it stands.
    ///   - isKey: whether its key was asked for.
    public init(node: NodeID, place: NodeID, isKey: Bool) {
        self.node = node
        self.place = place
        self.isKey = isKey
    }
}

/// An expression that could not be read.
public struct JSONPathSyntaxError: Error, Hashable, Sendable {
    /// Where in the expression, in UTF-8 bytes from its start.
    public let offset: Int
    /// What was expected or what is not allowed there.
    public let reason: String

    /// - Parameters:
    ///   - offset: the place in UTF-8 bytes.
    ///   - reason: what was expected.
    public init(offset: Int, reason: String) {
        self.offset = offset
        self.reason = reason
    }
}

/// An evaluation that was given up.
public enum JSONPathEvaluationFailure: Error, Hashable, Sendable {
    /// More nodes were visited than allowed; the limit is given.
    case nodesVisited(max: Int)
    /// A pattern in a filter needed more steps than it may take.
    case regularExpression(pattern: String)
}

/// The limits of expressions and of their evaluation.
public enum JSONPathLimits {
    /// Bytes of one expression.
    public static let expressionBytesMax = 16_384
    /// Parentheses, functions and filters inside each other.
    public static let nestingMax = 64
    /// Nodes that one evaluation may look at; the largest documents hold two million.
    public static let nodesVisitedMax = 40_000_000
    /// Patterns compiled while evaluating (`match(@.a, @.b)`) that are kept.
    public static let regularExpressionsKept = 256
}
