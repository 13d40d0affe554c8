import DocumentTree
import JSONSchema
import Testing

@Suite("SchemaValidator")
struct SchemaValidatorTests {
    private func validator(
        _ schema: String,
        _ dialect: SchemaDialect = .draft2020_12,
        formats: Bool = true,
        all: Bool = true,
        limits: SchemaLimits = .default
    ) throws -> SchemaValidator {
        let options = SchemaOptions(dialect: dialect, assertsFormats: formats, collectsAll: all, limits: limits)
        return try SchemaValidator(Document.read(schema, name: "schema.yaml").root, options: options)
    }

    private func node(_ text: String) throws -> Node { try Document.read(text, name: "instance.yaml").root }

    @Test(
        "messages are Ajv's",
        arguments: [
            ("type: string", "1", "must be string"),
            ("type: [string, 'null']", "1", "must be string,null"),
            ("minimum: 2.5", "1", "must be >= 2.5"),
            ("exclusiveMaximum: 1", "1", "must be < 1"),
            ("multipleOf: 0.01", "0.015", "must be multiple of 0.01"),
            ("minLength: 2", "é", "must NOT have fewer than 2 characters"),
            ("maxItems: 1", "[1, 2]", "must NOT have more than 1 items"),
            ("minProperties: 1", "{}", "must NOT have fewer than 1 properties"),
            ("pattern: ^a$", "b", "must match pattern \"^a$\""),
            ("format: ipv4", "1.2.3", "must match format \"ipv4\""),
            ("enum: [a, b]", "c", "must be equal to one of the allowed values"),
            ("const: {a: 1}", "{a: 2}", "must be equal to constant"),
            ("required: [a]", "{}", "must have required property 'a'"),
            ("dependentRequired: {a: [b]}", "{a: 1}", "must have property b when property a is present"),
            ("additionalProperties: false", "{a: 1}", "must NOT have additional properties"),
            ("unevaluatedProperties: false", "{a: 1}", "must NOT have unevaluated properties"),
            ("propertyNames: {maxLength: 1}", "{ab: 1}", "property name must be valid"),
            ("{prefixItems: [true], items: false}", "[1, 2]", "must NOT have more than 1 items"),
            (
                "uniqueItems: true", "[{a: 1}, 2, {a: 1.0}]",
                "must NOT have duplicate items (items ## 0 and 2 are identical)"
            ),
            ("contains: {const: 1}", "[2]", "must contain at least 1 valid item(s)"),
            (
                "{contains: {const: 1}, maxContains: 1}", "[1, 1]",
                "must contain at least 1 and no more than 1 valid item(s)"
            ),
            ("anyOf: [{type: string}, {type: 'null'}]", "1", "must match a schema in anyOf"),
            ("oneOf: [true, true]", "1", "must match exactly one schema in oneOf"),
            ("not: {}", "1", "must NOT be valid"),
            ("false", "1", "boolean schema is false"),
            ("{if: true, then: {type: string}}", "1", "must be string"),
            ("{type: string, errorMessage: say it in words}", "1", "say it in words"),
        ]
    )
    func messages(schema: String, instance: String, message: String) throws {
        let violations = try validator(schema).validate(node(instance))
        #expect(violations.map(\.message) == [message])
    }

    @Test("a violation knows the keyword, the instance, the schema and its values")
    func violation() throws {
        let text = "{$defs: {p: {properties: {age: {minimum: 18}}}}, items: {$ref: '#/$defs/p'}}"
        let violation = try #require(try validator(text).validate(node("[{age: 20}, {age: 7}]")).first)
        #expect(violation.keyword == "minimum")
        #expect(violation.instancePath == [.index(1), .key("age")])
        #expect(violation.schemaLocation == "#/$defs/p/properties/age/minimum")
        #expect(violation.detail == .comparison(">=", limit: "18"))
        #expect(violation.instance.range.start.character == 18)
    }

    @Test("what is about a property has that property as its place")
    func place() throws {
        let violation = try #require(try validator("additionalProperties: false").validate(node("{a: 1}")).first)
        #expect(violation.instance.pointer.description == "")
        #expect(violation.place.pointer.description == "/a")
    }

    @Test("a choice that fails has the violations of its branches as causes, and flattens in Ajv's order")
    func causes() throws {
        let schema = "anyOf: [{type: string}, {required: [a], properties: {b: {anyOf: [{type: 'null'}, false]}}}]"
        let violations = try validator(schema).validate(node("{b: 1}"))
        #expect(violations.count == 1)
        #expect(violations.first?.causes.map(\.keyword) == ["type", "required", "anyOf"])
        #expect(
            violations.flatMap(\.flattened).map(\.keyword) == [
                "type", "required", "type", "false schema", "anyOf", "anyOf",
            ]
        )
    }

    @Test("what is wrong with a name is said of the property that has it")
    func names() throws {
        let schema = "propertyNames: {anyOf: [{maxLength: 1}, {pattern: ^x}]}"
        let violation = try #require(try validator(schema).validate(node("{a: 1, bc: 2}")).first)
        #expect(violation.place.pointer.description == "/bc")
        let cause = try #require(violation.causes.first)
        #expect(cause.instance.pointer.description == "/bc")
        #expect(cause.causes.map(\.message) == ["must NOT have more than 1 characters", "must match pattern \"^x\""])
        #expect(cause.causes.allSatisfy { $0.instance == violation.place })
    }

    @Test("a branch that fails leaves nothing behind where another fits")
    func branches() throws {
        #expect(try validator("anyOf: [{type: string}, {type: integer}]").validate(node("1")) == [])
        #expect(try validator("oneOf: [{type: string}, {type: integer}]").validate(node("1")) == [])
        let both = try validator("oneOf: [{type: number}, {type: integer}]").validate(node("1"))
        #expect(both.map(\.detail) == [.passingSchemas([0, 1])])
        #expect(both.first?.causes == [])
    }

    @Test("without collecting all, the first violation ends it")
    func first() throws {
        let schema = "{required: [a, b], properties: {c: {type: string}}}"
        #expect(try validator(schema).validate(node("{c: 1}")).count == 3)
        #expect(
            try validator(schema, all: false).validate(node("{c: 1}")).map(\.message) == [
                "must have required property 'a'"
            ]
        )
    }

    @Test("allowed values keep their order and kind")
    func allowedValues() throws {
        let violation = try #require(try validator("enum: [b, 1, null]").validate(node("a")).first)
        #expect(violation.detail == .allowedValues(["b", 1, nil]))
    }

    // MARK: Dialects

    @Test("OpenAPI 3.0 has nullable, boolean limits and references without siblings")
    func openAPI30() throws {
        let schema = """
            components: {schemas: {Pet: {type: object, required: [name], properties: {
              name: {type: string, nullable: true}, age: {type: integer, minimum: 0, exclusiveMinimum: true},
              kind: {$ref: '#/components/schemas/Kind', type: integer}}}, Kind: {type: string, enum: [cat, dog]}}}
            """
        let document = try Document.read(schema, name: "openapi.yaml")
        let pet = try #require(document.root["components"]?["schemas"]?["Pet"])
        let validator = try SchemaValidator(pet, options: SchemaOptions(dialect: .openAPI3_0))
        #expect(validator.isValid(try node("{name: null, age: 1, kind: cat}")))
        #expect(
            validator.validate(try node("{name: n, age: 0, kind: 1}")).map(\.message) == [
                "must be > 0", "must be string", "must be equal to one of the allowed values",
            ]
        )
        #expect(validator.validate(try node("{name: 1}")).map(\.message) == ["must be string,null"])
        #expect(throws: InvalidSchema.self) {
            try SchemaValidator(["type": "null"], options: SchemaOptions(dialect: .openAPI3_0))
        }
    }

    @Test("schemas of an OpenAPI 3.1 document find each other by anchor and by id")
    func openAPI31() throws {
        let text = """
            components: {schemas: {Pet: {properties: {kind: {$ref: '#kind'}, owner: {$ref: 'https://a.example/owner'}}},
              Kind: {$anchor: kind, enum: [cat, dog]}, Owner: {$id: 'https://a.example/owner', type: string}}}
            """
        let document = try Document.read(text, name: "openapi.yaml")
        let validator = try SchemaValidator(try #require(document.root["components"]?["schemas"]?["Pet"]))
        #expect(validator.isValid(try node("{kind: cat, owner: o}")))
        #expect(validator.validate(try node("{kind: cow, owner: 1}")).map(\.keyword) == ["enum", "type"])
    }

    @Test("OpenAPI 2.0 has x-nullable and files of which nothing is known")
    func openAPI20() throws {
        #expect(try validator("{type: string, x-nullable: true}", .openAPI2_0).isValid(node("null")))
        #expect(try validator("{type: file}", .openAPI2_0).isValid(node("[1]")))
    }

    @Test(
        "formats of the OpenAPI registry are checked",
        arguments: [
            ("int32", "2147483647", true), ("int32", "2147483648", false), ("int64", "9223372036854775808", false),
            ("int64", "9223372036854775807", true), ("float", "3.5e38", false), ("double", "1e400", false),
            ("byte", "aGk=", true), ("byte", "aGk", false), ("password", "x", true), ("no-such-format", "x", true),
            ("int32", "text", true),
        ]
    )
    func formats(name: String, instance: String, isValid: Bool) throws {
        #expect(try validator("format: \(name)").isValid(node(instance)) == isValid)
        #expect(try validator("format: \(name)", formats: false).isValid(node(instance)))
    }

    @Test(
        "the format `url` takes absolute URLs with a host, as Ajv does",
        arguments: [
            ("https://example.org/a?b#c", true), ("FTP://example.org", true), ("http://[::1]:80/", true),
            ("not a URL", false), ("/relative", false), ("mailto:a@example.org", false), ("http:///a", false),
            ("http:a", false),
        ]
    )
    func urls(text: String, isValid: Bool) throws {
        let schema = try validator("format: url", formats: true)
        #expect(try schema.isValid(Document.read("\"\(text)\"", name: "a.json").root) == isValid)
    }

    // MARK: Problems of schemas

    @Test(
        "a broken schema is refused with every problem and its place",
        arguments: [
            ("$ref: '#/nowhere'", SchemaProblem.Kind.unresolvedReference("#/nowhere"), "/$ref"),
            ("$ref: http://elsewhere.example/a.json", .unresolvedReference("http://elsewhere.example/a.json"), "/$ref"),
            ("properties: {a: {pattern: '('}}", .invalidPattern("("), "/properties/a/pattern"),
            ("items: {minLength: -1}", .invalidKeyword("minLength"), "/items/minLength"),
            ("type: strin", .invalidKeyword("type"), "/type"),
            ("required: a", .invalidKeyword("required"), "/required"),
        ]
    )
    func problems(schema: String, kind: SchemaProblem.Kind, pointer: String) throws {
        let error = #expect(throws: InvalidSchema.self) { try validator(schema) }
        #expect(error?.problems.map(\.kind) == [kind])
        #expect(error?.problems.first?.node.pointer.description == pointer)
    }

    @Test("anything at all can be given as a schema", .enabled(if: Fixtures.exists("json-schema/tests")))
    func arbitrarySchemas() throws {
        for file in Fixtures.files(under: "json-schema/tests/draft2020-12").prefix(4) {
            let document = try Fixtures.document("json-schema/tests/draft2020-12/\(file)")
            for dialect in SchemaDialect.allCases {
                let workspace = SchemaWorkspace(options: SchemaOptions(dialect: dialect, assertsFormats: true))
                _ = workspace.validate(document.root, against: document.root)
                for group in document.root.elements {
                    _ = workspace.validate(document.root, against: group)
                    _ = workspace.validate(group, against: group["schema"] ?? group)
                }
            }
        }
    }

    @Test("references may name registered documents and built-in metaschemas")
    func registry() throws {
        var registry = SchemaRegistry()
        registry.register(
            try Document.read("$defs: {n: {type: integer}}", name: "n.yaml"),
            uri: "https://a.example/n.json"
        )
        let reference: JSONValue = ["$ref": "https://a.example/n.json#/$defs/n"]
        let validator = try SchemaValidator(reference, registry: registry)
        #expect(validator.isValid(try node("1")))
        #expect(!validator.isValid(try node("x")))
        let meta = try SchemaValidator(["$ref": "http://json-schema.org/draft-07/schema#"])
        #expect(!meta.isValid(try node("{properties: {a: {type: 5}}}")))
    }

    // MARK: Limits

    @Test("a reference that leads back to itself ends undecided, not in a crash")
    func endlessReference() throws {
        for schema in ["$ref: '#'", "anyOf: [{$ref: '#'}]", "not: {$ref: '#'}", "{allOf: [{$ref: '#'}, {$ref: '#'}]}"] {
            let validator = try validator(schema)
            let violations = try validator.validate(node("1"))
            #expect(violations.contains { $0.isUndecided }, "\(schema)")
            #expect(!validator.isValid(try node("1")))
        }
    }

    @Test("an explosion of references ends undecided at the step limit")
    func explosion() throws {
        var limits = SchemaLimits()
        limits.stepsMax = 10_000
        var defs: [String] = []
        for level in 0..<40 {
            defs.append("d\(level): {allOf: [{$ref: '#/$defs/d\(level + 1)'}, {$ref: '#/$defs/d\(level + 1)'}]}")
        }
        let schema = "{$defs: {\(defs.joined(separator: ", ")), d40: {type: integer}}, $ref: '#/$defs/d0'}"
        #expect(try validator(schema, limits: limits).validate(node("1")).contains { $0.isUndecided })
    }

    @Test("a catastrophic pattern is undecided")
    func catastrophicPattern() throws {
        let text = String(repeating: "a", count: 60) + "!"
        let violations = try validator("pattern: '^((a+)+)+$'").validate(node(text))
        #expect(violations.allSatisfy { $0.keyword == "pattern" })
        #expect(violations.count == 1)
    }

    @Test("violations beyond the limit are counted as one failure")
    func manyViolations() throws {
        var limits = SchemaLimits()
        limits.violationsMax = 10
        let instance = "[" + Array(repeating: "x", count: 50).joined(separator: ",") + "]"
        #expect(try validator("items: {type: integer}", limits: limits).validate(node(instance)).count == 10)
        // The first branch fails in more places than that, the second fits.
        #expect(try validator("anyOf: [{items: {type: integer}}, true]", limits: limits).validate(node(instance)) == [])
    }

    // MARK: Workspace

    @Test("a workspace compiles what it meets and goes on past what is broken")
    func workspace() throws {
        let document = try Document.read(
            "{a: {type: integer}, b: {$ref: '#/a'}, c: {$ref: '#/gone', type: string}, d: {pattern: '('}}",
            name: "schemas.yaml"
        )
        let workspace = SchemaWorkspace(options: SchemaOptions(dialect: .openAPI3_0))
        let schema = { (name: String) throws -> Node in try #require(document.root[name]) }
        #expect(workspace.validate(try node("1"), against: try schema("a")) == [])
        #expect(workspace.validate(try node("x"), against: try schema("b")).map(\.message) == ["must be integer"])
        #expect(workspace.validate(try node("y"), against: try schema("a")).map(\.message) == ["must be integer"])
        #expect(workspace.problems == [])
        #expect(workspace.validate(try node("1"), against: try schema("c")).map(\.isUndecided) == [true])
        #expect(workspace.validate(try node("x"), against: try schema("d")).map(\.isUndecided) == [true])
        #expect(workspace.problems.count == 2)
    }

    @Test("many threads share one validator")
    func threads() async throws {
        let validator = try validator(
            "{properties: {a: {pattern: '^x+$'}}, patternProperties: {'^b': {type: integer}}}"
        )
        let wrong = await withTaskGroup(of: Int.self) { group in
            for seed in 0..<16 {
                group.addTask {
                    var wrong = 0
                    for _ in 0..<50 {
                        let text = seed.isMultiple(of: 2) ? "{a: xx, b\(seed): 1}" : "{a: y, b\(seed): s}"
                        let count = (try? Document.read(text, name: "i.yaml")).map { validator.validate($0.root).count }
                        if count != (seed.isMultiple(of: 2) ? 0 : 2) { wrong += 1 }
                    }
                    return wrong
                }
            }
            return await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }
}
