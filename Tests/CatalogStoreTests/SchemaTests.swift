import CatalogStore
import Lifecycle
import Postgres
import Testing

@Suite struct SchemaTests {
    private func pairs(_ connection: Connection, _ table: String) async throws -> Set<String> {
        let rows = try await connection.query(
            Statement(unsafeSQL: "SELECT from_state, event, to_state FROM \(table)", isPrepared: false)
        )
        var moves: Set<String> = []
        for row in rows {
            let from: String = try row.decode("from_state")
            let event: String = try row.decode("event")
            let to: String = try row.decode("to_state")
            moves.insert("\(from) -\(event)-> \(to)")
        }
        return moves
    }

    @Test("the legal moves of reviews and releases are the same in SQL and in Swift")
    func transitions() async throws {
        try await MigratedCatalog.withConnection { connection in
            let reviews = ReviewTransition.table.map {
                "\($0.from?.rawValue ?? "new") -\($0.event.rawValue)-> \($0.to.rawValue)"
            }
            let storedReviews = try await pairs(connection, "review_transition")
            #expect(storedReviews == Set(reviews))
            let releases = ReleaseTransition.table.map {
                "\($0.from?.rawValue ?? "new") -\($0.event.rawValue)-> \($0.to.rawValue)"
            }
            let storedReleases = try await pairs(connection, "release_transition")
            #expect(storedReleases == Set(releases))
        }
    }

    @Test("the roles are the same in SQL and in Swift")
    func roles() async throws {
        try await MigratedCatalog.withConnection { connection in
            var names: Set<String> = []
            for row in try await connection.query("SELECT name FROM role") { names.insert(try row.decode("name")) }
            #expect(names == Set(Role.allCases.map(\.rawValue)))
        }
    }

    @Test("every constraint that is mapped to an answer exists in the database")
    func mappedConstraintsExist() async throws {
        try await MigratedCatalog.withConnection { connection in
            var known: Set<String> = []
            let rows = try await connection.query(
                """
                SELECT conname::text AS name FROM pg_constraint
                UNION SELECT indexrelid::regclass::text FROM pg_index WHERE indisunique
                UNION SELECT (regexp_matches(prosrc, 'CONSTRAINT = ''([a-z_0-9]+)''', 'g'))[1] FROM pg_proc
                """
            )
            for row in rows { known.insert(try row.decode("name")) }
            #expect(ConstraintMapping.names.subtracting(known) == [])
        }
    }

    @Test("every constraint on what users write is mapped to an answer")
    func constraintsAreMapped() async throws {
        try await MigratedCatalog.withConnection { connection in
            let rows = try await connection.query(
                """
                SELECT conname::text AS name FROM pg_constraint
                WHERE contype = 'c' AND connamespace = 'public'::regnamespace AND conrelid <> 0
                    AND (conname LIKE '%well_formed%' OR conname LIKE '%too_long%' OR conname LIKE '%is_known')
                """
            )
            // What only our own code writes, or checks before with a better place to name.
            let internalOnly: Set<String> = [
                "application_keeper_is_not_too_long", "credential_keeper_is_not_too_long",
                "plan_keeper_is_not_too_long",
                "subscription_keeper_is_not_too_long", "entitlement_kind_is_known", "limit_algorithm_is_known",
                "limit_alignment_is_known", "limit_kind_is_known", "pin_mode_is_known",
                "ruleset_keeper_is_not_too_long", "policy_keeper_is_not_too_long", "evaluation_outcome_is_known",
                "evaluation_finding_severity_is_known", "decision_stage_is_known", "decision_mode_is_known",
                "decision_outcome_is_known", "decision_action_is_known", "decision_effect_is_known",
                "comparison_bump_is_known",
                "change_level_is_known",
                "lint_result_is_known", "content_media_type_is_known", "vote_decision_is_known",
                "finding_severity_is_known",
                "request_id_is_not_too_long", "denial_path_is_not_too_long", "gateway_problem_is_not_too_long",
            ]
            var unmapped: [String] = []
            for row in rows {
                let name: String = try row.decode("name")
                if !ConstraintMapping.names.contains(name), !internalOnly.contains(name) { unmapped.append(name) }
            }
            #expect(unmapped == [])
        }
    }

    @Test("the longest time of a waiver is the same in SQL and in Swift")
    func waiverHorizon() async throws {
        try await MigratedCatalog.withConnection { connection in
            let rows = try await connection.query(
                "SELECT pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE conname = 'waiver_lasts_at_most_180_days'"
            )
            let text: String = try #require(rows.first).decode("text")
            #expect(text.contains("'\(Waiver.daysMax * 24):00:00'"), "\(text)")
        }
    }

    @Test("the audit takes neither changes nor deletions, not even by an administrator's mistake")
    func auditIsAppendOnly() async throws {
        try await MigratedCatalog.withConnection { connection in
            try await connection.execute(
                "INSERT INTO org (id, slug, title, created_at) VALUES ('00000000-0000-7000-8000-000000000001', 'x', 'X', now())"
            )
            try await connection.execute(
                """
                INSERT INTO audit (org_id, id, occurred_at, actor, authentication, action, subject_kind, subject, detail)
                VALUES ('00000000-0000-7000-8000-000000000001', gen_random_uuid(), now(), 'a', 'system', 'x', 'org', 'x', '{}')
                """
            )
            for statement in ["UPDATE audit SET actor = 'b'", "DELETE FROM audit", "TRUNCATE audit"] {
                let error = await #expect(throws: PostgresError.self) {
                    try await connection.execute(Statement(unsafeSQL: statement, isPrepared: false))
                }
                #expect(error?.constraint == "audit_is_append_only")
            }
        }
    }
}
