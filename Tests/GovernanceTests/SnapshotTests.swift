import CatalogStore
import Lifecycle
import RoutingTable
import Testing

@testable import Governance

@Suite struct SnapshotTests {
    @Test("rolling back makes a new generation with the old content")
    func rollback() async throws {
        try await GovernedWorld.with { world in
            try await world.release("1.0.0")
            try await world.release("2.0.0")
            let admin = try await world.actor("administrator")
            let record = try await world.governance.activateSnapshot(admin, generation: 1, reason: "2.0.0 is broken")
            #expect(record.generation == 3 && record.contentOfGeneration == 1)
            let first = try await world.governance.showSnapshot(admin, generation: 1)
            #expect(record.bodySHA256 == first.bodySHA256)
            let routing = try #require(try await world.routing())
            #expect(routing.apis.first?.versions.map(\.name) == ["1.0.0"])
            let pulled = try #require(try await world.governance.pullRouting(try await world.actor("gate"), known: 2))
            #expect(pulled.generation == 3)
            let snapshot = try RoutingSnapshot.decode(pulled.bytes, trust: .key(world.governance.signingKey.publicKey))
            #expect(snapshot.generation == 3 && snapshot.isVerified)
            let none = try await world.governance.pullRouting(try await world.actor("gate"), known: 3)
            #expect(none == nil)
            let listed = try await world.governance.listSnapshots(admin, PageRequest(limit: 2))
            #expect(listed.items.map(\.generation) == [3, 2] && listed.next == "2")
            let rest = try await world.governance.listSnapshots(admin, PageRequest(limit: 2, cursor: listed.next))
            #expect(rest.items.map(\.generation) == [1] && rest.next == nil)
        }
    }

    @Test("a snapshot that was changed in the database is not signed anew")
    func tampered() async throws {
        try await GovernedWorld.with { world in
            try await world.release("1.0.0")
            try await world.release("2.0.0")
            try await world.sql(
                "UPDATE routing_snapshot SET artefact = set_byte(artefact, octet_length(artefact) / 2, 7) WHERE generation = 1"
            )
            let admin = try await world.actor("administrator")
            let code = await refusal {
                _ = try await world.governance.activateSnapshot(admin, generation: 1, reason: "back")
            }
            #expect(code == .snapshotRejected)
            let generation = try await world.governance.listEnvironments(admin).first?.generation
            #expect(generation == 2)
        }
    }

    @Test("activating needs a reason, an older generation that exists, and the right role")
    func refusals() async throws {
        try await GovernedWorld.with { world in
            try await world.release()
            let admin = try await world.actor("administrator")
            let governance = world.governance
            let silent = await refusal { _ = try await governance.activateSnapshot(admin, generation: 1, reason: "") }
            let newest = await refusal { _ = try await governance.activateSnapshot(admin, generation: 1, reason: "x") }
            let unknown = await refusal { _ = try await governance.activateSnapshot(admin, generation: 9, reason: "x") }
            let alice = try await world.actor("alice")
            let owner = await refusal { _ = try await governance.activateSnapshot(alice, generation: 1, reason: "x") }
            #expect([silent, newest, unknown, owner] == [.reasonRequired, .illegalTransition, .notFound, .forbidden])
        }
    }

    @Test("a gateway's report is listed, its refusals are explained to those whose matter they are")
    func reports() async throws {
        try await GovernedWorld.with { world in
            try await world.release()
            let gate = try await world.actor("gate")
            let denial = DenialRecord(
                requestID: "r-1",
                occurredAt: world.clock.now,
                status: 403,
                code: "operation-not-granted",
                method: "GET",
                host: "localhost",
                path: "/orders/7",
                api: "orders",
                version: "1.0.0",
                operation: "getOrder",
                application: "web-shop",
                plan: "gold",
                detail: "the plan grants listOrders only",
                generation: 1,
                specification: DenialRecord.Place(file: "orders.yaml", line: 9, pointer: "/paths", sha256: "00")
            )
            let report = GatewayReport(
                name: "gate-1",
                softwareVersion: "1",
                generation: 1,
                sequence: 0,
                denials: [denial]
            )
            try await world.governance.recordGatewayReport(gate, report)
            try await world.governance.recordGatewayReport(gate, report)
            let alice = try await world.actor("alice")
            let gateways = try await world.governance.listGateways(alice)
            #expect(gateways.map(\.record.name) == ["gate-1"])
            #expect(gateways.first?.isLive == true && gateways.first?.isCurrent == true)
            let explanation = try await world.governance.explainRequest(alice, "r-1")
            #expect(explanation.denial == denial)
            #expect(explanation.steps.last?.phase == "grant")
            #expect(explanation.steps.last?.outcome == .refused)
            #expect(explanation.steps.map(\.phase) == ["request", "API", "identity", "version", "operation", "grant"])
            let mallory = try await world.actor("mallory")
            let foreign = await refusal { _ = try await world.governance.explainRequest(mallory, "r-1") }
            #expect(foreign == .notFound)
            let imposter = await refusal { try await world.governance.recordGatewayReport(alice, report) }
            #expect(imposter == .forbidden)
            world.clock.advance(by: .seconds(60))
            let silent = try await world.governance.listGateways(alice)
            #expect(silent.first?.isLive == false)
            world.clock.advance(by: .seconds(8 * 86_400))
            try await world.governance.tidy(gate.organization)
            let forgotten = await refusal { _ = try await world.governance.explainRequest(alice, "r-1") }
            #expect(forgotten == .notFound)
        }
    }

    @Test("old generations are forgotten, the newest and what was made of old ones stay")
    func retention() async throws {
        try await GovernedWorld.with { world in
            try await world.release()
            let alice = try await world.actor("alice")
            for _ in 1...2 {
                _ = try await world.governance.suspendVersion(alice, api: "orders", version: "1.0.0", reason: "x")
                _ = try await world.governance.resumeVersion(alice, api: "orders", version: "1.0.0", reason: "x")
            }
            let admin = try await world.actor("administrator")
            _ = try await world.governance.activateSnapshot(admin, generation: 1, reason: "back")
            let environment = try #require(try await world.governance.listEnvironments(admin).first)
            try await world.governance.catalog.transaction { transaction in
                _ = try await transaction.snapshots.forget(in: environment.id, keptCount: 2)
            }
            let kept = try await world.governance.listSnapshots(admin)
            #expect(kept.items.map(\.generation) == [6, 5])
            #expect(kept.items.first?.contentOfGeneration == nil)
            let routing = try await world.routing()
            #expect(routing?.apis.first?.versions.first?.isSuspended == false)
        }
    }
}
