import CLibPQ
import Glibc

/// One message of NOTIFY.
public struct Notification: Hashable, Sendable {
    /// The channel it was sent to.
    public let channel: String
    /// Its payload, empty if none was given.
    public let payload: String
    /// The server process of the sender.
    public let processID: Int32
}

extension Wire {
    /// The server's process for this session, or 0.
    var processID: Int32 { handle.map { PQbackendPID($0) } ?? 0 }

    /// Waits until at least one notification is there, or the time is over.
    func notifications(within timeout: Duration, cancellation: CancellationFlag) throws(PostgresError) -> [Notification]
    {
        let handle = try liveHandle()
        let deadline = ContinuousClock.now + timeout
        while true {
            guard PQconsumeInput(handle) == 1 else {
                throw PostgresError(.connectionLost, connectionMessage(handle))
            }
            let batch = takeNotifications(handle)
            if !batch.isEmpty { return batch }
            // The server speaks unasked only to say farewell.
            if PQisBusy(handle) == 0, let result = PQgetResult(handle) { PQclear(result) }
            guard isOpen else {
                throw PostgresError(
                    .connectionLost,
                    isDismissed ? "the server ended the session" : connectionMessage(handle)
                )
            }
            switch wait(for: POLLIN, on: PQsocket(handle), until: deadline) {
            case .timedOut: return []
            case .ready: break
            case .interrupted:
                if cancellation.isSet { throw PostgresError(.cancelled, "cancelled while listening") }
            }
        }
    }

    private func takeNotifications(_ handle: OpaquePointer) -> [Notification] {
        var batch: [Notification] = []
        while batch.count < Limits.notificationsPerBatch, let notification = PQnotifies(handle) {
            batch.append(
                Notification(
                    channel: String(cString: notification.pointee.relname),
                    payload: String(cString: notification.pointee.extra),
                    processID: notification.pointee.be_pid
                )
            )
            PQfreemem(notification)
        }
        return batch
    }
}
