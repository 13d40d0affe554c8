import Postgres

extension Catalog {
    /// Runs reads that all see the catalog as it was at one moment, however many statements they are.
    ///
    /// A reader of several tables that change together needs this: under read committed each statement sees a moment of its
    /// own. Nothing can be written.
    ///
    /// - Throws: ``CatalogError``, or what `body` throws.
    public func snapshot<Result: Sendable>(
        _ body: @escaping @Sendable (Transaction) async throws -> Result
    ) async throws -> Result {
        do {
            return try await pool.transaction(isolation: .repeatableRead, access: .readOnly) { session in
                try await body(Transaction(session))
            }
        } catch let error as PostgresError {
            throw CatalogError(error)
        }
    }
}
