import Synchronization

/// Bounds of a pool.
public struct PoolConfiguration: Sendable {
    /// How each connection is made.
    public var connection: ConnectionConfiguration
    /// Connections at the same time.
    public var connectionsMax = 8
    /// Callers that may wait for one; further ones are refused at once.
    public var waitersMax = 256
    /// Longest wait for a connection, opening one included while the server says that it is starting up.
    public var waitTimeout = Duration.seconds(5)
    /// A connection that nobody used for this long is closed.
    public var idleTimeout = Duration.seconds(120)

    /// Defaults for everything but the place.
    public init(_ connectionString: ConnectionString) {
        connection = ConnectionConfiguration(connectionString)
    }

    /// Defaults for everything but the connections.
    public init(_ connection: ConnectionConfiguration) {
        self.connection = connection
    }
}

/// A bounded number of connections, shared. A broken one is replaced at its next use without anyone noticing.
public final class ConnectionPool: Session {
    /// The bounds it was made with.
    public let configuration: PoolConfiguration
    private let shared: Mutex<Shared>

    private struct Shared {
        var state: PoolState
        var connections: [PoolState.ConnectionID: Connection] = [:]
        var waiters: [PoolState.WaiterID: CheckedContinuation<Outcome, Never>] = [:]
        /// Outcomes that came before their waiter was parked.
        var early: [PoolState.WaiterID: Outcome] = [:]
        var emptied: [CheckedContinuation<Void, Never>] = []
        var nextWaiter: PoolState.WaiterID = 1
    }

    private enum Outcome: Sendable {
        case proceed(PoolState.Grant)
        case failed(PostgresError)
    }

    private struct Lease {
        let id: PoolState.ConnectionID
        let connection: Connection
    }

    /// Makes a pool. Connections are opened when they are needed.
    public init(_ configuration: PoolConfiguration) {
        self.configuration = configuration
        shared = Mutex(
            Shared(state: PoolState(connectionsMax: configuration.connectionsMax, waitersMax: configuration.waitersMax))
        )
    }

    /// Runs `body` with a connection of its own and takes the connection back afterwards. A transaction left open is
    /// rolled back.
    ///
    /// - Throws: What `body` throws, or `PostgresError` if there is no connection to be had.
    nonisolated(nonsending) public func withConnection<Value>(
        _ body: nonisolated(nonsending) (Connection) async throws -> Value
    ) async throws -> Value {
        let lease = try await acquire()
        do {
            let value = try await body(lease.connection)
            await release(lease)
            return value
        } catch {
            await release(lease)
            throw error
        }
    }

    /// Runs `body` in a transaction: `COMMIT` when it returns, `ROLLBACK` when it throws.
    ///
    /// After a serialization failure or a deadlock the whole of `body` runs again, so that it must have no other effects
    /// than those in the database.
    /// - Throws: What `body` throws, or `PostgresError`; `.commitOutcomeUnknown` if the connection ended between
    ///   `COMMIT` and its answer.
    nonisolated(nonsending) public func transaction<Value>(
        isolation: IsolationLevel = .readCommitted,
        access: AccessMode = .readWrite,
        retry: RetryPolicy = .standard,
        _ body: nonisolated(nonsending) (Transaction) async throws -> Value
    ) async throws -> Value {
        var attempt = 1
        while true {
            do {
                return try await withConnection { connection in
                    try await connection.transaction(isolation: isolation, access: access, body)
                }
            } catch let error as any PostgresErrorCarrying {
                guard error.postgresError?.isRetryable == true, attempt < retry.attemptsMax else { throw error }
            }
            attempt += 1
            try await Task.sleep(for: retry.pause(before: attempt))
        }
    }

    /// Runs one statement on any connection; see `Session`.
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
        let lease = try await acquire()
        do throws(PostgresError) {
            let answer = try await lease.connection.run(statement, parameters, timeout: timeout)
            await release(lease)
            return answer
        } catch {
            await release(lease)
            throw error
        }
    }

    /// Closes idle connections until cancelled. A service of the program runs it beside the others.
    public func run() async {
        let interval = max(.milliseconds(10), configuration.idleTimeout / 4)
        while true {
            // Only cancellation ends the sleep early.
            do { try await Task.sleep(for: interval) } catch { return }
            await closeIdle(unusedFor: configuration.idleTimeout)
        }
    }

    /// Closes the connections that nobody used for `duration`.
    public func closeIdle(unusedFor duration: Duration = .zero) async {
        let limit = ContinuousClock.now - duration
        let expired = shared.withLock { shared in
            shared.state.expireIdle(before: limit).compactMap { shared.connections.removeValue(forKey: $0) }
        }
        for connection in expired { await connection.close() }
    }

    /// Refuses new callers, waits until every connection was given back, and closes them all.
    public func close() async {
        let (connections, waiters) = shared.withLock { shared in
            let (ids, waiterIDs) = shared.state.close()
            return (
                ids.compactMap { shared.connections.removeValue(forKey: $0) },
                waiterIDs.compactMap { shared.waiters.removeValue(forKey: $0) }
            )
        }
        for waiter in waiters { waiter.resume(returning: .failed(Self.closed)) }
        for connection in connections { await connection.close() }
        await withCheckedContinuation { continuation in
            let isEmpty = shared.withLock { shared in
                if !shared.state.isEmpty { shared.emptied.append(continuation) }
                return shared.state.isEmpty
            }
            if isEmpty { continuation.resume() }
        }
    }

    /// How many connections are open or being opened, how many of them are idle, and how many callers wait.
    public var counts: (open: Int, idle: Int, waiting: Int) {
        shared.withLock { ($0.state.openCount, $0.state.idleCount, $0.state.waiterCount) }
    }

    private static let closed = PostgresError(.poolClosed, "the connection pool is closed")
}

// MARK: - Getting and giving back

extension ConnectionPool {
    private func acquire() async throws(PostgresError) -> Lease {
        let deadline = ContinuousClock.now + configuration.waitTimeout
        let (waiter, action) = shared.withLock { shared in
            defer { shared.nextWaiter += 1 }
            return (shared.nextWaiter, shared.state.acquire(shared.nextWaiter))
        }
        switch action {
        case .proceed(let grant): return try await redeem(grant, deadline)
        case .refuseClosed: throw Self.closed
        case .refuseFull:
            throw PostgresError(
                .poolExhausted,
                "\(configuration.waitersMax) callers wait for a database connection already"
            )
        case .wait:
            switch await outcome(for: waiter, deadline) {
            case .proceed(let grant): return try await redeem(grant, deadline)
            case .failed(let error): throw error
            }
        }
    }

    /// Waits until the waiter is granted something, its time is over, or its task is cancelled.
    private func outcome(for waiter: PoolState.WaiterID, _ deadline: ContinuousClock.Instant) async -> Outcome {
        await withTaskGroup(of: Outcome?.self) { group in
            group.addTask {
                await withTaskCancellationHandler {
                    await withCheckedContinuation { self.park(waiter, $0) }
                } onCancel: {
                    self.giveUp(waiter, PostgresError(.cancelled, "cancelled while waiting for a database connection"))
                }
            }
            group.addTask {
                // Cancelled as soon as the other one has its answer.
                do { try await Task.sleep(until: deadline) } catch { return nil }
                let limit = self.configuration.waitTimeout
                let busy = self.configuration.connectionsMax
                self.giveUp(
                    waiter,
                    PostgresError(.poolExhausted, "all \(busy) database connections were busy for \(limit)")
                )
                return nil
            }
            defer { group.cancelAll() }
            while let result = await group.next() {
                if let outcome = result { return outcome }
            }
            return .failed(Self.closed)
        }
    }

    /// Leaves the continuation where a release finds it. Between `acquire` and here the grant, the end of the pool or
    /// the end of the time may already have come; it lies in `early` then.
    private func park(_ waiter: PoolState.WaiterID, _ continuation: CheckedContinuation<Outcome, Never>) {
        let early: Outcome? = shared.withLock { shared in
            if let outcome = shared.early.removeValue(forKey: waiter) { return outcome }
            if shared.state.isClosed { return .failed(Self.closed) }
            shared.waiters[waiter] = continuation
            return nil
        }
        if let early { continuation.resume(returning: early) }
    }

    private func giveUp(_ waiter: PoolState.WaiterID, _ error: PostgresError) {
        let continuation: CheckedContinuation<Outcome, Never>? = shared.withLock { shared in
            guard shared.state.cancel(waiter) else { return nil }
            if let continuation = shared.waiters.removeValue(forKey: waiter) { return continuation }
            shared.early[waiter] = .failed(error)
            return nil
        }
        continuation?.resume(returning: .failed(error))
    }

    private func redeem(
        _ grant: PoolState.Grant,
        _ deadline: ContinuousClock.Instant
    ) async throws(PostgresError) -> Lease {
        switch grant {
        case .open(let id): return try await open(id, deadline)
        case .use(let id):
            let known = shared.withLock { $0.connections[id] }
            if let known {
                if known.isQuiet { return Lease(id: id, connection: known) }
                if await known.checkAfterNoise(), known.isReusable { return Lease(id: id, connection: known) }
                await known.close()
            }
            // It died in its sleep: nothing was sent on it, so that another does the work and nobody notices.
            let replacement = shared.withLock { shared in
                shared.connections[id] = nil
                return shared.state.replace(id)
            }
            return try await open(replacement, deadline)
        }
    }

    private func open(
        _ id: PoolState.ConnectionID,
        _ deadline: ContinuousClock.Instant
    ) async throws(PostgresError) -> Lease {
        while true {
            do throws(PostgresError) {
                let connection = try await Connection.open(configuration.connection)
                shared.withLock { shared in
                    shared.connections[id] = connection
                    shared.state.opened(id)
                }
                return Lease(id: id, connection: connection)
            } catch {
                let isStartingUp = error.sqlState == .cannotConnectNow
                if isStartingUp, ContinuousClock.now + Limits.startingUpPause < deadline, !Task.isCancelled {
                    // The sleep fails only when cancelled, and the next attempt notices that.
                    try? await Task.sleep(for: Limits.startingUpPause)
                    continue
                }
                follow { $0.lost(id) }
                throw error
            }
        }
    }

    private func release(_ lease: Lease) async {
        let connection = lease.connection
        if connection.hasOpenTransaction {
            do throws(PostgresError) {
                _ = try await connection.runToTheEnd(.rollback)
            } catch {
                // Not reusable then, which the next lines see.
            }
        }
        let isReusable = connection.isReusable
        if !isReusable { await connection.close() }
        let now = ContinuousClock.now
        follow { $0.release(lease.id, isReusable: isReusable, now: now) }
    }

    /// Applies an event to the state and does what follows from it, outside the lock.
    private func follow(_ event: (inout PoolState) -> PoolState.ReleaseAction) {
        var wake: (CheckedContinuation<Outcome, Never>, Outcome)?
        var closing: Connection?
        let emptied = shared.withLock { shared -> [CheckedContinuation<Void, Never>] in
            let action = event(&shared.state)
            if let id = action.close { closing = shared.connections.removeValue(forKey: id) }
            if let (waiter, grant) = action.wake {
                if let continuation = shared.waiters.removeValue(forKey: waiter) {
                    wake = (continuation, .proceed(grant))
                } else {
                    shared.early[waiter] = .proceed(grant)
                }
            }
            guard shared.state.isClosed, shared.state.isEmpty else { return [] }
            defer { shared.emptied = [] }
            return shared.emptied
        }
        // A reusable connection that comes back to a closed pool ends with its last reference.
        _ = consume closing
        if let (continuation, outcome) = wake { continuation.resume(returning: outcome) }
        for continuation in emptied { continuation.resume() }
    }
}
