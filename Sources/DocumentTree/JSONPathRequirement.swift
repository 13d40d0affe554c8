/// What must hold near a node for a filter to be true of it: enough to find the candidates in an index.
enum JSONPathRequirement {
    /// The node is a mapping with at least one of these keys.
    case childKey([String])
    /// The node itself stands under one of these keys.
    case ownKey([String])
}

extension JSONPathSelector {
    /// Whether an index can name every node that the selector may take.
    var isIndexed: Bool {
        switch self {
        // A number is the element of a list as well, which stands under no key.
        case .name(let name): JSONPathText.arrayIndex(name) == nil
        case .script(let script): script.requirement != nil
        default: false
        }
    }
}

extension JSONPathScript {
    /// A requirement without which the filter is false; nil where none can be told from its form.
    ///
    /// `@ && @.enum && @.type` needs the key `enum` (or `type`): one conjunct is enough. `@.example || @.examples` needs one of
    /// the two: every disjunct must give keys.
    var requirement: JSONPathRequirement? {
        switch self {
        case .and(let left, let right):
            return left.requirement ?? right.requirement
        case .or(let left, let right):
            switch (left.requirement, right.requirement) {
            case (.childKey(let first), .childKey(let second)): return .childKey(first + second)
            case (.ownKey(let first), .ownKey(let second)): return .ownKey(first + second)
            default: return nil
            }
        case .binary(.equal, let left, let right):
            return Self.requirement(equating: left, right, converts: true)
                ?? Self.requirement(equating: right, left, converts: true)
        case .binary(.strictEqual, let left, let right):
            return Self.requirement(equating: left, right, converts: false)
                ?? Self.requirement(equating: right, left, converts: false)
        case .binary(.notEqual, let left, .undefined), .binary(.strictNotEqual, let left, .undefined):
            return left.firstMember.map { .childKey([$0]) }
        default:
            return firstMember.map { .childKey([$0]) }
        }
    }

    private static func requirement(
        equating side: JSONPathScript,
        _ other: JSONPathScript,
        converts: Bool
    ) -> JSONPathRequirement? {
        switch other {
        case .string(let text):
            if case .property = side {
                // `@property == '0'` holds for the first element of a list, whose property is the number 0.
                return converts && !JSONPathText.number(text).isNaN ? nil : .ownKey([text])
            }
        case .number, .boolean(true): break
        default: return nil
        }
        return side.firstMember.map { .childKey([$0]) }
    }

    /// The `a` of `@.a`, `@.a.b`, `@.a.includes('x')`: without that key all of them are undefined.
    private var firstMember: String? {
        switch self {
        case .member(.current, let name):
            // Lists and texts have these without any key.
            name == "length" || name == "constructor" || JSONPathText.arrayIndex(name) != nil ? nil : name
        case .member(let base, _), .element(let base, _), .call(let base, _, _): base.firstMember
        default: nil
        }
    }
}
