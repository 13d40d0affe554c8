import PostgresTesting
import Testing

@testable import Postgres

private struct Refused: Error {}

/// An error of a store that keeps the database's own.
private struct StoreError: PostgresErrorCarrying {
    let postgresError: PostgresError?
}

@Suite("Transactions")
struct TransactionTests {
    private func withTable(_ body: (ConnectionPool) async throws -> Void) async throws {
        try await TestDatabase.with { configuration in
            var settings = PoolConfiguration(configuration)
            settings.waitTimeout = .seconds(60)
            settings.connection.cancelGrace = .seconds(60)
            let pool = ConnectionPool(settings)
            try await pool.withConnection {
                try await $0.runScript(
                    "CREATE TABLE account (id int PRIMARY KEY, amount int NOT NULL); INSERT INTO account VALUES (1, 100), (2, 100)"
                )
            }
            try await body(pool)
            await pool.close()
        }
    }

    private func amounts(_ pool: ConnectionPool) async throws -> [Int] {
        try await pool.query("SELECT amount FROM account ORDER BY id").map { try $0.decode("amount") }
    }

    @Test("what returns is committed, what throws is undone")
    func commitAndRollback() async throws {
        try await withTable { pool in
            // A local of the caller may be changed in the closure.
            var runs = 0
            let result = try await pool.transaction { transaction in
                runs += 1
                try await transaction.execute("UPDATE account SET amount = amount - $1 WHERE id = 1", [30])
                return "moved"
            }
            #expect(result == "moved")
            #expect(runs == 1)
            await #expect(throws: Refused.self) {
                try await pool.transaction { transaction in
                    try await transaction.execute("DELETE FROM account")
                    throw Refused()
                }
            }
            #expect(try await amounts(pool) == [70, 100])
        }
    }

    @Test("a savepoint undoes only its own part")
    func savepoint() async throws {
        try await withTable { pool in
            try await pool.transaction { transaction in
                try await transaction.execute("UPDATE account SET amount = 1 WHERE id = 1")
                do {
                    try await transaction.savepoint { inner in
                        try await inner.execute("UPDATE account SET amount = 2 WHERE id = 2")
                        try await inner.execute("INSERT INTO account VALUES (1, 0)")
                    }
                    Issue.record("the insert must fail")
                } catch let error as PostgresError {
                    #expect(error.sqlState == .uniqueViolation)
                }
                try await transaction.savepoint { _ = try await $0.execute("UPDATE account SET amount = amount + 10") }
            }
            #expect(try await amounts(pool) == [11, 110])
        }
    }

    @Test("a failed statement that was swallowed does not pass for a commit")
    func swallowed() async throws {
        try await withTable { pool in
            let error = await postgresError {
                try await pool.transaction { transaction in
                    try await transaction.execute("UPDATE account SET amount = 0")
                    _ = try? await transaction.execute("SELECT 1 / 0")
                }
            }
            #expect(error?.kind == .transactionRolledBack)
            let amounts = try await amounts(pool)
            #expect(amounts == [100, 100])
        }
    }

    @Test("serializable transactions that collide are run again until each has its effect")
    func serializable() async throws {
        try await withTable { pool in
            let attempts = Counter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await pool.transaction(isolation: .serializable, retry: RetryPolicy(attemptsMax: 50)) {
                            transaction in
                            attempts.increment()
                            let sum: Int = try await transaction.queryValue("SELECT sum(amount) FROM account")
                            do throws(PostgresError) {
                                try await transaction.execute("UPDATE account SET amount = $1 WHERE id = 1", [sum - 99])
                            } catch {
                                // A store wraps the database's error; it is seen through.
                                throw StoreError(postgresError: error)
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            // Each added exactly one to the amount of the first: no update was lost.
            #expect(try await amounts(pool) == [108, 100])
            #expect(attempts.value >= 8)
        }
    }

    @Test("a deadlock is run again")
    func deadlock() async throws {
        try await withTable { pool in
            try await pool.execute("SELECT 1")
            let arrived = Counter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for order in [[1, 2], [2, 1]] {
                    group.addTask {
                        try await pool.transaction { transaction in
                            try await transaction.execute("SET LOCAL deadlock_timeout = '20ms'")
                            try await transaction.execute(
                                "UPDATE account SET amount = amount + 1 WHERE id = $1",
                                [order[0]]
                            )
                            arrived.increment()
                            while arrived.value < 2 { try await Task.sleep(for: .milliseconds(1)) }
                            try await transaction.execute(
                                "UPDATE account SET amount = amount + 1 WHERE id = $1",
                                [order[1]]
                            )
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await amounts(pool) == [102, 102])
            #expect(arrived.value == 3)
        }
    }

    @Test("retries end, and other errors are not retried")
    func bounded() async throws {
        try await withTable { pool in
            var runs = 0
            let policy = RetryPolicy(attemptsMax: 3, pause: .milliseconds(1))
            let error = await postgresError {
                try await pool.transaction(retry: policy) { _ in
                    runs += 1
                    throw PostgresError(.server, "again", sqlState: .serializationFailure)
                }
            }
            #expect(error?.isRetryable == true)
            #expect(runs == 3)
            runs = 0
            _ = await postgresError {
                try await pool.transaction { transaction in
                    runs += 1
                    try await transaction.execute("INSERT INTO account VALUES (1, 1)")
                }
            }
            #expect(runs == 1)
            #expect(RetryPolicy.standard.pause(before: 99) <= .milliseconds(250))
        }
    }

    @Test("a connection that ends between COMMIT and its answer leaves the outcome open, and says so")
    func commitOutcome() async throws {
        try await withTable { pool in
            try await pool.withConnection {
                try await $0.runScript(
                    """
                    CREATE FUNCTION end_session() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5); RETURN NULL; END $$;
                    CREATE CONSTRAINT TRIGGER late AFTER UPDATE ON account DEFERRABLE INITIALLY DEFERRED
                    FOR EACH ROW EXECUTE FUNCTION end_session()
                    """
                )
            }
            let error = await postgresError {
                try await pool.transaction { _ = try await $0.execute("UPDATE account SET amount = 0 WHERE id = 1") }
            }
            #expect(error?.kind == .commitOutcomeUnknown)
            #expect(error?.isUnavailability == true)
            #expect(try await amounts(pool) == [100, 100])
        }
    }

    @Test("read-only transactions cannot write, and one that has ended cannot be used")
    func misuse() async throws {
        try await withTable { pool in
            let error = await postgresError {
                try await pool.transaction(access: .readOnly) { _ = try await $0.execute("DELETE FROM account") }
            }
            #expect(error?.sqlState == .readOnlyTransaction)
            let escaped = try await pool.transaction { $0 }
            #expect(await postgresError { _ = try await escaped.query("SELECT 1") }?.kind == .transactionRolledBack)
        }
    }

    @Test("cancelling the task rolls its transaction back and keeps the connection")
    func cancelled() async throws {
        try await withTable { pool in
            let process = try await pool.withConnection { await $0.processID }
            let updated = Counter()
            let task = Task {
                try await pool.transaction { transaction in
                    try await transaction.execute("UPDATE account SET amount = 0")
                    updated.increment()
                    try await transaction.execute("SELECT pg_sleep(60)")
                }
            }
            while updated.value == 0 { try await Task.sleep(for: .milliseconds(1)) }
            try await Task.sleep(for: .milliseconds(100))
            task.cancel()
            #expect(await postgresError { try await task.value }?.kind == .cancelled)
            #expect(try await amounts(pool) == [100, 100])
            #expect(try await pool.withConnection { await $0.processID } == process)
        }
    }
}
