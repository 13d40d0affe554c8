import DocumentTree
import SpecDiff
import Testing

@Suite("Whose the parameters of a path item are")
struct PathItemParameterTests {
    private static func document(shared: String, own: String) -> String {
        """
        openapi: 3.1.0
        info: {title: t, version: 1.0.0}
        paths:
          /orders:
            parameters: [\(shared)]
            get:
              parameters: [\(own)]
              responses: {"200": {description: ok}}
        """
    }

    private static let limit = "{name: limit, in: query, schema: {type: integer, maximum: 100}}"
    private static let lower = "{name: limit, in: query, schema: {type: integer, maximum: 50}}"
    private static let required = "{name: region, in: query, required: true, schema: {type: string}}"

    private func found(_ base: String, _ revision: String, _ parameters: PathItemParameters) throws -> Set<String> {
        var options = OasdiffCase.defaultOptions
        options.pathItemParameters = parameters
        return try checks(base, revision, options)
    }

    @Test("as those of each operation a changed one is seen, and one that moves is not")
    func ofEachOperation() throws {
        let shared = Self.document(shared: Self.limit, own: "")
        let changed = try found(shared, Self.document(shared: Self.lower, own: ""), .ofEachOperation)
        #expect(changed == ["request-parameter-max-decreased"])
        #expect(try found(shared, Self.document(shared: "", own: Self.limit), .ofEachOperation).isEmpty)
        #expect(
            try found(shared, Self.document(shared: "", own: ""), .ofEachOperation) == ["request-parameter-removed"]
        )
    }

    @Test("with added ones only, a changed or removed one is not seen, and one that moves is an added one")
    func addedOnly() throws {
        let shared = Self.document(shared: Self.limit, own: "")
        #expect(try found(shared, Self.document(shared: Self.lower, own: ""), .addedOnly).isEmpty)
        #expect(try found(shared, Self.document(shared: "", own: ""), .addedOnly).isEmpty)
        let moved = try found(shared, Self.document(shared: "", own: Self.limit), .addedOnly)
        #expect(moved == ["new-optional-request-parameter"])
    }

    @Test("an added one is seen by both", arguments: PathItemParameters.allCases)
    func added(_ parameters: PathItemParameters) throws {
        let ids = try found(
            Self.document(shared: Self.limit, own: ""),
            Self.document(shared: Self.limit + ", " + Self.required, own: ""),
            parameters
        )
        #expect(ids == ["new-required-request-default-parameter-to-existing-path"])
    }
}
