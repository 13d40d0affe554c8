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
        var seen = Set<Finding>(minimumCapacity: findings.count)
        let unique = findings.filter { seen.insert($0).inserted }
        let keyed = unique.map { (finding: $0, path: LintText.pointer($0.path)) }
        return keyed.sorted { left, right in
            if Finding.precedes(left.finding, right.finding) { return true }
            if Finding.precedes(right.finding, left.finding) { return false }
            if left.path != right.path { return left.path < right.path }
            return left.finding.message < right.finding.message
        }.map(\.finding)
    }
}
