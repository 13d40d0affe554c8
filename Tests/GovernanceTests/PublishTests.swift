import CatalogStore
import Lifecycle
import RoutingTable
import Testing

@testable import Governance

@Suite struct PublishTests {
    @Test("a published version is in the routing snapshot that was stored with it")
    func publication() async throws {
        try await GovernedWorld.with { world in
            let publication = try await world.release()
            #expect(publication.generation == 1)
            #expect(publication.detail.state == .published)
            let routing = try #require(try await world.routing())
            let api = try #require(routing.apis.first)
            #expect(api.name == "orders" && api.basePath == "/orders")
            #expect(Set(api.versions.first?.operations.map(\.id) ?? []) == ["listOrders", "getOrder"])
            #expect(routing.upstreams.first?.targets.first?.port == 9001)
            let source = try #require(api.versions.first?.operations.first?.source)
            #expect(source.file == "orders.yaml" && source.line > 1)
        }
    }

    @Test("nothing is published without an approval, and nothing changes")
    func notApproved() async throws {
        try await GovernedWorld.with { world in
            try await world.submit()
            let code = await refusal { try await world.publish() }
            #expect(code == .notApproved)
            let rows = try await world.count("SELECT count(*) FROM release")
            let audited = try await world.count("SELECT count(*) FROM audit WHERE action = 'version.published'")
            #expect(rows == 0 && audited == 0)
        }
    }

    @Test("an approval that left the upstream open is used up by the first one")
    func oneUpstream() async throws {
        try await GovernedWorld.with { world in
            try await world.release()
            let same = await refusal { try await world.publish() }
            #expect(same == .routeAlreadyPublished)
            let other = await refusal { try await world.publish(upstream: .url("http://127.0.0.1:6666")) }
            #expect(other == .approvalStale)
        }
    }

    @Test("an approval of a named upstream is for that one only")
    func namedUpstream() async throws {
        try await GovernedWorld.with { world in
            let submission = try await world.submit(upstream: .url("http://127.0.0.1:9001"))
            try await world.vote(on: submission)
            let other = await refusal { try await world.publish(upstream: .url("http://127.0.0.1:6666")) }
            #expect(other == .approvalStale)
            try await world.publish(upstream: nil)
        }
    }

    @Test("without any upstream there is nowhere to go, and a bad one is named")
    func upstreams() async throws {
        try await GovernedWorld.with { world in
            let submission = try await world.submit()
            try await world.vote(on: submission)
            let none = await refusal { try await world.publish(upstream: nil) }
            #expect(none == .upstreamRequired)
            let unknown = await refusal { try await world.publish(upstream: .named("nowhere")) }
            #expect(unknown == .upstreamNotFound)
            let bad = await refusal { try await world.publish(upstream: .url("ftp://x")) }
            #expect(bad == .validationFailed)
        }
    }

    @Test("a new revision takes the old one's place under the same upstream; the old release stays on record")
    func replacement() async throws {
        try await GovernedWorld.with { world in
            try await world.release()
            let second = try await world.submit(document: GovernedWorld.document("1.0.0", title: "Orders, again"))
            #expect(second.voidedRevisions == [])
            try await world.vote(on: second)
            let publication = try await world.publish(upstream: nil)
            #expect(publication.generation == 2)
            #expect(publication.detail.releases.map(\.state) == [.published, .retired])
            #expect(publication.detail.releases.map(\.revisionNumber) == [2, 1])
            let routing = try #require(try await world.routing())
            #expect(routing.apis.first?.versions.count == 1)
        }
    }

    @Test("two APIs that claim the same route: the second is refused, both are named with file, line and pointer")
    func conflict() async throws {
        try await GovernedWorld.with { world in
            try await world.release()
            let submission = try await world.submit(api: "invoices")
            let alice = try await world.actor("alice")
            var settings = try await world.governance.showAPI(alice, "invoices").settings
            settings.basePath = "/orders"
            _ = try await world.governance.updateAPI(alice, "invoices", APIChange(settings: settings))
            _ = try await world.governance.renewReview(
                try await world.actor("dave"),
                api: "invoices",
                version: "1.0.0",
                revision: 1
            )
            var renewed = submission
            renewed.revision = try await world.governance.showRevision(
                alice,
                api: "invoices",
                version: "1.0.0",
                revision: 1
            )
            try await world.vote(on: renewed)
            let error = await #expect(throws: GovernanceError.self) { try await world.publish(api: "invoices") }
            #expect(error?.code == .routeConflict)
            let places = try #require(error?.places)
            #expect(Set(places.compactMap(\.source)) == ["orders.yaml", "invoices.yaml"])
            #expect(places.allSatisfy { $0.line != nil && $0.pointer != nil })
            let generation = try await world.governance.listEnvironments(alice).first?.generation
            #expect(generation == 1)
            let releases = try await world.count("SELECT count(*) FROM release")
            #expect(releases == 1)
        }
    }

    @Test("publications at the same time queue: every one is in the last generation")
    func races() async throws {
        try await GovernedWorld.with { world in
            let names = (1...6).map { "api-\($0)" }
            for name in names { try await world.vote(on: try await world.submit(api: name)) }
            let alice = try await world.actor("alice")
            let other = world.otherNode()
            let codes = await withTaskGroup(of: GovernanceError.Code?.self) { group in
                for (index, name) in names.enumerated() {
                    let node = index % 2 == 0 ? world.governance : other
                    let draft = PublicationDraft(api: name, version: "1.0.0", upstream: .url("http://127.0.0.1:9001"))
                    group.addTask { await refusal { _ = try await node.publishVersion(alice, draft) } }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.compactMap { $0 } == [])
            let routing = try #require(try await world.routing())
            #expect(routing.apis.map(\.name).sorted() == names)
            let generations = try await world.count("SELECT count(*) FROM routing_snapshot")
            #expect(generations == 6)
        }
    }

    @Test("two nodes that publish the same revision: one does, the other is told")
    func sameRace() async throws {
        try await GovernedWorld.with { world in
            try await world.vote(on: try await world.submit())
            let alice = try await world.actor("alice")
            let nodes = [world.governance, world.otherNode()]
            let draft = PublicationDraft(api: "orders", version: "1.0.0", upstream: .url("http://127.0.0.1:9001"))
            let codes = await withTaskGroup(of: GovernanceError.Code?.self) { group in
                for node in nodes {
                    group.addTask { await refusal { _ = try await node.publishVersion(alice, draft) } }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.compactMap { $0 } == [.routeAlreadyPublished])
            #expect(codes.count == 2)
        }
    }

    @Test("what a restarted node compiles from the catalog is byte for byte what the first one compiled")
    func determinism() async throws {
        try await GovernedWorld.with { world in
            try await world.release()
            try await world.release(api: "invoices")
            let alice = try await world.actor("alice")
            let first = try await world.governance.showSnapshot(alice, generation: 2)
            for reason in ["break", "mend"] {
                let node = world.otherNode()
                if reason == "break" {
                    _ = try await node.suspendVersion(alice, api: "orders", version: "1.0.0", reason: reason)
                } else {
                    _ = try await node.resumeVersion(alice, api: "orders", version: "1.0.0", reason: reason)
                }
            }
            let third = try await world.governance.showSnapshot(alice, generation: 4)
            #expect(first.bodySHA256 == third.bodySHA256)
            try await world.sql("DELETE FROM compiled_revision")
            _ = try await world.otherNode().suspendVersion(alice, api: "orders", version: "1.0.0", reason: "again")
            _ = try await world.otherNode().resumeVersion(alice, api: "orders", version: "1.0.0", reason: "again")
            let fifth = try await world.governance.showSnapshot(alice, generation: 6)
            #expect(first.bodySHA256 == fifth.bodySHA256)
        }
    }

    @Test("an operation that nobody could ever call is refused, with its place")
    func unboundVerifier() async throws {
        try await GovernedWorld.with { world in
            let document =
                GovernedWorld.document("1.0.0") + """

                    security: [{login: [read]}]
                    components:
                      securitySchemes:
                        login: {type: openIdConnect, openIdConnectUrl: 'https://example.com/.well-known'}
                    """
            try await world.vote(on: try await world.submit(document: document))
            let error = await #expect(throws: GovernanceError.self) { try await world.publish() }
            #expect(error?.code == .noVerifierBound)
            #expect(error?.places.first?.source == "orders.yaml")
        }
    }

    @Test("a passthrough API is routed at once and follows its settings")
    func passthrough() async throws {
        try await GovernedWorld.with { world in
            let alice = try await world.actor("alice")
            var settings = APISettings(basePath: "/legacy", access: .open)
            settings.passthrough = APISettings.Passthrough(upstream: "http://127.0.0.1:7000/old", deny: ["/admin"])
            _ = try await world.governance.createAPI(alice, APIDraft(name: "legacy", team: "sales", settings: settings))
            var routing = try #require(try await world.routing())
            #expect(routing.apis.first?.passthrough?.deny == ["/admin"])
            #expect(routing.upstreams.first?.targets.first?.path == "/old")
            settings.basePath = "/older"
            _ = try await world.governance.updateAPI(alice, "legacy", APIChange(settings: settings))
            routing = try #require(try await world.routing())
            #expect(routing.apis.first?.basePath == "/older")
        }
    }

    @Test("who may call a live API is not its owner's to loosen, and an edit of what was changed since is refused")
    func liveSettings() async throws {
        try await GovernedWorld.with { world in
            try await world.release()
            let alice = try await world.actor("alice")
            var settings = try await world.governance.showAPI(alice, "orders").settings
            settings.access = .open
            let change = APIChange(settings: settings)
            let code = await refusal { _ = try await world.governance.updateAPI(alice, "orders", change) }
            #expect(code == .forbidden)
            let gwen = try await world.actor("gwen")
            let updated = try await world.governance.updateAPI(gwen, "orders", change)
            let routing = try #require(try await world.routing())
            #expect(routing.apis.first?.access == .open)
            let late = APIChange(title: "Late", edition: updated.edition - 1)
            let stale = await refusal { _ = try await world.governance.updateAPI(gwen, "orders", late) }
            #expect(stale == .preconditionFailed)
        }
    }
}
