import Glibc
import Synchronization

/// A private PostgreSQL in a data directory of this program: made at the first start, reached through a Unix socket
/// that nobody else may open, started again when it dies, stopped with this process however that ends.
///
/// Every write is durable (`fsync` is on) and survives the loss of power; see `DataDirectory` for the layout.
public final class EmbeddedServer: Sendable {
    /// Where the data are and how the server is set.
    public struct Configuration: Sendable {
        /// Folder for everything of the server; made if it is missing.
        public var dataDirectory: String
        /// Database that `connectionString` names; made if it is missing.
        public var database = "gatehouse"
        /// Superuser of the cluster, and the role of `connectionString`.
        public var role = "gatehouse"
        /// Number in the socket's name, and the TCP port if `settings` turn `listen_addresses` on.
        public var port: UInt16 = 5432
        /// `max_connections`.
        public var connectionsMax = 100
        /// Further settings of the server, stronger than the defaults here.
        public var settings: [String: String] = [:]
        /// Whether the data survive a crash of the machine. Only throw-away servers turn it off.
        public var isDurable = true
        /// Bytes of both log files together.
        public var logBytesMax = 8 << 20
        /// Longest time until the server is ready; after a crash it first reads back its journal.
        public var startTimeout = Duration.seconds(120)
        /// Longest time for an orderly stop; after it the server is stopped at once, which costs no data.
        public var stopTimeout = Duration.seconds(30)
        /// Whom to run as when this process is root and there are no data yet, in order of preference.
        public var accounts = ["postgres", "nobody"]
        /// Folders to look for `initdb` and `postgres` in, separated by `:`; nil is this process's `PATH`.
        public var path: String?
        /// Folder of Debian's installations, looked through after `path`.
        public var installations = "/usr/lib/postgresql"

        /// Defaults for everything but the folder.
        public init(dataDirectory: String) {
            self.dataDirectory = dataDirectory
        }
    }

    /// What happens to the server after its start, for the log.
    public enum Event: Sendable, CustomStringConvertible {
        /// It ended by itself, with its last words; it is started again after the pause.
        case ended(reason: String, log: String, pause: Duration)
        /// It is ready again.
        case recovered(processID: Int32)
        /// It could not be started again; the next try comes after the pause.
        case restartFailed(EmbeddedServerFailure, pause: Duration)

        /// One line for a log.
        public var description: String {
            switch self {
            case .ended(let reason, _, let pause): "the database server \(reason); starting it again in \(pause)"
            case .recovered(let processID): "the database server is ready again as process \(processID)"
            case .restartFailed(let failure, let pause): "\(failure); trying again in \(pause)"
            }
        }
    }

    /// What it was started with.
    public let configuration: Configuration
    private let supervisor: Supervisor
    private let socketFolder: String

    private init(_ configuration: Configuration, _ supervisor: Supervisor, socketFolder: String) {
        self.configuration = configuration
        self.supervisor = supervisor
        self.socketFolder = socketFolder
    }

    /// Without an owner the server stops, though nobody waits for it.
    deinit { supervisor.requestStop() }

    /// Starts the server, making the cluster and the database if they are missing.
    ///
    /// - Parameters:
    ///   - configuration: Where and how.
    ///   - onEvent: Told what happens later; called on the server's own thread and not to be kept waiting.
    /// - Returns: The running server.
    /// - Throws: `EmbeddedServerFailure`; nothing runs then.
    public static func start(
        _ configuration: Configuration,
        onEvent: @escaping @Sendable (Event) -> Void = { _ in }
    ) async throws(EmbeddedServerFailure) -> EmbeddedServer {
        let supervisor = try Supervisor(configuration, onEvent: onEvent)
        let socketFolder = try await supervisor.start()
        let server = EmbeddedServer(configuration, supervisor, socketFolder: socketFolder)
        do throws(PostgresError) {
            try await server.makeDatabase()
        } catch {
            await server.stop()
            throw .database(error)
        }
        return server
    }

    /// How to reach the database, for connections of this process.
    public var connectionString: ConnectionString {
        ConnectionString(values: [
            "host": socketFolder, "port": String(configuration.port), "user": configuration.role,
            "dbname": configuration.database,
            // What PG* variables of the environment say is meant for other servers.
            "sslmode": "disable", "gssencmode": "disable", "target_session_attrs": "any",
        ])
    }

    /// The server's process, or nil while it is not ready.
    public var processID: Int32? { supervisor.processID }

    /// The last lines of the server's log.
    public var logTail: String { supervisor.logTail }

    /// Ends all sessions, writes everything to its place, stops the server, and gives up the data directory.
    public func stop() async { await supervisor.stop() }

    private func makeDatabase() async throws(PostgresError) {
        let wanted = configuration.database
        let maintenance = ConnectionConfiguration(connectionString.database("postgres"))
        let connection = try await Connection.open(maintenance)
        do throws(PostgresError) {
            let exists: Bool = try await connection.queryValue(
                "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)",
                [wanted]
            )
            if !exists {
                let text = "CREATE DATABASE \(Statement.quoted(identifier: wanted))"
                try await connection.execute(Statement(unsafeSQL: text, isPrepared: false))
            }
        } catch {
            await connection.close()
            throw error
        }
        await connection.close()
    }
}
