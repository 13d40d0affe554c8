import Glibc
public import Postgres
import Synchronization

/// One real PostgreSQL for all tests of a process, with a database of its own for each test that wants one.
///
/// ```swift
/// try await TestDatabase.with { configuration in
///     let pool = ConnectionPool(configuration)
///     …
/// }
/// ```
/// The server lives in a folder under `/tmp`, runs as an unprivileged user when the tests run as root, and ends with
/// the process.
public enum TestDatabase {
    private static let server = Task { try await startServer() }

    /// The shared server; the first caller starts it, which takes about a second.
    public static func shared() async throws -> EmbeddedServer {
        try await server.value
    }

    /// Runs `body` with a new database that is removed afterwards. It is a copy of `template` (see the function of that
    /// name), or empty.
    public static func with<Value>(
        template: String? = nil,
        isolation: isolated (any Actor)? = #isolation,
        _ body: (ConnectionConfiguration) async throws -> Value
    ) async throws -> Value {
        let configuration = try await make(template: template)
        do {
            let value = try await body(configuration)
            try await drop(configuration)
            return value
        } catch {
            // The failure of the test matters more than a database left behind in a throw-away server.
            try? await drop(configuration)
            throw error
        }
    }

    /// A new database that lives as long as the server.
    public static func make(template: String? = nil) async throws -> ConnectionConfiguration {
        let name = "test_\(counter.add(1, ordering: .relaxed).newValue)"
        let server = try await shared()
        try await maintain(server, "CREATE DATABASE \(name) TEMPLATE \(template ?? "template1")")
        return ConnectionConfiguration(server.connectionString.database(name))
    }

    /// The name of a database that `prepare` filled, for `with(template:)`: copying one is quicker than migrating anew.
    /// `prepare` runs once a process for each name and must leave no connection open.
    public static func template(
        _ name: String,
        _ prepare: @escaping @Sendable (ConnectionConfiguration) async throws -> Void
    ) async throws -> String {
        let task = templates.withLock { known in
            let task =
                known[name]
                ?? Task {
                    let configuration = try await make()
                    try await prepare(configuration)
                    return configuration.connectionString["dbname"] ?? ""
                }
            known[name] = task
            return task
        }
        return try await task.value
    }

    private static let templates = Mutex<[String: Task<String, any Error>]>([:])

    /// A new, empty folder under `/tmp`, removed when the process ends.
    public static func makeFolder() -> String {
        var template = Array("/tmp/gatehouse-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { preconditionFailure("no folder under /tmp: errno \(errno)") }
        let folder = template.withUnsafeBufferPointer { buffer in buffer.baseAddress.map { String(cString: $0) } ?? "" }
        // The unprivileged user that the server runs as has to pass through.
        chmod(folder, 0o711)
        folders.withLock { known in
            if known.isEmpty { atexit { TestDatabase.cleanUp() } }
            known.append(folder)
        }
        return folder
    }

    private static let counter = Atomic<Int>(0)
    private static let folders = Mutex<[String]>([])
    private static let serverProcess = Atomic<Int32>(0)

    private static func startServer() async throws -> EmbeddedServer {
        var configuration = EmbeddedServer.Configuration(dataDirectory: makeFolder() + "/data")
        configuration.isDurable = false
        configuration.connectionsMax = 200
        let server = try await EmbeddedServer.start(configuration)
        serverProcess.store(server.processID ?? 0, ordering: .releasing)
        return server
    }

    private static func drop(_ configuration: ConnectionConfiguration) async throws {
        guard let name = configuration.connectionString["dbname"] else { return }
        try await maintain(try await shared(), "DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
    }

    private static func maintain(_ server: EmbeddedServer, _ text: String) async throws {
        let connection = try await Connection.open(ConnectionConfiguration(server.connectionString))
        try await connection.execute(Statement(unsafeSQL: text, isPrepared: false))
        await connection.close()
    }

    /// Runs at the end of the process: the server is stopped at once (its data are thrown away), then the folders go.
    private static func cleanUp() {
        let process = serverProcess.load(ordering: .acquiring)
        if process > 0 {
            kill(process, SIGQUIT)
            for _ in 0..<400 where kill(process, 0) == 0 { usleep(5000) }
        }
        for folder in folders.withLock({ $0 }) { remove(folder) }
    }

    private static func remove(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR, let directory = opendir(path) else {
            unlink(path)
            return
        }
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { remove(path + "/" + name) }
        }
        closedir(directory)
        // What cannot be removed stays in /tmp; the process ends anyway.
        rmdir(path)
    }
}
