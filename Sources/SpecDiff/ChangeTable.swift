/// The taxonomy of changes as data: one row a check, after oasdiff's where oasdiff has the check.
///
/// A row stands on two or three lines of a text: the check with its level, direction, area, kind and action; the
/// sentence it makes; and, behind `#`, what a reader should know besides. Names in braces are filled with values of the
/// documents. A new check is one row and one place that makes it.
public enum ChangeTable {
    /// Every check by its id.
    public static let rules: [String: ChangeRule] = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })

    /// Every check, in the order of the table.
    public static let all: [ChangeRule] =
        (generalRows + "\n" + parametersRows + "\n" + requestBodyRows + "\n" + requestPropertyRows + "\n"
        + responseBodyRows + "\n" + responsePropertyRows)
        .readRules(isAdditional: false) + additionalRows.readRules(isAdditional: true)

    /// The ids of all checks.
    public static let ids = Set(rules.keys)

    /// The row of a check; nil where there is none.
    public static func rule(_ id: String) -> ChangeRule? { rules[id] }
}

/// A check: what it is called, how much it weighs, and what it says.
public struct ChangeRule: Hashable, Sendable {
    /// Which half of an exchange it looks at.
    public enum Direction: String, Hashable, Sendable {
        case none, request, response
    }

    /// What it looks at.
    public enum Area: String, Hashable, Sendable {
        case paths, parameters, requestBody, responses, headers, schema, security, components, tags, info
    }

    /// What about it.
    public enum Kind: String, Hashable, Sendable {
        case existence, requiredness, type, values, constraints, structure, mutability, lifecycle
    }

    /// What happened to it.
    public enum Action: String, Hashable, Sendable {
        case add, remove, change, increase, decrease, set, generalize, specialize
    }

    /// In kebab-case.
    public let id: String
    /// How much it weighs unless ``DiffOptions/levels`` says otherwise.
    public let level: ChangeLevel
    /// Which half of an exchange it looks at.
    public let direction: Direction
    /// What it looks at.
    public let area: Area
    /// What about it.
    public let kind: Kind
    /// What happened to it.
    public let action: Action
    /// The sentence, with names in braces for values.
    public let template: String
    /// What a reader should know besides.
    public let comment: String?
    /// Whether the check is ours alone rather than one of oasdiff's.
    public let isAdditional: Bool
}

extension String {
    /// Reads rows as ``ChangeTable`` describes them.
    fileprivate func readRules(isAdditional: Bool) -> [ChangeRule] {
        var rules: [ChangeRule] = []
        var head: [Substring] = []
        var template = ""
        var comment: String?
        func finish() {
            guard !head.isEmpty else { return }
            guard head.count == 6, let level = ChangeLevel(name: head[1]),
                let direction = ChangeRule.Direction(rawValue: String(head[2])),
                let area = ChangeRule.Area(rawValue: String(head[3])),
                let kind = ChangeRule.Kind(rawValue: String(head[4])),
                let action = ChangeRule.Action(rawValue: String(head[5])), !template.isEmpty
            else { preconditionFailure("a row of ChangeTable cannot be read: \(head)") }
            rules.append(
                ChangeRule(
                    id: String(head[0]),
                    level: level,
                    direction: direction,
                    area: area,
                    kind: kind,
                    action: action,
                    template: template,
                    comment: comment,
                    isAdditional: isAdditional
                )
            )
        }
        for line in split(separator: "\n") {
            if line.hasPrefix("  # ") {
                comment = String(line.dropFirst(4))
            } else if line.hasPrefix("  ") {
                template = String(line.dropFirst(2))
            } else {
                finish()
                head = line.split(separator: " ")
                template = ""
                comment = nil
            }
        }
        finish()
        return rules
    }
}
