import BenchProgram
import Foundation

/// A caller that asks at a steady pace over a few connections and remembers how long each answer took: far below what the
/// gateway can carry, so that a slow answer is a pause and not a queue.
final class PacedClient: @unchecked Sendable {
    // SAFETY: `latencies` is written under `lock`; all else is immutable.
    private let lock = NSLock()
    private var latencies: [UInt64] = []
    private var failures = 0

    /// Requests that were not answered 200.
    var failed: Int { lock.withLock { failures } }

    /// Asks for `seconds`, `perSecond` times each on `connections` connections, each thread with its own list of requests in
    /// turn.
    ///
    /// - Throws: where a connection breaks.
    func run(port: Int, connections: Int, perSecond: Int, seconds: Double, requests: [[UInt8]]) throws {
        let group = DispatchGroup()
        for number in 0..<connections {
            group.enter()
            let thread = Thread { [self] in
                defer { group.leave() }
                let own = requests.enumerated().filter { $0.offset % connections == number }.map(\.element)
                let times = Self.ask(port: port, requests: own, perSecond: perSecond, seconds: seconds)
                lock.withLock {
                    latencies += times.nanoseconds
                    failures += times.failures
                }
            }
            thread.start()
        }
        group.wait()
        guard !latencies.isEmpty else { throw Failure("no request was answered") }
        latencies.sort()
    }

    /// Milliseconds that this share of the answers stayed under; 1 gives the slowest.
    func milliseconds(_ share: Double) -> Double {
        let place = min(latencies.count - 1, Int(Double(latencies.count) * share))
        return Double(latencies[place]) / 1e6
    }

    var count: Int { latencies.count }

    private static func ask(
        port: Int,
        requests: [[UInt8]],
        perSecond: Int,
        seconds: Double
    ) -> (nanoseconds: [UInt64], failures: Int) {
        var nanoseconds: [UInt64] = []
        var failures = 0
        let socket = try? LoopbackSocket(port: port)
        guard let socket, !requests.isEmpty else { return ([], 1) }
        let period = 1_000_000_000 / UInt64(perSecond)
        let start = DispatchTime.now().uptimeNanoseconds
        let count = Int(seconds * Double(perSecond))
        nanoseconds.reserveCapacity(count)
        for number in 0..<count {
            let due = start + UInt64(number) * period
            let now = DispatchTime.now().uptimeNanoseconds
            if due > now { usleep(UInt32((due - now) / 1000)) }
            let sent = DispatchTime.now().uptimeNanoseconds
            guard let status = socket.exchange(requests[number % requests.count]) else {
                failures += 1
                break
            }
            nanoseconds.append(DispatchTime.now().uptimeNanoseconds - sent)
            if status != 200 { failures += 1 }
        }
        return (nanoseconds, failures)
    }
}

/// One connection to 127.0.0.1 that is used for request after request.
final class LoopbackSocket {
    private let descriptor: Int32
    private var buffer = [UInt8](repeating: 0, count: 16_384)

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure("no socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else {
            close(descriptor)
            throw Failure("nobody listens on port \(port)")
        }
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(descriptor) }

    /// Sends a request and reads one whole answer with `Content-Length`.
    ///
    /// - Returns: its status; nil when the connection broke.
    func exchange(_ request: [UInt8]) -> Int? {
        guard request.withUnsafeBytes({ send(descriptor, $0.baseAddress, $0.count, 0) }) == request.count else {
            return nil
        }
        var text = ""
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            text += String(decoding: buffer[..<count], as: UTF8.self)
            guard let end = text.range(of: "\r\n\r\n") else { continue }
            let head = text[..<end.lowerBound].lowercased()
            let stated = head.range(of: "content-length: ").map { head[$0.upperBound...].prefix { $0.isNumber } }
            guard let length = stated.flatMap({ Int($0) }) else { return nil }
            if text[end.upperBound...].utf8.count >= length { return Int(head.dropFirst(9).prefix(3)) }
        }
    }
}
