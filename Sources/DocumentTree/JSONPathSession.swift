/// Many expressions over one document, with what they share evaluated once.
///
/// The expressions of a ruleset begin alike: `$.paths[*][get,put]`, then `.parameters`, `.responses`, `.security[*]`. What
/// each beginning selects is kept, and so is what lies below the nodes that `$..content` selects: an expression walks only the
/// part of its way that no other has gone before. What is kept costs nothing of a budget.
///
/// Lives for one piece of work on one thread.
public final class JSONPathSession {
    private var evaluator: JSONPathEvaluator

    /// - Parameter index: the document's index, which also says whether references are followed.
    public init(_ index: JSONPathIndex) {
        evaluator = JSONPathEvaluator(
            document: index.document,
            root: index.document.rootID,
            index: index,
            isSet: true,
            budget: 0
        )
    }

    /// Evaluates an expression of the Spectral dialect from the document's root.
    ///
    /// - Parameters:
    ///   - path: the expression.
    ///   - budget: how many nodes may still be looked at; what was used is taken off.
    /// - Returns: the matches in the order of evaluation, no node twice.
    /// - Throws: ``JSONPathEvaluationFailure`` when a limit was reached.
    public func matches(
        of path: JSONPath,
        budget: inout Int
    ) throws(JSONPathEvaluationFailure) -> [JSONPathMatch] {
        precondition(path.dialect == .spectral, "only expressions that select sets can share what they select")
        evaluator.renew(budget: budget)
        defer { budget = evaluator.budgetLeft }
        return try evaluator.evaluate(path)
    }
}

/// What the evaluator of a session remembers, by the text of an expression's beginning.
struct JSONPathMemory {
    /// What the beginning selects.
    var entries: [String: [JSONPathEvaluator.Entry]] = [:]
    /// Every node at or below that.
    var reached: [String: VisitedNodes] = [:]
}

/// A set of nodes of one document, a bit each; or none at all, where repeats count.
struct VisitedNodes {
    private var words: [UInt64]

    init(document: Document?) {
        words = document.map { Array(repeating: 0, count: $0.nodeCount / 64 + 1) } ?? []
    }

    /// True the first time; always true where repeats count.
    mutating func insert(_ id: NodeID) -> Bool {
        guard !words.isEmpty else { return true }
        let position = Int(id.rawValue)
        let bit: UInt64 = 1 << UInt64(position & 63)
        guard words[position >> 6] & bit == 0 else { return false }
        words[position >> 6] |= bit
        return true
    }

    func contains(_ id: NodeID) -> Bool {
        let position = Int(id.rawValue)
        return words[position >> 6] & (1 << UInt64(position & 63)) != 0
    }
}
