import CatalogStore
import Lifecycle
import Testing

@testable import Governance

@Suite struct AuditTests {
    /// What somebody with the database's own rights does to the audit, and the row that verification names.
    enum Tampering: String, CaseIterable {
        case changed = "UPDATE audit SET actor = 'mallory' WHERE sequence = 7"
        case detail = "UPDATE audit SET detail = '{\"x\": 1}' WHERE sequence = 7"
        case moved = "UPDATE audit SET occurred_at = occurred_at + interval '1 microsecond' WHERE sequence = 7"
        case deleted = "DELETE FROM audit WHERE sequence = 7"
        case cutOff = "DELETE FROM audit WHERE sequence >= 7"
        case rehashed = "UPDATE audit SET action = 'x', hash = sha256('x') WHERE sequence = 7"

        var firstBad: Int64 { 7 }
    }

    @Test("a chain that nobody touched is whole, recomputed outside of the database")
    func intact() async throws {
        try await GovernedWorld.with { world in
            try await world.release()
            let audrey = try await world.actor("audrey")
            let verification = try await world.governance.verifyAudit(audrey)
            let rows = try await world.count("SELECT count(*) FROM audit")
            #expect(verification.isIntact, "\(verification)")
            #expect(verification.rowCount == Int64(rows))
        }
    }

    @Test("verification names the first row that was tampered with", arguments: Tampering.allCases)
    func tampering(_ tampering: Tampering) async throws {
        try await GovernedWorld.with { world in
            try await world.release()
            try await world.sql("ALTER TABLE audit DISABLE TRIGGER USER")
            try await world.sql(tampering.rawValue)
            let verification = try await world.governance.verifyAudit(try await world.actor("audrey"))
            #expect(verification.firstBadSequence == tampering.firstBad)
            #expect(verification.fault != nil)
        }
    }

    @Test("a whole chain rewritten by a superuser is found by a hash that was noted elsewhere")
    func anchor() async throws {
        try await GovernedWorld.with { world in
            try await world.release()
            let audrey = try await world.actor("audrey")
            let noted = try #require(try await world.governance.listAudit(audrey).items.first)
            try await world.sql("ALTER TABLE audit DISABLE TRIGGER USER")
            try await world.sql("DELETE FROM audit WHERE sequence = \(noted.sequence)")
            try await world.sql(
                """
                UPDATE audit_head SET sequence = a.sequence, hash = a.hash
                FROM audit a WHERE a.sequence = (SELECT max(sequence) FROM audit)
                """
            )
            let blind = try await world.governance.verifyAudit(audrey)
            #expect(blind.isIntact)
            let verification = try await world.governance.verifyAudit(audrey, anchor: (noted.sequence, noted.hash))
            #expect(verification.firstBadSequence == noted.sequence)
        }
    }

    @Test("writers at the same time make one chain")
    func concurrency() async throws {
        try await GovernedWorld.with { world in
            let admin = try await world.actor("administrator")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...20 {
                    let node = number % 2 == 0 ? world.governance : world.otherNode()
                    group.addTask { _ = try await node.createTeam(admin, name: "team-\(number)") }
                }
                try await group.waitForAll()
            }
            let teams = try await world.count(
                "SELECT count(*) FROM audit WHERE action = 'team.created' AND subject LIKE 'team-%'"
            )
            #expect(teams == 20)
            let verification = try await world.governance.verifyAudit(try await world.actor("audrey"))
            #expect(verification.isIntact, "\(verification)")
        }
    }

    @Test("a change whose audit cannot be written does not happen")
    func unwritable() async throws {
        try await GovernedWorld.with { world in
            try await world.sql(
                """
                CREATE FUNCTION full() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$
                """
            )
            try await world.sql("CREATE TRIGGER a_full BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION full()")
            let admin = try await world.actor("administrator")
            let code = await refusal { _ = try await world.governance.createTeam(admin, name: "lost") }
            #expect(code == .auditUnavailable)
            let teams = try await world.count("SELECT count(*) FROM team WHERE slug = 'lost'")
            #expect(teams == 0)
        }
    }

    @Test("the audit is read by those who may, in pages, by filter")
    func listing() async throws {
        try await GovernedWorld.with { world in
            try await world.release()
            let audrey = try await world.actor("audrey")
            let first = try await world.governance.listAudit(audrey, PageRequest(limit: 3))
            #expect(first.items.count == 3)
            let second = try await world.governance.listAudit(audrey, PageRequest(limit: 3, cursor: first.next))
            let last = try #require(first.items.last)
            #expect(second.items.first?.sequence == last.sequence - 1)
            let published = try await world.governance.listAudit(
                audrey,
                filter: AuditFilter(action: "version.published")
            )
            #expect(published.items.count == 1)
            #expect(published.items.first?.actor == "alice")
            let dave = try await world.actor("dave")
            let code = await refusal { _ = try await world.governance.listAudit(dave) }
            #expect(code == .forbidden)
        }
    }
}
