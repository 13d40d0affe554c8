public import DocumentTree

/// The body of a request (Request Body Object).
public struct RequestBody: Sendable {
    /// The object; of 2.0, the `body` parameter or the first `formData` parameter.
    public let node: Node
    /// Whether a request must have a body.
    public let isRequired: Bool
    /// The media types it may have, in the order of the text.
    public let content: [MediaType]
    /// CommonMark about it.
    public var description: String? { node["description"]?.string }

    init?(of operation: Operation, _ model: Model) {
        guard model.version == .v2_0 else {
            guard let node = model.resolved(operation.node["requestBody"]), node.isMapping else { return nil }
            self.node = node
            isRequired = node["required"]?.boolean ?? false
            content = MediaType.all(in: node["content"], model)
            return
        }
        let parameters = Parameter.bodyParameters(of: operation.node, operation.pathItem.node, model)
        guard let first = parameters.first else { return nil }
        isRequired = parameters.contains { $0["required"]?.boolean == true }
        if let body = parameters.first(where: { $0["in"]?.string == "body" }) {
            node = body
            content = model.mediaTypes("consumes", of: operation.node).map {
                MediaType(type: $0, node: body, schemaNode: body["schema"], model: model)
            }
            return
        }
        node = first
        content = Self.formTypes(parameters, operation.node, model).map {
            MediaType(type: $0, node: first, schemaNode: nil, formFields: parameters, model: model)
        }
    }

    /// Form media types that apply: those consumed, else multipart where a file is among the fields.
    private static func formTypes(_ fields: [Node], _ operation: Node, _ model: Model) -> [String] {
        let forms = ["multipart/form-data", "application/x-www-form-urlencoded"]
        let consumed = model.mediaTypes("consumes", of: operation).filter(forms.contains)
        if !consumed.isEmpty { return consumed }
        return [fields.contains { $0["type"]?.string == "file" } ? forms[0] : forms[1]]
    }
}

/// An answer (Response Object).
public struct Response: Sendable {
    /// The object, where `$ref` has been followed.
    public let node: Node
    let operation: Node
    let model: Model

    /// CommonMark about it.
    public var description: String? { node["description"]?.string }

    /// The media types it may have, in the order of the text; of 2.0, `produces` with the response's schema and
    /// examples.
    public var content: [MediaType] {
        guard model.version == .v2_0 else { return MediaType.all(in: node["content"], model) }
        guard node["schema"] != nil || node["examples"] != nil else { return [] }
        var types = model.mediaTypes("produces", of: operation)
        for (type, _) in node["examples"]?.entries.map({ $0 }) ?? [] where !types.contains(type) { types.append(type) }
        return types.map { MediaType(type: $0, node: node, schemaNode: node["schema"], model: model) }
    }

    /// The fields it carries, in the order of the text.
    public var headers: [Header] {
        node["headers"]?.entries.compactMap { name, place in
            model.resolved(place).map { Header(name: name, node: $0, model: model) }
        } ?? []
    }
}

/// A field of an answer (Header Object).
public struct Header: Sendable {
    /// The field's name.
    public let name: String
    /// The object, where `$ref` has been followed.
    public let node: Node
    let model: Model

    /// CommonMark about it.
    public var description: String? { node["description"]?.string }
    /// Whether every answer carries it.
    public var isRequired: Bool { node["required"]?.boolean ?? false }
    /// What its value must be.
    public var schema: SchemaObject? {
        model.version == .v2_0 ? SchemaObject(node, model) : node["schema"].flatMap { SchemaObject($0, model) }
    }
    /// A value as an author would show it.
    public var example: Node? { MediaType.example(of: node, model) }
}
