import DocumentTree
import Testing

@testable import PolicyEngine

@Suite("Linting documents of several files")
struct LintFilesTests {
    private static let root = """
        openapi: 3.0.3
        info: {title: a, version: "1"}
        paths:
          /a: {$ref: paths/a.yaml}
          /b:
            get:
              responses:
                '200': {description: b, content: {application/json: {schema: {$ref: 'models.yaml#/Pet'}}}}
        components: {schemas: {Used: {type: string}, Unused: {type: string}}}
        """
    private static let files = [
        "paths/a.yaml": """
        get:
          responses:
            '200':
              description: a
              content:
                application/json:
                  schema: {$ref: ../models.yaml#/Pet}
                  example: {name: 1}
        """,
        "models.yaml": """
        Pet:
          type: object
          properties:
            name: {$ref: '#/Name'}
            used: {$ref: 'openapi.yaml#/components/schemas/Used'}
        Name: {type: string, example: 5}
        Unseen: {type: string, example: 5}
        """,
    ]

    private func lint(_ rules: String, files: [String: String] = files) throws -> [String] {
        let document = try Document.read(Array(Self.root.utf8), name: "api/openapi.yaml", path: "openapi.yaml") {
            path in
            files[path].map { .content(Array($0.utf8)) } ?? .unreadable("no such file")
        }
        let report = Linter(try Ruleset.read(rules)).lint(document)
        return report.findings.map { "\($0.source):\($0.range.start.line) \(LintText.pointer($0.path)) \($0.code)" }
    }

    @Test("a finding is reported in the file it is about, once, however many references lead there")
    func sources() throws {
        let found = try lint(
            "extends: [[spectral:oas, off]]\nrules: {oas3-valid-schema-example: true, oas3-valid-media-example: true}"
        )
        #expect(
            found == [
                "api/models.yaml:5 #/Name/example oas3-valid-schema-example",
                "api/paths/a.yaml:7 #/get/responses/200/content/application~1json/example/name oas3-valid-media-example",
            ]
        )
    }

    @Test("operations in other files are operations of the document")
    func operations() throws {
        let found = try lint("extends: [[spectral:oas, off]]\nrules: {operation-operationId: true}")
        #expect(
            found == [
                "api/openapi.yaml:5 #/paths/~1b/get operation-operationId",
                "api/paths/a.yaml:0 #/get operation-operationId",
            ]
        )
    }

    @Test("a component that only another file uses is used")
    func unused() throws {
        #expect(
            try lint("extends: [[spectral:oas, off]]\nrules: {oas3-unused-component: true}") == [
                "api/openapi.yaml:8 #/components/schemas/Unused oas3-unused-component"
            ]
        )
    }

    @Test("rules that see references as written see the document's own file alone")
    func unresolved() throws {
        let rule = "rules: {r: {given: $..type, RESOLVED then: {function: falsy}}}"
        let resolved = try lint(rule.replacing("RESOLVED", with: ""))
        #expect(resolved.count == 4)
        let raw = try lint(rule.replacing("RESOLVED", with: "resolved: false,"))
        #expect(raw.allSatisfy { $0.hasPrefix("api/openapi.yaml") } && raw.count == 2)
    }

    @Test("a file that is missing is a finding and not the end")
    func missing() throws {
        let found = try lint("rules: {}", files: ["models.yaml": Self.files["models.yaml"] ?? ""])
        #expect(found == ["api/openapi.yaml:3 #/paths/~1a/$ref invalid-ref"])
    }

    @Test("two lints of the same files say the same")
    func repeated() throws {
        #expect(try lint("extends: [[spectral:oas, all]]") == lint("extends: [[spectral:oas, all]]"))
    }
}
