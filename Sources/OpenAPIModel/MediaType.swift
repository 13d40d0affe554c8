public import DocumentTree

/// One representation of a body (Media Type Object).
public struct MediaType: Sendable {
    /// The media type or range as written, `application/json`.
    public let type: String
    /// The object; of 2.0, the parameter or response it was made of.
    public let node: Node
    let schemaNode: Node?
    let formFieldNodes: [Node]
    let model: Model

    init(type: String, node: Node, schemaNode: Node?, formFields: [Node] = [], model: Model) {
        self.type = type
        self.node = node
        self.schemaNode = schemaNode
        formFieldNodes = formFields
        self.model = model
    }

    static func all(in content: Node?, _ model: Model) -> [MediaType] {
        content?.entries.compactMap { type, place in
            guard !type.hasPrefix("x-"), let node = model.resolved(place) else { return nil }
            return MediaType(type: type, node: node, schemaNode: node["schema"], model: model)
        } ?? []
    }

    /// What the body must be.
    public var schema: SchemaObject? { schemaNode.flatMap { SchemaObject($0, model) } }
    /// What each item of a stream must be (from 3.2 on).
    public var itemSchema: SchemaObject? { node["itemSchema"].flatMap { SchemaObject($0, model) } }
    /// The `formData` parameters of 2.0 that make up the body, as name and schema.
    public var formFields: [(name: String, isRequired: Bool, schema: SchemaObject)] {
        formFieldNodes.compactMap { field in
            guard let name = field["name"]?.scalarText, let schema = SchemaObject(field, model) else { return nil }
            return (name, field["required"]?.boolean ?? false, schema)
        }
    }

    /// Whether the type is JSON: `application/json`, or any with the suffix `+json` (RFC 6839).
    public var isJSON: Bool {
        let essence = type.prefix { $0 != ";" }.lowercased()
        let trimmed = essence.split(separator: " ").first.map(String.init) ?? essence
        return trimmed == "application/json" || trimmed == "text/json" || trimmed.hasSuffix("+json")
    }

    /// A body as an author would show it: `example`, or the first of ``examples``.
    public var example: Node? {
        guard model.version == .v2_0 else { return Self.example(of: node, model) }
        return node["examples"]?[type]
    }

    /// Bodies by name, as an author would show them.
    public var examples: [(name: String, value: Node)] {
        guard model.version != .v2_0 else { return example.map { [(type, $0)] } ?? [] }
        return Self.examples(of: node, model)
    }

    static func example(of node: Node, _ model: Model) -> Node? {
        node["example"] ?? node["x-example"] ?? examples(of: node, model).first?.value
    }

    /// Example Objects by name; those that stand elsewhere (`externalValue`) are not fetched and so left out.
    private static func examples(of node: Node, _ model: Model) -> [(name: String, value: Node)] {
        node["examples"]?.entries.compactMap { name, place in
            guard let example = model.resolved(place) else { return nil }
            return (example["value"] ?? example["dataValue"]).map { (name, $0) }
        } ?? []
    }
}
