import Glibc
import PostgresTesting
import Synchronization
import Testing

@testable import Postgres

@Suite("EmbeddedServer")
struct EmbeddedServerTests {
    @Test("data outlive a stop, a kill -9 of the server, and the server is back by itself")
    func life() async throws {
        var configuration = temporaryConfiguration()
        configuration.isDurable = true
        configuration.database = "a \"strange\" name"
        var server = try await EmbeddedServer.start(configuration)
        let pool = ConnectionPool(PoolConfiguration(server.connectionString))
        try await pool.execute("CREATE TABLE kept AS SELECT 42 AS n")
        let settings = try await pool.queryOne(
            "SELECT current_setting('fsync') AS fsync, current_setting('listen_addresses') AS addresses, current_setting('server_encoding') AS encoding, 'ÄÉ' ILIKE 'äé' AS folds, 'a' < 'B' AS mixes"
        )
        #expect(try settings.decode("fsync", as: String.self) == "on")
        #expect(try settings.decode("addresses", as: String.self).isEmpty)
        #expect(try settings.decode("encoding", as: String.self) == "UTF8")
        #expect(try settings.decode("folds", as: Bool.self))
        #expect(try !settings.decode("mixes", as: Bool.self))
        await pool.close()
        await server.stop()
        #expect(server.processID == nil)
        let gone = await postgresError { _ = try await keptNumber(server) }
        #expect(gone?.kind == .connectionFailed)

        let log = EventLog()
        server = try await EmbeddedServer.start(configuration) { log.append("\($0)") }
        #expect(try await keptNumber(server) == 42)
        let again = ConnectionPool(PoolConfiguration(server.connectionString))
        for _ in 0..<3 {
            _ = try await again.query("SELECT 1")
            let process = try #require(server.processID)
            #expect(kill(process, SIGKILL) == 0)
            // A caller sees that the database is away, and later that it is there; never anything else.
            while true {
                let error = await postgresError { _ = try await again.queryValue("SELECT n FROM kept", as: Int.self) }
                guard let error else {
                    if let current = server.processID, current != process { break }
                    continue
                }
                #expect(error.isUnavailability, "\(error)")
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(try await again.queryValue("SELECT n FROM kept", as: Int.self) == 42)
        }
        #expect(log.all.count { $0.contains("was ended by signal 9") } == 3)
        #expect(log.all.count { $0.contains("is ready again") } == 3)
        await again.close()
        await server.stop()
    }

    /// Collects events.
    private final class EventLog: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func append(_ line: String) { lines.withLock { $0.append(line) } }
    }

    @Test("a second server on the same data is refused, naming the process, and taken when the first has stopped")
    func exclusive() async throws {
        let configuration = try await startedConfiguration()
        let server = try await EmbeddedServer.start(configuration)
        let refused = await startFailure(configuration)
        #expect(refused == .inUse(dataDirectory: configuration.dataDirectory, processID: getpid()))
        #expect(refused?.description.contains("is in use by process \(getpid())") == true)
        let (folder, owner) = (configuration.dataDirectory, getpid())
        await #expect(processExitsWith: .success) { [folder = folder as String, owner = owner as Int32] in
            do throws(EmbeddedServerFailure) {
                _ = try await EmbeddedServer.start(EmbeddedServer.Configuration(dataDirectory: folder))
                exit(3)
            } catch {
                exit(error == .inUse(dataDirectory: folder, processID: owner) ? 0 : 4)
            }
        }
        await server.stop()
        try await startAndStop(configuration)
    }

    @Test("when its program is killed the server stops, and the next start has every committed row")
    func parentKilled() async throws {
        var configuration = try await startedConfiguration()
        configuration.isDurable = true
        let folder = configuration.dataDirectory
        await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String] in
            var configuration = EmbeddedServer.Configuration(dataDirectory: folder)
            configuration.isDurable = true
            let server = try await EmbeddedServer.start(configuration)
            let connection = try await Connection.open(ConnectionConfiguration(server.connectionString))
            try await connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
            kill(getpid(), SIGKILL)
        }
        let server = try await EmbeddedServer.start(configuration)
        #expect(try await keptNumber(server) == 7)
        await server.stop()
        #expect(Residents(directory: DataDirectory(folder)).find().isEmpty)
    }

    @Test("a server that outlived its program is stopped first; it is found by its folder, not by a number in a file")
    func orphan() async throws {
        let configuration = try await startedConfiguration()
        var server = try await EmbeddedServer.start(configuration)
        let connection = try await Connection.open(ConnectionConfiguration(server.connectionString))
        try await connection.execute("CREATE TABLE kept AS SELECT 9 AS n")
        await connection.close()
        await server.stop()
        let directory = DataDirectory(configuration.dataDirectory)
        let owner = try #require(FileSystem.linkStatus(directory.cluster)?.st_uid)
        let search = ServerBinaries.Search(path: String(cString: getenv("PATH")))
        let binaries = try ServerBinaries.find(search, dataVersion: nil, dataDirectory: "")
        var command = ServerCommand(
            path: binaries.postgres,
            arguments: ["-D", directory.cluster, "-k", directory.sockets, "-c", "listen_addresses="]
        )
        command.account = try ServerAccount.choose(owner: owner, folder: "", candidates: [])
        command.directory = directory.cluster
        let null = open("/dev/null", O_WRONLY)
        let orphan = try command.start(output: null)
        close(null)
        while Residents(directory: directory).postmaster(among: [orphan]) == nil {
            try await Task.sleep(for: .milliseconds(5))
        }
        server = try await EmbeddedServer.start(configuration)
        #expect(server.processID != orphan)
        #expect(try await keptNumber(server) == 9)
        #expect(ServerCommand.wait(for: orphan) == 0)
        await server.stop()
    }

    @Test("a process file that names a zombie, or a process of somebody else, does not keep the server down")
    func staleProcessFile() async throws {
        let configuration = try await startedConfiguration()
        var server = try await EmbeddedServer.start(configuration)
        let directory = DataDirectory(configuration.dataDirectory)
        let lines = try #require(FileSystem.text(of: directory.processFile)).split(
            separator: "\n",
            omittingEmptySubsequences: false
        )
        await server.stop()
        let null = open("/dev/null", O_WRONLY)
        let zombie = try ServerCommand(path: "/bin/true", arguments: []).start(output: null)
        close(null)
        while FileSystem.text(of: "/proc/\(zombie)/stat")?.contains(" Z ") != true {
            try await Task.sleep(for: .milliseconds(1))
        }
        #expect(kill(zombie, 0) == 0)
        for process in [zombie, getpid(), 1] {
            let text = (["\(process)"] + lines.dropFirst().map(String.init)).joined(separator: "\n")
            writeFile(text, to: directory.processFile, mode: 0o600)
            writeFile(
                "\(process)\n\(directory.cluster)\n0\n5432\n\(directory.sockets)\n",
                to: directory.sockets + "/.s.PGSQL.5432.lock",
                mode: 0o600
            )
            server = try await EmbeddedServer.start(configuration)
            #expect(server.processID != process)
            await server.stop()
        }
        #expect(ServerCommand.wait(for: zombie) == 0)
    }

    @Test("a session that is busy when the server is killed does not hold up the restart")
    func busySession() async throws {
        let server = try await EmbeddedServer.start(try await startedConfiguration())
        let pool = ConnectionPool(PoolConfiguration(server.connectionString))
        let busy = Task {
            try await pool.query("SELECT count(*) FROM generate_series(1, 100000000000) n WHERE n % 7 = 8")
        }
        while pool.counts.open == pool.counts.idle { try await Task.sleep(for: .milliseconds(1)) }
        try await Task.sleep(for: .milliseconds(100))
        let process = try #require(server.processID)
        #expect(kill(process, SIGKILL) == 0)
        #expect(await postgresError { _ = try await busy.value }?.isUnavailability == true)
        while await postgresError({ _ = try await pool.query("SELECT 1") }) != nil {
            try await Task.sleep(for: .milliseconds(5))
        }
        await pool.close()
        await server.stop()
    }

    @Test("a server that cannot start is told with its own words")
    func badSetting() async throws {
        var configuration = try await startedConfiguration()
        configuration.settings = ["shared_buffers": "nonsense"]
        let failed = await startFailure(configuration)
        guard case .startFailed(let reason, _) = failed else {
            return #expect(Bool(false), "\(String(describing: failed))")
        }
        #expect(reason == "ended with status 1")
        #expect(failed?.description.contains("invalid value for parameter \"shared_buffers\"") == true)
        configuration.settings = [:]
        try await startAndStop(configuration)
    }

    @Test("cancelling the start stops everything that was begun")
    func cancelled() async throws {
        let configuration = temporaryConfiguration()
        let task = Task { try await EmbeddedServer.start(configuration) }
        try await Task.sleep(for: .milliseconds(30))
        task.cancel()
        if case .success(let server) = await task.result { await server.stop() }
        try await startAndStop(configuration)
    }

    @Test("the log keeps within its bound")
    func logBound() async throws {
        var configuration = try await startedConfiguration()
        configuration.logBytesMax = 64 << 10
        let server = try await EmbeddedServer.start(configuration)
        let connection = try await Connection.open(ConnectionConfiguration(server.connectionString))
        try await connection.runScript(
            "DO $$ BEGIN FOR i IN 1..5000 LOOP RAISE LOG 'noise % %', i, repeat('x', 60); END LOOP; END $$"
        )
        await connection.close()
        await server.stop()
        #expect(server.logTail.contains("database system is shut down"))
        let folder = configuration.dataDirectory + "/log/"
        let sizes = FileSystem.names(in: folder).compactMap { FileSystem.status(folder + $0)?.st_size }
        #expect(sizes.count == 2)
        #expect(sizes.reduce(0, +) <= 64 << 10)
    }

    @Test("a restart that fails is tried again with growing pauses, up to a limit")
    func pauses() {
        var state = RestartState()
        let now = ContinuousClock.now
        let pauses = (0..<12).map { _ in state.ended(now: now) }
        #expect(pauses[0] == .milliseconds(50))
        #expect(pauses[1] == .milliseconds(100))
        #expect(pauses.last == .seconds(5))
        state.becameReady(now: now)
        #expect(state.ended(now: now + .seconds(1)) == .seconds(5))
        state.becameReady(now: now)
        #expect(state.ended(now: now + .seconds(11)) == .milliseconds(50))
    }
}
