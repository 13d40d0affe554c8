import Foundation
import RoutingTable
import Synchronization

@testable import Gateway

/// A folder that disappears with the test.
final class TemporaryFolder: Sendable {
    let path: String

    init() {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("gate-\(UUID().uuidString)").path
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Runs something that blocks on a thread of its own, so that the test's own tasks go on.
func offPool<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        Thread.detachNewThread { continuation.resume(returning: body()) }
    }
}

/// Waits on the thread: a task that sleeps gives its place up, and gets it back when all the other tests have had theirs,
/// which can be later than any time limit of the connections it holds.
func pause(milliseconds: Int) { usleep(UInt32(milliseconds) * 1_000) }

/// Waits on the thread until `condition` holds, for ten seconds at most; the caller's expectation says what did not come.
func waitUntil(_ condition: () -> Bool) {
    for _ in 0..<2_000 {
        if condition() { return }
        pause(milliseconds: 5)
    }
}

/// A count that several threads add to.
final class Tally: Sendable {
    private let count = Atomic<Int>(0)

    func add(_ amount: Int = 1) { count.wrappingAdd(amount, ordering: .relaxed) }
    var value: Int { count.load(ordering: .relaxed) }
}

/// A blocking TCP connection for scripts: exact bytes out, exact bytes in.
final class RawSocket: @unchecked Sendable {
    let descriptor: Int32
    private var buffer: [UInt8] = []

    init(descriptor: Int32) {
        self.descriptor = descriptor
        var timeout = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    convenience init(port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = RawSocket.address(port)
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        precondition(status == 0, "cannot connect to port \(port)")
        self.init(descriptor: descriptor)
    }

    deinit { Foundation.close(descriptor) }

    static func address(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return address
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return }
            sent += count
        }
    }

    /// More bytes; nil at the end or after the time limit.
    func receive() -> [UInt8]? {
        var block = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &block, block.count, 0)
        return count > 0 ? Array(block[..<count]) : nil
    }

    /// Everything until the peer closes.
    func receiveAll() -> String {
        var bytes = buffer
        buffer = []
        while let more = receive() { bytes += more }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reads until `marker` was received and returns everything up to its end.
    func receive(through marker: String) -> String? {
        let wanted = Array(marker.utf8)
        while true {
            if let end = buffer.firstRange(of: wanted)?.upperBound {
                let text = String(decoding: buffer[..<end], as: UTF8.self)
                buffer.removeSubrange(..<end)
                return text
            }
            guard let more = receive() else { return nil }
            buffer += more
        }
    }

    func receive(count: Int) -> String? {
        while buffer.count < count {
            guard let more = receive() else { return nil }
            buffer += more
        }
        let text = String(decoding: buffer[..<count], as: UTF8.self)
        buffer.removeSubrange(..<count)
        return text
    }

    // A CRLF is one `Character`, hence `dropLast()` for both bytes below.

    /// Reads one response with a Content-Length (or none at all for `isHEAD`).
    func response(isHEAD: Bool = false) -> RawResponse? {
        guard let head = receive(through: "\r\n\r\n") else { return nil }
        var response = RawResponse(head: head)
        if isHEAD || response.status == 204 || response.status == 304 || response.status < 200 { return response }
        if response.field("transfer-encoding") == "chunked" {
            while let size = receive(through: "\r\n"), let count = Int(size.dropLast(), radix: 16) {
                guard let data = receive(count: count + 2) else { return nil }
                response.body += data.dropLast()
                if count == 0 { return response }
            }
            return nil
        }
        guard let count = response.field("content-length").flatMap({ Int($0) }) else { return response }
        guard let body = receive(count: count) else { return nil }
        response.body = body
        return response
    }

    /// Sends a request and reads its answer.
    func exchange(_ request: String) -> RawResponse? {
        send(request)
        return response(isHEAD: request.hasPrefix("HEAD "))
    }

    func shutdownWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Closes with a reset instead of an orderly end.
    func reset() {
        var linger = Foundation.linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Foundation.linger>.size))
        shutdown(descriptor, Int32(SHUT_RDWR))
    }
}

struct RawResponse {
    var head: String
    var body = ""

    var status: Int { Int(head.dropFirst(9).prefix(3)) ?? 0 }
    var lines: [String] { head.components(separatedBy: "\r\n").dropFirst().filter { !$0.isEmpty } }

    /// All values of a field, in order.
    func values(_ name: String) -> [String] {
        lines.compactMap { line in
            guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == name else { return nil }
            return line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
    }

    func field(_ name: String) -> String? { values(name).first }

    /// The `code` member of a problem.
    var code: String? { member("code") }

    func member(_ name: String) -> String? {
        guard let object = try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any] else {
            return nil
        }
        return object[name].map { "\($0)" }
    }
}

/// An upstream that does what a script says, one thread a connection.
final class ScriptedUpstream: @unchecked Sendable {
    let port: Int
    private let listener: Int32
    private let accepted = Atomic<Int>(0)
    private let seen = Mutex<[String]>([])

    /// - Parameter script: gets every connection and its number from 0; the connection closes when it returns.
    init(_ script: @escaping @Sendable (RawSocket, Int) -> Void) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = RawSocket.address(0)
        withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(listener, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        listen(listener, 128)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(listener, $0, &length) }
        }
        self.listener = listener
        port = Int(address.sin_port.bigEndian)
        Thread.detachNewThread { [weak self] in
            while true {
                let descriptor = accept(listener, nil, nil)
                if descriptor < 0 { return }
                let number = self?.accepted.wrappingAdd(1, ordering: .relaxed).oldValue ?? 0
                let connection = RawSocket(descriptor: descriptor)
                Thread.detachNewThread { script(connection, number) }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    var connectionCount: Int { accepted.load(ordering: .relaxed) }

    /// Answers every request on every connection with 200 and the request's head as body.
    static func echo() -> ScriptedUpstream {
        ScriptedUpstream { connection, _ in
            while let head = connection.receive(through: "\r\n\r\n") {
                var body = head
                let request = RawResponse(head: head)
                if let count = request.field("content-length").flatMap({ Int($0) }) {
                    body += connection.receive(count: count) ?? ""
                } else if request.field("transfer-encoding") != nil {
                    while let size = connection.receive(through: "\r\n"), let count = Int(size.dropLast(), radix: 16) {
                        body += (connection.receive(count: count + 2) ?? "").dropLast()
                        if count == 0 { break }
                    }
                }
                let length = "Content-Length: \(body.utf8.count)\r\n"
                connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\(length)\r\n")
                if !head.hasPrefix("HEAD ") { connection.send(body) }
            }
        }
    }
}

/// A started gateway with its keys.
struct TestGateway {
    let server: GatewayServer
    let port: Int
    let operationsPort: Int
    /// Where TLS is spoken; 0 where it is not.
    let securePort: Int

    init(
        _ content: RoutingContent?,
        _ rights: EntitlementContent? = nil,
        configure: (inout GatewayConfiguration) -> Void = { _ in }
    ) async throws {
        var configuration = GatewayConfiguration(trust: .unsignedAllowed)
        configuration.port = 0
        configuration.operationsPort = 0
        // The machine that runs the tests may be slower than any gateway is allowed to be.
        configuration.limits.loopDelayMaxMilliseconds = nil
        configure(&configuration)
        server = try GatewayServer(configuration)
        let ports = try await server.start()
        port = ports.gateway
        operationsPort = ports.operations ?? 0
        securePort = ports.secure ?? 0
        if let content {
            try server.activate(routingBytes: RoutingSnapshot.encode(content, generation: 1, signer: nil))
        }
        if let rights {
            try server.apply(entitlementBytes: EntitlementSet.encode(rights, sequence: 1, signer: nil))
        }
    }

    func connect() -> RawSocket { RawSocket(port: port) }

    /// One request on a connection of its own.
    func call(_ request: String) -> RawResponse? { connect().exchange(request) }

    func get(_ path: String, _ fields: String...) -> RawResponse? {
        call("GET \(path) HTTP/1.1\r\nHost: api.local\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n")
    }

    func operations(_ path: String) -> RawResponse? {
        RawSocket(port: operationsPort).exchange("GET \(path) HTTP/1.1\r\nHost: o\r\n\r\n")
    }

    func stop() async { await server.shutdown(grace: .milliseconds(200)) }
}
