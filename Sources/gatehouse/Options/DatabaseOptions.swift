import ArgumentParser
import Foundation
import Postgres

/// Which PostgreSQL holds the catalog.
struct DatabaseOptions: ParsableArguments {
    @Option(help: ArgumentHelp("PostgreSQL to use, as a URL or key=value; default $DATABASE_URL.", valueName: "url"))
    var databaseUrl: String?

    /// The server that was named; nil where a private one is to be run.
    func external() throws -> ConnectionString? {
        let environment = ProcessInfo.processInfo.environment
        var text = databaseUrl ?? environment["DATABASE_URL"]
        if text == nil, let file = environment["DATABASE_URL_FILE"] {
            text = String(decoding: try InputFile.read(file), as: UTF8.self).trimmingCharacters(
                in: .whitespacesAndNewlines
            )
        }
        // An empty text leaves everything to the `PG*` variables.
        let isNamed = text?.isEmpty == false || environment["PGHOST"] != nil || environment["PGSERVICE"] != nil
        guard isNamed else { return nil }
        do throws(PostgresError) {
            return try ConnectionString(text ?? "")
        } catch  where error.kind == .clientLibraryMissing {
            throw Stop(.remote, error.message)
        } catch {
            throw Stop(.usage, "the database URL cannot be read: \(error.message)")
        }
    }
}
