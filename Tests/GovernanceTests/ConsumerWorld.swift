import Assets
import CatalogStore
import Lifecycle
import Postgres
import PostgresTesting
import RoutingTable
import Synchronization

@testable import Governance

/// A small organization in a database of its own: team `sales` owns the API `orders` with the published versions 1.0.0,
/// 1.2.0 and 2.0.0, team `shop` has applications, team `rival` must see none of it.
struct ConsumerWorld: Sendable {
    let configuration: ConnectionConfiguration
    let pool: ConnectionPool
    let governance: Governance
    let clock: TestClock
    let organization: OrganizationID
    let feed: EntitlementFeed
    let signingKey: SigningKey

    static let start = Moment(unixSeconds: 1_790_000_000)

    static func with(_ body: @Sendable (ConsumerWorld) async throws -> Void) async throws {
        let template = try await TestDatabase.template("consumers") { configuration in
            var files: [String: String] = [:]
            for path in Assets.names(under: "sql/migrations/") { files[path] = Assets.text(path) }
            try await Migrator(files: files).run(on: configuration)
            let connection = try await Connection.open(configuration)
            try await Seed(connection: connection).run()
            await connection.close()
        }
        try await TestDatabase.with(template: template) { configuration in
            var pooled = PoolConfiguration(configuration)
            pooled.connectionsMax = 12
            let pool = ConnectionPool(pooled)
            let clock = TestClock(start)
            let signingKey = SigningKey()
            let governance = Governance(catalog: Catalog(pool: pool), signingKey: signingKey, clock: clock)
            let world = ConsumerWorld(
                configuration: configuration,
                pool: pool,
                governance: governance,
                clock: clock,
                organization: Seed.organization,
                feed: EntitlementFeed(governance),
                signingKey: signingKey
            )
            do {
                try await body(world)
            } catch {
                await pool.close()
                throw error
            }
            await pool.close()
        }
    }

    func actor(_ name: String, _ member: MemberID, _ grants: RoleGrant..., key: String? = nil) -> Actor {
        Actor(
            organization: organization,
            member: member,
            name: name,
            authentication: .token(.make(at: clock.now)),
            grants: grants,
            idempotency: key.map { IdempotencyKey(key: $0, fingerprint: Array($0.utf8)) }
        )
    }

    /// Owns the API.
    var alice: Actor { actor("alice", Seed.alice, RoleGrant(.apiOwner, .team(Seed.sales))) }
    /// Owns the API too.
    var anton: Actor { actor("anton", Seed.anton, RoleGrant(.apiOwner, .team(Seed.sales))) }
    /// Owns the applications.
    var bob: Actor { actor("bob", Seed.bob, RoleGrant(.applicationOwner, .team(Seed.shop))) }
    /// Develops for them.
    var carol: Actor { actor("carol", Seed.carol, RoleGrant(.applicationDeveloper, .team(Seed.shop))) }
    /// Owns other applications, and an API.
    var mallory: Actor {
        actor(
            "mallory",
            Seed.mallory,
            RoleGrant(.applicationOwner, .team(Seed.rival)),
            RoleGrant(.apiOwner, .team(Seed.rival))
        )
    }
    var admin: Actor { actor("admin", Seed.admin, RoleGrant(.organizationAdministrator)) }
    var auditor: Actor { actor("auditor", Seed.auditor, RoleGrant(.auditor)) }
    var gateway: Actor { actor("gate", Seed.gate, RoleGrant(.gateway)) }
    /// A machine that bob answers for.
    var robot: Actor { actor("robot", Seed.robot, RoleGrant(.applicationOwner, .team(Seed.shop))) }

    /// A plan with manual approval, one with automatic approval, and an application.
    func furnish() async throws {
        _ = try await governance.createPlan(
            alice,
            PlanDraft(
                name: "gold",
                api: "orders",
                operations: ["listOrders", "getOrder"],
                limits: [
                    LimitDraft(name: "second", kind: "rate", amount: 100, window: "PT1S", burst: 20),
                    LimitDraft(name: "month", kind: "quota", amount: 1_000_000, window: "P1M", align: "calendar"),
                ]
            )
        )
        // Identifiers made at the same moment have no order, and listings are by age.
        clock.advance(by: .milliseconds(1))
        _ = try await governance.createPlan(alice, PlanDraft(name: "free", api: "orders", approval: .automatic))
        clock.advance(by: .milliseconds(1))
        _ = try await governance.registerApplication(bob, ApplicationDraft(name: "web-shop", team: "shop"))
    }

    /// Runs a statement as somebody with psql would.
    func sql(_ text: String, _ parameters: [any Parameter] = []) async throws {
        try await pool.execute(Statement(unsafeSQL: text, isPrepared: false), parameters)
    }

    func count(_ text: String, _ parameters: [any Parameter] = []) async throws -> Int {
        try await pool.queryValue(Statement(unsafeSQL: text, isPrepared: false), parameters)
    }

    /// The entitlements of `live` as a gateway with no past would load them.
    func base() async throws -> EntitlementSet {
        let (_, artifact) = try await feed.base(in: organization, environment: "live")
        return try EntitlementSet.decode(artifact, trust: .key(signingKey.publicKey))
    }

    /// A gateway's set after one more pull.
    func pull(_ set: EntitlementSet) async throws -> EntitlementSet {
        switch try await feed.step(in: organization, environment: "live", after: set.sequence) {
        case .nothing: return set
        case .base(_, let artifact): return try EntitlementSet.decode(artifact, trust: .key(signingKey.publicKey))
        case .delta(_, _, let artifact):
            let delta = try EntitlementDelta.decode(artifact, trust: .key(signingKey.publicKey))
            return try set.applying(delta, isVerified: true)
        }
    }
}

/// A clock that stands still until a test moves it.
final class TestClock: Clock {
    private let moment: Mutex<Moment>

    init(_ moment: Moment) { self.moment = Mutex(moment) }

    var now: Moment { moment.withLock { $0 } }

    func advance(by duration: Duration) { moment.withLock { $0 = $0.advanced(by: duration) } }
}
