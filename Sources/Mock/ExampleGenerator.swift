public import DocumentTree

/// Makes a value that a schema accepts, the same one every time: what the schema's author wrote as an example where there
/// is one, else the plainest value that its keywords allow (Schema Object; JSON Schema).
///
/// Pure: a document in, a value out. Recursion ends at ``depthMax``: there, optional properties and items are left out.
public struct ExampleGenerator: Sendable {
    /// How deep values nest before optional parts are left out.
    public static let depthMax = 8
    /// How many values one example may hold.
    public static let valuesMax = 10_000

    private let resolver: ReferenceResolver
    private var budget = ExampleGenerator.valuesMax

    /// - Parameter document: the document that the schemas and their local references live in.
    public init(document: Document) {
        resolver = ReferenceResolver(document)
    }

    /// A value for the schema.
    ///
    /// - Parameters:
    ///   - schema: a schema object, a reference to one, or a boolean schema.
    ///   - document: the document that it stands in.
    /// - Returns: the value; null where no value can be.
    public static func value(for schema: Node, in document: Document) -> JSONValue {
        var generator = ExampleGenerator(document: document)
        return generator.make(schema, depth: 0) ?? .null
    }

    /// Nil where nothing may stand there: a schema of `false`, or a reference that leads nowhere.
    mutating func make(_ place: Node, depth: Int) -> JSONValue? {
        guard budget > 0, depth <= Self.depthMax * 4, let schema = target(of: place) else { return nil }
        budget -= 1
        if schema.boolean == false { return nil }
        if let written = written(schema) { return written }
        if let merged = composed(schema, depth: depth) { return merged }
        return typed(schema, depth: depth)
    }

    /// What the author wrote: `example`, the first of `examples`, `default`, `const` or the first of `enum`.
    private func written(_ schema: Node) -> JSONValue? {
        for keyword in ["example", "const", "default"] {
            if let node = schema[keyword] { return JSONValue(node) }
        }
        for keyword in ["examples", "enum"] {
            if let first = schema[keyword]?.elements.first(where: { _ in true }) { return JSONValue(first) }
        }
        return nil
    }

    /// `allOf` merged into one object; the first branch of `oneOf` and `anyOf` that gives a value.
    private mutating func composed(_ schema: Node, depth: Int) -> JSONValue? {
        if let parts = schema["allOf"], parts.count > 0 {
            var members: [(key: String, value: JSONValue)] = []
            var last: JSONValue?
            for part in parts.elements {
                guard let value = make(part, depth: depth + 1) else { continue }
                last = value
                members = Self.merged(members, value)
            }
            if schema["properties"] != nil { members = Self.merged(members, typed(schema, depth: depth)) }
            return members.isEmpty ? last : .object(members)
        }
        for keyword in ["oneOf", "anyOf"] {
            guard let branches = schema[keyword] else { continue }
            for branch in branches.elements {
                guard let value = make(branch, depth: depth + 1), !value.isNull else { continue }
                guard schema["properties"] != nil, let members = typed(schema, depth: depth).object else {
                    return value
                }
                return .object(Self.merged(members, value))
            }
        }
        return nil
    }

    private static func merged(_ members: [(key: String, value: JSONValue)], _ value: JSONValue) -> [(
        key: String, value: JSONValue
    )] {
        guard let more = value.object else { return members }
        var result = members.filter { member in !more.contains { $0.0 == member.0 } }
        result += more.map { ($0.0, $0.1) }
        return result
    }

    private mutating func typed(_ schema: Node, depth: Int) -> JSONValue {
        switch type(of: schema) {
        case "object": object(schema, depth: depth)
        case "array": array(schema, depth: depth)
        case "string": .string(ScalarExample(schema: schema).string)
        case "integer": .integer(ScalarExample(schema: schema).integer)
        case "number": ScalarExample(schema: schema).number
        case "boolean": .bool(true)
        default: .null
        }
    }

    /// The first type that is not `null`; where none is named, what the other keywords speak of.
    private func type(of schema: Node) -> String {
        if let name = schema["type"]?.string { return name }
        if let names = schema["type"]?.elements.compactMap(\.string), let name = names.first(where: { $0 != "null" }) {
            return name
        }
        if schema["properties"] != nil || schema["additionalProperties"] != nil || schema["required"] != nil {
            return "object"
        }
        if schema["items"] != nil || schema["prefixItems"] != nil { return "array" }
        if schema["pattern"] != nil || schema["minLength"] != nil || schema["format"] != nil { return "string" }
        if schema["minimum"] != nil || schema["maximum"] != nil { return "number" }
        return schema.isMapping && schema.count == 0 ? "object" : "null"
    }

    private mutating func object(_ schema: Node, depth: Int) -> JSONValue {
        let required = Set(schema["required"]?.elements.compactMap(\.string) ?? [])
        var members: [(key: String, value: JSONValue)] = []
        for (name, property) in schema["properties"]?.entries.map({ $0 }) ?? [] {
            let isRequired = required.contains(name)
            guard isRequired || depth < Self.depthMax, target(of: property)?["writeOnly"]?.boolean != true else {
                continue
            }
            if let value = make(property, depth: depth + 1) {
                members.append((name, value))
            } else if isRequired {
                members.append((name, .null))
            }
        }
        for name in required.sorted()
        where !members.contains(where: { $0.0 == name }) && schema["properties"]?[name] == nil {
            members.append((name, .string(name)))
        }
        if members.isEmpty, depth < Self.depthMax, let rest = schema["additionalProperties"], rest.isMapping,
            let value = make(rest, depth: depth + 1)
        {
            members.append(("key", value))
        }
        return .object(members)
    }

    private mutating func array(_ schema: Node, depth: Int) -> JSONValue {
        let least = schema["minItems"]?.integer ?? 0
        if let places = schema["prefixItems"] {
            return .array(places.elements.map { make($0, depth: depth + 1) ?? .null })
        }
        guard let items = schema["items"], depth < Self.depthMax || least > 0 else { return .array([]) }
        let count = min(max(least, 1), schema["maxItems"]?.integer ?? Int.max, 100)
        var elements: [JSONValue] = []
        for _ in 0..<max(count, 0) {
            guard let value = make(items, depth: depth + 1) else { break }
            elements.append(value)
        }
        return .array(elements)
    }

    /// The schema a place means, references followed; nil where they lead nowhere or in a circle.
    func target(of place: Node) -> Node? {
        resolver.resolved(place)
    }
}
