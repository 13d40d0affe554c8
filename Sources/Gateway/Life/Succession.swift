internal import CPoll
internal import Glibc
internal import NIOPosix

/// The successor's side of a hand-over: takes the sockets of the gateway that serves now, and its place once it is ready.
///
/// The sockets themselves are passed on, with the connections that wait in them. (Opening new ones on the same port with
/// `SO_REUSEPORT` and closing the old ones would lose what the old ones had queued: the kernel resets it.) The predecessor
/// serves until the successor says that its tables are in force, and again if the successor ends before it accepts.
///
/// ```swift
/// if let succession = try await Succession.begin(at: path) { configuration.inherited = succession.sockets }
/// let server = try GatewayServer(configuration)
/// try await succession.claim(for: server)
/// let ports = try await server.start()
/// try await succession.confirm()
/// ```
public struct Succession: Sendable {
    /// What to start with.
    public let sockets: InheritedSockets
    private let line: HandoverLine

    /// How long the predecessor may take to answer.
    private static let patienceSeconds = 30

    /// Asks whoever serves at `path` for its sockets.
    ///
    /// - Returns: nil when nobody is there: the first gateway starts like any.
    /// - Throws: `HandoverFailure`; the predecessor serves on.
    public static func begin(at path: String) async throws(HandoverFailure) -> Succession? {
        try await off { () throws(HandoverFailure) in try ask(at: path) }
    }

    private static func ask(at path: String) throws(HandoverFailure) -> Succession? {
        guard unsafe path.withCString({ unsafe chandover_is_usable($0) }) != 0 else { throw .notASocket(path) }
        let socket = unsafe path.withCString { unsafe chandover_connect($0) }
        guard socket >= 0 else {
            // Nobody listens there, or nobody does any more.
            if errno == ENOENT || errno == ECONNREFUSED { return nil }
            throw .system(call: "connect \(path)", reason: Disk.text(of: errno))
        }
        let line = HandoverLine(socket)
        guard line.isOwnUser else { throw .otherUser }
        try line.send(HandoverWord.begin)
        var sockets = InheritedSockets()
        while true {
            let message = try line.receive(withinSeconds: patienceSeconds)
            switch (message.word, message.descriptor) {
            case (HandoverWord.gateway, let descriptor?): sockets.gateway.append(descriptor)
            case (HandoverWord.secure, let descriptor?): sockets.secure.append(descriptor)
            case (HandoverWord.operations, let descriptor?): sockets.operations = descriptor
            case (HandoverWord.ledger, let descriptor?): sockets.ledger = descriptor
            case (HandoverWord.complete, nil): return Succession(sockets: sockets, line: line)
            // What a later version passes and this one does not know must not be kept open.
            case (_, let descriptor?): _ = Glibc.close(descriptor)
            case (let word, nil): throw .unexpected(word)
            }
        }
    }

    /// Says that the server is ready and waits until the predecessor accepts no more. Start accepting without delay: what
    /// connects meanwhile waits in the sockets.
    ///
    /// - Throws: `HandoverFailure`; the predecessor serves on.
    public func claim(for server: GatewayServer) async throws(HandoverFailure) {
        guard server.status.generation != nil else { throw .noTables }
        let line = self.line
        try await Self.off { () throws(HandoverFailure) in
            try line.send(HandoverWord.ready)
            try line.expect(HandoverWord.yours, withinSeconds: Self.patienceSeconds)
        }
    }

    /// Says that the server accepts: the predecessor may finish what it has and end.
    ///
    /// - Throws: `HandoverFailure.system` when the predecessor is gone already; this server serves all the same.
    public func confirm() throws(HandoverFailure) { try line.send(HandoverWord.serving) }

    /// Runs something that blocks on a thread that may.
    private static func off<Value: Sendable>(
        _ body: @escaping @Sendable () throws(HandoverFailure) -> Value
    ) async throws(HandoverFailure) -> Value {
        let result: Result<Value, HandoverFailure> = await withCheckedContinuation { continuation in
            NIOThreadPool.singleton.submit { _ in
                continuation.resume(returning: Result { () throws(HandoverFailure) in try body() })
            }
        }
        return try result.get()
    }
}
