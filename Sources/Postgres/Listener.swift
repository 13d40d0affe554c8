/// LISTEN on a connection of its own, kept up through every loss of the connection.
///
/// Notifications sent while disconnected are lost, by design of PostgreSQL. So after every connecting it listens first
/// and tells the consumer to read again second: whatever was committed before the LISTEN is seen by that reading,
/// whatever is committed after it is notified. Nothing is lost, something may be seen twice.
public struct Listener: Sendable {
    /// What the consumer is told.
    public enum Event: Hashable, Sendable {
        /// Read everything of interest again: the connection is new, or the poll interval passed.
        case reread
        /// Somebody notified.
        case notification(Notification)
    }

    /// How the connection is made.
    public var configuration: ConnectionConfiguration
    /// Channels to listen on.
    public var channels: [String]
    /// Tells `.reread` this often even if nothing happens, for middle boxes that swallow notifications; nil never.
    public var pollInterval: Duration?
    /// Pause after the first failed attempt; doubles up to `pauseMax`, at random between half and all of it.
    public var pause = Duration.milliseconds(100)
    /// Longest pause between two attempts.
    public var pauseMax = Duration.seconds(5)
    /// An unused connection is probed this often, so that a silent death is noticed.
    public var probeInterval = Duration.seconds(15)
    /// Told about every lost connection and failed attempt, for the log.
    public var onFailure: @Sendable (PostgresError) -> Void = { _ in }

    /// Makes a listener; `run` starts it.
    public init(_ configuration: ConnectionConfiguration, channels: [String], pollInterval: Duration? = .seconds(5)) {
        self.configuration = configuration
        self.channels = channels
        self.pollInterval = pollInterval
    }

    /// Listens until the task is cancelled. Events come one after another; while `handle` works, the server keeps what
    /// comes.
    ///
    /// - Throws: What `handle` throws, and nothing else: a failing database is waited for.
    nonisolated(nonsending) public func run(
        _ handle: nonisolated(nonsending) (Event) async throws -> Void
    ) async throws {
        var failures = 0
        while !Task.isCancelled {
            let connection: Connection
            do throws(PostgresError) {
                connection = try await connect()
                failures = 0
            } catch {
                if error.kind == .cancelled { return }
                onFailure(error)
                failures += 1
                // Only cancellation ends the sleep early, and the loop sees it.
                try? await Task.sleep(for: backOff(failures))
                continue
            }
            do {
                try await listen(on: connection, handle)
            } catch {
                await connection.close()
                throw error
            }
            await connection.close()
        }
    }

    private func connect() async throws(PostgresError) -> Connection {
        let connection = try await Connection.open(configuration)
        for channel in channels {
            let text = "LISTEN \(Statement.quoted(identifier: channel))"
            try await connection.execute(Statement(unsafeSQL: text, isPrepared: false))
        }
        return connection
    }

    /// Serves one connection until it is lost or the task cancelled.
    nonisolated(nonsending) private func listen(
        on connection: Connection,
        _ handle: nonisolated(nonsending) (Event) async throws -> Void
    ) async throws {
        try await handle(.reread)
        let clock = ContinuousClock()
        var lastRead = clock.now
        var lastWord = clock.now
        while !Task.isCancelled {
            let notifications: [Notification]
            do throws(PostgresError) {
                notifications = try await connection.notifications(within: nextPause(lastRead, lastWord, clock.now))
                if notifications.isEmpty, clock.now - lastWord >= probeInterval {
                    try await connection.execute("SELECT 1", timeout: .seconds(5))
                    lastWord = clock.now
                }
            } catch {
                if error.kind != .cancelled { onFailure(error) }
                return
            }
            if !notifications.isEmpty { lastWord = clock.now }
            for notification in notifications { try await handle(.notification(notification)) }
            if let pollInterval, clock.now - lastRead >= pollInterval {
                try await handle(.reread)
                lastRead = clock.now
            }
        }
    }

    private func nextPause(
        _ lastRead: ContinuousClock.Instant,
        _ lastWord: ContinuousClock.Instant,
        _ now: ContinuousClock.Instant
    ) -> Duration {
        let untilProbe = probeInterval - (now - lastWord)
        let untilPoll = pollInterval.map { $0 - (now - lastRead) } ?? untilProbe
        return max(.milliseconds(1), min(untilProbe, untilPoll))
    }

    private func backOff(_ failures: Int) -> Duration {
        min(pause * (1 << min(16, failures - 1)), pauseMax) * Double.random(in: 0.5...1)
    }
}
