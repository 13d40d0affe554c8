import PostgresTesting
import Synchronization
import Testing

@testable import Postgres

/// Collects what a listener says and lets a test wait for it.
private final class Inbox: Sendable {
    private let events = Mutex<[Listener.Event]>([])

    func append(_ event: Listener.Event) { events.withLock { $0.append(event) } }

    var all: [Listener.Event] { events.withLock { $0 } }

    var rereads: Int { all.count { $0 == .reread } }

    var payloads: [String] {
        all.compactMap { event in
            guard case .notification(let notification) = event else { return nil }
            return notification.payload
        }
    }

    func wait(until isDone: (Inbox) -> Bool) async throws {
        while !isDone(self) { try await Task.sleep(for: .milliseconds(1)) }
    }
}

@Suite("Listener")
struct ListenerTests {
    @Test("it tells to read first, then every notification in order, and ends when cancelled")
    func order() async throws {
        try await TestDatabase.with { configuration in
            let inbox = Inbox()
            let listener = Listener(configuration, channels: ["news", "other \"channel\""], pollInterval: nil)
            let task = Task { try await listener.run { inbox.append($0) } }
            try await inbox.wait { $0.rereads == 1 }
            let pool = ConnectionPool(PoolConfiguration(configuration))
            let payloads = (0..<100).map(String.init) + ["ünï", ""]
            for payload in payloads {
                try await pool.notify(channel: payload.isEmpty ? "other \"channel\"" : "news", payload: payload)
            }
            try await inbox.wait { $0.payloads.count == payloads.count }
            #expect(inbox.payloads == payloads)
            #expect(inbox.all.first == .reread)
            await #expect(throws: (any Error).self) {
                try await pool.transaction { transaction in
                    try await transaction.notify(channel: "news", payload: "undone")
                    throw CancellationError()
                }
            }
            try await pool.notify(channel: "news", payload: "last")
            try await inbox.wait { $0.payloads.last == "last" }
            #expect(!inbox.payloads.contains("undone"))
            task.cancel()
            try await task.value
            #expect(inbox.rereads == 1)
            await pool.close()
        }
    }

    @Test("what is committed while its connection is being killed is read after every reconnect, a hundred times")
    func nothingIsLost() async throws {
        try await TestDatabase.with { configuration in
            let pool = ConnectionPool(PoolConfiguration(configuration))
            try await pool.execute("CREATE TABLE publication (n int PRIMARY KEY)")
            var listener = Listener(configuration, channels: ["publication"], pollInterval: nil)
            listener.pause = .milliseconds(1)
            listener.pauseMax = .milliseconds(20)
            listener.configuration.applicationName = "listener under test"
            let reader = Reader(pool: pool)
            let configured = listener
            let task = Task {
                try await configured.run { _ in try await reader.read() }
            }
            for round in 1...100 {
                // Ends the listener's session at any stage of its life, connecting included.
                let kill = Task {
                    _ = try await pool.query(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()",
                        ["listener under test"]
                    )
                }
                if round % 3 == 0 { try await Task.sleep(for: .microseconds(round * 40)) }
                try await pool.transaction { transaction in
                    try await transaction.execute("INSERT INTO publication (n) VALUES ($1)", [round])
                    try await transaction.notify(channel: "publication")
                }
                try await kill.value
                // No poll helps here: the row is seen because of a notification or a reconnect, or never.
                while reader.last < round { try await Task.sleep(for: .milliseconds(1)) }
            }
            task.cancel()
            try await task.value
            #expect(reader.last == 100)
            await pool.close()
        }
    }

    /// Reads the newest row whenever it is told to.
    private final class Reader: Sendable {
        private let pool: ConnectionPool
        private let newest = Atomic<Int>(0)

        init(pool: ConnectionPool) {
            self.pool = pool
        }

        var last: Int { newest.load(ordering: .acquiring) }

        func read() async throws {
            do throws(PostgresError) {
                newest.store(
                    try await pool.queryValue("SELECT coalesce(max(n), 0) FROM publication"),
                    ordering: .releasing
                )
            } catch  where error.kind == .cancelled {
                // The listener was cancelled; its consumer with it.
            }
        }
    }

    @Test("the poll tells to read again without any notification")
    func poll() async throws {
        try await TestDatabase.with { configuration in
            let inbox = Inbox()
            let listener = Listener(configuration, channels: ["quiet"], pollInterval: .milliseconds(10))
            let task = Task { try await listener.run { inbox.append($0) } }
            try await inbox.wait { $0.rereads >= 4 }
            task.cancel()
            try await task.value
            #expect(inbox.payloads.isEmpty)
        }
    }

    @Test("a database that is away is waited for, and each failure is told")
    func away() async throws {
        var listener = Listener(
            ConnectionConfiguration(try ConnectionString("host=/nonexistent dbname=x")),
            channels: ["a"]
        )
        let failures = Counter()
        listener.pause = .milliseconds(1)
        listener.onFailure = { _ in failures.increment() }
        let configured = listener
        let task = Task { try await configured.run { _ in Issue.record("nothing can be read") } }
        while failures.value < 4 { try await Task.sleep(for: .milliseconds(1)) }
        task.cancel()
        try await task.value
    }

    @Test("a failing consumer ends the listener with its own error")
    func consumer() async throws {
        struct Stop: Error {}
        try await TestDatabase.with { configuration in
            _ = await #expect(throws: Stop.self) {
                try await Listener(configuration, channels: ["a"]).run { _ in throw Stop() }
            }
        }
    }
}
