public import DocumentTree

/// What a lint found, with what it was made by: a decision made on it can be repeated.
public struct LintReport: Sendable {
    /// The name of the ruleset.
    public let rulesetName: String
    /// SHA-256 of the ruleset's text and of those it extends, in hexadecimal.
    public let rulesetHash: String
    /// The formats that the document has.
    public let formats: Set<DocumentFormat>
    /// The findings by source, line, character, code and path; none twice.
    public let findings: [Finding]

    /// - Parameters:
    ///   - rulesetName: the name of the ruleset.
    ///   - rulesetHash: the hash of its content.
    ///   - formats: the document's formats.
    ///   - findings: in any order; they are sorted and repeats are removed.
    public init(rulesetName: String, rulesetHash: String, formats: Set<DocumentFormat>, findings: [Finding]) {
        self.rulesetName = rulesetName
        self.rulesetHash = rulesetHash
        self.formats = formats
        self.findings = Self.ordered(findings)
    }

    /// How many findings are errors.
    public var errorCount: Int { count(of: .error) }
    /// How many findings are warnings.
    public var warningCount: Int { count(of: .warning) }
    /// How many findings weigh so much.
    public func count(of severity: Severity) -> Int { findings.count { $0.severity == severity } }
    /// The weightiest severity found; nil where nothing was found.
    public var worstSeverity: Severity? { findings.map(\.severity).min() }

    /// Whether something was found that weighs at least as much: the question a gate asks.
    public func reaches(_ threshold: Severity) -> Bool { worstSeverity.map { $0 <= threshold } ?? false }

    /// By source, line, character, code and path, without exact repeats.
    static func ordered(_ findings: [Finding]) -> [Finding] {
        let sorted = findings.sorted(by: precedes)
        var result: [Finding] = []
        result.reserveCapacity(sorted.count)
        // Equal findings stand in one run of those that no part of the order tells apart; few runs are longer than one.
        var runStart = 0
        for finding in sorted {
            if let last = result.last, precedes(last, finding) { runStart = result.count }
            if !result[runStart...].contains(finding) { result.append(finding) }
        }
        return result
    }

    /// Texts of paths are written only for findings of one rule at one place.
    private static func precedes(_ left: Finding, _ right: Finding) -> Bool {
        if Finding.precedes(left, right) { return true }
        if Finding.precedes(right, left) { return false }
        if left.path != right.path {
            let (leftPath, rightPath) = (LintText.pointer(left.path), LintText.pointer(right.path))
            if leftPath != rightPath { return leftPath < rightPath }
        }
        return left.message < right.message
    }
}
