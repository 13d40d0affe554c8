/// What one lint may cost.
public enum LintLimits {
    /// Findings that one rule may report about one document; a last finding says that there are more.
    public static let findingsPerRuleMax = 20_000
    /// Nodes that the expressions of all rules together may look at; a large document with the built-in rules needs a
    /// hundredth of this.
    public static let nodesVisitedMax = 400_000_000
    /// Rules of one ruleset, inherited ones included.
    public static let rulesMax = 2_000
    /// Expressions that the aliases of one `given` may expand to.
    public static let expressionsPerGivenMax = 256
    /// Rulesets extended inside each other.
    public static let extendsDepthMax = 16
    /// Entries of `overrides` in one ruleset.
    public static let overridesMax = 1_000
    /// Patterns that the braces of one glob may stand for.
    public static let globAlternativesMax = 256
}
