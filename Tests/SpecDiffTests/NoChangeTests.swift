import DocumentTree
import SpecDiff
import Testing

/// Edits that change nothing for callers, and those that come close.
@Suite("What is no change")
struct NoChangeTests {
    private func report(_ base: String, _ revision: String) throws -> DiffReport {
        try DocumentDiff().report(
            base: .read(base, name: "base.yaml"),
            revision: .read(revision, name: "revision.yaml")
        )
    }

    private let orders = """
        openapi: 3.0.3
        info: {title: Orders, version: 1.0.0}
        paths:
          /orders/{id}:
            parameters: [{in: path, name: id, required: true, schema: {type: string}}]
            get:
              summary: one order
              parameters: [{in: query, name: expand, schema: {type: boolean}}]
              responses:
                '200': {description: fine, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
        components:
          schemas:
            Order: {type: object, required: [id], properties: {id: {type: string}, note: {type: string, nullable: true}}}
        """

    @Test("another layout and another order are the same document")
    func reordering() throws {
        let other = orders.replacing(
            "required: [id], properties: {id: {type: string}, ",
            with: "properties: {id: {type: string}, "
        )
        .replacing("nullable: true}}}", with: "nullable: true}}, required: [id]}")
        let report = try report(orders, other)
        #expect(report.changes.isEmpty && report.documentationEdits.isEmpty)
        #expect(report.isIdentical)
        #expect(report.requiredBump == .none)
    }

    @Test("a component with another name is the same, one with another content is not")
    func renaming() throws {
        let renamed = orders.replacing("schemas/Order", with: "schemas/Purchase").replacing(
            "    Order:",
            with: "    Purchase:"
        )
        let report = try report(orders, renamed)
        #expect(report.changes.isEmpty)
        #expect(!report.isIdentical)
        #expect(report.requiredBump == .none)
        let changed = renamed.replacing("required: [id]", with: "required: [note]")
        #expect(try self.report(orders, changed).changes.contains { $0.id == "api-schema-removed" })
    }

    @Test("a parameter may move between the path and the operation, and a path's parameter may have another name")
    func parameters() throws {
        let moved = orders.replacing(
            "    parameters: [{in: path, name: id, required: true, schema: {type: string}}]\n",
            with: ""
        )
        .replacing(
            "parameters: [{in: query",
            with: "parameters: [{in: path, name: id, required: true, schema: {type: string}}, {in: query"
        )
        #expect(moved != orders)
        #expect(try report(orders, moved).changes.isEmpty)
        let renamed = orders.replacing("{id}:", with: "{order}:").replacing("name: id", with: "name: order")
        #expect(try report(orders, renamed).changes.isEmpty)
        let lost = renamed.replacing("/orders/{order}", with: "/orders/{order}/lines")
        #expect(try report(orders, lost).changes.contains { $0.id == "api-path-removed-without-deprecation" })
    }

    @Test("words are edits of the documentation, with their places, and ask for a patch")
    func words() throws {
        let other = orders.replacing("summary: one order", with: "summary: an order")
            .replacing("id: {type: string}", with: "id: {type: string, description: opaque}")
        let report = try report(orders, other)
        #expect(report.changes.isEmpty)
        #expect(report.requiredBump == .patch)
        #expect(report.documentationEdits.map(\.field) == ["summary", "description"])
        #expect(report.documentationEdits[0].base?.range.start.line == 6)
        #expect(report.documentationEdits[1].base == nil)
    }

    @Test("3.0 and 3.1 say the same in other words")
    func versions() throws {
        let newer = orders.replacing("openapi: 3.0.3", with: "openapi: 3.1.0")
            .replacing("type: string, nullable: true", with: "type: [string, 'null']")
        #expect(try report(orders, newer).changes.isEmpty)
        let strict = newer.replacing("[string, 'null']", with: "string")
        #expect(try report(orders, strict).changes.map(\.id) == ["response-property-became-not-nullable"])
    }

    @Test("2.0 and 3.0 say the same in other words: bodies, forms, headers, parameters, schemes")
    func swagger() throws {
        let old = """
            swagger: '2.0'
            info: {title: t, version: 1.0.0}
            host: example.com
            basePath: /v1
            schemes: [https]
            consumes: [application/json]
            produces: [application/json]
            securityDefinitions: {B: {type: basic}}
            paths:
              /a:
                post:
                  parameters:
                    - {in: body, name: body, required: true, schema: {$ref: '#/definitions/A'}}
                    - {in: query, name: q, type: integer, maximum: 5, exclusiveMaximum: true}
                  responses:
                    '200': {description: d, headers: {H: {type: string}}, schema: {$ref: '#/definitions/A'}}
              /f:
                post:
                  consumes: [multipart/form-data]
                  parameters: [{in: formData, name: f, type: file, required: true}, {in: formData, name: g, type: string}]
                  responses: {'204': {description: d}}
            definitions: {A: {type: object, properties: {x: {type: string, x-nullable: true}}}}
            """
        let new = """
            openapi: 3.1.0
            info: {title: t, version: 1.0.0}
            servers: [{url: 'https://example.com/v1'}]
            paths:
              /a:
                post:
                  parameters: [{in: query, name: q, schema: {type: integer, exclusiveMaximum: 5}}]
                  requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}
                  responses:
                    '200':
                      description: d
                      headers: {H: {schema: {type: string}}}
                      content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}
              /f:
                post:
                  requestBody:
                    required: true
                    content:
                      multipart/form-data:
                        schema: {type: object, required: [f], properties: {f: {type: string, format: binary}, g: {type: string}}}
                  responses: {'204': {description: d}}
            components:
              securitySchemes: {B: {type: http, scheme: basic}}
              schemas: {A: {type: object, properties: {x: {type: [string, 'null']}}}}
            """
        #expect(try report(old, new).changes.map { "\($0.id): \($0.text)" } == [])
        let narrowed = new.replacing("exclusiveMaximum: 5", with: "exclusiveMaximum: 4").replacing(
            "required: [f]",
            with: "required: [f, g]"
        )
        #expect(
            Set(try report(old, narrowed).changes.map(\.id)) == [
                "request-parameter-exclusive-max-decreased", "request-property-became-required",
                "api-version-not-bumped",
            ]
        )
    }

    @Test("a change in a shared schema is said once, for both sides, at its place in both documents")
    func shared() throws {
        let old = """
            openapi: 3.0.3
            info: {title: t, version: 1.0.0}
            paths:
              /a:
                put:
                  requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}
                  responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}
              /b:
                get: {responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}
            components:
              schemas:
                A: {type: object, properties: {state: {type: string, enum: [on, off]}}}
            """
        let report = try report(old, old.replacing("[on, off]", with: "[on]"))
        let change = try #require(report.changes.first { $0.id != "api-version-not-bumped" })
        #expect(report.changes.count == 2)
        #expect(change.id == "request-property-enum-value-removed")
        #expect(change.level == .error)
        #expect(change.text == "the request property `state` no longer has the value `off` in its list of values")
        #expect(change.arguments == ["state", "off"])
        let sites = change.sites.map { "\($0.method) \($0.path) \($0.side) \($0.level)" }
        #expect(sites == ["PUT /a request error", "PUT /a response information", "GET /b response information"])
        #expect(change.base?.range.start.line == 11)
        #expect(change.base?.path.last == .index(1))
        // Lines that come before do not give the change another name.
        let moved = try self.report("# a comment\n" + old, "# one\n# two\n" + old.replacing("[on, off]", with: "[on]"))
        #expect(moved.changes.map(\.fingerprint) == report.changes.map(\.fingerprint))
    }

    @Test("days are read as RFC 3339 writes them", arguments: ["2024-02-29", "2026-11-23", "0000-01-01", "9999-12-31"])
    func days(_ text: String) {
        #expect(CalendarDate(text)?.description == text)
    }

    @Test(
        "what is no day is refused",
        arguments: ["2023-02-29", "2026-13-01", "2026-1-1", "soon", "", "2026-11-23 noon"]
    )
    func noDays(_ text: String) {
        #expect(CalendarDate(text) == nil)
    }
}
