import Assets
import CatalogStore
import Lifecycle
import Postgres
import PostgresTesting
import RoutingTable

@testable import Governance

/// An organization made by the use cases themselves, in a database of its own: teams `sales` and `rival`; alice owns the APIs
/// of sales, dave edits them; bob and carol approve; robot is a machine that alice answers for; mallory owns rival's APIs.
struct GovernedWorld: Sendable {
    let pool: ConnectionPool
    let governance: Governance
    let clock: TestClock

    static let start = Moment(unixSeconds: 1_790_000_000)

    static func with(_ body: @Sendable (GovernedWorld) async throws -> Void) async throws {
        let template = try await TestDatabase.template("governed") { configuration in
            var files: [String: String] = [:]
            for path in Assets.names(under: "sql/migrations/") { files[path] = Assets.text(path) }
            try await Migrator(files: files).run(on: configuration)
            try await inhabited(configuration) { world in try await world.furnish() }
        }
        try await TestDatabase.with(template: template) { configuration in try await inhabited(configuration, body) }
    }

    private static func inhabited(
        _ configuration: ConnectionConfiguration,
        _ body: @Sendable (GovernedWorld) async throws -> Void
    ) async throws {
        var pooled = PoolConfiguration(configuration)
        pooled.connectionsMax = 8
        // The machine that runs all tests at once may be slow; a full pool is not what these tests are about.
        pooled.waitTimeout = .seconds(60)
        let pool = ConnectionPool(pooled)
        let clock = TestClock(start)
        let governance = Governance(catalog: Catalog(pool: pool), signingKey: SigningKey(), clock: clock)
        do {
            try await body(GovernedWorld(pool: pool, governance: governance, clock: clock))
        } catch {
            await pool.close()
            throw error
        }
        await pool.close()
    }

    private func furnish() async throws {
        _ = try await governance.bootstrapAdministrator()
        let admin = try await actor("administrator")
        for team in ["sales", "rival"] { _ = try await governance.createTeam(admin, name: team) }
        let people: [(String, [RoleDraft])] = [
            ("alice", [RoleDraft(.apiOwner, team: "sales"), RoleDraft(.approver)]),
            ("dave", [RoleDraft(.apiEditor, team: "sales")]),
            ("bob", [RoleDraft(.approver)]),
            ("carol", [RoleDraft(.approver)]),
            ("mallory", [RoleDraft(.apiOwner, team: "rival")]),
            ("gwen", [RoleDraft(.governanceAdministrator)]),
            ("audrey", [RoleDraft(.auditor)]),
        ]
        for (name, roles) in people {
            _ = try await governance.createMember(admin, MemberDraft(name: name, roles: roles))
        }
        let robot = [RoleDraft(.apiEditor, team: "sales"), RoleDraft(.approver)]
        _ = try await governance.createMember(
            admin,
            MemberDraft(name: "robot", kind: .service, responsible: "alice", roles: robot)
        )
        _ = try await governance.createMember(
            admin,
            MemberDraft(name: "gate", kind: .service, roles: [RoleDraft(.gateway)])
        )
    }

    /// A member as an actor, with the roles that the catalog has.
    func actor(_ name: String, key: String? = nil) async throws -> Actor {
        let organization = try await governance.standardOrganization().id
        let member = try await governance.showMember(.system(organization), name)
        return Actor(
            organization: organization,
            member: member.id,
            name: name,
            authentication: .token(.make(at: clock.now)),
            grants: member.roles.map(\.grant),
            idempotency: key.map { IdempotencyKey(key: $0, fingerprint: Array($0.utf8)) }
        )
    }

    /// Another control node on the same database.
    func otherNode() -> Governance {
        Governance(catalog: governance.catalog, signingKey: governance.signingKey, clock: clock)
    }

    // MARK: Steps that many tests begin with

    @discardableResult
    func submit(
        _ version: String = "1.0.0",
        api: String = "orders",
        by name: String = "dave",
        document: String? = nil,
        upstream: UpstreamDraft? = nil
    ) async throws -> Submission {
        // Identifiers made at the same moment have no order, and listings are by age.
        clock.advance(by: .milliseconds(1))
        return try await governance.submitSpecification(
            try await actor(name),
            SpecificationDraft(
                api: api,
                bytes: Array((document ?? Self.document(version)).utf8),
                fileName: "\(api).yaml",
                message: "first",
                team: name == "mallory" ? "rival" : "sales",
                upstream: upstream
            )
        )
    }

    @discardableResult
    func vote(
        _ decision: Vote.Decision = .approve,
        on submission: Submission,
        by name: String = "bob",
        comment: String = ""
    ) async throws -> VoteOutcome {
        clock.advance(by: .milliseconds(1))
        return try await governance.castVote(
            try await actor(name),
            VoteDraft(
                api: submission.api,
                version: submission.version,
                revision: submission.revision.number,
                decision: decision,
                comment: comment,
                manifestSHA256: submission.revision.manifestSHA256
            )
        )
    }

    @discardableResult
    func publish(
        _ version: String = "1.0.0",
        api: String = "orders",
        by name: String = "alice",
        upstream: UpstreamDraft? = .url("http://127.0.0.1:9001")
    ) async throws -> Publication {
        clock.advance(by: .milliseconds(1))
        return try await governance.publishVersion(
            try await actor(name),
            PublicationDraft(api: api, version: version, upstream: upstream)
        )
    }

    /// Submitted by dave, approved by bob, published by alice.
    @discardableResult
    func release(_ version: String = "1.0.0", api: String = "orders", document: String? = nil) async throws
        -> Publication
    {
        let submission = try await submit(version, api: api, document: document)
        try await vote(on: submission)
        return try await publish(version, api: api)
    }

    /// What the gates of `live` serve.
    func routing() async throws -> RoutingContent? {
        guard let artefact = try await governance.pullRouting(try await actor("gate")) else { return nil }
        return try RoutingSnapshot.decodeContent(artefact.bytes, trust: .key(governance.signingKey.publicKey)).content
    }

    func sql(_ text: String, _ parameters: [any Parameter] = []) async throws {
        try await pool.execute(Statement(unsafeSQL: text, isPrepared: false), parameters)
    }

    func count(_ text: String, _ parameters: [any Parameter] = []) async throws -> Int {
        try await pool.queryValue(Statement(unsafeSQL: text, isPrepared: false), parameters)
    }

    static func document(_ version: String, title: String = "Orders", path: String = "/orders") -> String {
        """
        openapi: 3.1.0
        info: {title: \(title), version: \(version), description: What customers order.}
        paths:
          \(path):
            get:
              operationId: listOrders
              responses: {'200': {description: Done.}}
          \(path)/{id}:
            parameters: [{name: id, in: path, required: true, schema: {type: string}}]
            get:
              operationId: getOrder
              responses: {'200': {description: Done.}}
        """
    }
}

/// The code that an act ends with; nil where it succeeds.
func refusal(_ act: () async throws -> Void) async -> GovernanceError.Code? {
    do {
        try await act()
        return nil
    } catch let error as GovernanceError {
        return error.code
    } catch {
        return .internalError
    }
}
