import CatalogStore
import Postgres
import Testing

@Suite struct QueryTests {
    @Test("every query can be prepared on a migrated database and returns what its header says")
    func headers() async throws {
        let problems = try await MigratedCatalog.withConnection { connection in
            try await QueryLibrary.library().verify(on: connection)
        }
        #expect(problems == [])
        let library = try QueryLibrary.library()
        #expect(library.entries.count > 100)
    }

    @Test("queries that say so use their index on a large table")
    func indexes() async throws {
        let library = try QueryLibrary.library()
        try await MigratedCatalog.withConnection { connection in
            try await LargeCatalog.fill(connection)
            for entry in library.entries where !entry.indexes.isEmpty {
                guard let parameters = LargeCatalog.parameters[entry.name] else { continue }
                let used = try await connection.indexesUsed(by: entry.statement, parameters)
                for index in entry.indexes {
                    #expect(used.contains(index), "`\(entry.name)` uses \(used.sorted())")
                }
            }
        }
        let promised = Set(library.entries.filter { !$0.indexes.isEmpty }.map(\.name))
        #expect(LargeCatalog.parameters.keys.filter { !promised.contains($0) } == [])
    }

    @Test("a query that does not exist is a fault of ours, not a crash")
    func unknown() async throws {
        try await MigratedCatalog.with { configuration in
            let pool = ConnectionPool(PoolConfiguration(configuration))
            let catalog = Catalog(pool: pool)
            await #expect(throws: CatalogError.self) {
                try await catalog.transaction { transaction in _ = try await transaction.rows("no/such") }
            }
            await pool.close()
        }
    }
}
