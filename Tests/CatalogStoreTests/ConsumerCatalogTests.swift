import Lifecycle
import Postgres
import Testing

@testable import CatalogStore

@Suite("The consumers' side in SQL")
struct ConsumerCatalogTests {
    @Test("the lookup table of subscriptions has exactly the transitions that Swift has")
    func transitions() async throws {
        try await MigratedCatalog.withConnection { connection in
            let rows = try await connection.query(
                "SELECT from_state, event, to_state FROM subscription_transition WHERE from_state <> 'new'"
            )
            var stored: Set<SubscriptionTransition> = []
            for row in rows {
                let from = try row.decode("from_state", as: String.self)
                let to = try row.decode("to_state", as: String.self)
                stored.insert(
                    SubscriptionTransition(
                        from: try #require(SubscriptionState(rawValue: from)),
                        event: try row.decode("event"),
                        to: try #require(SubscriptionState(rawValue: to))
                    )
                )
            }
            #expect(stored == Set(SubscriptionTransition.table))
            let states = try await connection.query(
                "SELECT name FROM subscription_state WHERE name <> 'new' ORDER BY name"
            )
            let names = try states.map { try $0.decode("name", as: String.self) }
            #expect(names == SubscriptionState.allCases.map(\.rawValue).sorted())
        }
    }

    @Test("the feed finds changes by their index, however long the log is")
    func feedIndex() async throws {
        try await MigratedCatalog.withConnection { connection in
            let organization = PostgresUUID(high: 1, low: 1)
            try await connection.execute(
                """
                INSERT INTO entitlement_change (sequence, org_id, environment_id, kind, subject_id, changed_at)
                SELECT n, $1, NULL, 'credential', gen_random_uuid(), now() FROM generate_series(1, 50000) n
                """,
                [organization]
            )
            try await connection.execute("ANALYZE entitlement_change")
            for name in ["entitlement/changes", "entitlement/has_changes"] {
                let used = try await connection.indexesUsed(
                    by: try QueryLibrary.statement(name),
                    [organization, organization, Int64(49_990)]
                )
                #expect(used == ["entitlement_change_is_logged_once"], "\(name)")
            }
        }
    }

    @Test("every constraint that has a meaning for users exists")
    func constraints() async throws {
        try await MigratedCatalog.withConnection { connection in
            let rows = try await connection.query(
                """
                SELECT conname::text AS name FROM pg_constraint
                UNION SELECT indexrelid::regclass::text FROM pg_index WHERE indisunique
                UNION SELECT (regexp_matches(prosrc, 'CONSTRAINT = ''([a-z_0-9]+)''', 'g'))[1] FROM pg_proc
                """
            )
            let known = Set(try rows.map { try $0.decode("name", as: String.self) })
            let missing = ConstraintMapping.consumers.map(\.constraint).filter { !known.contains($0) }
            #expect(missing == [])
        }
    }
}
