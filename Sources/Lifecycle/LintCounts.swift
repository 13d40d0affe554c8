/// How a check ended; a check that checked nothing did not pass.
public enum LintResult: String, Sendable, Hashable, CaseIterable, Codable {
    case pass
    case warn
    case fail
    /// The check itself failed.
    case error
    case notApplicable = "not_applicable"
}

/// A lint report in numbers.
public struct LintCounts: Sendable, Hashable, Codable {
    /// How it ended.
    public var result: LintResult
    /// Findings of severity error.
    public var errors: Int
    /// Findings of severity warning.
    public var warnings: Int
    /// Findings of severity information.
    public var informations: Int
    /// Findings of severity hint.
    public var hints: Int

    /// Every field as it stands.
    public init(result: LintResult, errors: Int, warnings: Int, informations: Int, hints: Int) {
        self.result = result
        self.errors = errors
        self.warnings = warnings
        self.informations = informations
        self.hints = hints
    }
}
