import DocumentTree
import OpenAPIModel
import Testing

@Suite("OpenAPI documents")
struct OpenAPIDocumentTests {
    private func openAPI(_ text: String) throws -> OpenAPIDocument {
        try OpenAPIDocument(Document.read(text, name: "a.yaml"))
    }

    @Test(
        "the version is found by its field",
        arguments: [
            ("openapi: 3.0.3", SpecificationVersion.v3_0), ("openapi: '3.0'", .v3_0), ("openapi: 3.1", .v3_1),
            ("openapi: 3.1.1", .v3_1),
            ("openapi: 3.2.0", .v3_2), ("swagger: '2.0'", .v2_0), ("swagger: 2.0", .v2_0),
        ]
    )
    func versions(_ text: String, _ version: SpecificationVersion) throws {
        #expect(try openAPI(text).specificationVersion == version)
    }

    @Test(
        "what is not OpenAPI is said to be so",
        arguments: [
            ("a: 1", "not-openapi"), ("- a", "not-openapi"), ("text", "not-openapi"),
            ("openapi: 4.0.0", "unsupported-openapi-version"),
            ("openapi: 3.00.1", "unsupported-openapi-version"), ("openapi: [3]", "unsupported-openapi-version"),
            ("swagger: '1.2'", "unsupported-openapi-version"),
            ("openapi: 3.0.0\nswagger: '2.0'", "ambiguous-openapi-version"),
        ]
    )
    func notOpenAPI(_ text: String, _ code: String) throws {
        let document = try Document.read(text, name: "a.yaml")
        let error = #expect(throws: UnsupportedDocument.self) { try OpenAPIDocument(document) }
        #expect(error?.findings.map(\.code) == [code])
        #expect(Admission.admit(document).map(\.code) == [code])
    }

    @Test("operations come in the order of the document, webhooks are not among them")
    func order() throws {
        let api = try openAPI(
            """
            openapi: 3.2.0
            info: {title: T, version: 1.10}
            paths:
              /b:
                summary: s
                post: {operationId: second}
                x-more: {}
                get: {}
                additionalOperations: {COPY: {operationId: copy}}
                query: {}
              /a: {trace: {deprecated: true, tags: [x, y]}}
              x-no: {get: {}}
            webhooks:
              event: {post: {operationId: hook}}
            """
        )
        #expect(api.operations.map(\.identifier) == ["second", "GET /b", "copy", "QUERY /b", "TRACE /a"])
        #expect(api.operations.last?.isDeprecated == true)
        #expect(api.operations.last?.tags == ["x", "y"])
        #expect(api.operations[0].pointer.description == "/paths/~1b/post")
        #expect(api.operation(id: "copy")?.method == "COPY")
        #expect(api.operation("GET", "/b")?.node.range.start.line == 7)
        #expect(api.webhooks.map(\.name) == ["event"])
        #expect(api.webhooks.first?.pathItem.operations.map(\.operationID) == ["hook"])
        #expect(api.title == "T" && api.version == "1.10")
    }

    @Test("query and additionalOperations are methods from 3.2 on, trace from 3.0 on")
    func methodsByVersion() throws {
        func methods(_ version: String) throws -> [String] {
            try openAPI("\(version)\npaths: {/a: {get: {}, trace: {}, query: {}, additionalOperations: {X: {}}}}")
                .operations.map(\.method)
        }
        #expect(try methods("swagger: '2.0'") == ["GET"])
        #expect(try methods("openapi: 3.1.0") == ["GET", "TRACE"])
        #expect(try methods("openapi: 3.2.0") == ["GET", "TRACE", "QUERY", "X"])
    }

    @Test("security is what holds in effect: own, else the document's, else nothing")
    func security() throws {
        let api = try openAPI(
            """
            openapi: 3.0.0
            security: [{key: []}, {oauth: [read, write], key: []}]
            paths:
              /a:
                get: {}
                put: {security: []}
                post: {security: [{}, {key: []}]}
                patch: {security: [{basic: []}]}
                delete: {security: [5]}
            components:
              securitySchemes:
                key: {type: apiKey, in: header, name: X-Key}
                query: {type: apiKey, in: query, name: k}
                basic: {type: http, scheme: Basic}
                bearer: {type: http, scheme: bearer, bearerFormat: JWT}
                digest: {type: http, scheme: digest}
                oauth: {$ref: '#/components/securitySchemes/other'}
                other: {type: oauth2}
                oidc: {type: openIdConnect, openIdConnectUrl: https://x}
                tls: {type: mutualTLS}
                broken: {type: apiKey, in: body, name: x}
            """
        )
        let operations = api.operations
        #expect(operations[0].security?.map { $0.schemes.map(\.name) } == [["key"], ["oauth", "key"]])
        #expect(operations[0].security?[1].schemes[0].scopes == ["read", "write"])
        #expect(!operations[0].permitsAnonymous && !operations[0].declaresSecurity)
        #expect(operations[1].security == [] && operations[1].permitsAnonymous && operations[1].declaresSecurity)
        #expect(operations[2].permitsAnonymous)
        #expect(operations[3].security?.map { $0.schemes.map(\.name) } == [["basic"]])
        #expect(
            api.securitySchemes.map(\.kind) == [
                .apiKey(in: .header, name: "X-Key"), .apiKey(in: .query, name: "k"), .httpBasic, .httpBearer,
                .http(scheme: "digest"),
                .oauth2, .oauth2, .openIDConnect(url: "https://x"), .mutualTLS, .unknown("`in: body`"),
            ]
        )
        #expect(api.findings.map(\.code) == ["security-scheme"])
        #expect(try openAPI("openapi: 3.0.0\npaths: {/a: {get: {}}}").operations[0].security == nil)
    }

    @Test("a requirement that is no mapping never means that anonymous requests will do")
    func brokenSecurity() throws {
        let api = try openAPI(
            "openapi: 3.0.0\npaths: {/a: {get: {security: [5]}, put: {security: {}}, post: {security: null}}}"
        )
        #expect(api.operations.map(\.permitsAnonymous) == [false, false, false])
        #expect(api.operations[0].security?.first?.schemes.isEmpty == false)
        #expect(api.operations[1].security == nil && api.operations[2].security == nil)
    }

    @Test("an operation's parameters win over its path's where name and place are the same")
    func parameters() throws {
        let api = try openAPI(
            """
            openapi: 3.0.0
            paths:
              /a/{id}:
                parameters:
                  - {name: id, in: path, schema: {type: string}}
                  - {name: q, in: query, description: shared}
                  - {name: X-A, in: header}
                  - {$ref: '#/gone'}
                get:
                  parameters:
                    - {name: q, in: query, required: true, description: own, schema: {type: array}, explode: false}
                    - {name: q, in: header}
                    - {name: x-a, in: header, description: own}
                    - {$ref: '#/components/parameters/P'}
            components: {parameters: {P: {name: p, in: cookie, example: 5}}}
            """
        )
        let parameters = api.operations[0].parameters
        #expect(parameters.map(\.name) == ["id", "q", "q", "x-a", "p"])
        #expect(parameters.map(\.location) == [.path, .query, .header, .header, .cookie])
        #expect(parameters.map(\.isRequired) == [true, true, false, false, false])
        #expect(parameters[1].description == "own")
        #expect(parameters.map(\.style) == ["simple", "form", "simple", "simple", "form"])
        #expect(parameters.map(\.explodes) == [false, false, false, false, true])
        #expect(parameters[0].schema?.types == ["string"])
        #expect(parameters[4].example?.integer == 5)
    }

    @Test("bodies and answers have media types with schemas and examples")
    func bodies() throws {
        let api = try openAPI(
            """
            openapi: 3.1.0
            paths:
              /a:
                post:
                  requestBody: {$ref: '#/components/requestBodies/B'}
                  responses:
                    '201':
                      description: made
                      headers: {Location: {required: true, schema: {type: string}, example: /a/1}}
                      content:
                        application/problem+json: {schema: {$ref: '#/components/schemas/S'}, example: {a: 1}}
                        text/plain: {examples: {one: {value: hello}, two: {externalValue: 'http://x'}}}
                    4XX: {description: refused}
                    default: {$ref: '#/components/responses/R'}
            components:
              requestBodies: {B: {required: true, content: {application/json: {schema: {type: [object, 'null']}}}}}
              responses: {R: {description: other}}
              schemas: {S: {type: object, properties: {a: {type: integer, minimum: 1}}, required: [a]}}
            """
        )
        let operation = api.operations[0]
        #expect(operation.requestBody?.isRequired == true)
        #expect(operation.requestBody?.content.map(\.type) == ["application/json"])
        #expect(operation.requestBody?.content[0].schema?.types == ["object", "null"])
        #expect(operation.requestBody?.content[0].schema?.isNullable == true)
        #expect(operation.responses.map(\.status) == ["201", "4XX", "default"])
        #expect(operation.response(forStatus: 201)?.description == "made")
        #expect(operation.response(forStatus: 404)?.description == "refused")
        #expect(operation.response(forStatus: 500)?.description == "other")
        let made = operation.responses[0].response
        #expect(made.headers.map(\.name) == ["Location"])
        #expect(made.headers[0].isRequired && made.headers[0].example?.string == "/a/1")
        #expect(made.content.map(\.isJSON) == [true, false])
        #expect(made.content[0].schema?.name == "S")
        #expect(made.content[0].schema?.properties.first?.schema.minimum == 1)
        #expect(made.content[0].example?["a"]?.integer == 1)
        #expect(made.content[1].examples.map(\.name) == ["one"])
        #expect(made.content[1].example?.string == "hello")
        #expect(api.schemas.map(\.name) == ["S"])
    }

    @Test("2.0 looks like 3.x: bodies, forms, media types, schemes, servers")
    func swagger() throws {
        let api = try openAPI(
            """
            swagger: '2.0'
            info: {title: T, version: '1'}
            host: example.com
            basePath: /v1
            schemes: [https, http]
            consumes: [application/xml]
            produces: [application/json, application/xml]
            securityDefinitions: {b: {type: basic}, k: {type: apiKey, in: query, name: k}}
            paths:
              /a:
                parameters: [{name: b, in: body, required: true, schema: {$ref: '#/definitions/D'}}]
                post:
                  parameters: [{name: q, in: query, type: array, items: {type: integer}, collectionFormat: multi}]
                  responses: {200: {description: ok, schema: {type: string}, examples: {application/json: '"x"', text/csv: a}}, 204: {description: none}}
            definitions: {D: {type: object, x-nullable: true}}
            """
        )
        #expect(api.servers.map(\.url) == ["https://example.com/v1", "http://example.com/v1"])
        #expect(api.securitySchemes.map(\.kind) == [.httpBasic, .apiKey(in: .query, name: "k")])
        let post = api.operations[0]
        #expect(post.parameters.map(\.name) == ["q"])
        #expect(post.parameters[0].schema?.items?.types == ["integer"])
        #expect(post.parameters[0].explodes)
        #expect(post.requestBody?.isRequired == true)
        #expect(post.requestBody?.content.map(\.type) == ["application/xml"])
        #expect(post.requestBody?.content[0].schema?.name == "D")
        #expect(post.requestBody?.content[0].schema?.types == ["object", "null"])
        #expect(post.responses.map(\.status) == ["200", "204"])
        #expect(post.responses[0].response.content.map(\.type) == ["application/json", "application/xml", "text/csv"])
        #expect(post.responses[0].response.content[0].example?.string == "\"x\"")
        #expect(post.responses[0].response.content[0].schema?.types == ["string"])
        #expect(post.responses[1].response.content.isEmpty)
    }

    @Test("form parameters of 2.0 are a body of fields")
    func forms() throws {
        let api = try openAPI(
            """
            swagger: '2.0'
            paths:
              /a:
                put: {consumes: [multipart/form-data], parameters: [{name: f, in: formData, type: file, required: true}, {name: g, in: formData, type: string}]}
                patch: {parameters: [{name: f, in: formData, type: string}]}
            """
        )
        let put = try #require(api.operations[0].requestBody)
        #expect(put.isRequired)
        #expect(put.content.map(\.type) == ["multipart/form-data"])
        #expect(put.content[0].formFields.map(\.name) == ["f", "g"])
        #expect(put.content[0].formFields.map(\.isRequired) == [true, false])
        #expect(put.content[0].formFields[1].schema.types == ["string"])
        #expect(put.content[0].schema == nil)
        #expect(api.operations[1].requestBody?.content.map(\.type) == ["application/x-www-form-urlencoded"])
    }

    @Test("path items by reference, broken ones and servers at every level")
    func pathItems() throws {
        let api = try openAPI(
            """
            openapi: 3.1.0
            servers: [{url: 'https://{host}/v1', variables: {host: {default: example.com}}}]
            paths:
              /a: {$ref: '#/components/pathItems/P'}
              /b: {$ref: '#/components/pathItems/P'}
              /c: {$ref: '#/gone'}
              /d: 5
              /e: {get: 5, put: {servers: [{url: /x}]}, servers: [{url: /y}]}
              bad: {get: {}}
            components: {pathItems: {P: {parameters: [{name: q, in: query}], get: {operationId: p}}}}
            """
        )
        #expect(api.operations.map { "\($0.method) \($0.pathTemplate)" } == ["GET /a", "GET /b", "PUT /e", "GET bad"])
        #expect(api.operations[1].parameters.map(\.name) == ["q"])
        #expect(api.operations[0].servers.map(\.resolvedURL) == ["https://example.com/v1"])
        #expect(api.operations[2].servers.map(\.url) == ["/x"])
        #expect(Set(api.findings.map(\.code)) == ["invalid-paths", "invalid-operation", "path-template"])
        #expect(!api.operations[3].pathTemplate.isRoutable)
    }

    @Test("schemas tell what they allow, in the words of their version")
    func schemas() throws {
        let api = try openAPI(
            """
            openapi: 3.0.0
            components:
              schemas:
                A:
                  type: integer
                  nullable: true
                  minimum: 1
                  exclusiveMinimum: true
                  maximum: 9
                  enum: [2, 3]
                  default: 2
                B: {allOf: [{$ref: '#/components/schemas/A'}], additionalProperties: false, readOnly: true, discriminator: {propertyName: k}}
                C: {type: array, items: {$ref: '#/components/schemas/C'}, minItems: 1, maxItems: 3, example: [x]}
            """
        )
        let schemas = Dictionary(uniqueKeysWithValues: api.schemas.map { ($0.name, $0.schema) })
        #expect(schemas["A"]?.types == ["integer", "null"])
        #expect(schemas["A"]?.minimumExclusive == 1)
        #expect(schemas["A"]?.maximumExclusive == nil)
        #expect(schemas["A"]?.enumeration?.map(\.integer) == [2, 3])
        #expect(schemas["A"]?.defaultValue?.integer == 2)
        #expect(schemas["B"]?.allOf.first?.name == "A")
        #expect(schemas["B"]?.forbidsAdditionalProperties == true)
        #expect(schemas["B"]?.isReadOnly == true)
        #expect(schemas["B"]?.discriminatorProperty == "k")
        #expect(schemas["C"]?.items?.items?.items?.name == "C")
        #expect(schemas["C"]?.itemsMax == 3)
        #expect(schemas["C"]?.example?[0]?.string == "x")
    }
}
