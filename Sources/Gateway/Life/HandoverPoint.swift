internal import CPoll
internal import Glibc
internal import NIOPosix
internal import Synchronization

/// The predecessor's side of a hand-over: waits at a path for the process that takes its place.
public final class HandoverPoint: Sendable {
    /// How long a successor may take to say the next word; the loading of its tables lies between two of them.
    private static let patienceSeconds = 120

    /// The pause after a failure to accept.
    private static let pauseMicroseconds: UInt32 = 100_000

    private let path: String
    private let server: GatewayServer
    private let listener: Int32
    private let threads = NIOThreadPool(numberOfThreads: 1)
    private let tell: @Sendable (String) -> Void
    /// Who is spoken with.
    private let current = Mutex<HandoverLine?>(nil)

    /// Listens at `path`, in place of whoever did before.
    ///
    /// - Parameters:
    ///   - path: of the Unix socket, at most 90 bytes; made with mode 0600.
    ///   - server: what is handed over.
    ///   - tell: hears of hand-overs that did not come about.
    /// - Throws: `HandoverFailure.system`, or `.notASocket`.
    public init(
        at path: String,
        of server: GatewayServer,
        tell: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(HandoverFailure) {
        guard unsafe path.withCString({ unsafe chandover_is_usable($0) }) != 0 else { throw .notASocket(path) }
        let listener = unsafe path.withCString { unsafe chandover_listen($0) }
        guard listener >= 0 else { throw .system(call: "listen \(path)", reason: Disk.text(of: errno)) }
        self.path = path
        self.server = server
        self.listener = listener
        self.tell = tell
        threads.start()
    }

    deinit { _ = Glibc.close(listener) }

    /// Waits for a successor, as often as it takes.
    ///
    /// - Returns: true when one serves: what is left is to shut down. False when the task was cancelled.
    public func run() async -> Bool {
        let isDone = await withTaskCancellationHandler {
            while !Task.isCancelled {
                guard let line = await next() else { return false }
                current.withLock { $0 = line }
                defer { current.withLock { $0 = nil } }
                guard !Task.isCancelled else { return false }
                do throws(HandoverFailure) {
                    try await handOver(line)
                    return true
                } catch {
                    tell("a process that wanted to take over did not: \(error)")
                }
            }
            return false
        } onCancel: {
            // Wakes who waits in `accept`, or for the next word.
            _ = shutdown(listener, Int32(SHUT_RDWR))
            current.withLock { $0?.interrupt() }
        }
        // Who comes now is refused instead of waiting.
        _ = shutdown(listener, Int32(SHUT_RDWR))
        // After a hand-over the path is the successor's.
        if !isDone { unsafe _ = path.withCString { unsafe unlink($0) } }
        // Nobody is left who could act on a failure to stop a thread.
        try? await threads.shutdownGracefully()
        return isDone
    }

    /// The next one who asks; nil at the end.
    private func next() async -> HandoverLine? {
        let listener = self.listener
        return await off {
            while true {
                let socket = chandover_accept(listener)
                if socket >= 0 { return HandoverLine(socket) }
                // `shutdown` of a listener ends the waiting with EINVAL; all else passes, a lack of descriptors too.
                guard errno != EINVAL else { return nil }
                if errno != EINTR { usleep(Self.pauseMicroseconds) }
            }
        }
    }

    private func handOver(_ line: HandoverLine) async throws(HandoverFailure) {
        guard line.isOwnUser else { throw .otherUser }
        let server = self.server
        // From here on the files are not changed: the successor reads them.
        server.holdStore()
        do throws(HandoverFailure) {
            let passed = server.socketsToPass
            try await ask { () throws(HandoverFailure) in
                try line.expect(HandoverWord.begin, withinSeconds: Self.patienceSeconds)
                for (word, descriptor) in passed { try line.send(word, descriptor: descriptor) }
                try line.send(HandoverWord.complete)
                try line.expect(HandoverWord.ready, withinSeconds: Self.patienceSeconds)
            }
            await server.pauseAccepting()
            do throws(HandoverFailure) {
                try await ask { () throws(HandoverFailure) in
                    try line.send(HandoverWord.yours)
                    try line.expect(HandoverWord.serving, withinSeconds: Self.patienceSeconds)
                }
            } catch {
                await server.resumeAccepting()
                throw error
            }
        } catch {
            server.releaseStore()
            throw error
        }
        server.noteHandedOver()
    }

    private func ask(_ body: @escaping @Sendable () throws(HandoverFailure) -> Void) async throws(HandoverFailure) {
        try await off { Result { () throws(HandoverFailure) in try body() } }.get()
    }

    private func off<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            threads.submit { _ in continuation.resume(returning: body()) }
        }
    }
}
