public import Lifecycle
import Postgres

/// What gateways report: what they serve, and what they refused.
public struct GatewayStore: Sendable {
    let transaction: Transaction

    /// Notes what a gateway serves.
    ///
    /// - Throws: ``CatalogError``.
    public func report(
        _ gateway: GatewayRecord,
        environment: EnvironmentID,
        in organization: OrganizationID
    ) async throws(CatalogError) {
        try await transaction.execute(
            "gateway/report",
            [
                gateway.id, organization, environment, gateway.name, gateway.softwareVersion, gateway.generation,
                gateway.entitlementSequence, gateway.problem, gateway.startedAt, gateway.lastSeenAt,
            ]
        )
    }

    /// The gateways of an environment by name, at most 1000.
    ///
    /// - Throws: ``CatalogError``.
    public func list(
        of environment: EnvironmentID,
        in organization: OrganizationID
    ) async throws(CatalogError) -> [GatewayRecord] {
        try await transaction.rows("gateway/list", [organization, environment]).read(GatewayRecord.init)
    }

    /// Forgets gateways that were not heard of since `moment`.
    ///
    /// - Throws: ``CatalogError``.
    @discardableResult
    public func forgetSilent(in environment: EnvironmentID, since moment: Moment) async throws(CatalogError) -> Int {
        try await transaction.execute("gateway/delete_silent", [environment, moment])
    }

    /// Stores what a gateway refused; a report that comes twice counts once.
    ///
    /// - Returns: how many were new.
    /// - Throws: ``CatalogError``.
    public func store(
        _ denials: [DenialRecord],
        of gateway: String,
        environment: EnvironmentID,
        in organization: OrganizationID
    ) async throws(CatalogError) -> Int {
        guard !denials.isEmpty else { return 0 }
        return try await transaction.execute(
            "request_denial/insert",
            [organization, environment, gateway, try StoredJSON.text(denials)]
        )
    }

    /// Why a request was refused.
    ///
    /// - Throws: ``CatalogError``.
    public func denial(
        of requestID: String,
        in organization: OrganizationID
    ) async throws(CatalogError) -> StoredDenial? {
        try Row.read(try await transaction.row("request_denial/find", [organization, requestID]), StoredDenial.init)
    }

    /// Deletes refusals from before `moment`, and the oldest above `keptCount`.
    ///
    /// - Throws: ``CatalogError``.
    @discardableResult
    public func forgetDenials(
        in environment: EnvironmentID,
        before moment: Moment,
        keptCount: Int
    ) async throws(CatalogError) -> Int {
        try await transaction.execute("request_denial/delete_old", [environment, moment, keptCount])
    }
}

/// A gateway as it was last heard of.
public struct GatewayRecord: Sendable, Hashable, Codable {
    /// Its identifier.
    public var id: GatewayID
    /// The name that people use.
    public var name: String
    /// The gateway's own version.
    public var softwareVersion: String
    /// The generation that it serves; 0 where it has none.
    public var generation: Int64
    /// The entitlements that it serves.
    public var entitlementSequence: Int64
    /// Why it holds back the newest snapshot; nil: it does not.
    public var problem: String?
    /// When it began.
    public var startedAt: Moment
    /// When it was last heard of.
    public var lastSeenAt: Moment

    /// Every field as it stands.
    public init(
        id: GatewayID,
        name: String,
        softwareVersion: String,
        generation: Int64,
        entitlementSequence: Int64,
        problem: String?,
        startedAt: Moment,
        lastSeenAt: Moment
    ) {
        self.id = id
        self.name = name
        self.softwareVersion = softwareVersion
        self.generation = generation
        self.entitlementSequence = entitlementSequence
        self.problem = problem
        self.startedAt = startedAt
        self.lastSeenAt = lastSeenAt
    }

    fileprivate init(_ row: Row) throws(CatalogError) {
        self.init(
            id: try row.read("id"),
            name: try row.read("name"),
            softwareVersion: try row.read("software_version"),
            generation: try row.read("generation"),
            entitlementSequence: try row.read("entitlement_sequence"),
            problem: try row.read("problem"),
            startedAt: try row.read("started_at"),
            lastSeenAt: try row.read("last_seen_at")
        )
    }
}

/// A refusal as a gateway reports it: what was known when the request was answered; nil: not known yet.
public struct DenialRecord: Sendable, Hashable, Codable {
    /// Where an operation is written in its specification.
    public struct Place: Sendable, Hashable, Codable {
        /// The file's name.
        public var file: String
        /// One-based.
        public var line: Int
        /// A JSON Pointer (RFC 6901).
        public var pointer: String
        /// SHA-256 of the specification, in hexadecimal.
        public var sha256: String

        /// Every field as it stands.
        public init(file: String, line: Int, pointer: String, sha256: String) {
            self.file = file
            self.line = line
            self.pointer = pointer
            self.sha256 = sha256
        }
    }

    /// The request's id.
    public var requestID: String
    /// When it happened.
    public var occurredAt: Moment
    /// The answer's status.
    public var status: Int
    /// The problem's code.
    public var code: String
    /// The request's method.
    public var method: String
    /// A name or an address.
    public var host: String
    /// Without the query, which may carry secrets.
    public var path: String
    /// The API.
    public var api: String?
    /// The version.
    public var version: String?
    /// The operation's id.
    public var operation: String?
    /// The application's name.
    public var application: String?
    /// The credential's identifier, never the key.
    public var credential: String?
    /// The plan's name.
    public var plan: String?
    /// The limit's name.
    public var limit: String?
    /// More about it.
    public var detail: String
    /// What the gateway served at that moment.
    public var generation: Int64?
    /// Its place in the sequence.
    public var sequence: Int64?
    /// The document.
    public var specification: Place?

    /// Every field as it stands.
    public init(
        requestID: String,
        occurredAt: Moment,
        status: Int,
        code: String,
        method: String,
        host: String = "",
        path: String,
        api: String? = nil,
        version: String? = nil,
        operation: String? = nil,
        application: String? = nil,
        credential: String? = nil,
        plan: String? = nil,
        limit: String? = nil,
        detail: String = "",
        generation: Int64? = nil,
        sequence: Int64? = nil,
        specification: Place? = nil
    ) {
        self.requestID = requestID
        self.occurredAt = occurredAt
        self.status = status
        self.code = code
        self.method = method
        self.host = host
        self.path = path
        self.api = api
        self.version = version
        self.operation = operation
        self.application = application
        self.credential = credential
        self.plan = plan
        self.limit = limit
        self.detail = detail
        self.generation = generation
        self.sequence = sequence
        self.specification = specification
    }
}

/// A refusal as it is stored.
public struct StoredDenial: Sendable, Hashable {
    /// The environment.
    public var environment: String
    /// The gateway's name.
    public var gateway: String
    /// The team whose API the request was for; nil where no API was found.
    public var apiTeam: TeamID?
    /// The team whose application sent it; nil where nobody was identified.
    public var applicationTeam: TeamID?
    /// What is stored.
    public var record: DenialRecord

    fileprivate init(_ row: Row) throws(CatalogError) {
        environment = try row.read("environment")
        gateway = try row.read("gateway_name")
        apiTeam = try row.read("api_team_id")
        applicationTeam = try row.read("application_team_id")
        let specification: String? = try row.read("specification")
        record = DenialRecord(
            requestID: try row.read("request_id"),
            occurredAt: try row.read("occurred_at"),
            status: try row.read("status"),
            code: try row.read("code"),
            method: try row.read("method"),
            host: try row.read("host"),
            path: try row.read("path"),
            api: try row.read("api"),
            version: try row.read("version"),
            operation: try row.read("operation"),
            application: try row.read("application"),
            credential: try row.read("credential"),
            plan: try row.read("plan"),
            limit: try row.read("limit_name"),
            detail: try row.read("detail"),
            generation: try row.read("generation"),
            sequence: try row.read("entitlement_sequence"),
            specification: try specification.map { (text) throws(CatalogError) in try StoredJSON.value(text) }
        )
    }
}

extension Transaction {
    /// What gateways report.
    public var gateways: GatewayStore { GatewayStore(transaction: self) }
}
