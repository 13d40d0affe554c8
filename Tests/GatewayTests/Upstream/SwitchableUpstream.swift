import Foundation
import RoutingTable
import Synchronization
import UpstreamRules

@testable import Gateway

/// An upstream that can be told to fail: answers its name, says nothing, answers an error, or dies and comes back on the
/// same port.
final class SwitchableUpstream: @unchecked Sendable {
    enum Mode: Sendable {
        case answer
        case status(Int)
        /// Reads and says nothing.
        case hang
        /// Answers after so many milliseconds.
        case slow(Int)
        /// Reads a request and closes without an answer.
        case drop
    }

    private struct State {
        var listener: Int32 = -1
        var connections: Set<Int32> = []
        var mode = Mode.answer
        var inFlight = 0
        var inFlightMax = 0
        var asked: [String] = []
    }

    let name: String
    let port: Int
    private let state = Mutex(State())
    private let answered = Atomic<Int>(0)
    private let accepted = Atomic<Int>(0)

    init(_ name: String) {
        self.name = name
        var address = RawSocket.address(0)
        let probe = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        Self.bind(probe, &address)
        port = Int(address.sin_port.bigEndian)
        listen(probe, 512)
        state.withLock { $0.listener = probe }
        accept(on: probe)
    }

    deinit { die() }

    /// Requests answered since the last call.
    func takeCount() -> Int { answered.exchange(0, ordering: .relaxed) }
    var connectionCount: Int { accepted.load(ordering: .relaxed) }
    var openCount: Int { state.withLock { $0.connections.count } }
    var inFlightMax: Int { state.withLock { $0.inFlightMax } }
    var heads: [String] { state.withLock { $0.asked } }

    func become(_ mode: Mode) { state.withLock { $0.mode = mode } }

    /// Ends as a process does: the port is closed and every connection is reset or ended.
    func die() {
        state.withLock { state in
            if state.listener >= 0 {
                shutdown(state.listener, Int32(SHUT_RDWR))
                close(state.listener)
                state.listener = -1
            }
            for descriptor in state.connections { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    /// Listens again on the same port.
    func comeBack() {
        var address = RawSocket.address(port)
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        Self.bind(listener, &address)
        listen(listener, 512)
        state.withLock { $0.listener = listener }
        accept(on: listener)
    }

    private static func bind(_ listener: Int32, _ address: inout sockaddr_in) {
        var one: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = Foundation.bind(listener, $0, length)
                _ = getsockname(listener, $0, &length)
            }
        }
    }

    private func accept(on listener: Int32) {
        Thread.detachNewThread { [weak self] in
            while true {
                let descriptor = Foundation.accept(listener, nil, nil)
                if descriptor < 0 { return }
                guard let self else {
                    close(descriptor)
                    return
                }
                self.accepted.wrappingAdd(1, ordering: .relaxed)
                self.state.withLock { _ = $0.connections.insert(descriptor) }
                Thread.detachNewThread { [weak self] in
                    let connection = RawSocket(descriptor: descriptor)
                    while let head = connection.receive(through: "\r\n\r\n"), let self, self.answer(head, connection) {}
                    self?.state.withLock { _ = $0.connections.remove(descriptor) }
                }
            }
        }
    }

    private func leave() { state.withLock { $0.inFlight -= 1 } }

    private func answer(_ head: String, _ connection: RawSocket) -> Bool {
        let mode = state.withLock { state in
            state.asked.append(head)
            state.inFlight += 1
            state.inFlightMax = max(state.inFlightMax, state.inFlight)
            return state.mode
        }
        if let count = RawResponse(head: head).field("content-length").flatMap({ Int($0) }), count > 0 {
            _ = connection.receive(count: count)
        }
        var status = 200
        switch mode {
        case .answer: break
        case .status(let wanted): status = wanted
        case .hang:
            while connection.receive() != nil {}
            leave()
            return false
        case .slow(let milliseconds): Thread.sleep(forTimeInterval: Double(milliseconds) / 1000)
        case .drop:
            leave()
            return false
        }
        answered.wrappingAdd(1, ordering: .relaxed)
        // Before the answer: whoever has it may ask again at once.
        leave()
        connection.send("HTTP/1.1 \(status) X\r\nContent-Length: \(name.utf8.count)\r\n\r\n\(name)")
        return true
    }
}

extension Sample {
    /// A pass-through API in front of these, under a policy.
    static func balanced(
        _ upstreams: [SwitchableUpstream],
        weights: [Int] = [],
        _ change: (inout RoutingContent.Upstream) -> Void = { _ in }
    ) -> RoutingContent {
        var content = passthrough(port: 1)
        content.upstreams[0].targets = upstreams.enumerated().map { index, upstream in
            .init(host: "127.0.0.1", port: upstream.port, weight: weights.isEmpty ? 1 : weights[index])
        }
        change(&content.upstreams[0])
        return content
    }
}

/// What clients saw under a load.
final class LoadResult: Sendable {
    private let counts = Mutex<[Int: Int]>([:])
    private let bodies = Mutex<[String: Int]>([:])

    func add(_ response: RawResponse?) {
        counts.withLock { $0[response?.status ?? 0, default: 0] += 1 }
        if let response, response.status == 200 { bodies.withLock { $0[response.body, default: 0] += 1 } }
    }

    /// By status; 0 is a connection that ended without an answer.
    var statuses: [Int: Int] { counts.withLock { $0 } }
    var byName: [String: Int] { bodies.withLock { $0 } }
    var total: Int { statuses.values.reduce(0, +) }
}

extension TestGateway {
    /// Sends so many requests over so many keep-alive connections; `step` is called after each tenth of the first one's.
    func load(
        clients: Int,
        requests: Int,
        fields: @escaping @Sendable (Int, Int) -> String = { _, _ in "" },
        step: @escaping @Sendable (Int) -> Void = { _ in }
    ) async -> LoadResult {
        let result = LoadResult()
        let port = self.port
        await withTaskGroup(of: Void.self) { group in
            for client in 0..<clients {
                group.addTask {
                    await offPool {
                        var connection = RawSocket(port: port)
                        for number in 0..<requests {
                            if client == 0, number % max(1, requests / 10) == 0 { step(number * 10 / requests) }
                            let head = "GET /\(number) HTTP/1.1\r\nHost: h\r\n\(fields(client, number))\r\n"
                            let response = connection.exchange(head)
                            result.add(response)
                            if response == nil || response?.field("connection") == "close" {
                                connection = RawSocket(port: port)
                            }
                        }
                    }
                }
            }
        }
        return result
    }

    /// The value of a metric, the sum over its labels that contain `text`.
    func metric(_ name: String, _ text: String = "") -> Double {
        server.metrics.split(separator: "\n").filter {
            $0.hasPrefix(name) && !$0.hasPrefix("#") && (text.isEmpty || $0.contains(text))
        }
        .reduce(0) { $0 + (Double($1.split(separator: " ").last ?? "") ?? 0) }
    }
}

/// Waits until something holds, at most so many seconds.
func eventually(within seconds: Double = 5, _ holds: () -> Bool) async -> Bool {
    let end = Date().addingTimeInterval(seconds)
    while Date() < end {
        if holds() { return true }
        pause(milliseconds: 20)
    }
    return holds()
}
