import DocumentTree
import OpenAPIModel
import Testing

@Suite("Callbacks")
struct CallbackTests {
    private func operation(_ version: String, _ callbacks: String) throws -> Operation {
        let text = """
            openapi: \(version)
            info: {title: t, version: 1.0.0}
            paths: {/a: {post: {callbacks: \(callbacks)}}}
            components: {callbacks: {Shared: {'{$request.body#/url}': {post: {operationId: told}}}}}
            """
        return try #require(OpenAPIDocument(Document.read(text, name: "api.yaml")).operations.first)
    }

    @Test("a callback is path items by expression, references followed")
    func callbacks() throws {
        let operation = try operation("3.0.3", "{done: {$ref: '#/components/callbacks/Shared'}, x-note: 1}")
        #expect(operation.callbacks.map(\.name) == ["done"])
        #expect(operation.callbacks[0].requests.map(\.expression) == ["{$request.body#/url}"])
        #expect(operation.callbacks[0].requests[0].pathItem.operations.map(\.operationID) == ["told"])
    }

    @Test("a callback that leads nowhere is left out")
    func dangling() throws {
        #expect(try operation("3.1.0", "{done: {$ref: '#/components/callbacks/None'}}").callbacks.isEmpty)
    }
}
