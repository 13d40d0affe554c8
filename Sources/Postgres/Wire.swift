import CLibPQ
import Glibc

/// One libpq connection and the waits around it. Lives on the thread of its `Connection`; blocks.
final class Wire {
    let configuration: ConnectionConfiguration
    let wakeUp: WakeUp
    /// nil before connecting and after `close`.
    private(set) var handle: OpaquePointer?
    var statements: StatementCache
    /// Set when the server said that it ends this session; the end of the stream may come later.
    var isDismissed = false
    /// Set when a cancellation was sent that may reach the server only after the statement ended: the connection must
    /// not be handed to anyone else, whose statement would be cancelled instead.
    var isTainted = false

    init(configuration: ConnectionConfiguration, wakeUp: WakeUp) {
        self.configuration = configuration
        self.wakeUp = wakeUp
        statements = StatementCache(countMax: configuration.preparedStatementsMax)
    }

    deinit { close() }

    func close() {
        guard let handle else { return }
        self.handle = nil
        PQfinish(handle)
    }

    func adopt(_ handle: OpaquePointer) {
        close()
        self.handle = handle
        statements = StatementCache(countMax: configuration.preparedStatementsMax)
        isTainted = false
        isDismissed = false
    }

    /// The handle, if the connection still stands as far as known.
    func liveHandle() throws(PostgresError) -> OpaquePointer {
        guard let handle, isOpen else {
            throw PostgresError(.connectionLost, "the connection to the database is closed")
        }
        return handle
    }

    var isOpen: Bool { handle.map { PQstatus($0) == CONNECTION_OK && !isDismissed } ?? false }

    /// Whether no transaction is open and nothing is under way.
    var isIdle: Bool { handle.map { PQtransactionStatus($0) == PQTRANS_IDLE } ?? false }

    var socket: Int32 { handle.map { PQsocket($0) } ?? -1 }

    /// Reads what the server said unasked (parameter changes, notices, its farewell).
    ///
    /// - Returns: Whether the connection still stands.
    func consumeUnasked() -> Bool {
        guard let handle else { return false }
        var descriptor = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
        // One call reads what is there; the end of the stream shows only in a further one.
        repeat {
            guard PQconsumeInput(handle) == 1 else { return false }
            while PQisBusy(handle) == 0, let result = PQgetResult(handle) { PQclear(result) }
            while let notification = PQnotifies(handle) { PQfreemem(notification) }
        } while poll(&descriptor, 1, 0) > 0 && isOpen
        return isOpen
    }

    /// Why a wait ended.
    enum Wake {
        case ready
        case interrupted
        case timedOut
    }

    /// Waits for the socket, an interrupt or the deadline.
    func wait(for events: Int32, on socket: Int32, until deadline: ContinuousClock.Instant?) -> Wake {
        var descriptors = [
            pollfd(fd: socket, events: Int16(events), revents: 0),
            pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        while true {
            var timeout: Int32 = -1
            if let deadline {
                let left = ContinuousClock.now.duration(to: deadline)
                if left <= .zero { return .timedOut }
                timeout = Int32(clamping: left.milliseconds)
            }
            let count = poll(&descriptors, 2, timeout)
            if count < 0 {
                // EINTR is no event, and any other failure (ENOMEM) must not become a busy loop.
                if errno != EINTR { usleep(1000) }
                continue
            }
            if descriptors[1].revents != 0 {
                wakeUp.drain()
                return .interrupted
            }
            if descriptors[0].revents != 0 { return .ready }
        }
    }

    /// libpq's message about the connection in one line, without secrets.
    func connectionMessage(_ handle: OpaquePointer) -> String {
        let text = PQerrorMessage(handle).map { String(cString: $0) } ?? ""
        let lines = text.split(separator: "\n").map { $0.drop { $0.isWhitespace } }
            .filter { !$0.isEmpty && !$0.hasPrefix("LOCATION:") }
        let joined = lines.joined(separator: "; ")
        return configuration.connectionString.scrubbed(joined.isEmpty ? "no reason given" : joined)
    }
}
