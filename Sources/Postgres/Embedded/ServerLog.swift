import Glibc
import Synchronization

/// What the server says, kept in two files of bounded size and, the last lines of it, in memory.
///
/// A thread of its own takes it out of a pipe, so that neither a full disk nor a busy program ever blocks the server.
final class ServerLog: Sendable {
    /// Where the server writes.
    let writer: Int32
    private let isOver = Atomic<Bool>(false)
    private let isFinished = Atomic<Bool>(false)
    private let lines = Mutex<[String]>([])
    private static let linesMax = 64

    /// Opens the log and starts its thread, which ends when the server and this object are gone.
    ///
    /// - Throws: `.file`.
    init(folder: String, bytesMax: Int) throws(EmbeddedServerFailure) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw FileSystem.failure("make a pipe for the log in", folder) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        writer = ends[1]
        let reader = ends[0]
        do throws(PostgresError) {
            try DetachedThread.start { [weak self] in
                var file = File(path: folder + "/postgres.log", bytesMax: bytesMax / 2)
                var buffer = [UInt8](repeating: 0, count: 16_384)
                while true {
                    let count = read(reader, &buffer, buffer.count)
                    if count < 0, errno == EINTR { continue }
                    guard count > 0 else { break }
                    file.append(buffer[..<count])
                    self?.remember(buffer[..<count])
                }
                close(reader)
                self?.isOver.store(true, ordering: .releasing)
            }
        } catch {
            close(reader)
            throw .file(operation: "start a thread for", path: folder, reason: error.message)
        }
    }

    deinit { if !isFinished.load(ordering: .acquiring) { close(writer) } }

    /// Called when no server runs any more: waits a second at most until its last words are written.
    func finish() {
        guard !isFinished.exchange(true, ordering: .acquiringAndReleasing) else { return }
        close(writer)
        for _ in 0..<1000 where !isOver.load(ordering: .acquiring) { usleep(1000) }
    }

    /// The last lines.
    var tail: String { lines.withLock { $0.joined(separator: "\n") } }

    /// Forgets the lines in memory, so that the next failure shows its own.
    func forgetTail() { lines.withLock { $0 = [] } }

    private func remember(_ bytes: ArraySlice<UInt8>) {
        let new = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        lines.withLock { $0 = Array(($0 + new).suffix(Self.linesMax)) }
    }

    /// One file that is put aside as `….1` when full.
    private struct File: ~Copyable {
        private let path: String
        private let bytesMax: Int
        private var descriptor: Int32 = -1
        private var count = 0

        init(path: String, bytesMax: Int) {
            self.path = path
            self.bytesMax = max(4096, bytesMax)
            open()
        }

        deinit { if descriptor >= 0 { close(descriptor) } }

        private mutating func open() {
            descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
            count = FileSystem.status(path).map { Int($0.st_size) } ?? 0
        }

        /// A line that cannot be written (full disk) is dropped: the server must go on.
        mutating func append(_ bytes: ArraySlice<UInt8>) {
            if count + bytes.count > bytesMax {
                if descriptor >= 0 { close(descriptor) }
                rename(path, path + ".1")
                open()
            }
            guard descriptor >= 0 else { return }
            count += max(0, bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) })
        }
    }
}
