import Lifecycle
import RoutingTable
import Testing

@testable import Governance

/// Dates, keys and the way back from the catalog to manifests.
@Suite("Manifests in detail")
struct ManifestDetailTests {
    @Test("dates that reach further than what was approved need an approval")
    func dates() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            func text(_ end: String) -> String {
                """
                apiVersion: gatehouse.dev/v1
                kind: Subscription
                metadata: {name: s}
                spec: {application: web-shop, plan: gold, endsAt: "\(end)"}
                """
            }
            _ = try await ApplyManifestsTests.apply(text("2030-01-01T00:00:00Z"), in: world, as: world.bob)
            let asked = try #require(try await world.governance.listSubscriptions(world.bob).items.first)
            _ = try await world.governance.decideSubscription(world.alice, asked.id, .approve)
            let wider = await #expect(throws: GovernanceError.self) {
                try await ApplyManifestsTests.apply(text("2031-01-01T00:00:00Z"), in: world, as: world.bob)
            }
            #expect(wider?.code == .approvalNotPermitted)
            let narrower = try await ApplyManifestsTests.apply(text("2029-01-01T00:00:00Z"), in: world, as: world.bob)
            #expect(narrower.changes.map(\.fields) == [["endsAt"]])
        }
    }

    @Test("a key's manifest with another hash replaces the key at once")
    func keys() async throws {
        try await ConsumerWorld.with { world in
            try await world.furnish()
            func text(_ digit: String) -> String {
                """
                apiVersion: gatehouse.dev/v1
                kind: Credential
                metadata: {name: k}
                spec: {application: web-shop, kind: api-key, note: n\(digit), start: gh_live_\(digit),
                       secret: {sha256: "\(String(repeating: digit, count: 64))"}}
                """
            }
            _ = try await ApplyManifestsTests.apply(text("a"), in: world, as: world.bob)
            let next = try await ApplyManifestsTests.apply(text("b"), in: world, as: world.bob)
            #expect(next.changes.map(\.fields) == [["secret"]])
            let content = try await world.base().content()
            #expect(content.credentials.map(\.start) == ["gh_live_b"])
            let back = try await ApplyManifestsTests.apply(text("a"), in: world, as: world.bob)
            #expect(back.changes.first?.note?.contains("stays revoked") == true)
        }
    }

    @Test("what is exported is read back, and applying it takes over what is there without changing it")
    func export() async throws {
        try await ConsumerWorld.with { world in
            _ = try await ApplyManifestsTests.apply(ApplyManifestsTests.text, in: world)
            try await ApplyManifestsTests.approve(world)
            _ = try await ApplyManifestsTests.apply(ApplyManifestsTests.text, in: world)
            let text = try await world.governance.exportManifests(world.admin)
            for expected in [
                "kind: ApiVersion", "name: invoices-1.0.0", "name: orders-2.0.0", "listInvoices", "9f86d081884c",
            ] {
                #expect(text.contains(expected), "\(expected)")
            }
            let sequence = try await world.base().sequence
            let plan = try await ApplyManifestsTests.apply(text, in: world)
            let different = plan.changes.filter { $0.action != .none && !$0.name.hasPrefix("orders") }
            #expect(different.map(\.name) == ["mail-shop-invoices"], "the request still waits")
            #expect(try await world.base().sequence == sequence)
            #expect(try await world.governance.exportManifests(world.admin) == text)
            let mine = try await world.governance.exportManifests(world.mallory)
            #expect(!mine.contains("mail-shop") && !mine.contains("9f86d081884c"))
        }
    }
}
