internal import DocumentTree
internal import RegularExpression

/// Lends the project's regular expressions to JSONPath, which may not import them.
enum PatternEngine {
    /// The engine for expressions in rulesets.
    static let matcher = RegexMatcher { (pattern, flags) throws(RegexRejected) -> RegexMatcher.Program in
        let expression: ECMAPattern
        do throws(PatternError) {
            let letters = try PatternFlags(letters: flags)
            expression = try ECMAPattern(
                pattern,
                flags: letters,
                grammar: letters.contains(.unicode) ? .unicode : .annexB
            )
        } catch {
            throw RegexRejected(reason: "\(error)")
        }
        return { (text) throws(RegexBudgetExceeded) -> Bool in
            do throws(MatchFailure) {
                return try expression.matches(text)
            } catch {
                throw RegexBudgetExceeded(pattern: pattern)
            }
        }
    }
}
