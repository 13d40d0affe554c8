/// A JSON value that stands on its own: what programs build and send, and a document's node taken out of its text.
///
/// Objects keep the order of their members. Equality and hashing go by value: `1` equals `1.0`, and objects are equal
/// whatever the order of their members.
public enum JSONValue: Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number without fraction that fits 64 bits.
    case integer(Int64)
    /// Any other number; JSON has no infinity and no NaN, they are written as `null`.
    case number(Double)
    /// Text.
    case string(String)
    /// Values in order.
    indirect case array([JSONValue])
    /// Members in order; a name should stand once.
    indirect case object([(key: String, value: JSONValue)])

    /// Takes the value of a node: an integer beyond 64 bits becomes the nearest `Double`.
    public init(_ node: Node) {
        switch node.kind {
        case .null: self = .null
        case .boolean: self = .bool(node.boolean ?? false)
        case .integer: self = node.integer.map { .integer(Int64($0)) } ?? .number(node.number ?? .nan)
        case .number: self = .number(node.number ?? .nan)
        case .string: self = .string(node.string ?? "")
        case .sequence: self = .array(node.elements.map(JSONValue.init))
        case .mapping: self = .object(node.entries.map { ($0.key, JSONValue($0.value)) })
        }
    }

    /// Reads one JSON text (RFC 8259, strictly).
    ///
    /// - Throws: ``UnreadableDocument``, also where a name stands twice in an object or a text cannot be stored: what
    ///   two parsers could read differently is not passed on.
    public static func read(_ text: String, name: String = "JSON", limits: Limits = .default) throws(UnreadableDocument)
        -> JSONValue
    {
        try read(Array(text.utf8), name: name, limits: limits)
    }

    /// Reads one JSON text, see ``read(_:name:limits:)-(String,_,_)``.
    public static func read(_ bytes: [UInt8], name: String = "JSON", limits: Limits = .default)
        throws(UnreadableDocument) -> JSONValue
    {
        let document = try Document.read(bytes, name: name, syntax: .json, limits: limits)
        let errors = document.findings.filter { $0.severity == .error }
        guard errors.isEmpty else { throw UnreadableDocument(findings: errors) }
        return JSONValue(document.root)
    }

    // MARK: Parts

    /// The member of an object; nil for another kind.
    public subscript(_ key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
    }

    /// The element of an array; nil outside and for another kind.
    public subscript(_ index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// The text of a string.
    public var string: String? {
        if case .string(let text) = self { text } else { nil }
    }
    /// The value of an integer.
    public var integer: Int64? {
        if case .integer(let value) = self { value } else { nil }
    }
    /// The value of any number.
    public var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }
    /// The value of a boolean.
    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }
    /// The elements of an array.
    public var array: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }
    /// The members of an object.
    public var object: [(key: String, value: JSONValue)]? {
        if case .object(let members) = self { members } else { nil }
    }
    /// Whether it is `null`.
    public var isNull: Bool {
        if case .null = self { true } else { false }
    }
}

extension JSONValue: Hashable {
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): areEqual(left, right)
        case (.integer, .number), (.number, .integer), (.number, .number): left.number == right.number
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .integer(let value): hasher.combine(Double(value))
        case .number(let value): hasher.combine(value)
        case .string(let text): hasher.combine(text)
        case .array(let elements): hasher.combine(elements)
        case .object(let members):
            // Equal whatever the order: the members' hashes are added.
            var sum = 0
            for member in members {
                var one = Hasher()
                one.combine(member.key)
                one.combine(member.value)
                sum &+= one.finalize()
            }
            hasher.combine(sum)
        }
    }

    private static func areEqual(_ left: [(key: String, value: JSONValue)], _ right: [(key: String, value: JSONValue)])
        -> Bool
    {
        guard left.count == right.count else { return false }
        // The usual case is the same order; otherwise each member is looked up.
        if zip(left, right).allSatisfy({ $0.key == $1.key && $0.value == $1.value }) { return true }
        let others = Dictionary(right.map { ($0.key, $0.value) }, uniquingKeysWith: { _, last in last })
        return others.count == left.count && left.allSatisfy { others[$0.key] == $0.value }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(elements.map { ($0.0, $0.1) }) }
    public init(nilLiteral: ()) { self = .null }
}
