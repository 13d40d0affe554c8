internal import DocumentTree

/// `patternRisk`: the regular expressions of schemas are valid, and can be matched in bounded time.
///
/// Looks at `pattern` and at the keys of `patternProperties`; examples, defaults and extensions are data and not looked at.
struct BoundedPattern: RuleFunction {
    private enum Concern: String {
        case valid
        case bounded
    }

    private let concern: Concern

    init(_ options: FunctionOptions) throws(OptionsRejected) {
        let examples = "{ \"concern\": \"valid\" }, { \"concern\": \"bounded\" }"
        guard let node = try options.mapping(keys: ["concern"], examples: examples),
            let concern = node["concern"]?.string.flatMap(Concern.init(rawValue:))
        else { throw options.invalid(examples) }
        self.concern = concern
    }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        var complaints: [Complaint] = []
        for place in context.linted.raw.nodes(withKey: "pattern") {
            guard let pattern = context.document.string(place), context.isSchemaKeyword(place) else { continue }
            complaints += complaint(about: pattern, at: place, context)
        }
        for owner in context.linted.raw.nodes(withKey: "patternProperties") where context.isSchemaKeyword(owner) {
            for place in context.document.children(owner) {
                complaints += complaint(about: context.document.key(place) ?? "", at: place, context)
            }
        }
        return complaints
    }

    private func complaint(about pattern: String, at place: NodeID, _ context: LintContext) -> [Complaint] {
        let here = Place(node: place, followsReference: false)
        switch (context.linted.risk(of: pattern), concern) {
        case (.invalid(let reason), .valid):
            return [Complaint(.none, "the pattern `\(Self.excerpt(pattern))` is not valid: \(reason)", at: here)]
        case (.unbounded(let reason), .bounded):
            return [
                Complaint(.none, "the pattern `\(Self.excerpt(pattern))` may take unbounded time: \(reason)", at: here)
            ]
        default: return []
        }
    }

    private static func excerpt(_ pattern: String) -> String {
        pattern.count > 60 ? String(pattern.prefix(60)) + "…" : pattern
    }
}
