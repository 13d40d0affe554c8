import Glibc
import Synchronization

/// One connection to PostgreSQL. Its libpq calls run on a thread of their own, never on the cooperative pool.
///
/// Statements run one after another. Usually a `ConnectionPool` makes and keeps connections.
public actor Connection: Session {
    private nonisolated let thread: ConnectionThread
    private nonisolated let wakeUp: WakeUp
    /// What the pool may know without a hop to the thread.
    private nonisolated let glance = Atomic<UInt64>(0)
    private let wire: Wire

    /// The connection's own thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Connects.
    ///
    /// Cancelling the task ends the attempt.
    /// - Throws: `PostgresError` of kind `.connectionFailed` or `.cancelled`.
    public static func open(_ configuration: ConnectionConfiguration) async throws(PostgresError) -> Connection {
        let connection = try Connection(configuration)
        try await connection.interruptible { wire, flag throws(PostgresError) in try wire.connect(cancellation: flag) }
        return connection
    }

    private init(_ configuration: ConnectionConfiguration) throws(PostgresError) {
        thread = try ConnectionThread()
        wakeUp = try WakeUp()
        wire = Wire(configuration: configuration, wakeUp: wakeUp)
    }

    /// Runs one statement; see `Session`.
    ///
    /// - Parameters:
    ///   - statement: One statement.
    ///   - parameters: Values of `$1`, `$2`, … in order.
    ///   - timeout: Longest time to wait for the answer; nil means the session's limits.
    /// - Returns: Rows and the number of rows written.
    /// - Throws: `PostgresError`.
    public nonisolated func run(
        _ statement: Statement,
        _ parameters: [any Parameter],
        timeout: Duration?
    ) async throws(PostgresError) -> Answer {
        let values = parameters.map { $0.parameterValue }
        return try await interruptible { wire, flag throws(PostgresError) in
            Answer(result: try wire.execute(statement, values, cancellation: flag, timeout: timeout))
        }
    }

    /// Runs statements that the caller's cancellation must not stop: `COMMIT`, `ROLLBACK`.
    nonisolated func runToTheEnd(_ statement: Statement) async throws(PostgresError) -> Answer {
        try await onThread { wire throws(PostgresError) in
            Answer(result: try wire.execute(statement, [], cancellation: nil, timeout: nil))
        }
    }

    /// Runs several statements separated by `;`, as one transaction unless they say otherwise. No parameters.
    ///
    /// - Parameters:
    ///   - script: SQL text from a file of the program.
    ///   - name: What errors call it.
    ///   - timeout: Longest time to wait for the answer; nil means the session's limits.
    /// - Throws: `PostgresError` whose `position` counts characters of the whole script.
    public nonisolated func runScript(
        _ script: String,
        name: String? = nil,
        timeout: Duration? = nil
    ) async throws(PostgresError) {
        try await interruptible { wire, flag throws(PostgresError) in
            try wire.runScript(script, name: name, cancellation: flag, timeout: timeout)
        }
    }

    /// Types of parameters and columns as the server inferred them.
    nonisolated func rawDescription(
        of statement: Statement
    ) async throws(PostgresError) -> (parameters: [PostgresType], columns: [(name: String, type: PostgresType)]) {
        try await interruptible { wire, flag throws(PostgresError) in
            try wire.describe(statement, cancellation: flag)
        }
    }

    /// Waits for notifications.
    nonisolated func notifications(within timeout: Duration) async throws(PostgresError) -> [Notification] {
        try await interruptible { wire, flag throws(PostgresError) in
            try wire.notifications(within: timeout, cancellation: flag)
        }
    }

    /// Ends the session. Everything after it fails with `.connectionLost`.
    public func close() {
        wire.close()
        updateGlance()
    }

    /// How the server calls this session (`pg_backend_pid()`), or 0 when closed.
    public var processID: Int32 { wire.processID }

    /// How many statements are prepared on this connection.
    var preparedCount: Int { wire.statements.count }

    // MARK: What the pool asks

    /// Whether the connection may be handed to someone else: open, no transaction, no cancellation on its way.
    nonisolated var isReusable: Bool { glance.load(ordering: .acquiring) & 1 == 1 }

    /// Whether a transaction was left open on an otherwise sound connection.
    nonisolated var hasOpenTransaction: Bool { glance.load(ordering: .acquiring) & 2 == 2 }

    /// Whether the server is silent, as it should be between uses. A server that went away is not: its farewell or the
    /// end of the stream is there to be read.
    nonisolated var isQuiet: Bool {
        let socket = Int32(truncatingIfNeeded: glance.load(ordering: .acquiring) >> 32)
        var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, 0) == 0
    }

    /// Reads what the server said unasked.
    ///
    /// - Returns: Whether the connection can still be used.
    func checkAfterNoise() -> Bool {
        let isUsable = wire.consumeUnasked()
        updateGlance()
        return isUsable
    }

    // MARK: Getting onto the thread

    private nonisolated func interruptible<Value: Sendable>(
        _ body: @Sendable (Wire, CancellationFlag) throws(PostgresError) -> Value
    ) async throws(PostgresError) -> Value {
        let flag = CancellationFlag()
        let result = await withTaskCancellationHandler {
            await self.perform { wire throws(PostgresError) in
                // Not worth sending when the caller has already gone.
                if flag.isSet { throw PostgresError(.cancelled, "cancelled before it was sent to the database") }
                return try body(wire, flag)
            }
        } onCancel: {
            flag.set()
            wakeUp.signal()
        }
        return try result.get()
    }

    private nonisolated func onThread<Value: Sendable>(
        _ body: @Sendable (Wire) throws(PostgresError) -> Value
    ) async throws(PostgresError) -> Value {
        try await perform(body).get()
    }

    private func perform<Value: Sendable>(
        _ body: @Sendable (Wire) throws(PostgresError) -> Value
    ) -> Result<Value, PostgresError> {
        defer { updateGlance() }
        do throws(PostgresError) {
            return .success(try body(wire))
        } catch {
            return .failure(error)
        }
    }

    private func updateGlance() {
        var bits: UInt64 = 0
        if wire.isOpen, !wire.isTainted { bits = wire.isIdle ? 1 : 2 }
        bits |= UInt64(UInt32(bitPattern: wire.socket)) << 32
        glance.store(bits, ordering: .releasing)
    }
}
