import Assets
import CatalogStore
import Postgres
import PostgresTesting

/// A database of a test's own with every migration, copied from one that was migrated once.
enum MigratedCatalog {
    static func with<Value>(_ body: (ConnectionConfiguration) async throws -> Value) async throws -> Value {
        let template = try await TestDatabase.template("migrated") { configuration in
            var files: [String: String] = [:]
            for path in Assets.names(under: "sql/migrations/") { files[path] = Assets.text(path) }
            try await Migrator(files: files).run(on: configuration)
        }
        return try await TestDatabase.with(template: template) { configuration in try await body(configuration) }
    }

    static func withConnection<Value>(_ body: (Connection) async throws -> Value) async throws -> Value {
        try await with { configuration in
            let connection = try await Connection.open(configuration)
            let value = try await body(connection)
            await connection.close()
            return value
        }
    }
}
