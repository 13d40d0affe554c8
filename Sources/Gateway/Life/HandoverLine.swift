internal import CPoll
internal import Glibc

/// One end of the conversation between a gateway and its successor: short words over a Unix socket, some with a descriptor.
final class HandoverLine: Sendable {
    /// What came: a word, and a descriptor that then belongs to the receiver.
    struct Message: Sendable {
        let word: String
        let descriptor: Int32?
    }

    /// Bytes of a word.
    private static let wordBytesMax = 64

    private let socket: Int32

    /// Takes over a connected socket.
    init(_ socket: Int32) { self.socket = socket }

    deinit { _ = Glibc.close(socket) }

    /// Ends the conversation from another thread: whoever waits for a word hears that the other end is gone.
    func interrupt() { _ = shutdown(socket, Int32(SHUT_RDWR)) }

    /// Whether the other end is a process of the same user: nobody else gets or gives sockets.
    var isOwnUser: Bool { chandover_peer_user(socket) == Int64(geteuid()) }

    /// Says a word.
    ///
    /// - Throws: `HandoverFailure.system`, usually because the other end is gone.
    func send(_ word: String, descriptor: Int32 = -1) throws(HandoverFailure) {
        let bytes = Array(word.utf8)
        let sent = unsafe bytes.withUnsafeBytes { unsafe chandover_send(socket, $0.baseAddress, $0.count, descriptor) }
        guard sent == bytes.count else { throw .system(call: "sendmsg", reason: Disk.text(of: errno)) }
    }

    /// Waits for a word. Blocks: never on a loop.
    ///
    /// - Throws: `HandoverFailure.ended` when the other end is gone, `.system` when it says nothing in time.
    func receive(withinSeconds seconds: Int) throws(HandoverFailure) -> Message {
        var bytes = [UInt8](repeating: 0, count: Self.wordBytesMax)
        var descriptor: Int32 = -1
        let count = unsafe bytes.withUnsafeMutableBytes {
            unsafe chandover_receive(socket, $0.baseAddress, $0.count, &descriptor, Int32(seconds * 1000))
        }
        guard count >= 0 else { throw .system(call: "recvmsg", reason: Disk.text(of: errno)) }
        guard count > 0 else { throw .ended }
        let word = String(decoding: bytes[..<count], as: UTF8.self)
        return Message(word: word, descriptor: descriptor < 0 ? nil : descriptor)
    }

    /// Waits for one certain word.
    ///
    /// - Throws: `HandoverFailure.unexpected` for any other, and what ``receive(withinSeconds:)`` throws.
    func expect(_ word: String, withinSeconds seconds: Int) throws(HandoverFailure) {
        let message = try receive(withinSeconds: seconds)
        if let descriptor = message.descriptor { _ = Glibc.close(descriptor) }
        guard message.word == word else { throw .unexpected(message.word) }
    }
}

/// The words, in the order they are said.
enum HandoverWord {
    /// Successor: here I am.
    static let begin = "gatehouse-take-over 1"
    /// Predecessor: a socket that callers connect to.
    static let gateway = "gateway"
    /// Predecessor: a socket that callers connect to who speak TLS.
    static let secure = "gateway-tls"
    /// Predecessor: the socket of health and metrics.
    static let operations = "metrics"
    /// Predecessor: the quota ledger.
    static let ledger = "ledger"
    /// Predecessor: that was all.
    static let complete = "complete"
    /// Successor: my tables are in force, I could serve.
    static let ready = "ready"
    /// Predecessor: I accept no more.
    static let yours = "yours"
    /// Successor: I accept.
    static let serving = "serving"
}

/// Why a hand-over did not come about. Whoever served before still does.
public enum HandoverFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The other process is gone.
    case ended
    /// It belongs to another user.
    case otherUser
    /// It says something that this version does not know.
    case unexpected(String)
    /// There is nothing to serve yet: taking over would turn answers into refusals.
    case noTables
    /// There is something else at the path, which is left as it is.
    case notASocket(String)
    /// A call failed.
    case system(call: String, reason: String)

    public var description: String {
        switch self {
        case .ended: "the other process ended"
        case .otherUser: "the other process belongs to another user"
        case .unexpected(let word): "the other process said `\(word)`, which this version does not know"
        case .noTables: "this process has no tables to serve yet"
        case .notASocket(let path): "\(path) is no socket and is left as it is; name a path where nothing is"
        case .system(let call, let reason): "\(call): \(reason)"
        }
    }
}
