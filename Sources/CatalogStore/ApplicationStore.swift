public import Lifecycle
import Postgres

/// Applications of teams.
public struct ApplicationStore: Sendable {
    let transaction: Transaction

    /// Adds an application.
    ///
    /// - Throws: ``CatalogError``.
    public func insert(
        _ id: ApplicationID,
        named name: String,
        title: String,
        team: TeamID,
        managedBy: String?,
        in organization: OrganizationID,
        at now: Moment
    ) async throws(CatalogError) {
        try await transaction.execute("application/insert", [id, organization, team, name, title, managedBy, now])
    }

    /// Changes title and keeper.
    ///
    /// - Throws: ``CatalogError``.
    public func update(_ id: ApplicationID, title: String, managedBy: String?, at now: Moment)
        async throws(CatalogError)
    {
        try await transaction.execute("application/update", [id, title, managedBy, now])
    }

    /// Archives an application; its name is free again.
    ///
    /// - Throws: ``CatalogError``.
    public func archive(_ id: ApplicationID, at now: Moment) async throws(CatalogError) {
        try await transaction.execute("application/archive", [id, now])
    }

    /// The application of a name: the one in use, else the one archived last; nil where `teams` may see none.
    ///
    /// - Throws: ``CatalogError``.
    public func find(
        _ name: String,
        in organization: OrganizationID,
        teams: Set<TeamID>?
    ) async throws(CatalogError) -> Application? {
        try await one("application/find", [organization, name, teams.map { Array($0) }])
    }

    /// The application of a name that is in use, held until the transaction ends; nil where `teams` may see none.
    ///
    /// - Throws: ``CatalogError``.
    public func lock(
        _ name: String,
        in organization: OrganizationID,
        teams: Set<TeamID>?
    ) async throws(CatalogError) -> Application? {
        try await one("application/lock", [organization, name, teams.map { Array($0) }])
    }

    /// A page of applications in the order in which they were made.
    ///
    /// - Throws: ``CatalogError``.
    public func list(
        in organization: OrganizationID,
        teams: Set<TeamID>?,
        team: String?,
        isWithArchived: Bool,
        after: ApplicationID?,
        limit: Int
    ) async throws(CatalogError) -> [Application] {
        let rows = try await transaction.rows(
            "application/list",
            [organization, teams.map { Array($0) }, team, isWithArchived, after, limit]
        )
        var page: [Application] = []
        for row in rows { page.append(try Application(row)) }
        return page
    }

    private func one(_ query: String, _ parameters: [any Parameter]) async throws(CatalogError) -> Application? {
        guard let row = try await transaction.row(query, parameters) else { return nil }
        return try Application(row)
    }
}

extension Transaction {
    /// Applications of teams.
    public var applications: ApplicationStore { ApplicationStore(transaction: self) }
}

extension Application {
    init(_ row: Row) throws(CatalogError) {
        self.init(
            id: try row.read("id"),
            name: try row.read("slug"),
            teamID: try row.read("team_id"),
            team: try row.read("team"),
            title: try row.read("title"),
            managedBy: try row.read("managed_by"),
            createdAt: try row.read("created_at"),
            archivedAt: try row.read("archived_at"),
            edition: try row.read("etag")
        )
    }
}
