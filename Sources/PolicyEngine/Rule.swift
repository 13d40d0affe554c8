public import DocumentTree

/// One rule of a ruleset, ready to run.
public struct Rule: Sendable {
    /// The rule's name: the `code` of its findings.
    public let name: String
    /// What the rule is about.
    public internal(set) var description: String?
    /// The text of its findings, with placeholders; nil for the description or the function's own text.
    public internal(set) var message: String?
    /// How to put a finding right, in words for the author of the document.
    public internal(set) var remediation: String?
    /// Where the rule is explained.
    public internal(set) var documentationURL: String?
    /// How much its findings weigh.
    public internal(set) var severity: Severity
    /// Whether the rule is on where a ruleset is extended without saying `all`.
    public internal(set) var isRecommended: Bool
    /// Whether the rule runs at all.
    public internal(set) var isEnabled: Bool
    /// Whether the rule sees targets where local references stand.
    public internal(set) var isResolved: Bool
    /// The formats it is limited to; nil for any document.
    public internal(set) var formats: Set<DocumentFormat>?
    /// Free labels.
    public internal(set) var tags: [String]
    /// The name of the text that defines the rule, also where another ruleset inherits and changes it.
    public let origin: String

    var given: [Given]
    var then: [RuleAction]

    /// Whether the rule says anything about a document of these formats.
    public func applies(to formats: Set<DocumentFormat>) -> Bool {
        self.formats.map { !$0.isDisjoint(with: formats) } ?? true
    }
}

/// One expression of `given`, aliases written out.
struct Given: Sendable {
    let path: JSONPath
    /// Formats from the alias target it came from; nil for all.
    let formats: Set<DocumentFormat>?
}

/// One entry of `then`: which part of the match, and the function it is given to.
struct RuleAction: Sendable {
    let field: RuleField?
    let functionName: String
    let function: any RuleFunction
    /// The field as the ruleset writes it.
    var fieldText: String?
    /// The function's options as the ruleset writes them; nil where there are none.
    var options: JSONValue?
}

/// The `field` of a rule.
enum RuleField: Sendable {
    /// `@key`: every key of the match.
    case keys
    /// `info.contact`: a member, as deep as the path goes.
    case members([String])
    /// `$.…`: an expression from the match.
    case expression(JSONPath)

    /// Reads `a.b[0]['c.d']` into its member names.
    static func members(of text: String) -> [String] {
        var members: [String] = []
        var current = ""
        var quote: Character?
        var isInBrackets = false
        for character in text {
            if let open = quote {
                if character == open { quote = nil } else { current.append(character) }
            } else if isInBrackets, character == "'" || character == "\"" {
                quote = character
            } else if character == "[" || character == "." && !isInBrackets {
                if !current.isEmpty { members.append(current) }
                current = ""
                isInBrackets = character == "["
            } else if character == "]", isInBrackets {
                members.append(current)
                current = ""
                isInBrackets = false
            } else {
                current.append(character)
            }
        }
        if !current.isEmpty { members.append(current) }
        return members
    }
}
