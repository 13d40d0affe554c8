public import DocumentTree

/// What a report is written of: findings of one call, in order, with what they are about and the rules that made them.
public struct LintResult: Sendable {
    /// The findings by source, line, character, code and path; none twice.
    public let findings: [Finding]
    /// The documents that could be read, by name.
    public let documents: [String: Document]
    /// The rules that ran, by name.
    public let rules: [String: Rule]
    /// From which severity up a finding is a failure.
    public let threshold: Severity

    /// - Parameters:
    ///   - findings: in any order; those of several documents and rulesets together.
    ///   - documents: the documents that could be read.
    ///   - rules: the rules that ran, for what a report says about them; of two with one name the first counts.
    ///   - threshold: from which severity up a finding is a failure.
    public init(_ findings: [Finding], documents: [Document] = [], rules: [Rule] = [], threshold: Severity = .error) {
        self.findings = LintReport.ordered(findings)
        self.documents = Dictionary(documents.map { ($0.source.name, $0) }) { first, _ in first }
        self.rules = Dictionary(rules.map { ($0.name, $0) }) { first, _ in first }
        self.threshold = threshold
    }

    /// The fingerprints of the findings, in their order.
    var fingerprints: [String] { Fingerprint.all(of: findings, in: documents) }

    /// The names of all documents that were read or that something was found about, sorted.
    var sources: [String] { Set(findings.map(\.source)).union(documents.keys).sorted() }

    /// The names of the rules that found something, sorted, each with its first finding.
    var foundRules: [(name: String, example: Finding)] {
        var examples: [String: Finding] = [:]
        for finding in findings where examples[finding.code] == nil { examples[finding.code] = finding }
        return examples.sorted { $0.key < $1.key }.map { (name: $0.key, example: $0.value) }
    }

    /// Whether a finding is a failure.
    func isFailure(_ finding: Finding) -> Bool { finding.severity <= threshold }

    /// `3 errors, 1 warning, 2 info`: the severities that occur; `no findings`.
    static func summary(of findings: [Finding]) -> String {
        let words: [(Severity, String)] = [
            (.error, "error"), (.warning, "warning"), (.information, "info"), (.hint, "hint"),
        ]
        let parts = words.compactMap { severity, word -> String? in
            let count = findings.count { $0.severity == severity }
            return count == 0 ? nil : "\(count) \(word)\(count == 1 || word == "info" ? "" : "s")"
        }
        return parts.isEmpty ? "no findings" : parts.joined(separator: ", ")
    }

    /// A severity in a word, as `--fail-severity` spells it.
    static func word(_ severity: Severity) -> String {
        switch severity {
        case .error: "error"
        case .warning: "warn"
        case .information: "info"
        case .hint: "hint"
        }
    }
}
