public import DocumentTree

/// A schema as the specification's version understands it (Schema Object): a view for programs that make or describe
/// values.
///
/// A reference is followed when the view is made; nothing is copied, so recursive schemas cost nothing until they are
/// walked. Validation is JSONSchema's business.
public struct SchemaObject: Sendable {
    /// The schema, where `$ref` has been followed: a mapping, or `true` or `false` (from 3.1 on).
    public let node: Node
    /// The schema as it stands in its place, a reference included.
    public let place: Node

    let model: Model

    init?(_ place: Node, _ model: Model) {
        guard let node = model.resolved(place), node.isMapping || node.kind == .boolean else { return nil }
        self.node = node
        self.place = place
        self.model = model
    }

    /// The schema's name where it stands among the named ones.
    public var name: String? {
        switch node.parent?.pointer.tokens ?? [] {
        case ["components", "schemas"], ["definitions"]: node.key
        default: nil
        }
    }

    /// `true` allows everything, `false` nothing; nil for an ordinary schema.
    public var booleanSchema: Bool? { node.boolean }

    /// The types a value may have; none where the schema does not say. `null` is among them for a nullable schema of
    /// 3.0.
    public var types: [String] {
        guard let type = node["type"] else { return [] }
        var types = type.isSequence ? type.elements.compactMap(\.string) : type.string.map { [$0] } ?? []
        if !types.isEmpty, isNullable, !types.contains("null") { types.append("null") }
        return types
    }

    /// Whether `null` is among the values: by type, by `nullable` of 3.0 or by `x-nullable` of 2.0.
    public var isNullable: Bool {
        switch model.version {
        case .v2_0: node["x-nullable"]?.boolean ?? false
        case .v3_0: node["nullable"]?.boolean ?? false
        case .v3_1, .v3_2:
            node["type"]?.elements.contains { $0.string == "null" } ?? false || node["type"]?.string == "null"
        }
    }

    /// `int64`, `date-time` and the like.
    public var format: String? { node["format"]?.string }
    /// The schema's name for people.
    public var title: String? { node["title"]?.string }
    /// CommonMark about it.
    public var description: String? { node["description"]?.string }
    /// The values that are allowed; nil where all are.
    public var enumeration: [Node]? { node["enum"].map { Array($0.elements) } }
    /// The one value that is allowed (from 3.1 on).
    public var constant: Node? { node["const"] }
    /// The value that is assumed where none is sent.
    public var defaultValue: Node? { node["default"] }
    /// A value as an author would show it: `example`, else the first of `examples`.
    public var example: Node? { node["example"] ?? node["x-example"] ?? node["examples"]?[0] }
    /// Whether values should no longer be used.
    public var isDeprecated: Bool { node["deprecated"]?.boolean ?? false }
    /// Sent by servers only.
    public var isReadOnly: Bool { node["readOnly"]?.boolean ?? false }
    /// Sent by clients only.
    public var isWriteOnly: Bool { node["writeOnly"]?.boolean ?? false }

    /// The properties that have schemas, in the order of the text.
    public var properties: [(name: String, schema: SchemaObject)] {
        node["properties"]?.entries.compactMap { name, place in SchemaObject(place, model).map { (name, $0) } } ?? []
    }
    /// The properties that must be there.
    public var required: [String] { node["required"]?.elements.compactMap(\.string) ?? [] }
    /// What further properties must be; nil where anything may stand, or nothing (see ``forbidsAdditionalProperties``).
    public var additionalProperties: SchemaObject? { child("additionalProperties") }
    /// Whether properties without a schema are refused.
    public var forbidsAdditionalProperties: Bool { node["additionalProperties"]?.boolean == false }
    /// What the elements of a list must be.
    public var items: SchemaObject? { child("items") }
    /// What the first elements of a list must be, one by one (from 3.1 on).
    public var prefixItems: [SchemaObject] { list("prefixItems") }
    /// Schemas a value must follow all.
    public var allOf: [SchemaObject] { list("allOf") }
    /// Schemas of which a value must follow exactly one.
    public var oneOf: [SchemaObject] { list("oneOf") }
    /// Schemas of which a value must follow one or more.
    public var anyOf: [SchemaObject] { list("anyOf") }
    /// The schema a value must not follow.
    public var not: SchemaObject? { child("not") }

    /// The regular expression (ECMA-262) that a text must match somewhere.
    public var pattern: String? { node["pattern"]?.string }
    /// `minLength`, in characters.
    public var lengthMin: Int? { node["minLength"]?.integer }
    /// `maxLength`, in characters.
    public var lengthMax: Int? { node["maxLength"]?.integer }
    /// `minItems`.
    public var itemsMin: Int? { node["minItems"]?.integer }
    /// `maxItems`.
    public var itemsMax: Int? { node["maxItems"]?.integer }
    /// The least value, itself allowed unless ``minimumExclusive`` says otherwise.
    public var minimum: Double? { node["minimum"]?.number }
    /// The greatest value, itself allowed unless ``maximumExclusive`` says otherwise.
    public var maximum: Double? { node["maximum"]?.number }
    /// What values must be a multiple of.
    public var multipleOf: Double? { node["multipleOf"]?.number }
    /// The bound that values must be above: a number from 3.1 on; before, `minimum` where `exclusiveMinimum` is true.
    public var minimumExclusive: Double? {
        node["exclusiveMinimum"]?.boolean == true ? minimum : node["exclusiveMinimum"]?.number
    }
    /// The bound that values must be below, see ``minimumExclusive``.
    public var maximumExclusive: Double? {
        node["exclusiveMaximum"]?.boolean == true ? maximum : node["exclusiveMaximum"]?.number
    }

    /// The property that tells which of several schemas a value follows.
    public var discriminatorProperty: String? {
        guard let discriminator = node["discriminator"] else { return nil }
        return discriminator.string ?? discriminator["propertyName"]?.string
    }

    private func child(_ key: String) -> SchemaObject? { node[key].flatMap { SchemaObject($0, model) } }

    private func list(_ key: String) -> [SchemaObject] {
        node[key]?.elements.compactMap { SchemaObject($0, model) } ?? []
    }
}
