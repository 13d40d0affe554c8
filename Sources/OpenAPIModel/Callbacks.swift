public import DocumentTree

extension Operation {
    /// Requests the API makes to an address that the operation was told, by name (from 3.0 on); each is a path item by
    /// the runtime expression that gives its address. What leads nowhere is left out.
    public var callbacks: [(name: String, node: Node, requests: [(expression: String, pathItem: PathItem)])] {
        let model = pathItem.model
        guard model.version >= .v3_0, let callbacks = node["callbacks"] else { return [] }
        return callbacks.entries.compactMap { name, place in
            guard !name.hasPrefix("x-"), let callback = model.resolved(place), callback.isMapping else { return nil }
            let requests = callback.entries.compactMap { expression, place in
                expression.hasPrefix("x-")
                    ? nil : PathItem(webhook: expression, place, model).map { (expression, $0) }
            }
            return (name, callback, requests)
        }
    }
}

extension MediaType {
    /// The node where the schema stands, a reference included; nil where there is none, and for form fields of 2.0.
    public var schemaPlace: Node? { schemaNode }
    /// The `formData` parameters of 2.0 that make up the body.
    public var formFieldPlaces: [Node] { formFieldNodes }
}

extension Parameter {
    /// The node where the schema stands, a reference included; of 2.0, the parameter itself.
    public var schemaPlace: Node? { model.version == .v2_0 ? node : node["schema"] }
}

extension Header {
    /// The node where the schema stands, a reference included; of 2.0, the header itself.
    public var schemaPlace: Node? { model.version == .v2_0 ? node : node["schema"] }
}
