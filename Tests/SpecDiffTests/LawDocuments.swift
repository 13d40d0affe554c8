import DocumentTree

/// A generator of numbers that gives the same sequence for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}

/// A schema of a generated document.
struct LawSchema {
    indirect enum Kind {
        case string(minLength: Int?, maxLength: Int?, values: [String])
        case integer(minimum: Int?, maximum: Int?)
        case boolean
        case array(LawSchema)
        case object([LawProperty])
        case reference(String)
    }

    var kind: Kind
    var isNullable = false
    var description: String?

    func json(names: (String) -> String) -> JSONValue {
        var members: [(key: String, value: JSONValue)] = []
        func add(_ key: String, _ value: Int?) { if let value { members.append((key, .integer(Int64(value)))) } }
        switch kind {
        case .reference(let name): return ["$ref": .string("#/components/schemas/" + names(name))]
        case .string(let minLength, let maxLength, let values):
            members.append(("type", "string"))
            add("minLength", minLength)
            add("maxLength", maxLength)
            if !values.isEmpty { members.append(("enum", .array(values.map(JSONValue.string)))) }
        case .integer(let minimum, let maximum):
            members.append(("type", "integer"))
            add("minimum", minimum)
            add("maximum", maximum)
        case .boolean: members.append(("type", "boolean"))
        case .array(let items): members += [("type", "array"), ("items", items.json(names: names))]
        case .object(let properties):
            members.append(("type", "object"))
            let required = properties.filter(\.isRequired).map { JSONValue.string($0.name) }
            if !required.isEmpty { members.append(("required", .array(required))) }
            members.append(("properties", .object(properties.map { ($0.name, $0.schema.json(names: names)) })))
        }
        if isNullable { members.append(("nullable", true)) }
        if let description { members.append(("description", .string(description))) }
        return .object(members)
    }
}

struct LawProperty {
    var name: String
    var isRequired: Bool
    var schema: LawSchema
}

struct LawParameter {
    var name: String
    var location: String
    var isRequired: Bool
    var schema: LawSchema

    func json(names: (String) -> String) -> JSONValue {
        [
            "name": .string(name), "in": .string(location), "required": .bool(isRequired),
            "schema": schema.json(names: names),
        ]
    }
}

struct LawOperation {
    var path: String
    var method: String
    var id: String
    var parameters: [LawParameter]
    /// The properties of the request body; nil without a body.
    var request: [LawProperty]?
    /// The status and the properties of the answers; the first is a success.
    var responses: [(status: String, properties: [LawProperty])]
    /// Schemas that both sides use by reference, as properties.
    var shared: [String]

    func json(names: (String) -> String) -> JSONValue {
        func content(_ properties: [LawProperty]) -> JSONValue {
            let references = shared.map {
                LawProperty(name: "ref\($0)", isRequired: false, schema: LawSchema(kind: .reference($0)))
            }
            let schema = LawSchema(kind: .object(properties + references))
            return ["application/json": ["schema": schema.json(names: names)]]
        }
        var members: [(key: String, value: JSONValue)] = [("operationId", .string(id))]
        if !parameters.isEmpty { members.append(("parameters", .array(parameters.map { $0.json(names: names) }))) }
        if let request { members.append(("requestBody", ["required": true, "content": content(request)])) }
        members.append(
            (
                "responses",
                .object(
                    responses.map { ($0.status, ["description": "an answer", "content": content($0.properties)]) }
                )
            )
        )
        return .object(members)
    }
}

/// A generated API description.
struct LawAPI {
    var operations: [LawOperation]
    var schemas: [(name: String, schema: LawSchema)]

    /// Makes a document of a seed: up to six operations and five schemas, some of which hold each other or themselves.
    init(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        let names = (0..<Int.random(in: 1...5, using: &generator)).map { "Thing\($0)" }
        schemas = []
        for (place, name) in names.enumerated() {
            // Schemas refer to later ones, and now and then to themselves: a list of things in a thing.
            let others = Array(names[(place + 1)...]) + (generator.chance(30) ? [name] : [])
            schemas.append((name, LawSchema(kind: .object(Self.properties(&generator, references: others, depth: 2)))))
        }
        operations = []
        for number in 0..<Int.random(in: 2...6, using: &generator) {
            let method = ["get", "post", "put", "delete"].randomElement(using: &generator) ?? "get"
            let hasBody = method == "post" || method == "put"
            operations.append(
                LawOperation(
                    path: "/r\(number)/{id}",
                    method: method,
                    id: "op\(number)",
                    parameters: Self.parameters(&generator),
                    request: hasBody ? Self.properties(&generator, references: names, depth: 2) : nil,
                    responses: ["200", "404"].prefix(Int.random(in: 1...2, using: &generator)).map {
                        ($0, Self.properties(&generator, references: names, depth: 2))
                    },
                    shared: names.filter { _ in generator.chance(30) }
                )
            )
        }
    }

    private static func parameters(_ generator: inout SeededGenerator) -> [LawParameter] {
        let path = LawParameter(
            name: "id",
            location: "path",
            isRequired: true,
            schema: LawSchema(kind: .string(minLength: nil, maxLength: nil, values: []))
        )
        return [path]
            + (0..<Int.random(in: 0...3, using: &generator)).map { number in
                LawParameter(
                    name: "p\(number)",
                    location: generator.chance(70) ? "query" : "header",
                    isRequired: generator.chance(30),
                    schema: scalar(&generator)
                )
            }
    }

    private static func scalar(_ generator: inout SeededGenerator) -> LawSchema {
        let kind: LawSchema.Kind
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: kind = .string(minLength: generator.chance(50) ? 1 : nil, maxLength: 40, values: [])
        case 1: kind = .string(minLength: nil, maxLength: nil, values: ["a", "b", "c"])
        case 2: kind = .integer(minimum: generator.chance(50) ? 0 : nil, maximum: generator.chance(50) ? 100 : nil)
        default: kind = .boolean
        }
        return LawSchema(kind: kind, description: generator.chance(20) ? "words about it" : nil)
    }

    private static func properties(_ generator: inout SeededGenerator, references: [String], depth: Int)
        -> [LawProperty]
    {
        (0..<Int.random(in: 1...4, using: &generator)).map { number in
            var schema = scalar(&generator)
            if depth > 0, generator.chance(20) {
                schema = LawSchema(
                    kind: .object(properties(&generator, references: references, depth: depth - 1))
                )
            } else if let name = references.randomElement(using: &generator), generator.chance(25) {
                let reference = LawSchema(kind: .reference(name))
                schema = generator.chance(50) ? LawSchema(kind: .array(reference)) : reference
            }
            if case .reference = schema.kind {} else { schema.isNullable = generator.chance(10) }
            // A reference that is required of itself could never be answered.
            var isRequired = generator.chance(40)
            if case .reference = schema.kind { isRequired = false }
            return LawProperty(name: "f\(number)", isRequired: isRequired, schema: schema)
        }
    }

    /// The document as a value; `names` renames its schemas.
    func json(names: (String) -> String = { $0 }) -> JSONValue {
        [
            "openapi": "3.0.3", "info": ["title": "Generated", "version": "1.0.0"],
            "paths": .object(operations.map { ($0.path, .object([($0.method, $0.json(names: names))])) }),
            "components": ["schemas": .object(schemas.map { (names($0.name), $0.schema.json(names: names)) })],
        ]
    }

    /// The document as it is compared.
    func document(_ name: String) throws -> Document {
        try Document.read(json().text(pretty: true), name: name + ".json")
    }
}

/// Other ways to write the same document.
enum LawWriting {
    /// The same value with its members, and its lists whose order says nothing, in another order.
    static func shuffled(_ value: JSONValue, _ generator: inout SeededGenerator, key: String = "") -> JSONValue {
        switch value {
        case .object(let members):
            let inner = members.map { ($0.key, shuffled($0.value, &generator, key: $0.key)) }
            return .object(inner.shuffled(using: &generator).map { (key: $0.0, value: $0.1) })
        case .array(let elements):
            let inner = elements.map { shuffled($0, &generator) }
            return .array(["parameters", "required", "enum"].contains(key) ? inner.shuffled(using: &generator) : inner)
        default: return value
        }
    }

    /// The value as block YAML with comments and empty lines between.
    static func yaml(_ value: JSONValue, indent: Int = 0) -> String {
        let pad = String(repeating: "  ", count: indent)
        switch value {
        case .object(let members) where !members.isEmpty:
            return members.map { key, member in
                let comment = key == "schema" ? "\n\(pad)# what it holds\n" : ""
                return "\(comment)\(pad)\"\(key)\":" + nested(member, indent + 1)
            }.joined()
        case .array(let elements) where !elements.isEmpty:
            return elements.map { "\(pad)-" + nested($0, indent + 1) }.joined()
        default: return pad + value.text() + "\n"
        }
    }

    private static func nested(_ value: JSONValue, _ indent: Int) -> String {
        let isEmpty = value.object?.isEmpty ?? value.array?.isEmpty ?? true
        return isEmpty ? " " + value.text() + "\n" : "\n" + yaml(value, indent: indent)
    }
}
