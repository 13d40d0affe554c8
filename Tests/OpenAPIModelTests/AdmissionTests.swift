import DocumentTree
import OpenAPIModel
import Testing

@Suite("Admission")
struct AdmissionTests {
    private func admission(_ rest: String, info: String = "{title: T, version: 1.0.0}") throws -> Admission {
        Admission(try Document.read("openapi: 3.1.0\ninfo: \(info)\n\(rest)\n", name: "a.yaml"))
    }

    private func codes(_ rest: String, info: String = "{title: T, version: 1.0.0}") throws -> [String] {
        let admission = try admission(rest, info: info)
        #expect(admission.isAdmitted)
        return admission.findings.map(\.code)
    }

    @Test("a plain document is taken without a word")
    func plain() throws {
        #expect(try codes("paths: {/a: {get: {operationId: a, responses: {'200': {description: ok}}}}}").isEmpty)
    }

    @Test("title and version must be there, be text, and be fit for addresses")
    func info() throws {
        #expect(try codes("", info: "5") == ["invalid-info"])
        #expect(try codes("", info: "{}") == ["invalid-info", "invalid-info"])
        #expect(try codes("", info: "{title: T, version: 1.10}") == ["info-version"])
        #expect(try codes("", info: "{title: no, version: 'a b'}") == ["yaml-boolean", "info-version"])
        #expect(try codes("", info: "{title: 'no', version: v1.2-rc_1+b}").isEmpty)
        #expect(try admission("", info: "{title: T, version: a/b}").findings.map(\.severity) == [.error])
        let long = String(repeating: "9", count: 200)
        #expect(try admission("", info: "{title: T, version: v\(long)}").refusals.map(\.code) == ["info-version"])
        #expect(
            try admission("", info: "{title: T\(String(repeating: long, count: 6)), version: '1'}").refusals.map(\.code)
                == ["info-title"]
        )
    }

    @Test("errors of the reader refuse the document")
    func readerErrors() throws {
        #expect(try admission("a: 1\na: 2").refusals.map(\.code) == ["parser"])
        #expect(try admission("a: !!python/name:os x").refusals.map(\.code) == ["parser"])
        #expect(try admission("a: {200: x}").isAdmitted)
    }

    @Test("references to other documents refuse it, unless the caller takes them unread")
    func externalReferences() throws {
        let document = try Document.read(
            "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/a: {get: {parameters: [{$ref: 'p.yaml#/x'}]}}}",
            name: "a.yaml"
        )
        #expect(Admission.admit(document).map(\.code) == ["external-reference-refused"])
        var options = Admission.Options()
        options.takesExternalReferences = true
        let admission = Admission(document, options: options)
        #expect(admission.isAdmitted)
        #expect(admission.findings.map(\.code) == ["external-reference-refused"])
    }

    @Test("paths that look or match alike are told, near misses are not")
    func paths() throws {
        #expect(try codes("paths: {'/u/{a}': {get: {}}, '/u/{b}': {get: {}}}") == ["path-identical"])
        #expect(
            try admission("paths: {'/u/{a}': {get: {}}, '/u/{b}': {put: {}}}").findings.map(\.severity) == [.warning]
        )
        #expect(try codes("paths: {/a: {}, /A: {}}") == ["path-lookalike"])
        #expect(try codes("paths: {/a: {}, /a/: {}}") == ["path-lookalike"])
        #expect(try codes("paths: {'/a/{x}': {}, /a/b: {}, /: {}}").isEmpty)
        #expect(
            try codes("paths: {/metrics: {}, /.well-known/x: {}, /metricsx: {}}") == ["path-reserved", "path-reserved"]
        )
    }

    @Test("operations: ids that stand twice, requirements nobody can meet, framing fields")
    func operations() throws {
        #expect(try codes("paths: {/a: {get: {operationId: x}, put: {operationId: x}}}") == ["operation-id"])
        let undefined = try admission(
            "security: [{k: []}]\npaths: {/a: {get: {security: [{k: []}, 5]}, put: {security: 7}}}"
        )
        #expect(
            undefined.findings.map(\.code) == ["security-requirement", "security-requirement", "security-requirement"]
        )
        #expect(undefined.findings[0].message == "security scheme `k` is not defined, here and in 1 more requirements")
        #expect(
            try codes("paths: {/a: {get: {parameters: [{name: Host, in: header}, {name: Host, in: query}]}}}") == [
                "framing-field"
            ]
        )
        let schemes =
            "components: {securitySchemes: {k: {type: apiKey, in: header, name: X-K}, c: {type: apiKey, in: header, name: TE}}}"
        #expect(try codes(schemes) == ["security-scheme"])
        let off =
            "security: [{k: []}]\npaths: {/a: {get: {security: [{}]}}}\ncomponents: {securitySchemes: {k: {type: apiKey, in: header, name: X-K}}}"
        #expect(try codes(off) == ["security-switched-off"])
    }

    @Test("schema keywords that mean nothing, mappings to nothing, odd component names")
    func schemas() throws {
        func schema(_ text: String) throws -> [String] { try codes("components: {schemas: {S: {\(text)}}}") }
        #expect(try schema("maxLength: -1") == ["schema-keyword"])
        #expect(try schema("minItems: 1.5, multipleOf: 0") == ["schema-keyword", "schema-keyword"])
        #expect(try schema("maxLength: 3.0, multipleOf: 0.01, properties: {maxLength: {type: string}}").isEmpty)
        #expect(try schema("default: {maxLength: -1}, example: {multipleOf: 0}").isEmpty)
        #expect(
            try schema("discriminator: {propertyName: k, mapping: {a: S, b: '#/components/schemas/S', c: Nope}}").count
                == 1
        )
        #expect(try codes("components: {schemas: {'a/b': {}}}") == ["component-name"])
    }

    @Test("texts that deceive are told")
    func texts() throws {
        #expect(try codes("", info: "{title: \"a\\u202eb\", version: '1'}") == ["deceptive-text"])
        #expect(try codes("", info: "{title: \"a\\eb\", version: '1'}") == ["deceptive-text"])
        #expect(try codes("", info: "{title: a, description: '<ScRipt>x', version: '1'}") == ["script-in-text"])
        #expect(try codes("", info: "{title: a, description: '[x](javascript:y)', version: '1'}") == ["script-in-text"])
        #expect(try codes("", info: "{title: a < b, description: \"a\\r\\n\\tb\", version: '1'}").isEmpty)
        #expect(try codes("x-a: {__proto__: 1}") == ["risky-key"])
    }

    @Test("servers at private addresses are told, nothing is resolved")
    func servers() throws {
        for url in [
            "http://127.0.0.1:80/", "http://[::1]/", "https://user@10.0.0.1", "http://localhost", "file:///etc",
            "http://172.20.1.1",
        ] {
            #expect(try codes("servers: [{url: '\(url)'}]") == ["server-address"], "\(url)")
        }
        for url in ["https://example.com", "/v1", "https://172.33.1.1/", "https://10.example.com"] {
            #expect(try codes("servers: [{url: '\(url)'}]").isEmpty, "\(url)")
        }
    }

    @Test("many paths that lead to one large object are judged in time, and refused where they stand for too much")
    func amplification() throws {
        let paths = (0..<2000).map { "/p\($0): {$ref: '#/components/pathItems/P'}" }.joined(separator: ", ")
        let parameters = (0..<600).map { "{name: q\($0), in: query}" }.joined(separator: ", ")
        let document = "paths: {\(paths)}\ncomponents: {pathItems: {P: {parameters: [\(parameters)], get: {}}}}"
        #expect(try admission(document).refusals.map(\.code) == ["document-limit"])
    }

    @Test("a flood of findings is cut, and says so")
    func flood() throws {
        let paths = (0..<3000).map { "'/p\($0)?': {}" }.joined(separator: ", ")
        let findings = try admission("paths: {\(paths)}").findings
        #expect(findings.count == Admission.findingsMax + 1)
        #expect(findings.last?.code == "findings-cut")
    }
}
