import Foundation
import Synchronization

@testable import Gateway

/// Callers that go on until they are told to stop, over connections they keep or over one a request, and count what they saw.
final class Callers: Sendable {
    private let stops = Atomic<Bool>(false)
    let served = Tally()
    /// What was not an answer of 200, by what it was.
    private let faults = Mutex<[String: Int]>([:])
    private let tasks = Mutex<[Task<Void, Never>]>([])
    private let port: Int
    private let request: String
    private let check: @Sendable (RawResponse) -> String?

    /// Begins at once. `check` says what is wrong with an answer of 200, nil when all is well.
    init(
        port: Int,
        keeping: Int,
        fresh: Int,
        request: String = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n",
        check: @escaping @Sendable (RawResponse) -> String? = { _ in nil }
    ) {
        self.port = port
        self.request = request
        self.check = check
        for index in 0..<(keeping + fresh) {
            let task = Task { await offPool { self.run(isKeeping: index < keeping) } }
            tasks.withLock { $0.append(task) }
        }
    }

    var faultsFound: [String: Int] { faults.withLock { $0 } }

    /// Waits until so many more requests were served; false when that takes longer than a minute.
    func serve(_ more: Int) async -> Bool {
        let wanted = served.value + more
        return await until(within: 60) { self.served.value >= wanted }
    }

    func stop() async {
        stops.store(true, ordering: .relaxed)
        for task in tasks.withLock({ $0 }) { await task.value }
    }

    private func run(isKeeping: Bool) {
        var connection: RawSocket?
        while !stops.load(ordering: .relaxed) {
            let current: RawSocket
            if let connection {
                current = connection
            } else {
                guard let opened = RawSocket.open(port: port) else {
                    note("refused")
                    continue
                }
                current = opened
            }
            let response = current.exchange(request)
            connection = nil
            guard let response else {
                note("no answer")
                continue
            }
            guard response.status == 200 else {
                note("status \(response.status) \(response.code ?? "")")
                continue
            }
            if let fault = check(response) { note(fault) }
            served.add()
            if isKeeping, response.field("connection") != "close" { connection = current }
            Thread.sleep(forTimeInterval: 0.001)
        }
    }

    private func note(_ fault: String) { faults.withLock { $0[fault, default: 0] += 1 } }
}

/// Waits for a condition on a thread of its own: the pool of tasks may be busy with other tests for many seconds.
func until(within seconds: Double = 30, _ holds: @escaping @Sendable () -> Bool) async -> Bool {
    await offPool {
        let end = Date().addingTimeInterval(seconds)
        while Date() < end {
            if holds() { return true }
            Thread.sleep(forTimeInterval: 0.01)
        }
        return holds()
    }
}

extension RawSocket {
    /// A connection, or nil when it is refused.
    static func open(port: Int) -> RawSocket? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        var address = RawSocket.address(port)
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else {
            close(descriptor)
            return nil
        }
        return RawSocket(descriptor: descriptor)
    }
}
