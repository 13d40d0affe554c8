import Glibc
import PostgresTesting
import Testing

@testable import Postgres

@Suite("ConnectionPool")
struct PoolTests {
    private func withPool(
        _ adjust: (inout PoolConfiguration) -> Void = { _ in },
        _ body: (ConnectionPool, ConnectionConfiguration) async throws -> Void
    ) async throws {
        try await TestDatabase.with { configuration in
            var pool = PoolConfiguration(configuration)
            // A busy machine must not fail a test that is about something else.
            pool.waitTimeout = .seconds(60)
            adjust(&pool)
            let made = ConnectionPool(pool)
            try await body(made, configuration)
            await made.close()
            #expect(made.counts == (0, 0, 0))
        }
    }

    /// Ends a session from another one, and waits until the server has let it go.
    private func terminate(_ process: Int32, _ configuration: ConnectionConfiguration) async throws {
        let other = try await Connection.open(configuration)
        #expect(try await other.queryValue("SELECT pg_terminate_backend($1, 5000)", [process], as: Bool.self))
        await other.close()
    }

    @Test("many callers share few connections")
    func sharing() async throws {
        try await withPool({ $0.connectionsMax = 3 }) { pool, _ in
            let sum = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 1...200 { group.addTask { try await pool.queryValue("SELECT $1::int", [number]) } }
                return try await group.reduce(0, +)
            }
            #expect(sum == 200 * 201 / 2)
            #expect(pool.counts.open <= 3)
            #expect(pool.counts.waiting == 0)
        }
    }

    @Test("a caller who waits too long is told that the pool is exhausted")
    func exhausted() async throws {
        let adjust: (inout PoolConfiguration) -> Void = {
            $0.connectionsMax = 1
            $0.waitTimeout = .milliseconds(50)
        }
        try await withPool(adjust) { pool, _ in
            let error = try await pool.withConnection { _ in
                await postgresError { _ = try await pool.query("SELECT 1") }
            }
            #expect(error?.kind == .poolExhausted)
            #expect(error?.isUnavailability == true)
            let one: Int = try await pool.queryValue("SELECT 1")
            #expect(one == 1)
        }
    }

    @Test("more waiting callers than allowed are refused at once")
    func queue() async throws {
        let adjust: (inout PoolConfiguration) -> Void = {
            $0.connectionsMax = 1
            $0.waitersMax = 2
        }
        try await withPool(adjust) { pool, _ in
            try await pool.withConnection { _ in
                let waiting = (0..<2).map { _ in Task { try await pool.queryValue("SELECT 7", as: Int.self) } }
                while pool.counts.waiting < 2 { try await Task.sleep(for: .milliseconds(1)) }
                let error = await postgresError { _ = try await pool.query("SELECT 1") }
                #expect(error?.kind == .poolExhausted)
                #expect(error?.message.contains("2 callers") == true)
                for task in waiting { task.cancel() }
                for task in waiting {
                    let error = await postgresError { _ = try await task.value }
                    #expect(error?.kind == .cancelled)
                }
            }
        }
    }

    @Test("a session ended by the server is replaced at its next use without anyone noticing")
    func replaced() async throws {
        try await withPool({ $0.connectionsMax = 1 }) { pool, configuration in
            for _ in 0..<5 {
                let process = try await pool.withConnection { await $0.processID }
                try await terminate(process, configuration)
                #expect(try await pool.queryValue("SELECT pg_backend_pid()", as: Int32.self) != process)
            }
            #expect(pool.counts.open == 1)
        }
    }

    @Test("a session ended during a statement is a lost connection, and the next use gets another")
    func lost() async throws {
        try await withPool({ $0.connectionsMax = 1 }) { pool, configuration in
            let error = await postgresError {
                try await pool.withConnection { connection in
                    let process = await connection.processID
                    async let slow: Void = { _ = try await connection.query("SELECT pg_sleep(60)") }()
                    try await Task.sleep(for: .milliseconds(50))
                    try await terminate(process, configuration)
                    try await slow
                }
            }
            #expect(error?.kind == .connectionLost)
            #expect(error?.sqlState == .adminShutdown)
            #expect(error?.isUnavailability == true)
            let after = await postgresError {
                try await pool.transaction { transaction in
                    try await terminate(transaction.connection.processID, configuration)
                    try await transaction.execute("SELECT 1")
                }
            }
            #expect(after?.kind == .connectionLost)
            let one: Int = try await pool.queryValue("SELECT 1")
            #expect(one == 1)
        }
    }

    @Test("a transaction left open is rolled back before the connection goes to someone else")
    func leftOpen() async throws {
        try await withPool({ $0.connectionsMax = 1 }) { pool, _ in
            let process = try await pool.withConnection { connection in
                try await connection.execute("CREATE TABLE t (n int)")
                try await connection.execute("BEGIN")
                try await connection.execute("INSERT INTO t (n) VALUES (1)")
                return await connection.processID
            }
            let row = try await pool.queryOne("SELECT count(*) AS count, pg_backend_pid() AS process FROM t")
            #expect(try row.decode("count", as: Int.self) == 0)
            #expect(try row.decode("process", as: Int32.self) == process)
        }
    }

    @Test("connections unused for long are closed, by hand or by the pool's own service")
    func idle() async throws {
        try await withPool({ $0.idleTimeout = .milliseconds(20) }) { pool, _ in
            _ = try await pool.query("SELECT 1")
            #expect(pool.counts.idle == 1)
            await pool.closeIdle()
            #expect(pool.counts.open == 0)
            _ = try await pool.query("SELECT 1")
            let service = Task { await pool.run() }
            while pool.counts.open > 0 { try await Task.sleep(for: .milliseconds(5)) }
            service.cancel()
            await service.value
        }
    }

    @Test("closing waits for those who still work and refuses everyone else")
    func close() async throws {
        try await withPool({ $0.connectionsMax = 1 }) { pool, _ in
            let isDone = Counter()
            let closing = try await pool.withConnection { connection in
                let waiter = Task { try await pool.queryValue("SELECT 1", as: Int.self) }
                while pool.counts.waiting == 0 { try await Task.sleep(for: .milliseconds(1)) }
                let closing = Task {
                    await pool.close()
                    return isDone.value == 1
                }
                #expect(await postgresError { _ = try await waiter.value }?.kind == .poolClosed)
                #expect(await postgresError { _ = try await pool.query("SELECT 1") }?.kind == .poolClosed)
                let five: Int = try await connection.queryValue("SELECT 5")
                #expect(five == 5)
                isDone.increment()
                return closing
            }
            #expect(await closing.value)
        }
    }

    @Test("a database that is not there fails fast, without the password, and is found when it comes")
    func absent() async throws {
        let nowhere = try ConnectionString("host=/nonexistent/folder dbname=x password=hunter2hunter2")
        let pool = ConnectionPool(PoolConfiguration(nowhere))
        let error = await postgresError { _ = try await pool.query("SELECT 1") }
        #expect(error?.kind == .connectionFailed)
        #expect(error?.isUnavailability == true)
        #expect(error.map { "\($0)".contains("/nonexistent/folder") && !"\($0)".contains("hunter2") } == true)
        #expect(pool.counts.open == 0)
        let server = try await TestDatabase.shared()
        let missing = ConnectionPool(PoolConfiguration(server.connectionString.database("no_such_database")))
        let refused = await postgresError { _ = try await missing.query("SELECT 1") }
        #expect(refused?.kind == .connectionFailed)
        #expect(refused?.sqlState == .undefinedDatabase)
    }

    @Test("a host that does not answer is passed over for the next")
    func multipleHosts() async throws {
        // A listening socket that nobody serves: the connection is made and nothing is ever said.
        let silent = try SilentListener()
        let server = try await TestDatabase.shared()
        var string = server.connectionString
        string["host"] = "127.0.0.1,\(string["host"] ?? "")"
        string["port"] = "\(silent.port),\(string["port"] ?? "")"
        var configuration = ConnectionConfiguration(string)
        configuration.connectTimeout = .seconds(2)
        let connection = try await Connection.open(configuration)
        #expect(try await connection.queryValue("SELECT 1", as: Int.self) == 1)
        await connection.close()
        string["host"] = "127.0.0.1"
        string["port"] = "\(silent.port)"
        configuration.connectionString = string
        let error = await postgresError { _ = try await Connection.open(configuration) }
        #expect(error?.kind == .connectionFailed)
        #expect(error?.message.contains("no answer from `127.0.0.1`") == true)
        configuration.connectTimeout = .seconds(60)
        let hanging = configuration
        let task = Task { _ = try await Connection.open(hanging) }
        try await Task.sleep(for: .milliseconds(30))
        task.cancel()
        #expect(await postgresError { try await task.value }?.kind == .cancelled)
    }
}

/// Accepts connections in the kernel and never reads them.
final class SilentListener: Sendable {
    let port: UInt16
    private let descriptor: Int32

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                #expect(bind(descriptor, $0, length) == 0)
                #expect(listen(descriptor, 16) == 0)
                #expect(getsockname(descriptor, $0, &length) == 0)
            }
        }
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(descriptor) }
}
