import DocumentTree
import JSONSchema
import Mock
import OpenAPIModel
import Testing

@Suite("ExampleGenerator")
struct ExampleGeneratorTests {
    private func value(_ schema: String) throws -> JSONValue {
        let document = try Document.read(
            "root: \(schema)\nitem: {type: object, required: [next], properties: {next: {$ref: '#/item'}}}",
            name: "s"
        )
        return ExampleGenerator.value(for: try #require(document.root["root"]), in: document)
    }

    @Test("what the author wrote comes before what is made up")
    func written() throws {
        #expect(try value("{type: string, example: cup}") == .string("cup"))
        #expect(try value("{type: string, examples: [cup, mug]}") == .string("cup"))
        #expect(try value("{enum: [b, a]}") == .string("b"))
        #expect(try value("{const: 7}") == .integer(7))
        #expect(try value("{type: integer, default: 3}") == .integer(3))
    }

    @Test(
        "a made-up value keeps to the schema's bounds",
        arguments: [
            "{type: integer, minimum: 5}", "{type: integer, maximum: -5}", "{type: integer, minimum: 1, multipleOf: 7}",
            "{type: number, minimum: 0, exclusiveMinimum: true}", "{type: string, minLength: 20}",
            "{type: string, maxLength: 2}",
            "{type: array, items: {type: string}, minItems: 3}", "{type: array, maxItems: 0, items: {type: string}}",
            "{type: object, required: [a], properties: {a: {type: boolean}, b: {type: string, format: date-time}}}",
            "{allOf: [{type: object, properties: {a: {type: string}}}, {type: object, required: [b], properties: {b: {type: integer}}}]}",
            "{oneOf: [{type: integer}, {type: string}]}", "{type: [string, 'null'], format: uuid}",
        ]
    )
    func bounds(_ schema: String) throws {
        let made = try value(schema)
        let document = try Document.read("root: \(schema)", name: "s")
        let body = try Document.read(made.text(), name: "value")
        let dialect: SchemaDialect = schema.contains("exclusiveMinimum: true") ? .draft4 : .draft2020_12
        let workspace = SchemaWorkspace(options: SchemaOptions(dialect: dialect))
        let violations = workspace.validate(body.root, against: try #require(document.root["root"]))
        #expect(violations.isEmpty, "\(made.text()) breaks \(schema)")
    }

    @Test("a schema that holds itself ends")
    func recursion() throws {
        #expect(try value("{$ref: '#/item'}").text().utf8.count < 10_000)
    }

    @Test("a write-only property is not shown")
    func writeOnly() throws {
        #expect(
            try value("{type: object, properties: {a: {type: string}, b: {type: string, writeOnly: true}}}")["b"] == nil
        )
    }
}

@Suite("MockRouter and MockAnswer")
struct MockAnswerTests {
    private static let text = """
        openapi: 3.0.3
        info: {title: t, version: "1"}
        paths:
          /orders/{id}:
            get:
              responses:
                "200": {description: ok, content: {application/json: {examples: {one: {value: {id: 1}}, two: {value: {id: 2}}}}}}
                "404": {description: none, content: {application/problem+json: {example: {title: none}}}}
            delete: {responses: {"204": {description: gone}}}
          /orders/latest:
            get: {responses: {default: {description: any, content: {text/plain: {schema: {type: string, example: hi}}}}}}
          /files/{name}.json:
            get: {responses: {2XX: {description: ok}}}
        """

    private func document() throws -> OpenAPIDocument {
        try OpenAPIDocument(Document.read(Self.text, name: "mock.yaml"))
    }

    private func answer(_ method: String, _ path: String, _ wish: MockAnswer.Wish = .init()) throws -> MockAnswer? {
        let document = try document()
        guard case .operation(let operation) = MockRouter(document).match(method: method, path: path) else {
            return nil
        }
        return MockAnswer(for: operation, in: document, wish: wish)
    }

    @Test("the concrete path wins over the templated one, whatever their order")
    func concrete() throws {
        let latest = try #require(try answer("GET", "/orders/latest"))
        #expect(latest.contentType == "text/plain" && latest.body == Array("hi".utf8))
        #expect(try answer("GET", "/orders/7")?.body == Array(#"{"id":1}"#.utf8))
    }

    @Test("the client may choose the status and the example")
    func wishes() throws {
        #expect(try answer("GET", "/orders/7", .init(status: 404))?.status == 404)
        #expect(try answer("GET", "/orders/7", .init(example: "two"))?.body == Array(#"{"id":2}"#.utf8))
        #expect(try answer("GET", "/orders/7", .init(status: 999))?.status == 200)
    }

    @Test("a status without content has no body, and a class of statuses means its lowest")
    func statuses() throws {
        #expect(try answer("DELETE", "/orders/7") == MockAnswer?.some(try #require(try answer("DELETE", "/orders/8"))))
        #expect(try answer("DELETE", "/orders/7")?.status == 204)
        #expect(try answer("DELETE", "/orders/7")?.body == [])
        #expect(try answer("GET", "/files/a.json")?.status == 200)
    }

    @Test("an unknown path and an unknown method are told apart")
    func unknown() throws {
        let router = MockRouter(try document())
        guard case .nothing = router.match(method: "GET", path: "/nothing") else {
            Issue.record("a path that is not there was found")
            return
        }
        guard case .otherMethods(let methods) = router.match(method: "PUT", path: "/orders/7") else {
            Issue.record("a method that is not there was found")
            return
        }
        #expect(methods == ["DELETE", "GET"])
        #expect(try answer("HEAD", "/orders/7")?.status == 200)
    }
}
