internal import DocumentTree
internal import JSONSchema

/// `oasExample`: examples and defaults fit the schema they stand with.
struct OASExample: RuleFunction {
    private enum Kind {
        /// Examples inside a schema.
        case schema
        /// Examples beside a schema: media types, parameters, headers.
        case media
    }

    private let isVersion2: Bool
    private let kind: Kind
    private let schemaField: [String]

    init(_ options: FunctionOptions) throws(OptionsRejected) {
        let examples = "{ \"oasVersion\": 3, \"schemaField\": \"$\", \"type\": \"schema\" }"
        let node = try options.mapping(keys: ["oasVersion", "schemaField", "type"], examples: examples)
        guard let version = node?["oasVersion"]?.integer, version == 2 || version == 3,
            let field = node?["schemaField"]?.string,
            let type = node?["type"]?.string, type == "schema" || type == "media"
        else { throw options.invalid(examples) }
        isVersion2 = version == 2
        kind = type == "schema" ? .schema : .media
        schemaField = field == "$" ? [] : RuleField.members(of: field)
    }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        guard case .node(let owner)? = target.value, context.document.kind(owner) == .mapping else { return [] }
        var schema: NodeID? = owner
        for name in schemaField { schema = schema.flatMap { context.child($0, name) } }
        guard let schema, context.document.kind(schema) == .mapping else { return [] }
        let direction = Direction(path: context.document.path(target.place.node))
        var complaints: [Complaint] = []
        for example in examples(of: owner, context) {
            let violations = context.linted.schemas.validate(context.node(example), against: context.node(schema))
            // A schema that leads nowhere is reported by other rules and decides nothing here.
            let telling = violations.first { !$0.isUndecided && !isExcused($0, direction, context) }
            guard let telling else { continue }
            complaints += try SchemaComplaints.complaints([telling]).map { Complaint($0.text, at: $0.place) }
        }
        return complaints
    }

    /// Which way the message travels that an example stands for.
    private enum Direction {
        case request
        case response
        case unknown

        init(path: [PathSegment]) {
            let keys = path.map(\.description)
            if keys.contains("responses") || keys.contains("headers") {
                self = .response
            } else if keys.contains(where: { ["requestBody", "requestBodies", "parameters"].contains($0) }) {
                self = .request
            } else {
                self = .unknown
            }
        }
    }

    /// What is read-only need not be in a request, what is write-only not in a response, `required` or not
    /// (OpenAPI 3.0 section 4.7.24.2).
    private func isExcused(_ violation: SchemaViolation, _ direction: Direction, _ context: LintContext) -> Bool {
        let flag: String
        switch direction {
        case .request: flag = "readOnly"
        case .response: flag = "writeOnly"
        case .unknown: return false
        }
        return violation.flattened.contains { part in
            guard case .missingProperty(let name) = part.detail, part.schema.document === context.document,
                let properties = context.child(part.schema.id, "properties"),
                let property = context.child(properties, name)
            else { return false }
            return context.child(property, flag).flatMap(context.document.boolean) == true
        }
    }

    private func examples(of owner: NodeID, _ context: LintContext) -> [NodeID] {
        switch kind {
        case .schema:
            let keys = isVersion2 ? ["example", "x-example", "default"] : ["example", "default"]
            return keys.compactMap { context.child(owner, $0) }
        case .media:
            var found: [NodeID] = []
            if !isVersion2, let example = context.child(owner, "example") { found.append(example) }
            guard let examples = context.child(owner, "examples"), context.document.kind(examples) == .mapping else {
                return found
            }
            for (_, example) in context.children(examples) {
                if isVersion2 {
                    found.append(example)
                } else if let value = context.child(example, "value") {
                    found.append(value)
                }
            }
            return found
        }
    }
}
