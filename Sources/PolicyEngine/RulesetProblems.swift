internal import DocumentTree

/// Collects what is wrong with a ruleset while the rest of it is read: all problems are shown at once.
final class RulesetProblems {
    private(set) var findings: [Finding] = []

    /// Notes a problem at a node of the ruleset.
    func add(_ code: String, _ message: String, help: String? = nil, at node: Node) {
        findings.append(Finding(code: code, message: message, help: help, at: node))
    }

    /// Notes a problem with what stands, or is missing, under names below a node.
    func add(_ code: String, _ message: String, below node: Node, _ names: [String]) {
        var place = node
        var rest = names[...]
        while let name = rest.first, let next = place[name] ?? Int(name).flatMap({ place[$0] }) {
            place = next
            rest.removeFirst()
        }
        var finding = Finding(code: code, message: message, at: place)
        finding.path += rest.map { .key($0) }
        findings.append(finding)
    }

    /// Notes a problem with a key of the ruleset.
    func addKey(_ code: String, _ message: String, help: String? = nil, at node: Node) {
        findings.append(Finding(code: code, message: message, help: help, atKeyOf: node))
    }

    /// The word of a list that was probably meant.
    static func suggestion(for word: String, among known: some Sequence<String>) -> String? {
        let ranked = known.map { (word: $0, distance: EditDistance.between(word.lowercased(), $0.lowercased())) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= max(1, word.count / 3) else {
            return nil
        }
        return best.word
    }
}

/// Levenshtein's distance.
enum EditDistance {
    /// How many characters must be added, removed or replaced. Long texts are not compared: they are no typing mistakes.
    static func between(_ left: String, _ right: String) -> Int {
        let first = Array(left.unicodeScalars.prefix(64))
        let second = Array(right.unicodeScalars.prefix(64))
        var row = Array(0...second.count)
        for (line, scalar) in first.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for column in second.indices {
                let cost = diagonal + (scalar == second[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(cost, diagonal + 1, row[column] + 1)
            }
        }
        return row[second.count]
    }
}
