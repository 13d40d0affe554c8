import CatalogStore
import Lifecycle
import Testing

@testable import Governance

@Suite struct MigrationReportTests {
    private static func document(_ version: String, _ orders: String, _ invoices: String) -> String {
        """
        openapi: 3.1.0
        info: {title: Orders, version: \(version)}
        paths:
          /orders:
            get:
              operationId: listOrders
              parameters: [\(orders)]
              responses: {'200': {description: Done.}}
          /invoices:
            get:
              operationId: listInvoices
              parameters: [\(invoices)]
              responses: {'200': {description: Done.}}
        """
    }

    @Test(
        "an application sees what reaches the operations that its plan grants, with before and after, and how much does not"
    )
    func report() async throws {
        try await GovernedWorld.with { world in
            let optional = "{name: page, in: query, schema: {type: integer}}"
            let required = "{name: page, in: query, required: true, schema: {type: integer}}"
            try await world.release("1.0.0", document: Self.document("1.0.0", optional, optional))
            try await world.release("2.0.0", document: Self.document("2.0.0", required, required))
            let administrator = try await world.actor("administrator")
            let governance = world.governance
            _ = try await governance.createPlan(
                administrator,
                PlanDraft(name: "basic", api: "orders", approval: .automatic, operations: ["listOrders"])
            )
            _ = try await governance.registerApplication(
                administrator,
                ApplicationDraft(name: "web-shop", team: "sales")
            )
            let before = await refusal {
                _ = try await governance.showMigration(
                    administrator,
                    application: "web-shop",
                    api: "orders",
                    from: "1.0.0",
                    to: "2.0.0"
                )
            }
            #expect(before == .notFound)
            _ = try await governance.requestSubscription(
                administrator,
                SubscriptionDraft(application: "web-shop", plan: "basic", pin: "1.0.0")
            )
            let report = try await governance.showMigration(
                administrator,
                application: "web-shop",
                api: "orders",
                from: nil,
                to: "2.0.0"
            )
            #expect(report.from.version == "1.0.0" && report.to.version == "2.0.0" && report.isMajorStep)
            #expect(report.operations == ["listOrders"])
            #expect(report.plans == ["basic"])
            #expect(report.changes.count == 1)
            #expect(report.changes.first?.isBreaking == true)
            #expect(report.changes.first?.sites.map(\.path) == ["/orders"])
            #expect(report.changes.first?.after?.contains("true") == true)
            #expect(report.otherCount >= 1)
            let mallory = try await world.actor("mallory")
            let foreign = await refusal {
                _ = try await governance.showMigration(
                    mallory,
                    application: "web-shop",
                    api: "orders",
                    from: "1.0.0",
                    to: "2.0.0"
                )
            }
            #expect(foreign == .notFound)
        }
    }
}
