import BenchProgram
import CPoll
import Foundation

/// A client that sends requests at even times whatever the answers do (an open loop): one that waits for an answer before it sends
/// again stops asking just when the server is slow, and so does not see it.
///
/// One thread, one epoll queue. A request that is due while every connection waits for an answer is sent when one comes back, and
/// its time counts from when it was due. That the client itself woke late is not counted: it would be the machine's.
struct OpenLoopClient {
    private struct Connection {
        let descriptor: Int32
        /// When the request that it waits for was due, in nanoseconds; 0 while idle.
        var due: UInt64 = 0
    }

    private let poll: Int32
    private let request: [UInt8]
    private var connections: [Connection] = []
    private var idle: [Int] = []
    /// Due, but without a connection; times, oldest first, from `waitingStart`.
    private var waiting: [UInt64] = []
    private var waitingStart = 0
    private var latencies: [UInt64] = []

    /// `Bench open-loop PORT PATH RATE SECONDS`.
    static func run(_ arguments: [String]) throws {
        guard arguments.count == 4, let port = Int(arguments[0]), let rate = Double(arguments[2]), rate > 0,
            let seconds = Double(arguments[3])
        else { throw Failure("usage: Bench open-loop PORT PATH RATE SECONDS") }
        var client = try OpenLoopClient(port: port, path: arguments[1], connections: PacedBench.connections)
        _ = try client.send(rate: rate, seconds: 0.5)
        print(try client.send(rate: rate, seconds: seconds).text)
    }

    init(port: Int, path: String, connections count: Int) throws {
        poll = cpoll_create()
        let lines = ["GET \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)", "X-API-Key: \(ProxyBed.key)", "", ""]
        request = Array(lines.joined(separator: "\r\n").utf8)
        for place in 0..<count {
            let descriptor = try FreePort.connected(to: port)
            guard cpoll_add_level(poll, descriptor, UInt32(place)) == 0 else { throw Failure("epoll_ctl: \(errno)") }
            connections.append(Connection(descriptor: descriptor))
            idle.append(place)
        }
    }

    /// Sends at `rate` a second for so many seconds, and waits for the last answers.
    mutating func send(rate: Double, seconds: Double) throws -> Result {
        latencies.removeAll(keepingCapacity: true)
        let total = Int(rate * seconds)
        latencies.reserveCapacity(total)
        let begin = Self.now()
        let spacing = 1e9 / rate
        var sent = 0
        var events = [cpoll_event](repeating: cpoll_event(), count: 64)
        while latencies.count < total {
            var now = Self.now()
            while sent < total, begin + UInt64(Double(sent) * spacing) <= now {
                try ask(due: now)
                sent += 1
                now = Self.now()
            }
            let pause =
                sent < total
                ? begin + UInt64(Double(sent) * spacing) - min(now, begin + UInt64(Double(sent) * spacing))
                : 1_000_000_000
            let count = cpoll_wait_nanoseconds(poll, &events, pause)
            guard count >= 0 || errno == EINTR else { throw Failure("epoll_pwait2: \(errno)") }
            for index in 0..<max(0, Int(count)) { try take(Int(events[index].serial)) }
        }
        return Result(latencies: latencies)
    }

    private mutating func ask(due: UInt64) throws {
        guard let place = idle.popLast() else {
            waiting.append(due)
            return
        }
        connections[place].due = due
        guard cpoll_send(connections[place].descriptor, request, request.count) == request.count else {
            throw Failure("a request could not be sent: \(errno)")
        }
    }

    private mutating func take(_ place: Int) throws {
        var buffer = InlineArray<2048, UInt8>(repeating: 0)
        let count = withUnsafeMutableBytes(of: &buffer) {
            recv(connections[place].descriptor, $0.baseAddress, $0.count, 0)
        }
        // `HTTP/1.1 200`, and the answer's last byte: small answers arrive whole.
        guard count > 16, buffer[9] == UInt8(ascii: "2"), buffer[count - 1] == UInt8(ascii: "}") else {
            throw Failure("an answer was no good (\(count) bytes)")
        }
        latencies.append(Self.now() - connections[place].due)
        idle.append(place)
        if waitingStart < waiting.count {
            waitingStart += 1
            try ask(due: waiting[waitingStart - 1])
        }
    }

    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

extension OpenLoopClient {
    /// Times of all requests, in microseconds.
    struct Result {
        let p50: Double
        let p99: Double
        let p999: Double
        let longest: Double

        init(latencies: [UInt64]) {
            let sorted = latencies.sorted()
            func quantile(_ share: Double) -> Double {
                sorted.isEmpty ? 0 : Double(sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]) / 1000
            }
            (p50, p99, p999, longest) = (quantile(0.5), quantile(0.99), quantile(0.999), quantile(1))
        }

        /// Reads ``text`` back.
        init(_ text: String) throws {
            let numbers = text.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
            guard numbers.count == 4 else { throw Failure("the open-loop client said `\(text)`") }
            (p50, p99, p999, longest) = (numbers[0], numbers[1], numbers[2], numbers[3])
        }

        var text: String { String(format: "%.1f %.1f %.1f %.1f", p50, p99, p999, longest) }

        var columns: String { String(format: "%6.0f µs %6.0f µs %6.0f µs %6.0f µs", p50, p99, p999, longest) }
    }
}
