import Postgres

/// Tables large enough that the planner has a reason to prefer an index, filled by the server itself.
enum LargeCatalog {
    private static let organization = "00000000-0000-7000-8000-000000000001"

    static func fill(_ connection: Connection) async throws {
        for statement in statements {
            try await connection.execute(Statement(unsafeSQL: statement, isPrepared: false))
        }
    }

    /// Values for the queries that promise an index.
    static let parameters: [String: [any Parameter]] = {
        let organization = Self.organization
        let environment = identifier(2, 1)
        let version = identifier(5, 77)
        let revision = identifier(7, 4242)
        let digest = [UInt8](repeating: 7, count: 32)
        let now = Timestamp(seconds: 1_800_000_000)
        return [
            "team/list": [organization, "team-500", 10],
            "member/list": [organization, "member-500", 10],
            "token/authenticate": [digest, now],
            "api/find": [organization, "api-77", nil as [PostgresUUID]?],
            "api/list": [
                organization, "api-500", nil as [PostgresUUID]?, nil as String?, nil as String?, nil as String?,
                nil as String?, 10,
            ],
            "api_version/find": [organization, identifier(4, 77), "1.0.77"],
            "api_version/list": [organization, identifier(4, 77), nil as [UInt8]?, nil as String?, 10],
            "spec_content/find": [organization, digest],
            "revision/find": [organization, version, 3],
            "revision/list": [organization, version, nil as Int?, 10],
            "revision/list_reviews": [organization, "in_review", nil as [PostgresUUID]?, nil as String?, 10],
            "audit/list": [
                organization, nil as Int?, nil as [PostgresUUID]?, nil as String?, nil as String?, nil as String?,
                nil as String?, 10,
            ],
            "audit/chain": [organization, 4_000, 10],
            "routing_snapshot/load": [organization, environment, 500],
            "routing_snapshot/list": [organization, environment, nil as Int?, 10],
            "request_denial/find": [organization, "request-4242"],
            "lint_finding/list": [identifier(8, 4242), 0, 10],
            "review_vote/list": [revision],
            "approval/find": [revision, digest],
            "ruleset/find": [organization, "ruleset-77"],
            "ruleset/list": [organization, "ruleset-500", 10],
            "ruleset_revision/list": [identifier(9, 77), nil as Int?, 10],
            "policy/find": [organization, "policy-77"],
            "policy/list": [organization, "policy-500", 10],
            "evaluation/find": [organization, digest, digest, "1"],
            "evaluation/list": [organization, [digest], [digest], "1"],
            "evaluation_task/take": [now],
            "waiver/list": [organization, nil as [PostgresUUID]?, nil as String?, nil as String?, 10],
            "idempotency_key/find": [organization, "someone", "key-77"],
            "outbox/take": [10],
        ]
    }()

    /// A UUID of a kind of row, as the statements below make them.
    private static func identifier(_ kind: Int, _ number: Int) -> String {
        let digits = String(number, radix: 16)
        return "0000000\(kind)-0000-7000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
    }

    private static func made(_ kind: Int, _ expression: String) -> String {
        "('0000000\(kind)-0000-7000-8000-' || lpad(to_hex(\(expression)), 12, '0'))::uuid"
    }

    private static let statements: [String] = [
        "INSERT INTO org (id, slug, title, created_at) VALUES ('\(organization)', 'default', 'Default', now())",
        """
        INSERT INTO team (id, org_id, slug, title, created_at)
        SELECT \(made(1, "n")), '\(organization)', 'team-' || n, 'Team', now() FROM generate_series(1, 2000) n
        """,
        """
        INSERT INTO member (id, org_id, kind, slug, title, created_at)
        SELECT \(made(3, "n")), '\(organization)', 'person', 'member-' || n, 'Member', now() FROM generate_series(1, 2000) n
        """,
        """
        INSERT INTO token (id, org_id, member_id, title, start, sha256, created_at)
        SELECT gen_random_uuid(), '\(organization)', \(made(3, "n % 2000 + 1")), 't', 's', sha256(n::text::bytea), now()
        FROM generate_series(1, 8000) n
        """,
        """
        INSERT INTO environment (id, org_id, slug, rank, created_at)
        SELECT \(made(2, "n")), '\(organization)', 'env-' || n, n, now() FROM generate_series(1, 3) n
        """,
        """
        INSERT INTO api (id, org_id, team_id, slug, title, base_path, versioning, request_headers, settings_sha256, created_at, updated_at)
        SELECT \(made(4, "n")), '\(organization)', \(made(1, "n % 2000 + 1")), 'api-' || n, 'API', '/api-' || n, '{}', '{}',
            sha256('x'), now(), now()
        FROM generate_series(1, 2000) n
        """,
        """
        INSERT INTO api_version (id, org_id, api_id, version, major, sort_key, created_at)
        SELECT \(made(5, "n")), '\(organization)', \(made(4, "n % 2000 + 1")), '1.0.' || n, 1, decode(lpad(to_hex(n), 8, '0'), 'hex'), now()
        FROM generate_series(1, 8000) n
        """,
        """
        INSERT INTO spec_content (id, org_id, sha256, canonical_sha256, media_type, openapi_version, operation_count, bytes, created_at)
        SELECT \(made(6, "n")), '\(organization)', sha256(n::text::bytea), sha256('x'), 'application/json', '3.1.0', 1, n::text::bytea, now()
        FROM generate_series(1, 5000) n
        """,
        """
        INSERT INTO revision (id, org_id, api_version_id, number, spec_content_id, file_name, message, settings_sha256,
            manifest_sha256, submitted_by, submitted_at, review_state)
        SELECT \(made(7, "n")), '\(organization)', \(made(5, "n / 4 + 1")), n % 4 + 1, \(made(6, "n % 5000 + 1")), 'f', 'm', sha256('x'),
            sha256(n::text::bytea), \(made(3, "1")), now(), CASE WHEN n % 40 = 0 THEN 'in_review' ELSE 'draft' END
        FROM generate_series(1, 8000) n
        """,
        """
        INSERT INTO lint_report (id, org_id, revision_id, ruleset, result, errors, warnings, informations, hints, started_at, finished_at)
        SELECT \(made(8, "n")), '\(organization)', \(made(7, "n")), 'r', 'pass', 0, 0, 0, 0, now(), now() FROM generate_series(1, 5000) n
        """,
        """
        INSERT INTO lint_finding (lint_report_id, number, rule, severity, message, json_pointer, path, start_line, start_character,
            end_line, end_character, fingerprint)
        SELECT \(made(8, "n % 5000 + 1")), n / 5000 + 1, 'rule', 1, 'm', '', '[]', 0, 0, 0, 0, sha256('x')
        FROM generate_series(0, 19999) n
        """,
        """
        INSERT INTO ruleset (id, org_id, slug, title, last_revision_number, created_at)
        SELECT \(made(9, "n")), '\(organization)', 'ruleset-' || n, 'R', 4, now() FROM generate_series(1, 2000) n
        """,
        """
        INSERT INTO ruleset_revision (org_id, ruleset_id, number, bytes, sha256, canonical_sha256, rule_count, message, created_at)
        SELECT '\(organization)', \(made(9, "n")), v, 'x', sha256('x'), sha256('x'), 1, '', now()
        FROM generate_series(1, 2000) n, generate_series(1, 4) v
        """,
        """
        INSERT INTO policy (id, org_id, slug, title, description, mode, selector, stages, breaking_changes, created_at, updated_at)
        SELECT gen_random_uuid(), '\(organization)', 'policy-' || n, 'P', '', 'observe', '{}', '{}', '{}', now(), now()
        FROM generate_series(1, 2000) n
        """,
        """
        INSERT INTO evaluation (id, org_id, content_sha256, ruleset_sha256, engine, ruleset, outcome, errors, warnings, informations,
            hints, started_at, finished_at)
        SELECT gen_random_uuid(), '\(organization)', sha256(n::text::bytea), sha256('x'), '1', 'r', 'pass', 0, 0, 0, 0, now(), now()
        FROM generate_series(1, 8000) n
        """,
        """
        INSERT INTO evaluation_task (id, org_id, spec_content_id, built_in, enqueued_at, not_before)
        SELECT gen_random_uuid(), '\(organization)', \(made(6, "n")), 'r', now(), now() FROM generate_series(1, 5000) n
        """,
        """
        INSERT INTO waiver (id, org_id, api_id, rule, json_pointer, reason, requested_by, requested_at, expires_at)
        SELECT gen_random_uuid(), '\(organization)', \(made(4, "n % 2000 + 1")), 'r', '', 'r', \(made(3, "1")), now(),
            now() + interval '1 hour'
        FROM generate_series(1, 8000) n
        """,
        // Rows of votes and approvals are guarded by triggers that this table's volume does not need.
        "ALTER TABLE review_vote DISABLE TRIGGER USER",
        "ALTER TABLE approval DISABLE TRIGGER USER",
        """
        INSERT INTO review_vote (id, org_id, revision_id, member_id, decision, manifest_sha256, cast_at)
        SELECT gen_random_uuid(), '\(organization)', \(made(7, "n")), \(made(3, "2")), 'approve', sha256('x'), now()
        FROM generate_series(1, 8000) n
        """,
        """
        INSERT INTO approval (org_id, revision_id, manifest_sha256, reason, approved_at)
        SELECT '\(organization)', \(made(7, "n")), sha256(n::text::bytea), 'votes', now() FROM generate_series(1, 8000) n
        """,
        """
        INSERT INTO routing_snapshot (org_id, environment_id, generation, artefact, body_sha256, parent_generation, cause, api_count,
            version_count, operation_count, created_at)
        SELECT '\(organization)', \(made(2, "e")), n, '\\x00', sha256('x'), n - 1, 'c', 0, 0, 0, now()
        FROM generate_series(1, 2000) n, generate_series(1, 3) e
        """,
        """
        INSERT INTO request_denial (org_id, environment_id, request_id, gateway_name, occurred_at, status, code, method, host, path, detail)
        SELECT '\(organization)', \(made(2, "n % 3 + 1")), 'request-' || n, 'g', now(), 401, 'c', 'GET', 'h', '/', ''
        FROM generate_series(1, 8000) n
        """,
        """
        INSERT INTO idempotency_key (org_id, actor, key, fingerprint, created_at)
        SELECT '\(organization)', 'someone', 'key-' || n, sha256('x'), now() FROM generate_series(1, 8000) n
        """,
        """
        INSERT INTO outbox (id, org_id, type, subject, payload, occurred_at, delivered_at)
        SELECT gen_random_uuid(), '\(organization)', 't', 's', '{}', now(), CASE WHEN n % 100 = 0 THEN NULL ELSE now() END
        FROM generate_series(1, 8000) n
        """,
        "ALTER TABLE audit DISABLE TRIGGER USER",
        """
        INSERT INTO audit (org_id, sequence, id, occurred_at, actor, authentication, action, subject_kind, subject, detail, prev_hash, hash)
        SELECT '\(organization)', n, gen_random_uuid(), now(), 'a', 'system', 'x', 'api', 's', '{}', sha256('x'), sha256('x')
        FROM generate_series(1, 8000) n
        """,
        "ANALYZE",
    ]
}
