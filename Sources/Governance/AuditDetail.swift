import DocumentTree

/// What changed, as the audit shows it: a flat JSON object in the order it was written.
struct AuditDetail: ExpressibleByDictionaryLiteral, Sendable {
    private var members: [(String, JSONValue)]

    init(dictionaryLiteral elements: (String, Value)...) {
        members = elements.map { ($0.0, $0.1.json) }
    }

    var json: String { JSONValue.object(members).text() }

    subscript(_ name: String) -> Value {
        get { .null }
        set { members.append((name, newValue.json)) }
    }

    /// A scalar or a list of texts.
    enum Value: Sendable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
        ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByNilLiteral
    {
        case null
        case text(String)
        case number(Int64)
        case truth(Bool)
        case list([String])

        init(stringLiteral value: String) { self = .text(value) }
        init(integerLiteral value: Int64) { self = .number(value) }
        init(booleanLiteral value: Bool) { self = .truth(value) }
        init(arrayLiteral elements: String...) { self = .list(elements) }
        init(nilLiteral: ()) { self = .null }
        /// A text, or null where there is none.
        init(_ text: String?) { self = text.map { .text($0) } ?? .null }

        var json: JSONValue {
            switch self {
            case .null: .null
            case .text(let text): .string(text)
            case .number(let number): .integer(number)
            case .truth(let truth): .bool(truth)
            case .list(let list): .array(list.map { .string($0) })
            }
        }
    }
}
