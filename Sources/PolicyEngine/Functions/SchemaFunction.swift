internal import DocumentTree
internal import JSONSchema

/// `schema`: a value fits a JSON Schema.
struct SchemaFunction: RuleFunction {
    private let validator: SchemaValidator

    static let dialects: [(name: String, dialect: SchemaDialect)] = [
        ("auto", .draft7), ("draft4", .draft4), ("draft6", .draft6), ("draft7", .draft7),
        ("draft2019-09", .draft2019_09), ("draft2020-12", .draft2020_12),
    ]

    init(_ options: FunctionOptions) throws(OptionsRejected) {
        let examples =
            "{ \"schema\": { /* any JSON Schema can be defined here */ } , "
            + "{ \"schema\": { \"type\": \"object\" }, \"dialect\": \"auto\" }"
        let node = try options.mapping(keys: ["schema", "dialect", "allErrors"], examples: examples)
        var rejected = OptionsRejected(problems: [])
        let schema = node?["schema"]
        if schema?.isMapping != true { rejected.problems.append(options.wrongType("schema", expected: "object")) }
        let name = node?["dialect"].map { $0.string ?? "" } ?? "auto"
        let dialect = Self.dialects.first { $0.name == name }?.dialect
        if dialect == nil {
            let list = Self.dialects.map { LintText.quoted($0.name) }.joined(separator: ", ")
            rejected.problems.append(
                .init(
                    message:
                        "\"schema\" function and its \"dialect\" option accepts only the following values: \(list)",
                    path: ["dialect"]
                )
            )
        }
        if let value = node?["allErrors"], value.boolean == nil {
            rejected.problems.append(options.wrongType("allErrors", expected: "boolean"))
        }
        guard let schema, let dialect, rejected.problems.isEmpty else { throw rejected }
        let settings = SchemaOptions(
            dialect: dialect,
            assertsFormats: true,
            collectsAll: node?["allErrors"]?.boolean == true
        )
        validator = try Self.compile(schema, settings, function: options.function)
    }

    /// Compiles a schema of a ruleset; what is wrong with it is wrong with the ruleset.
    static func compile(
        _ schema: Node,
        _ settings: SchemaOptions,
        function: String
    ) throws(OptionsRejected) -> SchemaValidator {
        do throws(InvalidSchema) {
            return try SchemaValidator(schema, options: settings)
        } catch {
            let base = schema.path.count
            throw OptionsRejected(
                problems: error.problems.map { problem in
                    .init(
                        message: "\"\(function)\" function and its \"schema\" option: \(problem.message)",
                        path: ["schema"] + problem.node.path.dropFirst(base).map(\.description)
                    )
                }
            )
        }
    }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        try SchemaComplaints.complaints(about: target, by: validator, context)
    }
}

/// `oasSchema`: a value fits a schema in the dialect of the document at hand, with `nullable` where OpenAPI has it.
struct OASSchema: RuleFunction {
    private let validators: [SchemaDialect: SchemaValidator]

    init(_ options: FunctionOptions) throws(OptionsRejected) {
        let examples = "{ \"schema\": { /* any JSON Schema can be defined here */ } }"
        guard let schema = try options.mapping(keys: ["schema"], examples: examples)?["schema"], schema.isMapping else {
            throw options.invalid(examples)
        }
        var validators: [SchemaDialect: SchemaValidator] = [:]
        var refusal: OptionsRejected?
        for dialect in [SchemaDialect.openAPI2_0, .openAPI3_0, .draft2020_12] {
            let settings = SchemaOptions(dialect: dialect, assertsFormats: true, collectsAll: false)
            do throws(OptionsRejected) {
                validators[dialect] = try SchemaFunction.compile(schema, settings, function: options.function)
            } catch {
                refusal = error
            }
        }
        // A schema may be written for one dialect only, as `exclusiveMinimum` shows; for none of them it is wrong.
        if validators.isEmpty, let refusal { throw refusal }
        self.validators = validators
    }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        guard let validator = validators[Self.dialect(of: context.formats)] else { return [] }
        return try SchemaComplaints.complaints(about: target, by: validator, context)
    }

    /// The dialect of the schemas in a document.
    static func dialect(of formats: Set<DocumentFormat>) -> SchemaDialect {
        if formats.contains(.oas2) { return .openAPI2_0 }
        return formats.contains(.oas3_0) ? .openAPI3_0 : .draft2020_12
    }
}
