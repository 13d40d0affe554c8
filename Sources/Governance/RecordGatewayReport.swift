public import CatalogStore
public import Lifecycle

/// What a gateway says of itself every few seconds.
public struct GatewayReport: Sendable, Hashable {
    /// The name that people use.
    public var name: String
    /// The gateway's own version.
    public var softwareVersion: String
    /// The generation that it serves; nil where it has none.
    public var generation: Int64?
    /// The entitlements that it serves.
    public var sequence: Int64
    /// Why it holds back the newest snapshot.
    public var problem: String?
    /// When its process started; nil: not said.
    public var startedAt: Moment?
    /// What it refused since its last report, at most ``denialsMax``.
    public var denials: [DenialRecord]

    /// Refusals that one report holds.
    public static let denialsMax = 1_000

    /// Every field as it stands.
    public init(
        name: String,
        softwareVersion: String = "",
        generation: Int64?,
        sequence: Int64,
        problem: String? = nil,
        startedAt: Moment? = nil,
        denials: [DenialRecord] = []
    ) {
        self.name = name
        self.softwareVersion = softwareVersion
        self.generation = generation
        self.sequence = sequence
        self.problem = problem
        self.startedAt = startedAt
        self.denials = denials
    }
}

/// A gateway as it was last heard of.
public struct GatewayStatus: Sendable, Hashable {
    /// What is stored.
    public var record: GatewayRecord
    /// Whether it was heard of within ``silenceMax``.
    public var isLive: Bool
    /// Whether it serves the newest generation.
    public var isCurrent: Bool

    /// After this it no longer counts: a publication does not wait for it.
    public static let silenceMax = Duration.seconds(15)
}

extension Governance {
    /// Days that refusals are kept for `explain`, and how many of an environment at most.
    static let denialDays = 7
    static let denialsKeptMax = 200_000
    /// Routing snapshots of an environment that are kept to roll back to.
    static let snapshotsKeptMax = 200
    /// Days after which a silent gateway is forgotten.
    static let silentGatewayDays = 7

    /// Notes what a gateway serves and what it refused. Not audited: it changes nothing that anybody decided.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found` (the environment), `limit-reached`, `validation-failed`.
    public func recordGatewayReport(
        _ actor: Actor,
        environment: String = Environment.standardName,
        _ report: GatewayReport
    ) async throws(GovernanceError) {
        try actor.requireAnywhere(.reportFromGateway)
        guard report.denials.count <= GatewayReport.denialsMax else {
            throw GovernanceError(
                .limitReached,
                "a report holds at most \(GatewayReport.denialsMax) refusals",
                mend: "send the rest with the next report"
            )
        }
        try await read(actor) { work in
            let environment = try await work.fullEnvironment(environment)
            let store = work.transaction.gateways
            let record = GatewayRecord(
                id: .make(at: work.now),
                name: report.name,
                softwareVersion: report.softwareVersion,
                generation: report.generation ?? 0,
                entitlementSequence: report.sequence,
                problem: report.problem.map { String($0.prefix(2000)) },
                startedAt: report.startedAt ?? work.now,
                lastSeenAt: work.now
            )
            try await store.report(record, environment: environment.id, in: actor.organization)
            _ = try await store.store(
                report.denials,
                of: report.name,
                environment: environment.id,
                in: actor.organization
            )
        }
    }

    /// The gateways of an environment, by name.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`.
    public func listGateways(
        _ actor: Actor,
        environment: String = Environment.standardName
    ) async throws(GovernanceError) -> [GatewayStatus] {
        try actor.requireAnywhere(.readGateways)
        return try await read(actor) { work in
            let environment = try await work.fullEnvironment(environment)
            let records = try await work.transaction.gateways.list(of: environment.id, in: actor.organization)
            return records.map { record in
                GatewayStatus(
                    record: record,
                    isLive: record.lastSeenAt.advanced(by: GatewayStatus.silenceMax) >= work.now,
                    isCurrent: record.generation == environment.generation
                )
            }
        }
    }

    /// Forgets what is too old to be of use: refusals, silent gateways, snapshots, idempotency keys, delivered events. The control plane
    /// calls it now and then.
    ///
    /// - Throws: ``GovernanceError``.
    public func tidy(_ organization: OrganizationID) async throws(GovernanceError) {
        try await read(.system(organization)) { work in
            let now = work.now
            for environment in try await work.transaction.environments.list(in: organization) {
                try await work.transaction.gateways.forgetDenials(
                    in: environment.id,
                    before: now.advanced(by: .seconds(-Self.denialDays * 86_400)),
                    keptCount: Self.denialsKeptMax
                )
                try await work.transaction.gateways.forgetSilent(
                    in: environment.id,
                    since: now.advanced(by: .seconds(-Self.silentGatewayDays * 86_400))
                )
                try await work.transaction.snapshots.forget(in: environment.id, keptCount: Self.snapshotsKeptMax)
            }
            // A day, as draft-ietf-httpapi-idempotency-key-header suggests.
            _ = try await work.transaction.idempotency.forget(before: now.advanced(by: .seconds(-86_400)))
            try await work.transaction.outbox.forget(before: now.advanced(by: .seconds(-7 * 86_400)))
        }
    }
}
