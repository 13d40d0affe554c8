import Foundation
import Logging
import Postgres

/// The PostgreSQL of this process: the one that was named, or a private one in the data directory.
struct DatabaseProcess {
    let connectionString: ConnectionString
    private let server: EmbeddedServer?

    /// Starts the private server where no other was named.
    ///
    /// - Throws: `Stop` that says what is missing or who else uses the data directory.
    init(external: ConnectionString?, directory: DataDirectory, logger: Logger) async throws {
        if let external {
            connectionString = external
            server = nil
            return
        }
        var configuration = EmbeddedServer.Configuration(dataDirectory: directory.database.path)
        configuration.connectionsMax = 50
        do throws(EmbeddedServerFailure) {
            let started = try await EmbeddedServer.start(configuration) { event in
                logger.notice("private PostgreSQL: \(event)")
            }
            server = started
            connectionString = started.connectionString
        } catch {
            throw Stop(.usage, "the private PostgreSQL does not start: \(error.description)")
        }
    }

    /// Runs what needs the database, then stops the private server, however that ended.
    func serving(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch {
            await stop()
            throw error
        }
        await stop()
    }

    /// Stops the private server; nothing where another was named.
    func stop() async {
        await server?.stop()
    }
}
