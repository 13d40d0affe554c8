import Glibc
import PostgresTesting
import Testing

@testable import Postgres

@Suite("Cancellation and deadlines")
struct CancellationTests {
    @Test("cancelling the task cancels the statement on the server, and the connection stays good")
    func cancel() async throws {
        try await TestDatabase.with { configuration in
            var configuration = configuration
            configuration.cancelGrace = .seconds(60)
            let connection = try await Connection.open(configuration)
            for _ in 0..<5 {
                let task = Task { _ = try await connection.query("SELECT pg_sleep(60)") }
                try await Task.sleep(for: .milliseconds(20))
                task.cancel()
                let error = await postgresError { try await task.value }
                #expect(error?.kind == .cancelled)
                #expect(connection.isReusable)
                #expect(try await connection.queryValue("SELECT 1", as: Int.self) == 1)
            }
            let other = try await Connection.open(configuration)
            let sleeping: Int = try await other.queryValue(
                """
                SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(60)%'
                    AND pid <> pg_backend_pid() AND datname = current_database()
                """
            )
            #expect(sleeping == 0)
            await other.close()
            await connection.close()
        }
    }

    @Test("a task that is cancelled already sends nothing")
    func early() async throws {
        try await TestDatabase.with { configuration in
            let connection = try await Connection.open(configuration)
            let task = Task {
                while !Task.isCancelled { await Task.yield() }
                try await connection.execute("CREATE TABLE never (n int)")
            }
            task.cancel()
            #expect(await postgresError { try await task.value }?.kind == .cancelled)
            #expect(try await connection.queryValue("SELECT to_regclass('never') IS NULL", as: Bool.self))
            await connection.close()
        }
    }

    @Test("the deadline of a call and the session's statement_timeout both end a statement")
    func deadlines() async throws {
        try await TestDatabase.with { configuration in
            var configuration = configuration
            configuration.statementTimeout = .milliseconds(200)
            configuration.cancelGrace = .seconds(60)
            let connection = try await Connection.open(configuration)
            let own = await postgresError {
                _ = try await connection.query("SELECT pg_sleep(60)", timeout: .milliseconds(30))
            }
            #expect(own?.kind == .timedOut)
            let session = await postgresError { _ = try await connection.query("SELECT pg_sleep(60)") }
            #expect(session?.kind == .timedOut)
            #expect(session?.sqlState == .queryCanceled)
            #expect(session?.isUnavailability == true)
            #expect(connection.isReusable)
            #expect(try await connection.queryValue("SELECT 1", as: Int.self) == 1)
            await connection.close()
        }
    }

    @Test("a lock that is not given in time is an error of its own")
    func lockTimeout() async throws {
        try await TestDatabase.with { configuration in
            var configuration = configuration
            configuration.lockTimeout = .milliseconds(30)
            let (first, second) = (try await Connection.open(configuration), try await Connection.open(configuration))
            try await first.execute("CREATE TABLE t (n int)")
            try await first.transaction { transaction in
                try await transaction.execute("LOCK TABLE t")
                let error = await postgresError { _ = try await second.query("SELECT n FROM t") }
                #expect(error?.sqlState == .lockNotAvailable)
            }
            await first.close()
            await second.close()
        }
    }

    @Test("a server that no longer answers at all costs the connection, not the caller")
    func frozen() async throws {
        try await TestDatabase.with { configuration in
            var configuration = configuration
            configuration.cancelGrace = .milliseconds(100)
            let pool = ConnectionPool(PoolConfiguration(configuration))
            let process = try await pool.withConnection { await $0.processID }
            #expect(kill(process, SIGSTOP) == 0)
            let error = await postgresError { _ = try await pool.query("SELECT 1", timeout: .milliseconds(30)) }
            #expect(error?.kind == .timedOut)
            #expect(kill(process, SIGCONT) == 0)
            #expect(try await pool.queryValue("SELECT pg_backend_pid()", as: Int32.self) != process)
            await pool.close()
        }
    }

    @Test("a burst of cancellations leaves a pool that works")
    func burst() async throws {
        try await TestDatabase.with { configuration in
            var settings = PoolConfiguration(configuration)
            settings.connectionsMax = 4
            settings.waitTimeout = .seconds(60)
            let pool = ConnectionPool(settings)
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<60 {
                    group.addTask {
                        let task = Task {
                            try await pool.queryValue(
                                "SELECT pg_sleep(0.002) IS NULL OR $1::int > 0",
                                [number],
                                as: Bool.self
                            )
                        }
                        try? await Task.sleep(for: .microseconds(number * 150))
                        task.cancel()
                        _ = await task.result
                    }
                }
            }
            // Not one of these may meet a cancellation that was meant for somebody else.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        let answer: Int = try await pool.queryValue("SELECT $1::int", [number])
                        #expect(answer == number)
                    }
                }
                try await group.waitForAll()
            }
            #expect(pool.counts.waiting == 0)
            await pool.close()
        }
    }
}
