import DocumentTree
import SpecDiff
import Testing

/// Documents that would never end if followed, or that cost more than their size if inlined.
@Suite("Limits and recursion")
struct LimitTests {
    private func report(_ base: String, _ revision: String, _ options: DiffOptions = .init()) throws -> DiffReport {
        try DocumentDiff(options).report(
            base: .read(base, name: "base.yaml"),
            revision: .read(revision, name: "revision.yaml")
        )
    }

    private func document(_ schemas: String, root: String = "A") -> String {
        """
        openapi: 3.0.3
        info: {title: t, version: 1.0.0}
        paths:
          /a:
            post:
              requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/\(root)'}}}}
              responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/\(root)'}}}}}
        components:
          schemas: {\(schemas)}
        """
    }

    @Test("schemas that refer to themselves are compared, and their changes listed once a way")
    func recursion() throws {
        let old = document(
            "A: {type: object, properties: {child: {$ref: '#/components/schemas/A'}, list: {type: array, items: {$ref: '#/components/schemas/A'}}}}"
        )
        let new = old.replacing(
            "{type: object, properties: {",
            with: "{type: object, properties: {added: {type: string}, "
        )
        let report = try report(old, new)
        let change = try #require(report.changes.first)
        #expect(report.changes.count == 1)
        #expect(
            Set(change.sites.map(\.check)) == ["new-optional-request-property", "response-optional-property-added"]
        )
        #expect(DocumentDiff().expand(report).count == 2)
    }

    @Test("allOf that holds itself ends", arguments: ["allOf", "anyOf", "oneOf"])
    func selfReference(_ keyword: String) throws {
        let old = document(
            "A: {\(keyword): [{$ref: '#/components/schemas/A'}, {type: object, properties: {x: {type: string}}}]}"
        )
        let new = old.replacing("type: string", with: "type: integer")
        #expect(try report(old, old).changes.isEmpty)
        #expect(try report(old, new).changes.contains { $0.id == "request-property-type-changed" })
    }

    @Test("schemas that double with every step cost what they are, not what they stand for")
    func doubling() throws {
        let depth = 60
        let schemas = (0..<depth).map { number in
            "S\(number): {type: object, properties: {a: {$ref: '#/components/schemas/S\(number + 1)'}, b: {$ref: '#/components/schemas/S\(number + 1)'}}}"
        }
        let old = document((schemas + ["S\(depth): {type: string}"]).joined(separator: ", "), root: "S0")
        let new = old.replacing("{type: string}", with: "{type: integer}")
        var options = DiffOptions()
        options.limits.expandedMax = 1000
        let report = try report(old, new, options)
        #expect(report.changes.filter { $0.id == "request-property-type-changed" }.count == 1)
        let expanded = DocumentDiff(options).expand(report)
        #expect(expanded.contains { $0.id == "comparison-cut" })
        #expect(expanded.count <= 1001)
    }

    @Test("a limit that cuts is said by a change")
    func cut() throws {
        let old = document("A: {type: object, properties: {a: {type: string}, b: {type: string}}}")
        let new = old.replacing("type: string", with: "type: integer")
        var options = DiffOptions()
        options.limits.schemaPairsMax = 2
        #expect(
            try report(old, new, options).changes.contains {
                $0.id == "comparison-cut" && $0.text.contains("schemaPairsMax")
            }
        )
        options = DiffOptions()
        options.limits.changesMax = 1
        #expect(try report(old, new, options).changes.contains { $0.id == "comparison-cut" })
        options = DiffOptions()
        options.limits.sitesMax = 1
        #expect(try report(old, new, options).changes.contains { $0.id == "comparison-cut" })
        #expect(try !report(old, new).changes.contains { $0.id == "comparison-cut" })
    }

    @Test("a document of more than a hundred thousand nodes is compared")
    func large() throws {
        let paths = (0..<6000).map { number in
            "  /p\(number): {get: {operationId: o\(number), parameters: [{in: query, name: q, schema: {type: string, maxLength: \(number + 5)}}], "
                + "responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}}\n"
        }
        let old =
            "openapi: 3.0.3\ninfo: {title: t, version: 1.0.0}\npaths:\n\(paths.joined())"
            + "components: {schemas: {A: {type: object, properties: {x: {type: string}}}}}\n"
        let base = try Document.read(old, name: "base.yaml")
        #expect(base.nodeCount > 100_000)
        let revision = try Document.read(
            old.replacing("x: {type: string}", with: "x: {type: integer}"),
            name: "revision.yaml"
        )
        let report = try DocumentDiff().report(base: base, revision: revision)
        #expect(report.changes.count == 2)
        #expect(report.changes.first?.sites.count == 6000)
    }
}
