public import Lifecycle
import Postgres

/// Versions of APIs: the line that users know, with its dates, and what happened to it.
public struct VersionStore: Sendable {
    let transaction: Transaction

    /// The version of a name.
    ///
    /// - Throws: ``CatalogError``.
    public func find(
        _ version: String,
        of api: APIID,
        in organization: OrganizationID
    ) async throws(CatalogError) -> APIVersion? {
        try Row.read(try await transaction.row("api_version/find", [organization, api, version]), APIVersion.init)
    }

    /// The version of an identifier.
    ///
    /// - Throws: ``CatalogError``.
    public func get(_ id: APIVersionID, in organization: OrganizationID) async throws(CatalogError) -> APIVersion? {
        try Row.read(try await transaction.row("api_version/get", [organization, id]), APIVersion.init)
    }

    /// A version, held until the transaction ends.
    ///
    /// - Throws: ``CatalogError``.
    public func lock(
        _ version: String,
        of api: APIID,
        in organization: OrganizationID
    ) async throws(CatalogError) -> APIVersion? {
        try Row.read(try await transaction.row("api_version/lock", [organization, api, version]), APIVersion.init)
    }

    /// A page of an API's versions, the greatest first.
    ///
    /// `after`: the last version of the page before; nil for the first page.
    /// - Throws: ``CatalogError``.
    public func list(
        of api: APIID,
        in organization: OrganizationID,
        after: (sortKey: [UInt8], id: APIVersionID)?,
        limit: Int
    ) async throws(CatalogError) -> [APIVersion] {
        try await transaction.rows(
            "api_version/list",
            [organization, api, after?.sortKey, after?.id, limit]
        ).read(APIVersion.init)
    }

    /// Adds a version; one that exists stays as it is.
    ///
    /// - Returns: whether it was added.
    /// - Throws: ``CatalogError``.
    public func insert(
        _ id: APIVersionID,
        _ name: VersionName,
        of api: APIID,
        in organization: OrganizationID,
        at now: Moment
    ) async throws(CatalogError) -> Bool {
        try await transaction.execute(
            "api_version/insert",
            [id, organization, api, name.text, name.major, name.sortKey, now]
        ) == 1
    }

    /// Takes the next number for a revision.
    ///
    /// - Throws: ``CatalogError``.
    public func nextRevisionNumber(of version: APIVersionID) async throws(CatalogError) -> Int {
        guard let row = try await transaction.row("api_version/next_revision_number", [version]) else {
            throw CatalogError.unexpected(reason: "the version whose revision is numbered is gone")
        }
        return try row.read("last_revision_number")
    }

    /// Sets dates, successor, link and reason of leaving as they stand in `version`.
    ///
    /// - Throws: ``CatalogError``.
    public func setLeaving(_ version: APIVersion) async throws(CatalogError) {
        try await transaction.execute(
            "api_version/set_leaving",
            [
                version.id, version.dates.announcedAt, version.dates.deprecatedAt, version.dates.sunsetAt,
                version.successor, version.deprecationLink, version.deprecationReason,
            ]
        )
    }

    /// Retires a version for good.
    ///
    /// - Returns: false where it was retired before.
    /// - Throws: ``CatalogError``.
    public func setRetired(_ version: APIVersionID, at now: Moment) async throws(CatalogError) -> Bool {
        try await transaction.execute("api_version/set_retired", [version, now]) == 1
    }

    // MARK: What happened to it

    /// Adds a step to a version's history.
    ///
    /// - Throws: ``CatalogError``.
    public func record(_ event: LifecycleEvent, in organization: OrganizationID) async throws(CatalogError) {
        try await transaction.execute(
            "lifecycle_event/insert",
            [
                event.id, organization, event.version, event.environment, event.event, event.from, event.to,
                event.reason, event.evidence, event.member, event.occurredAt,
            ]
        )
    }

    /// A page of what happened, the newest first.
    ///
    /// - Throws: ``CatalogError``.
    public func history(
        of version: APIVersionID,
        in organization: OrganizationID,
        before: EventID?,
        limit: Int
    ) async throws(CatalogError) -> [LifecycleHistoryEntry] {
        try await transaction.rows(
            "lifecycle_event/list",
            [organization, version, before, limit]
        ).read(LifecycleHistoryEntry.init)
    }
}

/// A step in a version's life, to be stored.
public struct LifecycleEvent: Sendable, Hashable {
    /// Its identifier.
    public var id: EventID
    /// The version.
    public var version: APIVersionID
    /// nil: concerns every environment.
    public var environment: EnvironmentID?
    /// What happened.
    public var event: String
    /// The state before.
    public var from: String
    /// The state after.
    public var to: String
    /// Why, in a person's words.
    public var reason: String
    /// A JSON object.
    public var evidence: String
    /// The member.
    public var member: MemberID?
    /// When it happened.
    public var occurredAt: Moment

    /// Every field as it stands.
    public init(
        id: EventID,
        version: APIVersionID,
        environment: EnvironmentID?,
        event: String,
        from: String,
        to: String,
        reason: String,
        evidence: String,
        member: MemberID?,
        occurredAt: Moment
    ) {
        self.id = id
        self.version = version
        self.environment = environment
        self.event = event
        self.from = from
        self.to = to
        self.reason = reason
        self.evidence = evidence
        self.member = member
        self.occurredAt = occurredAt
    }
}

/// A step in a version's life, as it is shown.
public struct LifecycleHistoryEntry: Sendable, Hashable, Codable {
    /// Its identifier.
    public var id: EventID
    /// The environment.
    public var environment: String?
    /// What happened.
    public var event: String
    /// The state before.
    public var from: String
    /// The state after.
    public var to: String
    /// Why, in a person's words.
    public var reason: String
    /// The member.
    public var member: String?
    /// When it happened.
    public var occurredAt: Moment

    init(_ row: Row) throws(CatalogError) {
        id = try row.read("id")
        environment = try row.read("environment")
        event = try row.read("event")
        from = try row.read("from_state")
        to = try row.read("to_state")
        reason = try row.read("reason")
        member = try row.read("member")
        occurredAt = try row.read("occurred_at")
    }
}

extension APIVersion {
    fileprivate init(_ row: Row) throws(CatalogError) {
        self.init(
            id: try row.read("id"),
            api: try row.read("api_id"),
            apiName: try row.read("api"),
            team: try row.read("team_id"),
            version: try row.read("version"),
            major: try row.read("major"),
            sortKey: try row.read("sort_key"),
            dates: LeavingDates(
                announcedAt: try row.read("announced_at"),
                deprecatedAt: try row.read("deprecated_at"),
                sunsetAt: try row.read("sunset_at")
            ),
            successor: try row.read("successor"),
            deprecationLink: try row.read("deprecation_link"),
            deprecationReason: try row.read("deprecation_reason"),
            retiredAt: try row.read("retired_at"),
            lastRevisionNumber: try row.read("last_revision_number"),
            edition: try row.read("etag"),
            createdAt: try row.read("created_at")
        )
    }
}

extension Transaction {
    /// Versions of APIs.
    public var versions: VersionStore { VersionStore(transaction: self) }
}
