public import DocumentTree

/// A value that a request carries outside of its body (Parameter Object); never a `body` or `formData` parameter of
/// 2.0.
public struct Parameter: Sendable {
    /// Where a parameter stands in a request.
    public enum Location: String, Hashable, Sendable {
        /// In place of a template's variable.
        case path
        /// In the query, by name.
        case query
        /// A field of the request.
        case header
        /// A cookie.
        case cookie
        /// The whole query as one value (from 3.2 on).
        case querystring
    }

    /// The parameter's name; of a header, without regard to case.
    public let name: String
    /// Where it stands.
    public let location: Location
    /// The object, where `$ref` has been followed.
    public let node: Node
    /// The object as it stands in its list, a reference included.
    public let place: Node

    let model: Model

    /// Whether it must be there; always so in a path.
    public var isRequired: Bool { location == .path || node["required"]?.boolean == true }
    /// Whether it should no longer be used.
    public var isDeprecated: Bool { node["deprecated"]?.boolean ?? false }
    /// CommonMark about it.
    public var description: String? { node["description"]?.string }
    /// What its value must be; of 2.0, the parameter itself, whose keywords are a schema's.
    public var schema: SchemaObject? {
        model.version == .v2_0 ? SchemaObject(node, model) : node["schema"].flatMap { SchemaObject($0, model) }
    }
    /// The one media type of a value that is serialised whole (from 3.0 on).
    public var content: [MediaType] { MediaType.all(in: node["content"], model) }
    /// How lists and objects are written: `form`, `simple`, `matrix` …; of 2.0, by `collectionFormat`.
    public var style: String {
        if let style = node["style"]?.string { return style }
        if node["collectionFormat"]?.string == "pipes" { return "pipeDelimited" }
        if node["collectionFormat"]?.string == "ssv" { return "spaceDelimited" }
        switch location {
        case .query, .cookie, .querystring: return "form"
        case .path, .header: return "simple"
        }
    }
    /// Whether each element of a list is a parameter of its own.
    public var explodes: Bool {
        if model.version == .v2_0 { return node["collectionFormat"]?.string == "multi" }
        return node["explode"]?.boolean ?? (style == "form")
    }
    /// A value as an author would show it.
    public var example: Node? { MediaType.example(of: node, model) }

    /// Parameters of a list, in its order; those that lead nowhere or miss `name` or `in` are left out.
    static func all(in owner: Node, _ model: Model) -> [Parameter] {
        owner["parameters"]?.elements.compactMap { place in
            guard let node = model.resolved(place), let name = node["name"]?.scalarText,
                let location = node["in"]?.string.flatMap(Location.init(rawValue:))
            else { return nil }
            return Parameter(name: name, location: location, node: node, place: place, model: model)
        } ?? []
    }

    /// `body` and `formData` parameters of 2.0: the operation's own, and its path item's that it does not override.
    static func bodyParameters(of operation: Node, _ pathItem: Node, _ model: Model) -> [Node] {
        func all(_ owner: Node) -> [Node] {
            owner["parameters"]?.elements.compactMap(model.resolved).filter {
                $0["in"]?.string == "body" || $0["in"]?.string == "formData"
            } ?? []
        }
        let own = all(operation)
        let names = Set(own.compactMap { $0["name"]?.scalarText })
        return all(pathItem).filter { !names.contains($0["name"]?.scalarText ?? "") } + own
    }

    /// A path item's parameters followed by an operation's, without those that the operation overrides.
    static func merged(_ shared: [Parameter], _ own: [Parameter]) -> [Parameter] {
        if shared.isEmpty { return own }
        if own.isEmpty { return shared }
        let overridden = Set(own.map(\.key))
        return shared.filter { !overridden.contains($0.key) } + own
    }

    /// Name and place together: what makes a parameter unique in its list.
    private var key: String { "\(location.rawValue):\(location == .header ? name.lowercased() : name)" }
}
