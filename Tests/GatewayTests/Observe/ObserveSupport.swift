import Foundation
import Synchronization

@testable import Gateway

/// Waits on a thread until something is there; nil after the bound, which is generous because the machine may be busy.
func found<Value: Sendable>(within seconds: Double = 30, _ look: @escaping @Sendable () -> Value?) async -> Value? {
    await offPool {
        let end = Date().addingTimeInterval(seconds)
        while Date() < end {
            if let value = look() { return value }
            usleep(10_000)
        }
        return look()
    }
}

/// What a pipe, a file or a socket gave, as JSON objects a line.
final class LogLines: Sendable {
    private let text = Mutex("")

    func append(_ more: String) { text.withLock { $0 += more } }

    var all: String { text.withLock { $0 } }

    var objects: [[String: String]] { Self.objects(all) }

    /// Whole lines only, members as text.
    static func objects(_ text: String) -> [[String: String]] {
        guard let end = text.lastIndex(of: "\n") else { return [] }
        return text[..<end].split(separator: "\n").map { line in
            let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return (object ?? ["broken": String(line)]).mapValues { "\($0)" }
        }
    }
}

/// A pipe whose reading end is read by a thread, or by nobody.
final class LogPipe: @unchecked Sendable {
    // SAFETY: `pipe` is made once; its ends are used by one thread each.
    let pipe = Pipe()
    let lines = LogLines()

    init(isRead: Bool = true) {
        guard isRead else { return }
        let (reading, lines) = (pipe.fileHandleForReading, lines)
        Thread.detachNewThread {
            while true {
                let data = reading.availableData
                if data.isEmpty { return }
                lines.append(String(decoding: data, as: UTF8.self))
            }
        }
    }

    deinit { try? pipe.fileHandleForWriting.close() }

    var sink: AccessLogSettings.Sink { .descriptor(pipe.fileHandleForWriting.fileDescriptor) }

    /// The lines, once there are so many.
    func objects(_ count: Int) async -> [[String: String]] {
        let lines = lines
        return await found { lines.objects.count >= count ? lines.objects : nil } ?? lines.objects
    }
}

/// A socket that datagrams come to: a Unix one at a path, or UDP on a port of its own.
final class DatagramReceiver: Sendable {
    let descriptor: Int32
    let port: Int

    init(path: String?) {
        let descriptor = socket(path == nil ? AF_INET : AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        if let path {
            var bytes = [UInt8(AF_UNIX), 0] + Array(path.utf8) + [0]
            let count = socklen_t(bytes.count)
            bytes.withUnsafeMutableBytes {
                guard let start = $0.baseAddress else { return }
                _ = bind(descriptor, start.assumingMemoryBound(to: sockaddr.self), count)
            }
            self.port = 0
        } else {
            var address = RawSocket.address(0)
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            self.port = withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    _ = bind(descriptor, $0, length)
                    _ = getsockname(descriptor, $0, &length)
                }
                return Int($0.pointee.sin_port.bigEndian)
            }
        }
        self.descriptor = descriptor
        var timeout = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// As a daemon that ends: nothing more arrives.
    func stop() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// The next datagram; nil after half a minute. Blocks.
    func receive() -> String? {
        var block = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &block, block.count, 0)
        return count >= 0 ? String(decoding: block[..<count], as: UTF8.self) : nil
    }
}

extension TestGateway {
    /// The value of one sample of the metrics page.
    func sample(_ series: String) -> UInt64? {
        let page = operations("/metrics")?.body ?? ""
        for line in page.split(separator: "\n") where line.hasPrefix(series + " ") {
            return UInt64(line.dropFirst(series.count + 1))
        }
        return nil
    }
}
