import CLibPQ
import Glibc
import Synchronization

/// The wait for one answer: until when, whether the caller gave up, and what was done about it.
///
/// First the server is asked to cancel; only if it does not confirm within `cancelGrace` is the connection
/// closed, so that a cancelled statement normally costs no connection.
final class Wait {
    private let wire: Wire
    private let cancellation: CancellationFlag?
    private let start = ContinuousClock.now
    private(set) var deadline: ContinuousClock.Instant
    /// Why the server was asked to cancel; nil as long as it was not.
    private(set) var reason: PostgresError.Kind?
    private var request: CancelRequest?

    init(_ wire: Wire, cancellation: CancellationFlag?, timeout: Duration?) {
        self.wire = wire
        self.cancellation = cancellation
        let configuration = wire.configuration
        deadline = start + (timeout ?? configuration.statementTimeout + configuration.answerGrace)
    }

    /// Looks at the clock and at the cancellation after every wake-up.
    ///
    /// - Returns: Whether the connection is to be given up.
    func mustGiveUp(after wake: Wire.Wake, _ handle: OpaquePointer) -> Bool {
        if reason == nil, cancellation?.isSet == true {
            askToCancel(.cancelled, handle)
            return false
        }
        guard case .timedOut = wake else { return false }
        if reason == nil {
            askToCancel(.timedOut, handle)
            return false
        }
        return true
    }

    /// Called when the answer is complete.
    ///
    /// A request to cancel that is still on its way would hit the next statement instead. Once it has returned the
    /// server process has its signal, and a signal that comes between two statements is passed over.
    func finish() {
        guard let request else { return }
        while !request.hasReturned {
            if ContinuousClock.now >= deadline {
                wire.isTainted = true
                return
            }
            usleep(200)
        }
    }

    /// What SQLSTATE 57014 means: our own request, the session's `statement_timeout`, or somebody's
    /// `pg_cancel_backend`.
    func reasonOfServerCancel(_ statementTimeout: Duration) -> PostgresError.Kind {
        reason ?? (ContinuousClock.now - start >= statementTimeout ? .timedOut : .cancelled)
    }

    private func askToCancel(_ reason: PostgresError.Kind, _ handle: OpaquePointer) {
        self.reason = reason
        deadline = ContinuousClock.now + wire.configuration.cancelGrace
        let request = CancelRequest()
        self.request = request
        guard let cancel = PQgetCancel(handle) else { return }
        // PQcancel makes a connection of its own and has no time limit, so that it gets a thread of its own; the
        // documentation allows any thread. Without a thread the grace period ends the wait.
        let address = UInt(bitPattern: cancel)
        do throws(PostgresError) {
            try DetachedThread.start {
                guard let cancel = OpaquePointer(bitPattern: address) else { return }
                var message = [CChar](repeating: 0, count: 256)
                // Whether it worked shows in the statement's own answer.
                _ = PQcancel(cancel, &message, Int32(message.count))
                PQfreeCancel(cancel)
                request.markReturned()
            }
        } catch {
            PQfreeCancel(cancel)
        }
    }
}

/// A request to cancel, on its way on a thread of its own.
private final class CancelRequest: Sendable {
    private let flag = Atomic<Bool>(false)

    var hasReturned: Bool { flag.load(ordering: .acquiring) }

    func markReturned() { flag.store(true, ordering: .releasing) }
}
