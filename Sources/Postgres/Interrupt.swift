import Glibc
import Synchronization

/// Lets another thread end a wait of a connection's thread: a pipe whose reading end the wait polls too.
final class WakeUp: Sendable {
    let descriptor: Int32
    private let writer: Int32

    /// Makes the pipe.
    ///
    /// - Throws: `PostgresError` of kind `.connectionFailed` when no file descriptor is left.
    init() throws(PostgresError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw PostgresError(.connectionFailed, "no file descriptor: \(String(cString: strerror(errno)))")
        }
        for end in ends {
            // These fail for no open descriptor.
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        (descriptor, writer) = (ends[0], ends[1])
    }

    deinit {
        close(descriptor)
        close(writer)
    }

    func signal() {
        var byte: UInt8 = 1
        // Fails only when the pipe is full, and then the wait ends anyway.
        _ = write(writer, &byte, 1)
    }

    func drain() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(descriptor, &bytes, bytes.count) == bytes.count {}
    }
}

/// Whether the task that waits for one operation was cancelled. One object an operation, so that a late cancellation
/// cannot hit the operation after it.
final class CancellationFlag: Sendable {
    private let flag = Atomic<Bool>(false)

    var isSet: Bool { flag.load(ordering: .acquiring) }

    func set() { flag.store(true, ordering: .releasing) }
}
