internal import DocumentTree

/// `oasDiscriminator`: the property that an OpenAPI 2.0 schema discriminates by is defined and required.
struct OASDiscriminator: RuleFunction {
    init(_ options: FunctionOptions) throws(OptionsRejected) { try options.requireNone() }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        guard case .node(let schema)? = target.value, context.document.kind(schema) == .mapping,
            let name = context.string(schema, "discriminator")
        else { return [] }
        var complaints: [Complaint] = []
        let properties = context.child(schema, "properties")
        if properties.flatMap({ context.document.child($0, key: name) }) == nil {
            complaints.append(
                Complaint(
                    .none,
                    "The discriminator property must be defined in this schema.",
                    at: properties.map { Place(node: $0) } ?? Place(node: schema, missing: ["properties"])
                )
            )
        }
        let required = context.child(schema, "required")
        let isRequired = required.map { required in
            context.children(required).contains { context.document.string($0.node) == name }
        }
        if isRequired != true {
            complaints.append(
                Complaint(
                    .none,
                    "The discriminator property must be in the required property list.",
                    at: required.map { Place(node: $0) } ?? Place(node: schema, missing: ["required"])
                )
            )
        }
        return complaints
    }
}

/// `refSiblings`: nothing stands beside a `$ref` (OpenAPI 2.0 and 3.0 ignore what does).
struct RefSiblings: RuleFunction {
    init(_ options: FunctionOptions) throws(OptionsRejected) { try options.requireNone() }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        let document = context.document
        let reference = target.place.node
        // A property that is called `$ref` has a schema as its value.
        guard document.kind(reference) == .string, let owner = document.parent(reference) else { return [] }
        return document.children(owner).filter { $0 != reference }.map {
            Complaint("$ref must not be placed next to any other properties", at: $0)
        }
    }
}

/// `typedEnum`: the values of an `enum` have the type that stands beside it.
struct TypedEnum: RuleFunction {
    init(_ options: FunctionOptions) throws(OptionsRejected) { try options.requireNone() }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        let document = context.document
        guard case .node(let schema)? = target.value, let values = context.child(schema, "enum"),
            document.kind(values) == .sequence, let type = context.child(schema, "type")
        else { return [] }
        let types =
            document.kind(type) == .sequence
            ? context.children(type).compactMap { document.string($0.node) } : [document.string(type) ?? ""]
        guard types.allSatisfy(Self.known.contains) else { return [] }
        let permitsNull = Self.isNullable(schema, context)
        return context.children(values).compactMap { place, value in
            if permitsNull, document.kind(value) == .null { return nil }
            if types.contains(where: { Self.isValue(value, of: $0, document) }) { return nil }
            let shown = LintText.value(document.node(value))
            return Complaint("Enum value \(shown) must be \"\(types.joined(separator: ","))\".", at: place)
        }
    }

    private static let known: Set<String> = ["string", "number", "integer", "boolean", "null", "object", "array"]

    /// OpenAPI 2.0 has `x-nullable`, 3.0 `nullable`; later versions list `null` as a type.
    private static func isNullable(_ schema: NodeID, _ context: LintContext) -> Bool {
        let key = context.formats.contains(.oas2) ? "x-nullable" : context.formats.contains(.oas3_0) ? "nullable" : nil
        return key.flatMap { context.child(schema, $0) }.flatMap(context.document.boolean) == true
    }

    private static func isValue(_ node: NodeID, of type: String, _ document: Document) -> Bool {
        switch (document.kind(node), type) {
        case (.string, "string"), (.boolean, "boolean"), (.null, "null"), (.mapping, "object"), (.sequence, "array"),
            (.integer, "integer"), (.integer, "number"), (.number, "number"):
            true
        case (.number, "integer"): document.number(node).map { $0.rounded() == $0 } ?? false
        default: false
        }
    }
}
