public import Lifecycle
import Postgres

/// Environments: where releases run.
public struct EnvironmentStore: Sendable {
    let transaction: Transaction

    /// The environment of a name.
    ///
    /// - Throws: ``CatalogError``.
    public func find(_ name: String, in organization: OrganizationID) async throws(CatalogError) -> Environment? {
        try Row.read(try await transaction.row("environment/find", [organization, name]), Environment.init)
    }

    /// The environment, held until the transaction ends: whoever publishes waits here for the one before.
    ///
    /// - Throws: ``CatalogError``.
    public func lock(_ name: String, in organization: OrganizationID) async throws(CatalogError) -> Environment? {
        try Row.read(try await transaction.row("environment/lock", [organization, name]), Environment.init)
    }

    /// Every environment, in the order of promotion.
    ///
    /// - Throws: ``CatalogError``.
    public func list(in organization: OrganizationID) async throws(CatalogError) -> [Environment] {
        try await transaction.rows("environment/list", [organization]).read(Environment.init)
    }

    /// Adds an environment.
    ///
    /// - Returns: false where one of this name exists; it stays as it is.
    /// - Throws: ``CatalogError``.
    public func insert(
        _ environment: Environment,
        in organization: OrganizationID,
        at now: Moment
    ) async throws(CatalogError) -> Bool {
        try await transaction.execute(
            "environment/insert",
            [environment.id, organization, environment.name, environment.rank, now]
        ) == 1
    }

    func setGeneration(_ generation: Int64, of environment: EnvironmentID) async throws(CatalogError) {
        try await transaction.execute("environment/set_generation", [environment, generation])
    }
}

extension Environment {
    fileprivate init(_ row: Row) throws(CatalogError) {
        self.init(
            id: try row.read("id"),
            name: try row.read("slug"),
            rank: try row.read("rank"),
            generation: try row.read("generation")
        )
    }
}

extension Transaction {
    /// Environments.
    public var environments: EnvironmentStore { EnvironmentStore(transaction: self) }
}
