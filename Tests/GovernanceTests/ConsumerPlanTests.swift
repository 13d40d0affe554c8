import Lifecycle
import RoutingTable
import Testing

@testable import Governance

@Suite("Plans")
struct ConsumerPlanTests {
    @Test("a plan keeps what it was made with, limits in their order")
    func made() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            let plan = try await world.governance.showPlan(world.bob, "gold")
            #expect(plan.api == "orders" && plan.approval == .manual && plan.title == "gold" && plan.edition == 1)
            #expect(plan.operations == ["getOrder", "listOrders"])
            #expect(plan.limits.map(\.name) == ["second", "month"])
            #expect(plan.limits.first?.burst == 20 && plan.limits.last?.window == .month)
            let page = try await world.governance.listPlans(world.bob, api: "orders")
            #expect(page.items.map(\.name) == ["gold", "free"] && page.next == nil)
        }
    }

    @Test("operations that no version has are named, each with its place and the nearest name")
    func unknownOperations() async throws {
        try await ConsumerWorld.with { world in
            let error = await #expect(throws: GovernanceError.self) {
                try await world.governance.createPlan(
                    world.alice,
                    PlanDraft(
                        name: "p",
                        api: "orders",
                        operations: ["listOrder", "getOrder", "fly", "DELETE /orders/{id}"]
                    )
                )
            }
            #expect(error?.code == .validationFailed)
            #expect(error?.places.map(\.pointer) == ["/operations/0", "/operations/2"])
            #expect(error?.places.first?.detail.contains("did you mean `listOrders`?") == true)
            #expect(error?.places.last?.detail.contains("did you mean") == false)
            let none = try await world.governance.createPlan(
                world.alice,
                PlanDraft(name: "p", api: "orders", operations: [])
            )
            #expect(none.operations == [], "an empty list grants nothing, which is not the same as all")
        }
    }

    @Test("every fault of every limit is told at once")
    func limitFaults() async throws {
        try await ConsumerWorld.with { world in
            let error = await #expect(throws: GovernanceError.self) {
                try await world.governance.createPlan(
                    world.alice,
                    PlanDraft(
                        name: "p",
                        api: "orders",
                        limits: [
                            LimitDraft(name: "ok", kind: "quota", amount: 5, window: "P1D"),
                            LimitDraft(name: "ok", kind: "rate", amount: -1, window: "1s"),
                            LimitDraft(
                                name: "x",
                                kind: "speed",
                                amount: 1,
                                window: "PT1S",
                                algorithm: "leaky",
                                burst: -2
                            ),
                        ]
                    )
                )
            }
            #expect(
                error?.places.map(\.pointer) == [
                    "/limits/1/name", "/limits/1/amount", "/limits/1/window", "/limits/1/burst", "/limits/2/kind",
                    "/limits/2/algorithm", "/limits/2/burst",
                ]
            )
        }
    }

    @Test("a change reaches every subscription at once; nothing changes by an empty one")
    func changes() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            _ = try await world.governance.requestSubscription(
                world.bob,
                SubscriptionDraft(application: "web-shop", plan: "free")
            )
            var gateway = try await world.base()
            let changed = try await world.governance.updatePlan(
                world.alice,
                "free",
                PlanChange(
                    title: "Free of charge",
                    operations: .listed(["createOrder"]),
                    limits: [LimitDraft(name: "day", kind: "quota", amount: 10, window: "P1D")]
                ),
                ifEdition: 1
            )
            #expect(changed.title == "Free of charge" && changed.edition == 2)
            gateway = try await world.pull(gateway)
            #expect(gateway.content().subscriptions.first?.operations == ["createOrder"])
            #expect(gateway.content().subscriptions.first?.limits.map(\.name) == ["day"])
            let stale = await #expect(throws: GovernanceError.self) {
                try await world.governance.updatePlan(world.alice, "free", PlanChange(title: "x"), ifEdition: 1)
            }
            #expect(stale?.code == .preconditionFailed)
            let sequence = gateway.sequence
            let same = try await world.governance.updatePlan(world.alice, "free", PlanChange(title: "Free of charge"))
            #expect(same.edition == 2)
            #expect(try await world.pull(gateway).sequence == sequence)
            let all = try await world.governance.updatePlan(
                world.alice,
                "free",
                PlanChange(operations: .all, limits: [])
            )
            #expect(all.operations == nil && all.limits.isEmpty)
            #expect(try await world.pull(gateway).content().subscriptions.first?.operations == nil)
        }
    }

    @Test("a plan that was ever used stays; one that was not goes")
    func deletion() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            let id = try await world.governance.requestSubscription(
                world.bob,
                SubscriptionDraft(application: "web-shop", plan: "free")
            ).id
            _ = try await world.governance.closeSubscription(world.bob, id)
            let used = await #expect(throws: GovernanceError.self) {
                try await world.governance.deletePlan(world.alice, "free")
            }
            #expect(used?.code == .inUse)
            _ = try await world.governance.deletePlan(world.alice, "gold")
            let gone = await #expect(throws: GovernanceError.self) {
                try await world.governance.showPlan(world.alice, "gold")
            }
            #expect(gone?.code == .notFound)
        }
    }

    @Test("names are unique and well formed, and only the API's owners make plans")
    func names() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            let cases: [(Actor, PlanDraft, GovernanceError.Code)] = [
                (world.alice, PlanDraft(name: "gold", api: "orders"), .nameTaken),
                (world.alice, PlanDraft(name: "Gold!", api: "orders"), .nameInvalid),
                (world.alice, PlanDraft(name: "p", api: "nothing"), .notFound),
                (
                    world.alice, PlanDraft(name: "p", api: "orders", title: String(repeating: "t", count: 201)),
                    .validationFailed
                ),
                (world.bob, PlanDraft(name: "p", api: "orders"), .forbidden),
                (world.mallory, PlanDraft(name: "p", api: "orders"), .forbidden),
                (world.mallory, PlanDraft(name: "p", api: "secret"), .notFound),
                (world.gateway, PlanDraft(name: "p", api: "orders"), .forbidden),
            ]
            for (actor, draft, code) in cases {
                let error = await #expect(throws: GovernanceError.self) {
                    try await world.governance.createPlan(actor, draft)
                }
                #expect(error?.code == code, "\(actor.name) \(draft.name)")
            }
        }
    }

    @Test("listings go page by page, and a cursor of another listing is refused")
    func pages() async throws {
        try await ConsumerWorld.with { world in
            for number in 0..<7 {
                world.clock.advance(by: .milliseconds(1))
                _ = try await world.governance.createPlan(world.alice, PlanDraft(name: "p\(number)", api: "orders"))
            }
            var names: [String] = []
            var cursor: String?
            repeat {
                let page = try await world.governance.listPlans(world.bob, PageRequest(limit: 3, cursor: cursor))
                #expect(page.items.count <= 3)
                names += page.items.map(\.name)
                cursor = page.next
            } while cursor != nil
            #expect(names == (0..<7).map { "p\($0)" })
            let error = await #expect(throws: GovernanceError.self) {
                try await world.governance.listPlans(world.bob, PageRequest(cursor: "app_0123"))
            }
            #expect(error?.code == .cursorInvalid)
        }
    }
}
