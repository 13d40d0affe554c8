import Lifecycle
import RoutingTable
import Testing

@testable import Governance

@Suite("Subscriptions as use cases")
struct ConsumerSubscriptionTests {
    @Test("under an automatic plan a request is accepted at once, for the latest major line")
    func automaticPlan() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            let subscription = try await world.governance.requestSubscription(
                world.bob,
                SubscriptionDraft(application: "web-shop", plan: "free")
            )
            #expect(subscription.state == .accepted)
            #expect(subscription.major == 2)
            #expect(subscription.requestedByName == "bob")
            #expect(subscription.decidedByName == nil && subscription.decidedAt == world.clock.now)
            #expect(try await world.base().content().subscriptions.map(\.plan) == ["free"])
        }
    }

    @Test("under a manual plan somebody else of the API's team decides, once")
    func manualPlan() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            let asked = try await world.governance.requestSubscription(
                world.bob,
                SubscriptionDraft(application: "web-shop", plan: "gold", pin: "1.2.0", comment: "for the shop")
            )
            #expect(asked.state == .pending && asked.major == 1 && asked.pin?.version == "1.2.0")
            #expect(try await world.base().content().subscriptions.isEmpty, "a pending request grants nothing")

            let accepted = try await world.governance.decideSubscription(
                world.alice,
                asked.id,
                .approve,
                comment: "fine"
            )
            #expect(
                accepted.state == .accepted && accepted.decidedByName == "alice" && accepted.decisionComment == "fine"
            )
            let again = await #expect(throws: GovernanceError.self) {
                try await world.governance.decideSubscription(world.anton, asked.id, .reject)
            }
            #expect(again?.code == .alreadyDecided)
            #expect(again?.what.contains("`alice`") == true)
            let granted = try await world.base().content().subscriptions.first
            #expect(granted?.operations == ["getOrder", "listOrders"])
            #expect(granted?.pins.map(\.version) == ["1.2.0"])
            #expect(granted?.limits.map(\.name) == ["second", "month"])
        }
    }

    @Test("a rejected request is over, and the application may ask again")
    func rejection() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            let draft = SubscriptionDraft(application: "web-shop", plan: "gold")
            let asked = try await world.governance.requestSubscription(world.bob, draft)
            let rejected = try await world.governance.decideSubscription(world.alice, asked.id, .reject, comment: "no")
            #expect(rejected.state == .rejected)
            let paused = await #expect(throws: GovernanceError.self) {
                try await world.governance.pauseSubscription(world.alice, asked.id)
            }
            #expect(paused?.code == .illegalTransition)
            #expect(try await world.governance.requestSubscription(world.bob, draft).state == .pending)
        }
    }

    @Test("who asked does not decide, with whatever roles, and neither does who answers for the machine that asked")
    func fourEyes() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            let draft = SubscriptionDraft(application: "web-shop", plan: "gold")
            let byAdmin = try await world.governance.requestSubscription(world.admin, draft)
            let own = await #expect(throws: GovernanceError.self) {
                try await world.governance.decideSubscription(world.admin, byAdmin.id, .approve)
            }
            #expect(own?.code == .approvalNotPermitted)
            _ = try await world.governance.decideSubscription(world.alice, byAdmin.id, .reject)

            let byRobot = try await world.governance.requestSubscription(world.robot, draft)
            let bobAsOwner = world.actor("bob", Seed.bob, RoleGrant(.apiOwner, .team(Seed.sales)))
            let responsible = await #expect(throws: GovernanceError.self) {
                try await world.governance.decideSubscription(bobAsOwner, byRobot.id, .approve)
            }
            #expect(responsible?.code == .approvalNotPermitted)
            #expect(responsible?.cause == "decider_is_not_requester", "the database says so")
            var nobody = world.alice
            nobody.member = nil
            let system = await #expect(throws: GovernanceError.self) {
                try await world.governance.decideSubscription(nobody, byRobot.id, .approve)
            }
            #expect(system?.code == .approvalNotPermitted)
            #expect(try await world.governance.showSubscription(world.bob, byRobot.id).state == .pending)
        }
    }

    @Test("of two who decide at the same time one wins and the other is told so")
    func twoDeciders() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            for round in 1...6 {
                let name = "app-\(round)"
                _ = try await world.governance.registerApplication(
                    world.bob,
                    ApplicationDraft(name: name, team: "shop")
                )
                let asked = try await world.governance.requestSubscription(
                    world.bob,
                    SubscriptionDraft(application: name, plan: "gold")
                )
                let outcomes = await withTaskGroup(of: Result<SubscriptionState, GovernanceError>.self) { group in
                    for (actor, decision) in [(world.alice, SubscriptionDecision.approve), (world.anton, .reject)] {
                        group.addTask {
                            do throws(GovernanceError) {
                                return .success(
                                    try await world.governance.decideSubscription(actor, asked.id, decision).state
                                )
                            } catch {
                                return .failure(error)
                            }
                        }
                    }
                    var outcomes: [Result<SubscriptionState, GovernanceError>] = []
                    for await outcome in group { outcomes.append(outcome) }
                    return outcomes
                }
                let wins = outcomes.compactMap { try? $0.get() }
                #expect(wins.count == 1)
                for case .failure(let error) in outcomes { #expect(error.code == .alreadyDecided) }
                #expect(try await world.governance.showSubscription(world.bob, asked.id).state == wins.first)
                let rows = try await world.count(
                    "SELECT count(*) FROM audit WHERE action IN ('subscription.accepted', 'subscription.rejected')"
                )
                #expect(rows == round, "one decision, one audit row")
            }
        }
    }

    @Test("of eight who ask for the same thing at the same time one gets it")
    func duplicatesInParallel() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            let codes = await withTaskGroup(of: GovernanceError.Code?.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        do throws(GovernanceError) {
                            _ = try await world.governance.requestSubscription(
                                world.bob,
                                SubscriptionDraft(application: "web-shop", plan: "free")
                            )
                            return nil
                        } catch {
                            return error.code
                        }
                    }
                }
                var codes: [GovernanceError.Code?] = []
                for await code in group { codes.append(code) }
                return codes
            }
            #expect(codes.filter { $0 == nil }.count == 1)
            #expect(codes.compactMap { $0 }.allSatisfy { $0 == .subscriptionExists })
        }
    }

    @Test("one open subscription per major: another major is another subscription")
    func onePerMajor() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            func ask(_ scope: SubscriptionDraft.Scope) async throws -> Subscription {
                try await world.governance.requestSubscription(
                    world.bob,
                    SubscriptionDraft(application: "web-shop", plan: "free", scope: scope)
                )
            }
            let first = try await ask(.major(1))
            _ = try await ask(.major(2))
            let twice = await #expect(throws: GovernanceError.self) { try await ask(.latest) }
            #expect(twice?.code == .subscriptionExists)
            _ = try await world.governance.pauseSubscription(world.bob, first.id)
            let whilePaused = await #expect(throws: GovernanceError.self) { try await ask(.major(1)) }
            #expect(whilePaused?.facts["subscription"] == first.id.description)
            _ = try await world.governance.closeSubscription(world.bob, first.id)
            #expect(try await ask(.major(1)).state == .accepted)
            let unknown = await #expect(throws: GovernanceError.self) { try await ask(.major(7)) }
            #expect(unknown?.code == .validationFailed && unknown?.mend.contains("1, 2") == true)
        }
    }

    @Test("each side pauses for itself, and the subscription flows again when both have resumed it")
    func pauses() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            let id = try await world.governance.requestSubscription(
                world.bob,
                SubscriptionDraft(application: "web-shop", plan: "free")
            ).id
            func state() async throws -> SubscriptionState {
                try await world.governance.showSubscription(world.bob, id).state
            }

            #expect(
                try await world.governance.pauseSubscription(world.alice, id, reason: "abuse").life.pausedBy == [
                    .provider
                ]
            )
            #expect(
                try await world.governance.pauseSubscription(world.bob, id).life.pausedBy == [.provider, .consumer]
            )
            #expect(try await world.base().content().subscriptions.map(\.state) == [.paused])
            let before = try await world.count("SELECT count(*) FROM audit")
            #expect(try await world.governance.pauseSubscription(world.bob, id).state == .paused)
            #expect(try await world.count("SELECT count(*) FROM audit") == before, "pausing twice writes nothing")
            _ = try await world.governance.resumeSubscription(world.bob, id)
            #expect(try await state() == .paused)
            let foreign = await #expect(throws: GovernanceError.self) {
                try await world.governance.resumeSubscription(world.bob, id, as: .provider)
            }
            #expect(foreign?.code == .forbidden)
            _ = try await world.governance.resumeSubscription(world.alice, id)
            #expect(try await state() == .accepted)
            // An administrator is on both sides: resuming lifts whatever holds it.
            _ = try await world.governance.pauseSubscription(world.bob, id)
            _ = try await world.governance.resumeSubscription(world.admin, id)
            #expect(try await state() == .accepted)
        }
    }

    @Test("closing withdraws what is pending, ends what is accepted, and is harmless the second time")
    func closing() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            let pending = try await world.governance.requestSubscription(
                world.carol,
                SubscriptionDraft(application: "web-shop", plan: "gold")
            )
            let byProvider = await #expect(throws: GovernanceError.self) {
                try await world.governance.closeSubscription(world.alice, pending.id)
            }
            #expect(byProvider?.code == .forbidden, "a provider rejects, it does not withdraw")
            #expect(try await world.governance.closeSubscription(world.carol, pending.id).state == .withdrawn)
            #expect(try await world.governance.closeSubscription(world.carol, pending.id).state == .withdrawn)
            let decided = await #expect(throws: GovernanceError.self) {
                try await world.governance.decideSubscription(world.alice, pending.id, .approve)
            }
            #expect(decided?.code == .alreadyDecided)

            let accepted = try await world.governance.requestSubscription(
                world.bob,
                SubscriptionDraft(application: "web-shop", plan: "free")
            )
            #expect(try await world.base().content().subscriptions.count == 1)
            let closed = try await world.governance.closeSubscription(world.alice, accepted.id, reason: "moved")
            #expect(closed.state == .closed && closed.closedAt == world.clock.now)
            #expect(try await world.base().content().subscriptions.isEmpty)
            #expect(try await world.governance.closeSubscription(world.bob, accepted.id).state == .closed)
            let late = await #expect(throws: GovernanceError.self) {
                try await world.governance.resumeSubscription(world.bob, accepted.id)
            }
            #expect(late?.code == .illegalTransition)
        }
    }

    @Test("nobody is newly admitted to a deprecated version, and the successor is named")
    func deprecatedVersions() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            try await world.sql(
                "UPDATE api_version SET announced_at = $1, deprecated_at = $1, successor_id = $2 WHERE major = 1",
                [world.clock.now, Seed.version200]
            )
            for draft in [
                SubscriptionDraft(application: "web-shop", plan: "free", scope: .major(1)),
                SubscriptionDraft(application: "web-shop", plan: "free", pin: "1.2.0"),
            ] {
                let error = await #expect(throws: GovernanceError.self) {
                    try await world.governance.requestSubscription(world.bob, draft)
                }
                #expect(error?.code == .versionDeprecated)
                #expect(error?.facts["successor"] == "2.0.0")
            }
            let latest = try await world.governance.requestSubscription(
                world.bob,
                SubscriptionDraft(application: "web-shop", plan: "free")
            )
            #expect(latest.major == 2)
        }
    }

    @Test("a deprecation that is announced but not in effect still admits")
    func announcedDeprecation() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            try await world.sql(
                "UPDATE api_version SET announced_at = $1, deprecated_at = $2 WHERE major = 1",
                [world.clock.now, world.clock.now.advanced(by: .seconds(60))]
            )
            let draft = SubscriptionDraft(application: "web-shop", plan: "free", scope: .major(1))
            #expect(try await world.governance.requestSubscription(world.bob, draft).state == .accepted)
        }
    }

    @Test("dates that make no sense and texts that are too long are refused")
    func badDates() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            let now = world.clock.now
            let cases: [(SubscriptionDraft, GovernanceError.Code)] = [
                (SubscriptionDraft(application: "web-shop", plan: "free", endsAt: now), .datesOutOfOrder),
                (
                    SubscriptionDraft(
                        application: "web-shop",
                        plan: "free",
                        startsAt: now.advanced(by: .seconds(100)),
                        endsAt: now.advanced(by: .seconds(100))
                    ), .datesOutOfOrder
                ),
                (
                    SubscriptionDraft(
                        application: "web-shop",
                        plan: "free",
                        comment: String(repeating: "a", count: 2001)
                    ),
                    .validationFailed
                ),
                (SubscriptionDraft(application: "web-shop", plan: "free", pin: "1.2"), .pinNotGranted),
                (
                    SubscriptionDraft(application: "web-shop", plan: "free", scope: .major(2), pin: "1.2.0"),
                    .pinNotGranted
                ),
                (SubscriptionDraft(application: "web-shop", plan: "free", environment: "moon"), .notFound),
                (SubscriptionDraft(application: "web-shop", plan: "free", comment: "a\u{0}b"), .validationFailed),
            ]
            for (draft, code) in cases {
                let error = await #expect(throws: GovernanceError.self) {
                    try await world.governance.requestSubscription(world.bob, draft)
                }
                #expect(error?.code == code, "\(draft)")
            }
            let dated = try await world.governance.requestSubscription(
                world.bob,
                SubscriptionDraft(
                    application: "web-shop",
                    plan: "free",
                    startsAt: now.advanced(by: .milliseconds(1_500)),
                    endsAt: now.advanced(by: .milliseconds(9_500))
                )
            )
            #expect(dated.state == .accepted)
            let granted = try await world.base().content().subscriptions.first
            #expect(granted?.startsAt == now.unixSeconds + 2, "late rather than early")
            #expect(granted?.endsAt == now.unixSeconds + 9, "early rather than late")
        }
    }
}
