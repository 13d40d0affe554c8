import CatalogStore
import Lifecycle
import Postgres

/// Fills a migrated database with what the consumers' side stands on, by plain SQL: the provider's use cases have tests of
/// their own.
struct Seed {
    let connection: Connection

    static func id<Subject>(_ number: UInt64) -> Identifier<Subject> {
        Identifier(UniqueIdentifier(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0000 + number))
    }

    static let organization: OrganizationID = id(1)
    static let environment: EnvironmentID = id(2)
    static let sales: TeamID = id(10)
    static let shop: TeamID = id(11)
    static let rival: TeamID = id(12)
    static let alice: MemberID = id(20)
    static let anton: MemberID = id(21)
    static let bob: MemberID = id(22)
    static let carol: MemberID = id(23)
    static let mallory: MemberID = id(24)
    static let admin: MemberID = id(25)
    static let auditor: MemberID = id(26)
    static let gate: MemberID = id(27)
    static let robot: MemberID = id(28)
    static let orders: APIID = id(30)
    static let secret: APIID = id(31)
    static let upstream: UpstreamID = id(40)
    static let version100: APIVersionID = id(50)
    static let version120: APIVersionID = id(51)
    static let version200: APIVersionID = id(52)

    static let now = ConsumerWorld.start

    static let targets = #"[{"scheme": "http", "host": "127.0.0.1", "port": 9001, "path": "", "weight": 100}]"#
    static let versioning = #"""
        {"places": ["path", "header", "pin"], "header": "API-Version", "query": "api-version",
         "mediaTypeParameter": "version", "standard": "latest"}
        """#

    static let document = """
        openapi: 3.1.0
        info: {title: Orders, version: 1.0.0}
        paths:
          /orders:
            get: {operationId: listOrders, responses: {'200': {description: Done.}}}
            post: {operationId: createOrder, responses: {'201': {description: Made.}}}
          /orders/{id}:
            parameters: [{name: id, in: path, required: true, schema: {type: string}}]
            get: {operationId: getOrder, responses: {'200': {description: Done.}}}
            delete: {responses: {'204': {description: Gone.}}}
        """

    func run() async throws {
        try await people()
        try await api(Self.orders, "orders", "internal")
        try await api(Self.secret, "secret", "private")
        try await execute(
            """
            INSERT INTO upstream (id, org_id, slug, targets, sha256, created_at)
            VALUES ($1, $2, 'orders-v1', $3, sha256('upstream'), $4)
            """,
            [Self.upstream, Self.organization, Self.targets, Self.now]
        )
        try await publish(Self.version100, "1.0.0", 1, 1)
        try await publish(Self.version120, "1.2.0", 1, 2)
        try await publish(Self.version200, "2.0.0", 2, 3)
    }

    private func people() async throws {
        try await execute(
            "INSERT INTO org (id, slug, title, created_at) VALUES ($1, 'example', 'Example', $2)",
            [Self.organization, Self.now]
        )
        try await execute(
            "INSERT INTO environment (id, org_id, slug, rank, created_at) VALUES ($1, $2, 'live', 1, $3)",
            [Self.environment, Self.organization, Self.now]
        )
        for (id, name) in [(Self.sales, "sales"), (Self.shop, "shop"), (Self.rival, "rival")] {
            try await execute(
                "INSERT INTO team (id, org_id, slug, title, created_at) VALUES ($1, $2, $3, $3, $4)",
                [id, Self.organization, name, Self.now]
            )
        }
        let members: [(MemberID, String, MemberID?)] = [
            (Self.alice, "alice", nil), (Self.anton, "anton", nil), (Self.bob, "bob", nil), (Self.carol, "carol", nil),
            (Self.mallory, "mallory", nil), (Self.admin, "admin", nil), (Self.auditor, "auditor", nil),
            (Self.gate, "gate", nil), (Self.robot, "robot", Self.bob),
        ]
        for (id, name, responsible) in members {
            try await execute(
                """
                INSERT INTO member (id, org_id, kind, slug, title, responsible_member_id, created_at)
                VALUES ($1, $2, $3, $4, $4, $5, $6)
                """,
                [id, Self.organization, responsible == nil ? "person" : "service", name, responsible, Self.now]
            )
        }
    }

    private func api(_ id: APIID, _ name: String, _ visibility: String) async throws {
        try await execute(
            """
            INSERT INTO api (id, org_id, team_id, slug, title, visibility, base_path, versioning, request_headers,
                settings_sha256, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $4, $5, $6, $7, '{"set": {}, "remove": []}', sha256('settings'), $8, $8)
            """,
            [id, Self.organization, Self.sales, name, visibility, "/" + name, Self.versioning, Self.now]
        )
    }

    private func publish(_ id: APIVersionID, _ name: String, _ major: Int, _ rank: UInt64) async throws {
        let document = Self.document.replacing("1.0.0", with: name)
        let content: SpecificationID = Self.id(60 + rank)
        let revision: RevisionID = Self.id(70 + rank)
        try await execute(
            """
            INSERT INTO api_version (id, org_id, api_id, version, major, sort_key, last_revision_number, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, 1, $7)
            """,
            [id, Self.organization, Self.orders, name, major, [UInt8(rank)], Self.now]
        )
        try await execute(
            """
            INSERT INTO spec_content (id, org_id, sha256, canonical_sha256, media_type, openapi_version, operation_count, bytes,
                created_at)
            VALUES ($1, $2, sha256($3), sha256($3), 'application/yaml', '3.1.0', 4, $3, $4)
            """,
            [content, Self.organization, Array(document.utf8), Self.now]
        )
        try await execute(
            """
            INSERT INTO revision (id, org_id, api_version_id, number, spec_content_id, file_name, message, upstream_id,
                settings_sha256, manifest_sha256, submitted_by, submitted_at, review_state)
            VALUES ($1, $2, $3, 1, $4, 'orders.yaml', '', $5, sha256('settings'), sha256('manifest'), $6, $7, 'in_review')
            """,
            [revision, Self.organization, id, content, Self.upstream, Self.alice, Self.now]
        )
        try await execute(
            """
            INSERT INTO review_vote (id, org_id, revision_id, member_id, decision, manifest_sha256, cast_at)
            VALUES ($1, $2, $3, $4, 'approve', sha256('manifest'), $5)
            """,
            [Self.id(80 + rank) as VoteID, Self.organization, revision, Self.anton, Self.now]
        )
        try await execute(
            """
            INSERT INTO approval (org_id, revision_id, manifest_sha256, reason, approved_at)
            VALUES ($1, $2, sha256('manifest'), 'votes', $3)
            """,
            [Self.organization, revision, Self.now]
        )
        try await execute(
            "UPDATE revision SET review_state = 'approved', decided_at = $2 WHERE id = $1",
            [revision, Self.now]
        )
        try await execute(
            """
            INSERT INTO release (id, org_id, api_version_id, environment_id, revision_id, upstream_id, manifest_sha256, state,
                published_at)
            VALUES ($1, $2, $3, $4, $5, $6, sha256('manifest'), 'published', $7)
            """,
            [
                Self.id(90 + rank) as ReleaseID, Self.organization, id, Self.environment, revision, Self.upstream,
                Self.now,
            ]
        )
    }

    private func execute(_ text: String, _ parameters: [any Parameter]) async throws {
        try await connection.execute(Statement(unsafeSQL: text, isPrepared: false), parameters)
    }
}
