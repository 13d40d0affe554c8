import DocumentTree
import Testing

@Suite("JSONPath: the Spectral dialect")
struct JSONPathSpectralTests {
    static let petStore = """
        openapi: 3.1.0
        paths:
          /pets:
            parameters:
              - $ref: '#/components/parameters/Limit'
              - {name: trace_id, in: header}
            get:
              operationId: listPets
              responses: {'200': {description: fine}, '404': {description: gone}}
            put: {operationId: setPets, responses: {'202': {description: later}}}
          /pets/{id}:
            get: {operationId: onePet, responses: {default: {description: any}}}
        components:
          parameters:
            Limit: {name: limit, in: query, schema: {type: integer, enum: [1, 2]}}
          schemas:
            Node: {type: object, properties: {next: {$ref: '#/components/schemas/Node'}, kind: {type: [string, 'null']}}}
            List: {type: array, items: {$ref: '#/components/schemas/Node'}}
        """

    /// Pointers of the matches, a `~` behind those that are keys.
    private func select(_ expression: String, followsReferences: Bool = true, isIndexed: Bool = true) throws -> [String]
    {
        let document = try Document.read(Self.petStore, name: "petstore.yaml")
        let resolver = ReferenceResolver(document)
        let index =
            isIndexed
            ? JSONPathIndex(document, resolve: followsReferences ? { resolver.resolved(document.node($0))?.id } : nil)
            : nil
        let path = try JSONPath(expression, dialect: .spectral, regularExpressions: JSONPathFixtures.engine)
        return try path.matches(in: document, index: index)
            .map { $0.isKey ? document.pointer($0.place).description + "~" : document.pointer($0.node).description }
    }

    @Test(
        "an expression selects what rulesets expect",
        arguments: [
            ("$", [""]),
            ("$.", [""]),
            ("$.paths[*]~", ["/paths/~1pets~", "/paths/~1pets~1{id}~"]),
            (
                "$.paths[*][get,put].operationId",
                [
                    "/paths/~1pets/get/operationId", "/paths/~1pets/put/operationId",
                    "/paths/~1pets~1{id}/get/operationId",
                ]
            ),
            ("$.paths.*.[put]^", ["/paths/~1pets"]),
            ("$.paths[*].put^~", ["/paths/~1pets~"]),
            ("$.paths[*][*].responses[?(@property === '202')]^^", ["/paths/~1pets/put"]),
            ("$.paths[*][*].responses[?(@property >= 400)]", ["/paths/~1pets/get/responses/404"]),
            ("$.paths[*].get.responses.200", ["/paths/~1pets/get/responses/200"]),
            ("$.paths[*].get.responses[404]", ["/paths/~1pets/get/responses/404"]),
            ("$.paths[?(!@path.match(/\\}']$/))]", ["/paths/~1pets"]),
            ("$.paths[?(@property.match(/.*\\/\\{.*\\}.*/))].get.operationId", ["/paths/~1pets~1{id}/get/operationId"]),
            ("$..[?(@ && @.type==\"array\")]", ["/components/schemas/List"]),
            (
                "$..[?(@ && @.type && @.type.constructor.name === \"Array\" && @.type.includes(\"string\"))]",
                [
                    "/components/schemas/Node/properties/kind"
                ]
            ),
            (
                "$..parameters[?(@ && @.in)].name",
                [
                    "/components/parameters/Limit/name", "/paths/~1pets/parameters/1/name",
                ]
            ),
            ("$.paths[*].parameters[0]", ["/components/parameters/Limit"]),
            ("$.paths[*].parameters[-1:].name", ["/paths/~1pets/parameters/1/name"]),
            ("$.paths[*].parameters[(@.length-1)].name", ["/paths/~1pets/parameters/1/name"]),
            ("$..[?(@object() && @.type === 'object' && @.properties)]", ["/components/schemas/Node"]),
            ("$..enum[?(@number() && @ > 1)]", ["/components/parameters/Limit/schema/enum/1"]),
            (
                "$..[?(@property === 'enum' && @parentProperty === 'schema')]",
                ["/components/parameters/Limit/schema/enum"]
            ),
            ("$.components.schemas[?('items' in @)]", ["/components/schemas/List"]),
            ("$.components.schemas[?(@.missing.deeper.still === 1)]", []),
            ("$.components.schemas[?(@.description === void 0 && @.type !== 'array')]~", ["/components/schemas/Node~"]),
            ("$.components.schemas[?(@.type.indexOf('arr') === 0)]", ["/components/schemas/List"]),
            ("$.components.schemas[?(/^ARR/i.test(@.type))]", ["/components/schemas/List"]),
            ("$.components.schemas[?(@property === 'List' && @parent.Node)]", ["/components/schemas/List"]),
            ("$.components.schemas[?(@.items && @root.paths)]", ["/components/schemas/List"]),
            ("$.components.schemas[?(@.items && @root.nothing)]", []),
            ("$.components.parameters[?(@.name.length === 5)].name", ["/components/parameters/Limit/name"]),
            ("$.components.parameters[?(@.name.length > 5)]", []),
            ("$.components.schemas[?(@path === \"$['components']['schemas']['List']\")]", ["/components/schemas/List"]),
            (
                "$.components.schemas[?(@parentProperty === 'schemas' && !('items' in @))]~",
                ["/components/schemas/Node~"]
            ),
            ("$.components.schemas[?(@.type.includes('rra'))]", ["/components/schemas/List"]),
            ("$.components.schemas[?(@.type ? @.type == 'array' : false)]", ["/components/schemas/List"]),
        ]
    )
    func selects(expression: String, expected: [String]) throws {
        #expect(try Set(select(expression)) == Set(expected))
    }

    @Test(
        "the index changes how fast an answer comes, never the answer",
        arguments: [
            "$..type", "$..[?(@ && @.type)]", "$..[?(@.enum || @.items)]", "$..[?(@property === 'get')]",
            "$..[description,operationId]", "$..['0']", "$..['+1']", "$..[?(@['0'])]", "$..[?(@property == '0')]",
            "$..[?(@property == '')]",
        ]
    )
    func indexAgreesWithWalk(expression: String) throws {
        #expect(
            try Set(select(expression, followsReferences: false)) == Set(select(expression, isIndexed: false))
        )
    }

    @Test(
        "only the digits of an index name an element of a list",
        arguments: [("'0'", 1), ("'+0'", 0), ("'00'", 0), ("'-1'", 0), ("'2'", 0)]
    )
    func namesOfElements(name: String, count: Int) throws {
        #expect(try select("$.paths['/pets'].parameters[\(name)]").count == count)
        #expect(try select("$..parameters[?(@ && \(name) in @parent && @.in == 'header')]").count == count)
    }

    @Test("a session answers as each expression alone does, whatever it was asked before")
    func sessions() throws {
        let document = try Document.read(Self.petStore, name: "petstore.yaml")
        let index = JSONPathIndex(document, following: ReferenceResolver(document).survey())
        let session = JSONPathSession(index)
        let expressions = [
            "$", "$.paths[*]", "$.paths[*][get,put]", "$.paths[*][get,put].operationId", "$.paths[*]~", "$.paths[*]",
            "$.components..[?(@ && @.type)]", "$.components..type", "$.components..[?(@ && @.type)]", "$.paths[*].put^",
            "$.paths[*].put^~",
        ]
        for text in expressions {
            let path = try JSONPath(text, dialect: .spectral)
            var budget = 1_000
            let found = try session.matches(of: path, budget: &budget)
            #expect(try found == path.matches(in: document, index: index), "\(text)")
        }
    }

    @Test("what a session knows costs nothing, and what it does not know keeps to the budget")
    func sessionBudget() throws {
        let document = try Document.read(Self.petStore, name: "petstore.yaml")
        let session = JSONPathSession(JSONPathIndex(document, following: ReferenceResolver(document).survey()))
        var budget = 1_000
        let path = try JSONPath("$.paths[*][*]", dialect: .spectral)
        let found = try session.matches(of: path, budget: &budget)
        var none = 0
        #expect(try session.matches(of: path, budget: &none) == found)
        let longer = try JSONPath("$.paths[*][*].operationId", dialect: .spectral)
        #expect(throws: JSONPathEvaluationFailure.nodesVisited(max: 0)) {
            _ = try session.matches(of: longer, budget: &none)
        }
    }

    @Test("a ring of references is walked once")
    func referencesInARing() throws {
        let found = try select("$.components.schemas.List..type")
        #expect(found.count == 3)
        #expect(
            Set(found) == [
                "/components/schemas/List/type", "/components/schemas/Node/type",
                "/components/schemas/Node/properties/kind/type",
            ]
        )
    }

    @Test("without following, a reference is an ordinary mapping")
    func referencesAsWritten() throws {
        #expect(try select("$.components..$ref", followsReferences: false).count == 2)
    }

    @Test(
        "a broken expression is refused with its place",
        arguments: [
            "", "paths", "$[", "$.paths[?(@.a ==)]", "$.paths[?(@.a.eval('x'))]", "$.a[?(/(/.test(@))]", "$..", "$.a[]",
        ]
    )
    func refused(expression: String) throws {
        #expect(throws: JSONPathSyntaxError.self) {
            _ = try JSONPath(expression, dialect: .spectral, regularExpressions: JSONPathFixtures.engine)
        }
    }

    @Test("nesting without end is refused, not followed")
    func deepNesting() throws {
        let deep = "$[?(" + String(repeating: "(", count: 5_000) + "1" + String(repeating: ")", count: 5_000) + ")]"
        #expect(throws: JSONPathSyntaxError.self) { _ = try JSONPath(deep, dialect: .spectral) }
        let negated = "$[?(" + String(repeating: "!", count: 10_000) + "@)]"
        #expect(throws: JSONPathSyntaxError.self) { _ = try JSONPath(negated, dialect: .spectral) }
        let strict = "$[?" + String(repeating: "(", count: 5_000) + "@.a" + String(repeating: ")", count: 5_000) + "]"
        #expect(throws: JSONPathSyntaxError.self) { _ = try JSONPath(strict, dialect: .rfc9535) }
    }

    @Test("an evaluation stops at its limit of nodes")
    func nodesVisitedLimit() throws {
        let document = try Document.read(Self.petStore, name: "petstore.yaml")
        let path = try JSONPath("$..*", dialect: .rfc9535)
        #expect(throws: JSONPathEvaluationFailure.nodesVisited(max: 10)) {
            _ = try path.matches(in: document, nodesVisitedMax: 10)
        }
    }
}
