import CatalogStore
import Lifecycle
import Postgres
import RoutingTable
import Synchronization
import Testing

@testable import Governance

@Suite("EntitlementFeed")
struct EntitlementFeedTests {
    /// What one team does to its own application, in an order of its own.
    private static func work(_ number: Int, in world: ConsumerWorld) async throws {
        let governance = world.governance
        let name = "app-\(number)"
        _ = try await governance.registerApplication(world.bob, ApplicationDraft(name: name, team: "shop"))
        var generator = SystemRandomNumberGenerator()
        for round in 0..<6 {
            let subscription = try await governance.requestSubscription(
                world.bob,
                SubscriptionDraft(application: name, plan: "free", scope: .major(1 + round % 2))
            )
            let issued = try await governance.issueCredential(world.bob, CredentialDraft(application: name))
            _ = try await governance.pinSubscription(
                world.bob,
                subscription.id,
                PinDraft(version: round % 2 == 0 ? "1.2.0" : "2.0.0")
            )
            switch Int.random(in: 0..<4, using: &generator) {
            case 0:
                _ = try await governance.pauseSubscription(world.alice, subscription.id)
                _ = try await governance.resumeSubscription(world.alice, subscription.id)
            case 1:
                _ = try await governance.rotateCredential(world.bob, application: name, issued.credential.id)
            case 2:
                _ = try await governance.revokeCredential(world.bob, application: name, issued.credential.id)
            default:
                _ = try await governance.updatePlan(
                    world.alice,
                    "free",
                    PlanChange(
                        limits: [
                            LimitDraft(name: "day", kind: "quota", amount: Int64.random(in: 1...9_999), window: "P1D")
                        ]
                    )
                )
            }
            _ = try await governance.closeSubscription(world.bob, subscription.id)
        }
        if number % 2 == 0 { _ = try await governance.archiveApplication(world.bob, name) }
    }

    @Test("under eight writers the sequence has no gaps, and a reader of deltas ends with what a base says")
    func ordering() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            let first = try await world.base()
            let isDone = Mutex(false)
            let reader = Task { () -> (EntitlementSet, Int) in
                var set = first
                var steps = 0
                while !isDone.withLock({ $0 }) {
                    let next = try await world.pull(set)
                    if next.sequence != set.sequence {
                        steps += 1
                        #expect(next.sequence > set.sequence)
                    }
                    set = next
                }
                return (set, steps)
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<8 { group.addTask { try await Self.work(number, in: world) } }
                try await group.waitForAll()
            }
            isDone.withLock { $0 = true }
            let (late, steps) = try await reader.value
            let gateway = try await world.pull(late)
            let base = try await world.base()
            #expect(gateway.sequence == base.sequence)
            #expect(gateway.content() == base.content())
            #expect(steps > 1, "the reader read while the writers wrote")
            #expect(base.content().credentials.count > 0 && base.content().applications.count == 5)
            let newest = Int(base.sequence)
            #expect(try await world.count("SELECT count(DISTINCT sequence) FROM entitlement_change") == newest)
            #expect(try await world.count("SELECT max(sequence) FROM entitlement_change") == newest)
            // A gateway that slept through all of it gets there in one step.
            #expect(try await world.pull(first).content() == base.content())
        }
    }

    @Test("a transaction that fails leaves neither a change nor a hole in the sequence")
    func failures() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            let before = try await world.base().sequence
            for _ in 0..<3 {
                await #expect(throws: GovernanceError.self) {
                    try await world.governance.registerApplication(
                        world.bob,
                        ApplicationDraft(name: "web-shop", team: "shop")
                    )
                }
            }
            _ = try await world.governance.registerApplication(world.bob, ApplicationDraft(name: "next", team: "shop"))
            #expect(try await world.base().sequence == before + 1)
        }
    }

    @Test("a change made with psql reaches the gateways like any other")
    func plainSQL() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            _ = try await world.governance.issueCredential(world.bob, CredentialDraft(application: "web-shop"))
            let gateway = try await world.base()
            try await world.sql("UPDATE credential SET revoked_at = now()")
            let next = try await world.pull(gateway)
            #expect(next.sequence == gateway.sequence + 1)
            #expect(next.content().credentials.isEmpty)
        }
    }

    @Test("a change is announced with its environment, and a plan's with none")
    func notices() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            let (heard, source) = AsyncStream.makeStream(of: Listener.Event.self)
            let listener = Listener(
                world.configuration,
                channels: [NoticeChannel.entitlements.rawValue],
                pollInterval: nil
            )
            let listening = Task { try await listener.run { event in source.yield(event) } }
            var events = heard.makeAsyncIterator()
            // From here on the connection listens.
            #expect(await events.next() == .reread)
            _ = try await world.governance.issueCredential(world.bob, CredentialDraft(application: "web-shop"))
            guard case .notification(let first) = await events.next() else {
                Issue.record("a notification is expected")
                return
            }
            #expect(first.payload == "live")
            _ = try await world.governance.updatePlan(world.alice, "gold", PlanChange(operations: .all))
            guard case .notification(let second) = await events.next() else {
                Issue.record("a notification is expected")
                return
            }
            #expect(second.payload.isEmpty)
            listening.cancel()
            try await listening.value
        }
    }

    @Test("what ended long ago fills nobody's memory, what ended today is still told")
    func ended() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            let soon = world.clock.now.advanced(by: .seconds(60))
            _ = try await world.governance.issueCredential(
                world.bob,
                CredentialDraft(application: "web-shop", expiresAt: soon)
            )
            _ = try await world.governance.requestSubscription(
                world.bob,
                SubscriptionDraft(application: "web-shop", plan: "free", endsAt: soon)
            )
            world.clock.advance(by: .seconds(86_400))
            let today = try await world.base().content()
            #expect(today.credentials.count == 1 && today.subscriptions.count == 1)
            world.clock.advance(by: .seconds(31 * 86_400))
            let feed = EntitlementFeed(world.governance)
            let (_, artifact) = try await feed.base(in: world.organization, environment: "live")
            let later = try EntitlementSet.decode(artifact, trust: .key(world.signingKey.publicKey)).content()
            #expect(later.credentials.isEmpty && later.subscriptions.isEmpty)
        }
    }

    @Test("what the gate need not know makes no step: a pending request, its rejection, a note")
    func silence() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            let gateway = try await world.base()
            let asked = try await world.governance.requestSubscription(
                world.bob,
                SubscriptionDraft(application: "web-shop", plan: "gold")
            )
            _ = try await world.governance.decideSubscription(world.alice, asked.id, .reject)
            _ = try await world.governance.updatePlan(world.alice, "gold", PlanChange(title: "Gold"))
            #expect(
                try await world.feed.step(in: world.organization, environment: "live", after: gateway.sequence)
                    == .nothing
            )
        }
    }

    @Test("who is too far behind, or ahead of a restored database, gets a base; who is told nothing keeps its sequence")
    func bases() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            _ = try await world.governance.issueCredential(world.bob, CredentialDraft(application: "web-shop"))
            let now = try await world.base().sequence
            func step(after sequence: UInt64) async throws -> EntitlementFeed.Step {
                try await world.feed.step(in: world.organization, environment: "live", after: sequence)
            }
            guard case .delta(from: 1, to: now, _) = try await step(after: 1) else {
                Issue.record("a delta is expected")
                return
            }
            #expect(try await step(after: now) == .nothing)
            guard case .base(sequence: now, _) = try await step(after: now + 5) else {
                Issue.record("a base is expected for a gateway that is ahead")
                return
            }
            try await world.sql(
                "UPDATE entitlement_change SET changed_at = '2020-01-01T00:00:00Z' WHERE sequence < $1",
                [now]
            )
            try await world.feed.trim()
            guard case .base(sequence: now, _) = try await step(after: 1) else {
                Issue.record("a base is expected once the log is trimmed")
                return
            }
            #expect(try await step(after: now) == .nothing)
            #expect(try await world.count("SELECT count(*) FROM entitlement_change") == 1)
            await #expect(throws: (any Error).self) {
                try await world.sql("UPDATE entitlement_clock SET sequence = sequence - 1")
            }
        }
    }

    @Test("environments do not see each other's keys, and applications are known in all of them")
    func environments() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            try await world.sql(
                "INSERT INTO environment (id, org_id, slug, rank, created_at) VALUES ($1, $2, 'test', 0, $3)",
                [Seed.id(3) as EnvironmentID, world.organization, world.clock.now]
            )
            let live = try await world.base()
            _ = try await world.governance.issueCredential(
                world.bob,
                CredentialDraft(application: "web-shop", environment: "test")
            )
            #expect(
                try await world.feed.step(in: world.organization, environment: "live", after: live.sequence) == .nothing
            )
            let (_, artifact) = try await world.feed.base(in: world.organization, environment: "test")
            let test = try EntitlementSet.decode(artifact, trust: .key(world.signingKey.publicKey)).content()
            #expect(test.environment == "test" && test.credentials.count == 1 && test.applications.count == 1)
            let error = await #expect(throws: GovernanceError.self) {
                try await world.feed.step(in: world.organization, environment: "moon", after: 0)
            }
            #expect(error?.code == .notFound)
        }
    }

    @Test("only a gateway pulls, and what it gets is signed")
    func access() async throws {
        try await ConsumerWorld.with { world in
            for actor in [world.admin, world.alice, world.bob, world.auditor] {
                let error = await #expect(throws: GovernanceError.self) {
                    try await world.feed.step(actor, environment: "live", after: 0)
                }
                #expect(error?.code == .forbidden)
            }
            guard case .base(_, let artifact) = try await world.feed.step(world.gateway, environment: "live", after: 0)
            else {
                Issue.record("a base is expected")
                return
            }
            #expect(throws: SnapshotRejected.self) {
                try EntitlementSet.decode(artifact, trust: .key(SigningKey().publicKey))
            }
            #expect(try EntitlementSet.decode(artifact, trust: .key(world.signingKey.publicKey)).isVerified)
        }
    }

    @Test("every limit a plan can have is one that the gate can keep")
    func limits() async throws {
        try await ConsumerWorld.with { world in
            var drafts: [LimitDraft] = []
            for (index, window) in ["PT1M", "PT1H", "P1D", "P1W", "P1M", "P1Y"].enumerated() {
                drafts.append(
                    LimitDraft(name: "c\(index)", kind: "quota", amount: 10, window: window, align: "calendar")
                )
            }
            drafts.append(LimitDraft(name: "even", kind: "rate", amount: 1_000_000_000, window: "PT1S", burst: 0))
            drafts.append(LimitDraft(name: "slow", kind: "rate", amount: 1, window: "P366D", burst: 1))
            drafts.append(LimitDraft(name: "large", kind: "quota", amount: 1_000_000_000_000, window: "P366D"))
            drafts.append(LimitDraft(name: "fixed", kind: "rate", amount: 7, window: "PT90S", algorithm: "fixed"))
            _ = try await world.governance.createPlan(
                world.alice,
                PlanDraft(name: "all", api: "orders", approval: .automatic, limits: drafts)
            )
            _ = try await world.governance.registerApplication(world.bob, ApplicationDraft(name: "a", team: "shop"))
            _ = try await world.governance.requestSubscription(
                world.bob,
                SubscriptionDraft(application: "a", plan: "all")
            )
            let limits = try await world.base().content().subscriptions.first?.limits ?? []
            #expect(limits.map(\.name) == drafts.map(\.name))
            #expect(
                limits.map(\.window) == [
                    .calendar(.minute), .calendar(.hour), .calendar(.day), .calendar(.week), .calendar(.month),
                    .calendar(.year), .seconds(1), .seconds(31_622_400), .seconds(31_622_400), .seconds(90),
                ]
            )
            #expect(
                limits.map(\.algorithm).prefix(7) == [
                    .fixedWindow, .fixedWindow, .fixedWindow, .fixedWindow, .fixedWindow, .fixedWindow, .gcra,
                ]
            )
        }
    }
}
