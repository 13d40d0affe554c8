import Lifecycle
import Testing

@testable import Governance

/// Object-level authorization (OWASP API1:2023): for every object of the consumers' side and every act on it, who is another
/// team's is told that it does not exist, and who may only read is told that they may not.
@Suite("Isolation of teams")
struct ConsumerIsolationTests {
    /// What there is to reach for.
    struct Objects: Sendable {
        let subscription: SubscriptionID
        let pending: SubscriptionID
        let credential: CredentialID
    }

    typealias Act = @Sendable (Governance, Actor, Objects) async throws(GovernanceError) -> Void

    static let acts: [(String, Act)] = [
        ("show application", { g, a, _ throws(GovernanceError) in _ = try await g.showApplication(a, "web-shop") }),
        (
            "archive application",
            { g, a, _ throws(GovernanceError) in _ = try await g.archiveApplication(a, "web-shop") }
        ),
        ("list credentials", { g, a, _ throws(GovernanceError) in _ = try await g.listCredentials(a, of: "web-shop") }),
        (
            "issue credential",
            { g, a, _ throws(GovernanceError) in
                _ = try await g.issueCredential(a, CredentialDraft(application: "web-shop"))
            }
        ),
        (
            "revoke credential",
            { g, a, o throws(GovernanceError) in
                _ = try await g.revokeCredential(a, application: "web-shop", o.credential)
            }
        ),
        (
            "rotate credential",
            { g, a, o throws(GovernanceError) in
                _ = try await g.rotateCredential(a, application: "web-shop", o.credential)
            }
        ),
        (
            "pin credential",
            { g, a, o throws(GovernanceError) in
                _ = try await g.pinCredential(
                    a,
                    application: "web-shop",
                    o.credential,
                    api: "orders",
                    PinDraft(version: "1.2.0")
                )
            }
        ),
        (
            "unpin credential",
            { g, a, o throws(GovernanceError) in
                _ = try await g.unpinCredential(a, application: "web-shop", o.credential, api: "orders")
            }
        ),
        (
            "request subscription",
            { g, a, _ throws(GovernanceError) in
                _ = try await g.requestSubscription(a, SubscriptionDraft(application: "web-shop", plan: "gold"))
            }
        ),
        (
            "show subscription",
            { g, a, o throws(GovernanceError) in _ = try await g.showSubscription(a, o.subscription) }
        ),
        (
            "decide subscription",
            { g, a, o throws(GovernanceError) in _ = try await g.decideSubscription(a, o.pending, .approve) }
        ),
        (
            "pause subscription",
            { g, a, o throws(GovernanceError) in _ = try await g.pauseSubscription(a, o.subscription) }
        ),
        (
            "resume subscription",
            { g, a, o throws(GovernanceError) in _ = try await g.resumeSubscription(a, o.subscription) }
        ),
        (
            "pin subscription",
            { g, a, o throws(GovernanceError) in
                _ = try await g.pinSubscription(a, o.subscription, PinDraft(version: "1.0.0"))
            }
        ),
        (
            "unpin subscription",
            { g, a, o throws(GovernanceError) in _ = try await g.unpinSubscription(a, o.subscription) }
        ),
        (
            "change plan",
            { g, a, o throws(GovernanceError) in _ = try await g.changeSubscriptionPlan(a, o.subscription, to: "free") }
        ),
        (
            "close subscription",
            { g, a, o throws(GovernanceError) in _ = try await g.closeSubscription(a, o.subscription) }
        ),
    ]

    static func furnish(_ world: ConsumerWorld) async throws -> Objects {
        try await world.furnish()
        let accepted = try await world.governance.requestSubscription(
            world.bob,
            SubscriptionDraft(application: "web-shop", plan: "free", scope: .major(1))
        )
        let pending = try await world.governance.requestSubscription(
            world.bob,
            SubscriptionDraft(application: "web-shop", plan: "gold", scope: .major(2))
        )
        let issued = try await world.governance.issueCredential(world.bob, CredentialDraft(application: "web-shop"))
        return Objects(subscription: accepted.id, pending: pending.id, credential: issued.credential.id)
    }

    @Test("another team finds nothing, reaches nothing and changes nothing")
    func otherTeam() async throws {
        try await ConsumerWorld.with { world in
            let objects = try await Self.furnish(world)
            let audited = try await world.count("SELECT count(*) FROM audit")
            for (name, act) in Self.acts {
                let error = await #expect(throws: GovernanceError.self, "\(name)") {
                    try await act(world.governance, world.mallory, objects)
                }
                #expect(error?.code == .notFound, "\(name)")
                #expect(error?.what.contains("orders") != true, "\(name) tells no more than was asked")
            }
            #expect(try await world.governance.listApplications(world.mallory).items.isEmpty)
            #expect(try await world.governance.listSubscriptions(world.mallory).items.isEmpty)
            #expect(try await world.governance.listSubscriptions(world.mallory, application: "web-shop").items.isEmpty)
            #expect(try await world.count("SELECT count(*) FROM audit") == audited)
        }
    }

    @Test("an own application's name in the path does not lead to another team's key")
    func wrongParent() async throws {
        try await ConsumerWorld.with { world in
            let objects = try await Self.furnish(world)
            _ = try await world.governance.registerApplication(
                world.mallory,
                ApplicationDraft(name: "evil", team: "rival")
            )
            let error = await #expect(throws: GovernanceError.self) {
                try await world.governance.revokeCredential(world.mallory, application: "evil", objects.credential)
            }
            #expect(error?.code == .notFound)
            let foreignTeam = await #expect(throws: GovernanceError.self) {
                try await world.governance.registerApplication(world.mallory, ApplicationDraft(name: "x", team: "shop"))
            }
            #expect(foreignTeam?.code == .forbidden)
        }
    }

    @Test("who reads everything changes nothing, and a gateway does neither")
    func readersAndMachines() async throws {
        try await ConsumerWorld.with { world in
            let objects = try await Self.furnish(world)
            for (name, act) in Self.acts {
                if name.hasPrefix("show") || name.hasPrefix("list") {
                    try await act(world.governance, world.auditor, objects)
                } else {
                    let error = await #expect(throws: GovernanceError.self, "\(name)") {
                        try await act(world.governance, world.auditor, objects)
                    }
                    #expect(error?.code == .forbidden, "\(name) by the auditor")
                }
                let machine = await #expect(throws: GovernanceError.self, "\(name)") {
                    try await act(world.governance, world.gateway, objects)
                }
                #expect(machine?.code == .forbidden, "\(name) by a gateway")
            }
        }
    }

    @Test("the API's team sees and holds the subscriptions, but neither applications nor keys")
    func provider() async throws {
        try await ConsumerWorld.with { world in
            let objects = try await Self.furnish(world)
            let expected: [String: GovernanceError.Code] = [
                "show application": .notFound, "archive application": .notFound, "list credentials": .notFound,
                "issue credential": .notFound, "revoke credential": .notFound, "rotate credential": .notFound,
                "pin credential": .notFound, "unpin credential": .notFound, "request subscription": .notFound,
            ]
            for (name, act) in Self.acts {
                guard let code = expected[name] else {
                    try await act(world.governance, world.alice, objects)
                    continue
                }
                let error = await #expect(throws: GovernanceError.self, "\(name)") {
                    try await act(world.governance, world.alice, objects)
                }
                #expect(error?.code == code, "\(name)")
            }
            #expect(try await world.governance.listSubscriptions(world.alice).items.count == 2)
        }
    }

    @Test("a developer asks and handles keys, but neither decides, pauses, pins nor archives")
    func developer() async throws {
        try await ConsumerWorld.with { world in
            let objects = try await Self.furnish(world)
            let refused: Set<String> = [
                "archive application", "pin credential", "unpin credential", "decide subscription",
                "pause subscription",
                "resume subscription", "pin subscription", "unpin subscription", "close subscription",
            ]
            for (name, act) in Self.acts where refused.contains(name) {
                let error = await #expect(throws: GovernanceError.self, "\(name)") {
                    try await act(world.governance, world.carol, objects)
                }
                #expect(error?.code == .forbidden, "\(name)")
            }
            for name in [
                "show application", "list credentials", "issue credential", "show subscription", "rotate credential",
            ] {
                for (act, body) in Self.acts where act == name {
                    try await body(world.governance, world.carol, objects)
                }
            }
        }
    }

    @Test("the plans of a private API are its team's alone")
    func privateAPI() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            _ = try await world.governance.createPlan(world.alice, PlanDraft(name: "inner", api: "secret"))
            #expect(try await world.governance.listPlans(world.bob).items.map(\.name) == ["gold", "free"])
            #expect(try await world.governance.listPlans(world.alice).items.count == 3)
            let asked = await #expect(throws: GovernanceError.self) {
                try await world.governance.requestSubscription(
                    world.bob,
                    SubscriptionDraft(application: "web-shop", plan: "inner")
                )
            }
            #expect(asked?.code == .notFound)
        }
    }
}
