internal import DocumentTree
internal import RegularExpression

/// `pattern`: a text matches, or does not match, a regular expression.
struct Pattern: RuleFunction {
    private let match: (text: String, expression: ECMAPattern)?
    private let notMatch: (text: String, expression: ECMAPattern)?

    init(_ options: FunctionOptions) throws(OptionsRejected) {
        let examples =
            "{ \"match\": \"^Stoplight\" }, { \"notMatch\": \"Swagger\" }, "
            + "{ \"match\": \"Stoplight\", \"notMatch\": \"Swagger\" }"
        guard let node = try options.mapping(keys: ["match", "notMatch"], examples: examples) else {
            throw options.invalid(examples)
        }
        match = try Self.expression("match", in: node)
        notMatch = try Self.expression("notMatch", in: node)
    }

    private static func expression(
        _ option: String,
        in node: Node
    ) throws(OptionsRejected) -> (text: String, expression: ECMAPattern)? {
        guard let value = node[option] else { return nil }
        guard let text = value.string else {
            throw OptionsRejected(
                "\"pattern\" function and its \"\(option)\" option must be string or RegExp instance",
                at: [option]
            )
        }
        do throws(PatternError) {
            return (text, try ECMAPattern(literal: text))
        } catch {
            throw OptionsRejected("\"pattern\" function and its \"\(option)\" option: \(error)", at: [option])
        }
    }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        let text: String
        switch target.value {
        case .key(let key): text = key
        case .node(let node):
            guard let string = context.document.string(node) else { return [] }
            text = string
        case nil: return []
        }
        var complaints: [Complaint] = []
        if let match, try !isFound(match, in: text) {
            complaints.append(Complaint(.value, "must match the pattern \(LintText.quoted(match.text))"))
        }
        if let notMatch, try isFound(notMatch, in: text) {
            complaints.append(Complaint(.value, "must not match the pattern \(LintText.quoted(notMatch.text))"))
        }
        return complaints
    }

    private func isFound(
        _ pattern: (text: String, expression: ECMAPattern),
        in text: String
    ) throws(NotEvaluated) -> Bool {
        do throws(MatchFailure) {
            return try pattern.expression.matches(text)
        } catch {
            throw NotEvaluated(reason: "the pattern `\(pattern.text)` needs more steps than a match may take")
        }
    }
}
