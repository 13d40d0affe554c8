import DocumentTree
import Foundation
import JSONSchema
import Testing

/// The structural schemas in `policies/schemas` against real documents and against small mistakes.
@Suite("Schemas of OpenAPI documents")
struct OpenAPISchemaTests {
    static let versions = ["2.0", "3.0", "3.1", "3.2"]
    static let validators: [String: SchemaValidator] = {
        var validators: [String: SchemaValidator] = [:]
        for version in versions {
            let name = "openapi-\(version).schema.yaml"
            do {
                let document = try Fixtures.read("\(Fixtures.repository)/policies/schemas/\(name)", name: name)
                validators[version] = try SchemaValidator(document.root, options: SchemaOptions(assertsFormats: true))
            } catch {
                print("\(name): \(error)")
            }
        }
        return validators
    }()

    private static func violations(_ document: Document) throws -> [String] {
        let text = document.root["swagger"]?.scalarText ?? document.root["openapi"]?.string ?? ""
        let validator = try #require(validators[String(text.prefix(3))], "no schema for version `\(text)`")
        return validator.validate(document.root).map { "\($0.place.pointer): \($0.message)" }
    }

    @Test("each schema compiles", arguments: versions)
    func compiles(version: String) { #expect(Self.validators[version] != nil) }

    // MARK: Real documents

    /// Documents with genuine errors: how many, and what all of their messages contain.
    private static let genuineErrors: [String: (count: Int, allContain: [String])] = [
        // Response codes `4xx`; the specification has `4XX`.
        "cloudflare-2022-08.yaml": (909, ["/4xx: must NOT have additional properties"]),
        // `externalDocs.description: null`.
        "meilisearch.json": (15, ["externalDocs/description: must be string"]),
        // `(?i)` at the start of a pattern is Java's; a path parameter that is not required.
        "okta-management-2024.07.0.yaml": (1, ["SplunkToken/pattern: must match format"]),
        "okta-management-2024.08.0.yaml": (
            3, ["pattern: must match format \"regex\"", "parameters/0: must have required property 'required'"]
        ),
        // `exclusiveMinimum: true`, which 3.1 no longer has, and a name that is required twice.
        "openai.yaml": (8, ["exclusiveMinimum: must be number", "required: must NOT have duplicate items"]),
    ]

    private static let documents: [String] = {
        let folder = "\(Fixtures.root)/openapi-specs"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().filter { name in
            guard name.hasSuffix(".json") || name.hasSuffix(".yaml"), name != "index.json" else { return false }
            #if DEBUG
                // Unoptimized code takes seconds for the largest; the optimized run takes them all.
                let size = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")[.size] as? Int
                return size ?? 0 < 600_000
            #else
                return true
            #endif
        }
    }()

    @Test("real documents validate but for their genuine errors", .enabled(if: Fixtures.exists("openapi-specs")))
    func realDocuments() throws {
        var valid = 0
        for name in Self.documents {
            let found = try Self.violations(try Fixtures.document("openapi-specs/\(name)"))
            guard let known = Self.genuineErrors[name] else {
                #expect(found == [], "\(name)")
                valid += found.isEmpty ? 1 : 0
                continue
            }
            #expect(found.count == known.count, "\(name)")
            let strange = found.filter { message in !known.allContain.contains { message.contains($0) } }
            #expect(strange == [], "\(name)")
        }
        print("\(valid) of \(Self.documents.count) real documents validate, the others have errors that are listed")
    }

    @Test("the deepest document that can be read is checked to its end", arguments: ["3.0.3", "3.1.0"])
    func deepest(version: String) throws {
        let levels = 120
        let schema =
            String(repeating: #"{"allOf":["#, count: levels) + #"{"type":"x"}"# + String(repeating: "]}", count: levels)
        let text =
            #"{"openapi":"\#(version)","info":{"title":"t","version":"1"},"paths":{},"components":{"schemas":{"a":"#
        let found = try Self.violations(try Document.read(text + schema + "}}}", name: "deep.json"))
        #expect(found.count == 1)
        #expect(found.first?.hasSuffix("/type: must be equal to one of the allowed values") == true)
    }

    // MARK: Mistakes

    struct Mistake: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        let expected: [String]
        var testDescription: String { name }
    }

    @Test("a mistake is reported once, where it is", arguments: mistakes)
    func mistake(mistake: Mistake) throws {
        let document = try Document.read(mistake.text, name: "mistake.yaml")
        #expect(try Self.violations(document) == mistake.expected)
    }

    private static let head30 = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\n"
    private static let head31 = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\n"
    private static let head32 = "openapi: 3.2.0\ninfo: {title: t, version: '1'}\n"
    private static let head20 = "swagger: '2.0'\ninfo: {title: t, version: '1'}\n"

    private static let mistakes: [Mistake] = [
        Mistake(
            name: "2.0: an operation without responses",
            text: head20 + "paths: {/a: {get: {}}}",
            expected: ["/paths/~1a/get: must have required property 'responses'"]
        ),
        Mistake(
            name: "2.0: a body parameter with a type",
            text: head20
                + "paths: {/a: {post: {parameters: [{name: b, in: body, type: string}], responses: {200: {description: ok}}}}}",
            expected: [
                "/paths/~1a/post/parameters/0: must have required property 'schema'",
                "/paths/~1a/post/parameters/0/type: must NOT have additional properties",
            ]
        ),
        Mistake(
            name: "2.0: an array parameter without items, a path parameter that is optional",
            text: head20
                + "paths: {'/a/{id}': {parameters: [{name: q, in: query, type: array}, {name: id, in: path, type: string}]}}",
            expected: [
                "/paths/~1a~1{id}/parameters/0: must have required property 'items'",
                "/paths/~1a~1{id}/parameters/1: must have required property 'required'",
            ]
        ),
        Mistake(
            name: "2.0: an OAuth flow without its URL, a scheme of 3.0",
            text: head20
                + "paths: {}\nsecurityDefinitions: {o: {type: oauth2, flow: implicit, scopes: {}}, b: {type: http}}",
            expected: [
                "/securityDefinitions/o: must have required property 'authorizationUrl'",
                "/securityDefinitions/b/type: must be equal to one of the allowed values",
            ]
        ),
        Mistake(
            name: "3.0: a header with fields of 2.0",
            text: head30
                + "paths: {/a: {get: {responses: {200: {description: ok, headers: {h: {type: string, op: x}}}}}}}",
            expected: [
                "/paths/~1a/get/responses/200/headers/h: \"schema\" or \"content\" must be present.",
                "/paths/~1a/get/responses/200/headers/h/type: must NOT have additional properties",
                "/paths/~1a/get/responses/200/headers/h/op: must NOT have additional properties",
            ]
        ),
        Mistake(
            name: "3.0: parameters with a wrong place, without a place, with a wrong type",
            text: head30 + """
                paths:
                  /user:
                    get:
                      responses: {200: {description: ok}}
                      parameters:
                        - {name: cookie, in: ' cookie', required: true, schema: {type: [string, number]}}
                        - {name: module_id, required: true, schema: {type: string}}
                        - {name: size, in: query, required: true, schema: {type: numbers}}
                """,
            expected: [
                "/paths/~1user/get/parameters/0/in: must be equal to one of the allowed values",
                "/paths/~1user/get/parameters/0/schema/type: must be equal to one of the allowed values",
                "/paths/~1user/get/parameters/1: Parameter must have a valid \"in\" property.",
                "/paths/~1user/get/parameters/2/schema/type: must be equal to one of the allowed values",
            ]
        ),
        Mistake(
            name: "3.0: response codes that are none, and one without a description",
            text: head30 + "paths: {/u: {get: {responses: {200: {}, 42: {description: x}, 5xx: {description: x}}}}}",
            expected: [
                "/paths/~1u/get/responses/200: must have required property 'description'",
                "/paths/~1u/get/responses/42: must NOT have additional properties",
                "/paths/~1u/get/responses/5xx: must NOT have additional properties",
            ]
        ),
        Mistake(
            name: "3.0: schemas that are none",
            text: head30 + """
                paths: {/c: {parameters: [{schema: null, name: id, in: query}]}}
                components: {schemas: {A: {additionalProperties: {type: int}}, B: {additionalProperties: invalid}}}
                """,
            expected: [
                "/paths/~1c/parameters/0/schema: must be object",
                "/components/schemas/A/additionalProperties/type: must be equal to one of the allowed values",
                "/components/schemas/B/additionalProperties: \"additionalProperties\" property must be a valid Schema Object.",
            ]
        ),
        Mistake(
            name: "3.0: a component's name with a space, an http scheme without its name",
            text: head30 + "paths: {}\ncomponents: {schemas: {'a b': {}}, securitySchemes: {k: {type: http}}}",
            expected: [
                "/components/schemas/a b: property name must be valid",
                "/components/securitySchemes/k: must have required property 'scheme'",
            ]
        ),
        Mistake(
            name: "3.0: an address that is none",
            text: "openapi: 3.0.0\ninfo: {title: t, version: '1', contact: {email: bar@@foo}}\npaths: {}",
            expected: ["/info/contact/email: must match format \"email\""]
        ),
        Mistake(
            name: "3.1: neither paths nor webhooks nor components",
            text: head31,
            expected: [": The document must have either \"paths\", \"webhooks\" or \"components\"."]
        ),
        Mistake(
            name: "3.1: a dialect that is no string",
            text: head31 + "paths: {}\njsonSchemaDialect: null",
            expected: ["/jsonSchemaDialect: must be string"]
        ),
        Mistake(name: "3.1: webhooks alone are enough", text: head31 + "webhooks: {}", expected: []),
        Mistake(
            name: "3.1: a keyword of 3.0, a discriminator without a property, deep in a schema",
            text: head31 + """
                components:
                  schemas:
                    A: {type: [string, 'null'], properties: {b: {items: {exclusiveMinimum: true}}}}
                    B: {allOf: [{discriminator: {}}]}
                    C: true
                """,
            expected: [
                "/components/schemas/A/properties/b/items/exclusiveMinimum: must be number",
                "/components/schemas/B/allOf/0/discriminator: must have required property 'propertyName'",
            ]
        ),
        Mistake(
            name: "3.1: schemas of another dialect are left alone",
            text: head31 + "jsonSchemaDialect: http://json-schema.org/draft-04/schema#\n"
                + "components: {schemas: {A: {exclusiveMinimum: true, minimum: 1}}}",
            expected: []
        ),
        Mistake(
            name: "3.1: a schema that names its own dialect is left alone",
            text: head31 + "components: {schemas: {A: {$schema: 'http://json-schema.org/draft-04/schema#', "
                + "minimum: 1, exclusiveMinimum: true}}}",
            expected: []
        ),
        Mistake(
            name: "3.2: the new places are known, their mistakes are found",
            text: head32 + """
                $self: /api
                tags: [{name: a, kind: nav, parent: b}, {summary: x}]
                paths:
                  /a:
                    query: {responses: {200: {summary: ok, content: {application/jsonl: {itemSchema: {type: strin}}}}}}
                    additionalOperations: {LINK: {}, GET: {}}
                    parameters: [{name: q, in: querystring, content: {application/json: {}}}, {name: p, in: querystring, schema: {}}]
                """,
            expected: [
                "/tags/1: must have required property 'name'",
                "/paths/~1a/query/responses/200/content/application~1jsonl/itemSchema/type: must be equal to one of the allowed values",
                "/paths/~1a/additionalOperations/GET: property name must be valid",
                "/paths/~1a/parameters/1: must have required property 'content'",
                "/paths/~1a/parameters/1/schema: boolean schema is false",
            ]
        ),
    ]
}
