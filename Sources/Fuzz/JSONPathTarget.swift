import DocumentTree

/// The parsers and the evaluator of JSONPath. The first line of an input is the expression, the rest is the document (YAML, or
/// the sample where nothing follows).
enum JSONPathTarget {
    /// Nodes that one expression may look at.
    private static let nodesVisitedMax = 200_000

    static func run(_ bytes: [UInt8]) {
        let parts = bytes.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
        let expression = String(decoding: parts[0], as: UTF8.self)
        let strict = try? JSONPath(expression, dialect: .rfc9535)
        let loose = try? JSONPath(expression, dialect: .spectral)
        guard strict != nil || loose != nil,
            let document = document(parts.count > 1 ? Array(parts[1]) : [])
        else { return }
        if let strict { _ = try? strict.matches(in: document, nodesVisitedMax: nodesVisitedMax) }
        guard let loose else { return }
        let walked = try? loose.matches(in: document, nodesVisitedMax: nodesVisitedMax)
        let resolver = ReferenceResolver(document)
        let following = JSONPathIndex(document) { resolver.resolved(document.node($0))?.id }
        let indexed = try? loose.matches(
            in: document,
            index: following.withoutReferences(),
            nodesVisitedMax: nodesVisitedMax
        )
        if let walked, let indexed {
            precondition(
                Set(walked.map(\.node)) == Set(indexed.map(\.node)),
                "the index changes what `\(expression)` selects"
            )
        }
        guard let followed = try? loose.matches(in: document, index: following, nodesVisitedMax: nodesVisitedMax) else {
            return
        }
        for match in followed { precondition(document.nodeCount > Int(match.node.rawValue), "a match is no node") }
        checkSession(loose, following, expected: followed)
    }

    /// A session that knows a beginning of the expression answers as one evaluation does.
    private static func checkSession(_ path: JSONPath, _ index: JSONPathIndex, expected: [JSONPathMatch]) {
        let session = JSONPathSession(index)
        var budget = nodesVisitedMax
        if let beginning = try? JSONPath("$..*", dialect: .spectral) {
            _ = try? session.matches(of: beginning, budget: &budget)
        }
        for _ in 0..<2 {
            budget = nodesVisitedMax
            guard let matches = try? session.matches(of: path, budget: &budget) else { continue }
            precondition(matches == expected, "a session selects something else than `\(path.text)` alone")
        }
    }

    private static func document(_ bytes: [UInt8]) -> Document? {
        guard !bytes.isEmpty else { return RulesetTarget.sample }
        return try? Document.read(bytes, name: "fuzz.yaml", limits: DocumentTargets.limits)
    }
}
