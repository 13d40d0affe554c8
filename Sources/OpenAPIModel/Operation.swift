public import DocumentTree

/// One method at one path (Operation Object).
public struct Operation: Sendable {
    /// The path it stands under.
    public let pathItem: PathItem
    private let declared: Declared

    /// What is read of an operation's object once, however many paths lead to it.
    private struct Declared {
        let method: String
        let node: Node
        let parameters: [Parameter]
        let security: [SecurityRequirement]?
    }

    private init(_ declared: Declared, _ pathItem: PathItem) {
        self.declared = declared
        self.pathItem = pathItem
    }

    /// The operations of path items, in their order. Path items that are one object by reference are read once, so
    /// that a document whose many paths lead to one large object costs no more than its own size.
    static func all(of pathItems: [PathItem]) -> [Operation] {
        var known: [NodeID: [Declared]] = [:]
        var operations: [Operation] = []
        for item in pathItems {
            let declared = known[item.node.id] ?? declared(by: item)
            if item.place != item.node { known[item.node.id] = declared }
            for operation in declared { operations.append(Operation(operation, item)) }
        }
        return operations
    }

    private static func declared(by item: PathItem) -> [Declared] {
        let shared = item.parameters
        return item.methods.compactMap { method, node in
            guard node.isMapping else { return nil }
            return Declared(
                method: method,
                node: node,
                parameters: Parameter.merged(shared, Parameter.all(in: node, item.model)),
                security: SecurityRequirement.read(node["security"])
            )
        }
    }

    private var model: Model { pathItem.model }

    /// The method in upper case.
    public var method: String { declared.method }
    /// The object.
    public var node: Node { declared.node }
    /// The path item's parameters and the operation's own, which win where name and place are the same.
    public var parameters: [Parameter] { declared.parameters }
    /// Whether ``security`` is the operation's own rather than the document's.
    public var declaresSecurity: Bool { declared.security != nil }
    /// The effective requirement as alternatives, one of which a request must meet.
    ///
    /// Nil: nothing is declared, neither here nor for the document. An empty list, or a list that holds an empty
    /// requirement: anonymous requests are permitted explicitly.
    public var security: [SecurityRequirement]? { declared.security ?? model.defaultSecurity }
    /// The path read as a template.
    public var pathTemplate: PathTemplate { pathItem.pathTemplate }
    /// The operation's id.
    public var operationID: String? { node["operationId"]?.scalarText }
    /// The id, or method and path where it has none: what plans and reports call the operation.
    public var identifier: String { operationID ?? "\(method) \(pathTemplate.text)" }
    /// Whether it should no longer be used.
    public var isDeprecated: Bool { node["deprecated"]?.boolean ?? false }
    /// The names of its tags.
    public var tags: [String] { node["tags"]?.elements.compactMap(\.scalarText) ?? [] }
    /// One line about it.
    public var summary: String? { node["summary"]?.string }
    /// CommonMark about it.
    public var description: String? { node["description"]?.string }
    /// The pointer to the object.
    public var pointer: JSONPointer { node.pointer }

    /// Whether anonymous requests are permitted explicitly.
    public var permitsAnonymous: Bool {
        guard let security else { return false }
        return security.isEmpty || security.contains { $0.schemes.isEmpty }
    }

    /// The body that requests carry; of 2.0, made of the `body` or `formData` parameters.
    public var requestBody: RequestBody? { RequestBody(of: self, model) }

    /// The answers by status (`200`, `4XX`, `default`), in the order of the text.
    public var responses: [(status: String, response: Response)] {
        node["responses"]?.entries.compactMap { status, place in
            guard !status.hasPrefix("x-"), let node = model.resolved(place), node.isMapping else { return nil }
            return (status, Response(node: node, operation: self.node, model: model))
        } ?? []
    }

    /// The answer that describes a status: the exact one, else its class (`4XX`), else `default`.
    public func response(forStatus status: Int) -> Response? {
        let responses = responses
        for wanted in [String(status), "\(status / 100)XX", "\(status / 100)xx", "default"] {
            if let match = responses.first(where: { $0.status == wanted }) { return match.response }
        }
        return nil
    }

    /// Addresses that hold for this operation: its own, else its path's, else the document's.
    public var servers: [Server] {
        guard model.version != .v2_0 else { return Server.all(of: model.root, in: model) }
        let own = Server.all(of: node, in: model)
        if !own.isEmpty { return own }
        return pathItem.servers.isEmpty ? Server.all(of: model.root, in: model) : pathItem.servers
    }
}
