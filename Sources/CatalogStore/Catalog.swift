public import Postgres

/// The catalog in PostgreSQL: transactions, and the stores inside them.
///
/// Cheap to copy; copies share the pool.
public struct Catalog: Sendable {
    /// Where connections come from.
    public let pool: ConnectionPool

    /// - Parameter pool: a pool on a database that is migrated to this version.
    public init(pool: ConnectionPool) { self.pool = pool }

    /// Runs `body` in one transaction, which commits when `body` returns and rolls back when it throws.
    ///
    /// A transaction that PostgreSQL ended because of another one (serialization failure, deadlock) runs again, so `body`
    /// does nothing outside of the transaction. Isolation is read committed: what must not change under a use case is
    /// locked by its rows, and constraints are the last word.
    ///
    /// - Throws: ``CatalogError``, or what `body` throws.
    public func transaction<Result: Sendable>(
        _ body: @escaping @Sendable (Transaction) async throws -> Result
    ) async throws -> Result {
        do {
            return try await pool.transaction { session in
                let transaction = Transaction(session)
                let result = try await body(transaction)
                do throws(CatalogError) {
                    try await transaction.writeAudit()
                } catch .unavailable(let cause) {
                    throw CatalogError.auditUnavailable(cause)
                }
                return result
            }
        } catch let error as PostgresError {
            throw CatalogError(error)
        }
    }
}
