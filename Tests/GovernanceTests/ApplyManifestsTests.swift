import Foundation
import Lifecycle
import RoutingTable
import Testing

@testable import Governance

@Suite("ApplyManifests")
struct ApplyManifestsTests {
    /// The manifests of a small API with a consumer; its catalog is the seeded organization without them.
    static let text = """
        apiVersion: gatehouse.dev/v1
        kind: Upstream
        metadata: {name: invoices-v1}
        spec: {targets: [{url: "http://127.0.0.1:9002/base", weight: 100}], balance: round-robin}
        ---
        apiVersion: gatehouse.dev/v1
        kind: Api
        metadata: {name: invoices, labels: {domain: sales}}
        spec: {title: Invoices, team: sales, visibility: internal, access: plan, security: verify,
               versioning: {in: [path, header, pin], header: API-Version, default: latest}}
        ---
        apiVersion: gatehouse.dev/v1
        kind: ApiVersion
        metadata: {name: invoices-1.0.0}
        spec:
          api: invoices
          version: 1.0.0
          upstream: invoices-v1
          state: published
          definition:
            inline:
              openapi: 3.1.0
              info: {title: Invoices, version: 1.0.0, description: d, contact: {name: n}}
              servers: [{url: 'https://api.example.com'}]
              paths:
                /invoices:
                  get:
                    operationId: listInvoices
                    description: d
                    tags: [i]
                    responses: {'200': {description: Done.}}
              tags: [{name: i}]
        ---
        apiVersion: gatehouse.dev/v1
        kind: Plan
        metadata: {name: invoices-gold}
        spec: {api: invoices, approval: manual, operations: [listInvoices],
               limits: [{name: second, kind: rate, amount: 100, window: PT1S, algorithm: gcra, burst: 20},
                        {name: month, kind: quota, amount: 1000000, window: P1M, align: calendar}]}
        ---
        apiVersion: gatehouse.dev/v1
        kind: Plan
        metadata: {name: invoices-free}
        spec: {api: invoices, approval: automatic, operations: null}
        ---
        apiVersion: gatehouse.dev/v1
        kind: Application
        metadata: {name: mail-shop}
        spec: {team: shop}
        ---
        apiVersion: gatehouse.dev/v1
        kind: Subscription
        metadata: {name: mail-shop-invoices}
        spec: {application: mail-shop, plan: invoices-gold, pin: 1.0.0}
        ---
        apiVersion: gatehouse.dev/v1
        kind: Credential
        metadata: {name: mail-shop-1}
        spec: {application: mail-shop, kind: api-key,
               secret: {sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}}
        """

    static func apply(
        _ text: String,
        in world: ConsumerWorld,
        as actor: Actor? = nil,
        prunes: Bool = false,
        isDryRun: Bool = false
    ) async throws -> ManifestPlan {
        try await world.governance.applyManifests(
            actor ?? world.admin,
            Array(text.utf8),
            name: "all.yaml",
            prunes: prunes,
            isDryRun: isDryRun
        )
    }

    static func actions(_ plan: ManifestPlan) -> [String] {
        plan.changes.map { "\($0.kind) \($0.name): \($0.action.rawValue)" }
    }

    /// Everything that a change would leave behind.
    static func footprint(of world: ConsumerWorld) async throws -> [Int] {
        var counts: [Int] = []
        for table in [
            "audit", "outbox", "entitlement_change", "revision", "routing_snapshot", "subscription", "credential",
        ] {
            counts.append(try await world.count("SELECT count(*) FROM \(table)"))
        }
        counts.append(Int(try await world.base().sequence))
        return counts
    }

    static func approve(_ world: ConsumerWorld, _ api: String = "invoices", revision: Int = 1) async throws {
        let outcome = try await world.governance.castVote(
            world.actor("anton", Seed.anton, RoleGrant(.approver)),
            VoteDraft(api: api, version: "1.0.0", revision: revision, decision: .approve)
        )
        #expect(outcome.reviewState == .approved)
    }

    @Test("the first time everything is made, what people decide waits for them, and the second time nothing changes")
    func twice() async throws {
        try await ConsumerWorld.with { world in
            let first = try await Self.apply(Self.text, in: world)
            #expect(
                Self.actions(first) == [
                    "Upstream invoices-v1: create", "Api invoices: create", "ApiVersion invoices-1.0.0: awaits-review",
                    "Plan invoices-gold: create", "Plan invoices-free: create", "Application mail-shop: create",
                    "Subscription mail-shop-invoices: awaits-review", "Credential mail-shop-1: create",
                ]
            )
            #expect(first.changes[2].note == "revision #1 awaits its review")
            let before = try await Self.footprint(of: world)
            world.clock.advance(by: .seconds(60))
            let second = try await Self.apply(Self.text, in: world)
            #expect(
                Self.actions(second) == [
                    "Upstream invoices-v1: none", "Api invoices: none", "ApiVersion invoices-1.0.0: awaits-review",
                    "Plan invoices-gold: none", "Plan invoices-free: none", "Application mail-shop: none",
                    "Subscription mail-shop-invoices: awaits-review", "Credential mail-shop-1: none",
                ]
            )
            #expect(second.changesAnything == false)
            #expect(try await Self.footprint(of: world) == before)
        }
    }

    @Test("once people have decided, the next application publishes, and the one after changes nothing")
    func publishes() async throws {
        try await ConsumerWorld.with { world in
            _ = try await Self.apply(Self.text, in: world)
            try await Self.approve(world)
            let asked = try await world.governance.listSubscriptions(world.alice, api: "invoices").items.first
            _ = try await world.governance.decideSubscription(world.alice, try #require(asked).id, .approve)
            let plan = try await Self.apply(Self.text, in: world)
            #expect(plan.changes.filter { $0.action != .none }.map(\.name) == ["invoices-1.0.0"])
            #expect(plan.changes[2].fields == ["release"])
            let detail = try await world.governance.showVersion(world.alice, api: "invoices", version: "1.0.0")
            #expect(detail.state == .published)
            let before = try await Self.footprint(of: world)
            #expect(try await Self.apply(Self.text, in: world).changesAnything == false)
            #expect(try await Self.footprint(of: world) == before)
            let granted = try await world.base().content()
            #expect(granted.subscriptions.map(\.api) == ["invoices"])
            #expect(granted.subscriptions.first?.pins.map(\.version) == ["1.0.0"])
            #expect(granted.credentials.map(\.sha256.hexadecimal).first?.hasPrefix("9f86d081") == true)
        }
    }

    @Test("a dry run says exactly what applying does, and leaves nothing behind")
    func dryRun() async throws {
        try await ConsumerWorld.with { world in
            let before = try await Self.footprint(of: world)
            let asked = try await Self.apply(Self.text, in: world, isDryRun: true)
            #expect(asked.isDryRun)
            #expect(try await Self.footprint(of: world) == before)
            let done = try await Self.apply(Self.text, in: world)
            #expect(asked.changes == done.changes)
        }
    }

    @Test("all or nothing: a fault in the last manifest takes back the first, and is told with its place")
    func oneTransaction() async throws {
        try await ConsumerWorld.with { world in
            let before = try await Self.footprint(of: world)
            let broken = Self.text.replacing("operations: [listInvoices]", with: "operations: [listInvoice]")
            let error = await #expect(throws: GovernanceError.self) { try await Self.apply(broken, in: world) }
            #expect(error?.code == .validationFailed)
            #expect(error?.what.contains("Plan `invoices-gold`") == true)
            let place = try #require(error?.places.first)
            let line = try #require(
                broken.split(separator: "\n", omittingEmptySubsequences: false).firstIndex {
                    $0.contains("name: invoices-gold")
                }
            )
            #expect(place.source == "all.yaml" && place.pointer == "/spec/operations/0")
            #expect(place.line == line - 1, "one-based, where the manifest begins")
            #expect(place.detail.contains("did you mean `listInvoices`?"))
            #expect(try await Self.footprint(of: world) == before)
        }
    }

    @Test("unknown members, kinds and names are refused with file, line and column, all at once")
    func faults() async throws {
        try await ConsumerWorld.with { world in
            let text = """
                apiVersion: gatehouse.dev/v1
                kind: Plan
                metadata: {name: p}
                spec: {api: orders, aproval: manual}
                ---
                apiVersion: gatehouse.dev/v1
                kind: Aplication
                metadata: {name: a}
                """
            let error = await #expect(throws: GovernanceError.self) { try await Self.apply(text, in: world) }
            #expect(error?.code == .manifestInvalid)
            #expect(error?.places.map(\.line) == [4, 7])
            #expect(error?.places.first?.detail.contains("aproval") == true)
            let file = """
                apiVersion: gatehouse.dev/v1
                kind: ApiVersion
                metadata: {name: orders-3}
                spec: {api: orders, version: 3.0.0, definition: {file: orders.yaml}, state: draft}
                """
            let unsent = await #expect(throws: GovernanceError.self) { try await Self.apply(file, in: world) }
            #expect(unsent?.code == .manifestInvalid && unsent?.what.contains("`orders.yaml`") == true)
            #expect(unsent?.places.first?.line == 4)
        }
    }

    @Test("a manifest does not go around anybody's rights")
    func rights() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            let before = try await Self.footprint(of: world)
            let cases: [(Actor, String, GovernanceError.Code)] = [
                (world.bob, "Plan\nmetadata: {name: mine}\nspec: {api: orders, approval: automatic}", .forbidden),
                (world.mallory, "Application\nmetadata: {name: x}\nspec: {team: shop}", .forbidden),
                (world.bob, "Plan\nmetadata: {name: gold}\nspec: {api: orders, approval: automatic}", .forbidden),
                (
                    world.mallory, "Subscription\nmetadata: {name: s}\nspec: {application: web-shop, plan: free}",
                    .notFound
                ),
                (world.auditor, "Team\nmetadata: {name: t}", .forbidden),
                (world.alice, "Team\nmetadata: {name: t}", .forbidden),
            ]
            for (actor, kind, code) in cases {
                let text = "apiVersion: gatehouse.dev/v1\nkind: " + kind
                let error = await #expect(throws: GovernanceError.self) {
                    try await Self.apply(text, in: world, as: actor)
                }
                #expect(error?.code == code, "\(actor.name): \(kind)")
            }
            #expect(try await Self.footprint(of: world) == before)
        }
    }

    @Test("another document is another revision; what was rejected is not handed in again by itself")
    func revisions() async throws {
        try await ConsumerWorld.with { world in
            _ = try await Self.apply(Self.text, in: world)
            _ = try await world.governance.castVote(
                world.actor("anton", Seed.anton, RoleGrant(.approver)),
                VoteDraft(api: "invoices", version: "1.0.0", revision: 1, decision: .reject, comment: "no")
            )
            let again = try await Self.apply(Self.text, in: world)
            #expect(again.changes[2].note == "revision #1 was rejected; change the definition")
            #expect(try await world.count("SELECT count(*) FROM revision WHERE number > 1") == 0)
            let other = Self.text.replacing("description: Done.", with: "description: All done.")
            let next = try await Self.apply(other, in: world)
            #expect(next.changes[2].action == .awaitsReview && next.changes[2].fields == ["definition"])
            #expect(next.changes[2].note == "revision #2 awaits its review")
            try await Self.approve(world, revision: 2)
            #expect(try await Self.apply(other, in: world).changes[2].action == .update)
            // Another upstream has to be approved with the document.
            world.clock.advance(by: .seconds(1))
            let moved = other.replacing("127.0.0.1:9002", with: "127.0.0.1:9003")
            let asked = try await Self.apply(moved, in: world)
            #expect(asked.changes[0].action == .update)
            #expect(asked.changes[2].note == "revision #3 awaits its review")
        }
    }

    @Test("without pruning nothing goes; with it only what manifests made")
    func pruning() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            _ = try await Self.apply(Self.text, in: world)
            let parts = Self.text.components(separatedBy: "---\n")
            let shorter = parts.prefix(3).joined(separator: "---\n")
            #expect(try await Self.apply(shorter, in: world).changesAnything == false)
            let plan = try await Self.apply(shorter, in: world, prunes: true)
            let pruned = plan.changes.dropFirst(3).map { "\($0.action.rawValue) \($0.kind) \($0.name)" }
            #expect(
                Set(pruned) == [
                    "delete Credential mail-shop-1", "delete Subscription mail-shop-invoices",
                    "delete Application mail-shop",
                    "none Plan invoices-gold", "delete Plan invoices-free",
                ]
            )
            #expect(try await world.governance.showApplication(world.bob, "web-shop").archivedAt == nil)
            #expect(try await world.governance.listPlans(world.bob, api: "orders").items.count == 2)
            let content = try await world.base().content()
            #expect(content.credentials.isEmpty && content.subscriptions.isEmpty)
            // What comes back in the manifests comes back in the catalog; the revoked key does not.
            let back = try await Self.apply(Self.text, in: world)
            #expect(back.changes.last?.note?.contains("stays revoked") == true)
            #expect(back.changes.first { $0.kind == "Application" }?.action == .create)
        }
    }

    @Test("what people made is taken over by name, and a manifest follows its changes")
    func changes() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            let text = """
                apiVersion: gatehouse.dev/v1
                kind: Plan
                metadata: {name: free}
                spec: {api: orders, approval: automatic, limits: [{name: day, kind: quota, amount: 5, window: P1D}]}
                ---
                apiVersion: gatehouse.dev/v1
                kind: Application
                metadata: {name: web-shop}
                spec: {team: shop, title: Web shop}
                ---
                apiVersion: gatehouse.dev/v1
                kind: Subscription
                metadata: {name: s}
                spec: {application: web-shop, plan: free, major: 1, pin: {version: 1.2.0, mode: hard}, state: paused}
                """
            let first = try await Self.apply(text, in: world)
            #expect(first.changes.map(\.fields) == [["limits", "managed-by"], ["title", "managed-by"], []])
            let subscription = try #require(try await world.governance.listSubscriptions(world.bob).items.first)
            #expect(subscription.state == .paused && subscription.pin?.mode == .hard && subscription.name == "s")
            #expect(try await Self.apply(text, in: world).changesAnything == false)
            let changed = text.replacing("amount: 5", with: "amount: 6").replacing(
                "state: paused",
                with: "state: accepted"
            )
            .replacing("pin: {version: 1.2.0, mode: hard}, ", with: "")
            let second = try await Self.apply(changed, in: world)
            #expect(second.changes.map(\.fields) == [["limits"], [], ["pin", "state"]])
            let content = try await world.base().content()
            #expect(
                content.subscriptions.first?.state == .accepted && content.subscriptions.first?.pins.isEmpty == true
            )
            #expect(content.subscriptions.first?.limits.first?.amount == 6)
            #expect(try await Self.apply(changed, in: world).changesAnything == false)
        }
    }

    @Test("an upstream's policy is stored, comes back as it was, and another policy is another upstream")
    func upstreamPolicy() async throws {
        try await ConsumerWorld.with { world in
            let text = """
                apiVersion: gatehouse.dev/v1
                kind: Upstream
                metadata: {name: balanced}
                spec:
                  targets: [{url: "http://127.0.0.1:9002"}, {url: "https://127.0.0.1:9003", priority: 1}]
                  balance: consistent-hash
                  hash: {by: header, name: X-User}
                  health: {active: {path: /up}, passive: {countStatuses: true}}
                  limits: {requests: 7}
                  retry: {statuses: [503]}
                """
            #expect(try await Self.apply(text, in: world).changesAnything)
            #expect(try await Self.apply(text, in: world).changesAnything == false)
            let changed = try await Self.apply(text.replacing("requests: 7", with: "requests: 8"), in: world)
            #expect(changed.changes.map(\.fields) == [["policy"]])
        }
    }
}
