import Synchronization

/// How much of other transactions a transaction sees (PostgreSQL manual, section 13.2).
public enum IsolationLevel: String, Sendable {
    /// Each statement sees what was committed before it.
    case readCommitted = "READ COMMITTED"
    /// All statements see what was committed before the first.
    case repeatableRead = "REPEATABLE READ"
    /// As if transactions ran one after another.
    case serializable = "SERIALIZABLE"
}

/// Whether a transaction may write.
public enum AccessMode: String, Sendable {
    /// May write.
    case readWrite = "READ WRITE"
    /// The server refuses writes.
    case readOnly = "READ ONLY"
}

/// How often a transaction is run again after a serialization failure or a deadlock.
public struct RetryPolicy: Sendable {
    /// Runs in all, at least one.
    public var attemptsMax: Int
    /// Pause before the second run; each further one waits twice as long, at random between half and all of it.
    public var pause: Duration
    /// Longest pause.
    public var pauseMax: Duration

    /// A policy of one's own.
    public init(attemptsMax: Int, pause: Duration = .milliseconds(5), pauseMax: Duration = .milliseconds(250)) {
        self.attemptsMax = max(1, attemptsMax)
        self.pause = pause
        self.pauseMax = pauseMax
    }

    /// Five runs.
    public static let standard = RetryPolicy(attemptsMax: 5)
    /// One run.
    public static let none = RetryPolicy(attemptsMax: 1)

    /// The pause before run number `attempt` (2, 3, …).
    func pause(before attempt: Int) -> Duration {
        let doubled = pause * (1 << min(16, max(0, attempt - 2)))
        return min(doubled, pauseMax) * Double.random(in: 0.5...1)
    }
}

/// An open transaction. It ends with the closure it was given to.
public struct Transaction: Session {
    let connection: Connection
    private let state = State()

    private final class State: Sendable {
        let isOpen = Atomic<Bool>(true)
        let savepoints = Atomic<Int>(0)
    }

    init(_ connection: Connection) {
        self.connection = connection
    }

    /// Runs one statement within the transaction; see `Session`.
    ///
    /// - Parameters:
    ///   - statement: One statement.
    ///   - parameters: Values of `$1`, `$2`, … in order.
    ///   - timeout: Longest time to wait for the answer; nil means the connection's own limit.
    /// - Returns: Rows and the number of rows written.
    /// - Throws: `PostgresError`.
    public func run(
        _ statement: Statement,
        _ parameters: [any Parameter],
        timeout: Duration?
    ) async throws(PostgresError) -> Answer {
        guard state.isOpen.load(ordering: .acquiring) else {
            throw PostgresError(.transactionRolledBack, "the transaction has already ended")
        }
        return try await connection.run(statement, parameters, timeout: timeout)
    }

    /// Runs `body` so that its failure undoes only what `body` did.
    ///
    /// - Throws: What `body` throws, or `PostgresError`.
    nonisolated(nonsending) public func savepoint<Value>(
        _ body: nonisolated(nonsending) (Transaction) async throws -> Value
    ) async throws -> Value {
        let name = "p\(state.savepoints.add(1, ordering: .relaxed).newValue)"
        try await run(Statement(unsafeSQL: "SAVEPOINT \(name)", isPrepared: false), [], timeout: nil).discard()
        do {
            let value = try await body(self)
            try await run(Statement(unsafeSQL: "RELEASE SAVEPOINT \(name)", isPrepared: false), [], timeout: nil)
                .discard()
            return value
        } catch {
            // Without the connection there is nothing to undo, and the first error is the one to tell.
            if connection.hasOpenTransaction {
                for command in ["ROLLBACK TO SAVEPOINT \(name)", "RELEASE SAVEPOINT \(name)"] {
                    _ = try await connection.runToTheEnd(Statement(unsafeSQL: command, isPrepared: false))
                }
            }
            throw error
        }
    }

    func end() { state.isOpen.store(false, ordering: .releasing) }
}

extension Answer {
    func discard() {}
}

extension Statement {
    /// Not prepared: a transaction must be able to end whatever became of the session's prepared statements.
    static let commit = Statement(unsafeSQL: "COMMIT", isPrepared: false)
    static let rollback = Statement(unsafeSQL: "ROLLBACK", isPrepared: false)
}

extension Connection {
    /// Runs `body` in a transaction: `COMMIT` when it returns, `ROLLBACK` when it throws. One run, no retry; see
    /// `ConnectionPool.transaction` for retries.
    ///
    /// - Throws: What `body` throws, or `PostgresError`; `.commitOutcomeUnknown` if the connection ended between
    ///   `COMMIT` and its answer.
    nonisolated(nonsending) public func transaction<Value>(
        isolation: IsolationLevel = .readCommitted,
        access: AccessMode = .readWrite,
        _ body: nonisolated(nonsending) (Transaction) async throws -> Value
    ) async throws -> Value {
        let begin = "BEGIN ISOLATION LEVEL \(isolation.rawValue) \(access.rawValue)"
        try await run(Statement(unsafeSQL: begin, isPrepared: false), [], timeout: nil).discard()
        let transaction = Transaction(self)
        let value: Value
        do {
            value = try await body(transaction)
            transaction.end()
        } catch {
            transaction.end()
            if hasOpenTransaction {
                do throws(PostgresError) {
                    _ = try await runToTheEnd(.rollback)
                } catch {
                    // The connection is gone, and with it the transaction. What `body` threw is what the caller needs.
                }
            }
            throw error
        }
        try await commit()
        return value
    }

    private nonisolated func commit() async throws(PostgresError) {
        let answer: Answer
        do throws(PostgresError) {
            answer = try await runToTheEnd(.commit)
        } catch {
            var error = error
            if [.connectionLost, .timedOut, .cancelled].contains(error.kind) {
                error.message =
                    "the connection ended while committing, so that only the database knows the outcome: "
                    + error.message
                error.kind = .commitOutcomeUnknown
            }
            throw error
        }
        if answer.commandTag == "ROLLBACK" {
            throw PostgresError(
                .transactionRolledBack,
                "rolled back, because a statement of the transaction had failed"
            )
        }
    }
}
