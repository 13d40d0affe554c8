import Lifecycle
import RoutingTable
import Testing

@testable import Governance

/// Plans, pins and ends of subscriptions.
@Suite("Terms of subscriptions")
struct ConsumerTermsTests {
    @Test("a subscription whose end has passed makes room for the next one by itself")
    func ended() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            let draft = SubscriptionDraft(
                application: "web-shop",
                plan: "free",
                endsAt: world.clock.now.advanced(by: .seconds(60))
            )
            let first = try await world.governance.requestSubscription(world.bob, draft)
            world.clock.advance(by: .seconds(59))
            let early = await #expect(throws: GovernanceError.self) {
                try await world.governance.requestSubscription(
                    world.bob,
                    SubscriptionDraft(application: "web-shop", plan: "free")
                )
            }
            #expect(early?.code == .subscriptionExists)
            world.clock.advance(by: .seconds(1))
            let second = try await world.governance.requestSubscription(
                world.bob,
                SubscriptionDraft(application: "web-shop", plan: "free")
            )
            #expect(second.state == .accepted)
            #expect(try await world.governance.showSubscription(world.bob, first.id).state == .closed)
            #expect(try await world.base().content().subscriptions.map(\.id) == [RecordID(second.id)])
        }
    }

    @Test("a consumer moves to an automatic plan alone; a manual one needs its provider")
    func planChange() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            let id = try await world.governance.requestSubscription(
                world.bob,
                SubscriptionDraft(application: "web-shop", plan: "free")
            ).id
            let byConsumer = await #expect(throws: GovernanceError.self) {
                try await world.governance.changeSubscriptionPlan(world.bob, id, to: "gold")
            }
            #expect(byConsumer?.code == .approvalNotPermitted)
            #expect(try await world.governance.changeSubscriptionPlan(world.alice, id, to: "gold").plan == "gold")
            #expect(try await world.base().content().subscriptions.first?.limits.count == 2)
            #expect(try await world.governance.changeSubscriptionPlan(world.bob, id, to: "free").plan == "free")
            #expect(try await world.governance.changeSubscriptionPlan(world.bob, id, to: "free").edition == 3)
        }
    }

    @Test("pins hold a subscription to a published version of its major, softly or hard, and go again")
    func pins() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            let id = try await world.governance.requestSubscription(
                world.bob,
                SubscriptionDraft(application: "web-shop", plan: "free", scope: .major(1))
            ).id
            let hard = PinDraft(version: "1.0.0", mode: .hard, expiresAt: world.clock.now.advanced(by: .seconds(60)))
            #expect(try await world.governance.pinSubscription(world.bob, id, hard).pin?.mode == .hard)
            let pin = try await world.base().content().subscriptions.first?.pins.first
            #expect(pin?.isHard == true && pin?.expiresAt == world.clock.now.unixSeconds + 60)
            #expect(
                try await world.governance.pinSubscription(world.alice, id, PinDraft(version: "1.2.0")).pin?.version
                    == "1.2.0"
            )
            for (version, part) in [("2.0.0", "major 1"), ("1.2.1", "did you mean `1.2.0`?")] {
                let error = await #expect(throws: GovernanceError.self) {
                    try await world.governance.pinSubscription(world.bob, id, PinDraft(version: version))
                }
                #expect(error?.code == .pinNotGranted && error?.what.contains(part) == true)
            }
            let past = await #expect(throws: GovernanceError.self) {
                try await world.governance.pinSubscription(
                    world.bob,
                    id,
                    PinDraft(version: "1.0.0", expiresAt: world.clock.now)
                )
            }
            #expect(past?.code == .validationFailed)
            #expect(try await world.governance.unpinSubscription(world.bob, id).pin == nil)
            #expect(try await world.governance.unpinSubscription(world.bob, id).pin == nil)
            #expect(try await world.base().content().subscriptions.first?.pins.isEmpty == true)
        }
    }

    @Test("archiving an application ends its subscriptions and keys, frees its name, and is for good")
    func archiving() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            _ = try await world.governance.requestSubscription(
                world.bob,
                SubscriptionDraft(application: "web-shop", plan: "gold", scope: .major(1))
            )
            let accepted = try await world.governance.requestSubscription(
                world.bob,
                SubscriptionDraft(application: "web-shop", plan: "free")
            )
            _ = try await world.governance.issueCredential(world.bob, CredentialDraft(application: "web-shop"))
            let archived = try await world.governance.archiveApplication(world.bob, "web-shop", reason: "gone")
            #expect(archived.archivedAt == world.clock.now)
            #expect(try await world.governance.showSubscription(world.bob, accepted.id).state == .closed)
            let content = try await world.base().content()
            #expect(content.applications.isEmpty && content.credentials.isEmpty && content.subscriptions.isEmpty)
            for error in [
                await #expect(throws: GovernanceError.self) {
                    try await world.governance.archiveApplication(world.bob, "web-shop")
                },
                await #expect(throws: GovernanceError.self) {
                    try await world.governance.issueCredential(world.bob, CredentialDraft(application: "web-shop"))
                },
            ] { #expect(error?.code == .illegalTransition) }
            let second = try await world.governance.registerApplication(
                world.bob,
                ApplicationDraft(name: "web-shop", team: "shop")
            )
            #expect(second.id != archived.id)
            #expect(try await world.governance.showApplication(world.bob, "web-shop").id == second.id)
        }
    }
}
