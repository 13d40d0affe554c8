import Foundation

/// Callers on plain sockets that go on until they are told to stop: some keep their connection, some open one a request. Every
/// request that was not answered with 200 is counted by what happened to it.
final class SocketLoad: @unchecked Sendable {
    // SAFETY: all that changes is guarded by `lock`.
    private let lock = NSLock()
    private var isStopped = false
    private var count = 0
    private var faultCounts: [String: Int] = [:]
    private let ended = DispatchGroup()
    private let port: UInt16
    private let request: [UInt8]

    /// `address` as gatehouse prints it: `http://127.0.0.1:PORT`.
    init(_ address: String, path: String, keeping: Int, fresh: Int, pause: Double = 0.002) {
        port = UInt16(address.split(separator: ":").last ?? "") ?? 0
        request = Array("GET \(path) HTTP/1.1\r\nHost: h\r\n\r\n".utf8)
        for index in 0..<(keeping + fresh) {
            ended.enter()
            Thread.detachNewThread { [self] in
                run(isKeeping: index < keeping, pause: pause)
                ended.leave()
            }
        }
    }

    var served: Int { lock.withLock { count } }
    var faults: [String: Int] { lock.withLock { faultCounts } }

    func stop() async {
        lock.withLock { isStopped = true }
        await withCheckedContinuation { continuation in
            ended.notify(queue: .global()) { continuation.resume() }
        }
    }

    /// Opens a connection; -1 when it is refused.
    static func connect(_ port: UInt16) -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var timeout = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Foundation.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else {
            close(descriptor)
            return -1
        }
        return descriptor
    }

    private func run(isKeeping: Bool, pause: Double) {
        var descriptor: Int32 = -1
        while !lock.withLock({ isStopped }) {
            if descriptor < 0 { descriptor = Self.connect(port) }
            guard descriptor >= 0 else {
                note("refused")
                Thread.sleep(forTimeInterval: pause)
                continue
            }
            var isKept = isKeeping
            switch exchange(descriptor) {
            case .served(let closes):
                lock.withLock { count += 1 }
                if closes { isKept = false }
            case .failed(let fault):
                note(fault)
                isKept = false
            }
            if !isKept {
                close(descriptor)
                descriptor = -1
            }
            Thread.sleep(forTimeInterval: pause)
        }
        if descriptor >= 0 { close(descriptor) }
    }

    private enum Outcome {
        case served(closes: Bool)
        case failed(String)
    }

    private func exchange(_ descriptor: Int32) -> Outcome {
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            return .failed("closed before the request")
        }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 14)
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let head = bytes.firstRange(of: end) {
                let text = String(decoding: bytes[..<head.lowerBound], as: UTF8.self).lowercased()
                let length = text.components(separatedBy: "content-length: ").dropFirst().first
                let body = length.flatMap { Int($0.prefix { $0.isNumber }) } ?? 0
                if bytes.count >= head.upperBound + body {
                    guard text.hasPrefix("http/1.1 200") else { return .failed(String(text.prefix(12))) }
                    return .served(closes: text.contains("connection: close"))
                }
            }
            let got = recv(descriptor, &block, block.count, 0)
            guard got > 0 else { return .failed(bytes.isEmpty ? "closed without an answer" : "cut in the middle") }
            bytes += block[..<got]
        }
    }

    private func note(_ fault: String) { lock.withLock { faultCounts[fault, default: 0] += 1 } }
}
