import DocumentTree
import Testing

@testable import PolicyEngine

@Suite("consistentCasing")
struct ConsistentCasingTests {
    private func found(_ names: [String], of kind: String = "properties") throws -> [String] {
        let ruleset = try Ruleset.read(
            "rules: {r: {given: $, message: '{{error}}', then: {function: consistentCasing, functionOptions: {of: \(kind)}}}}"
        )
        let properties = names.map { "\"\($0)\": {}" }.joined(separator: ", ")
        let document = try Document.read("A: {type: object, properties: {\(properties)}}", name: "a.yaml")
        return Linter(ruleset).lint(document).findings.compactMap { $0.path.last?.description }
    }

    @Test(
        "names that leave the usual style are found, and nothing else",
        arguments: [
            (["orderId", "unitPrice", "unit_price"], ["unit_price"]), (["order_id", "unit_price", "total"], []),
            (["order-id", "unit-price", "orderId"], ["orderId"]), (["OrderId", "UnitPrice", "orderId"], ["orderId"]),
            (["ORDER_ID", "UNIT_PRICE", "order_id"], ["order_id"]),
            (["orderId", "Order_Id", "order-item_id"], ["Order_Id", "order-item_id"]),
            (["orderId", "_links", "$ref2", "@type", "a.b", "größe_x", "URL", "x1"], []),
            (["orderId", "order_id"], ["order_id"]),
            (["Order_Id"], []), ([], []),
        ]
    )
    func properties(names: [String], expected: [String]) throws {
        #expect(try found(names) == expected)
    }

    @Test("the message says what is usual")
    func message() throws {
        let ruleset = try Ruleset.builtIn("gatehouse:recommended")
        let document = try Document.read(
            "{openapi: 3.1.0, paths: {/a: {get: {operationId: listA}, put: {operationId: putA}, post: {operationId: post_a}}}}",
            name: "a.yaml"
        )
        let finding = Linter(ruleset).lint(document).findings.first { $0.code == "operation-id-casing" }
        #expect(finding?.message == "`post_a` is not written in camelCase as 2 of 3 are")
    }

    @Test("options", arguments: [("of: headers", false), ("of: parameters", true), ("with: 1", false)])
    func options(options: String, isValid: Bool) {
        let text = "rules: {r: {given: $, then: {function: consistentCasing, functionOptions: {\(options)}}}}"
        #expect(((try? Ruleset.read(text)) != nil) == isValid)
    }
}
