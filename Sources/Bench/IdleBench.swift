import BenchProgram
import Foundation

/// Memory of connections that are open and idle after a request each: what most of a gateway's connections are at any moment.
enum IdleBench {
    static let connections = 10_000
    /// Opened before: they use up what the heap has free from the start, which would hide what a connection takes.
    static let earlier = 2_000

    static func run(_ bed: ProxyBed) throws -> [Figure] {
        let gateway = try bed.gatehouse(.full)
        _ = try Wrk.run(gateway.address, seconds: 1)
        var descriptors: [Int32] = []
        defer { for descriptor in descriptors { close(descriptor) } }
        for _ in 0..<earlier { descriptors.append(try connection(to: gateway)) }
        let before = try gateway.process.memoryKibibytes().now
        for _ in 0..<connections { descriptors.append(try connection(to: gateway)) }
        let after = try gateway.process.memoryKibibytes().now
        let bytes = Double(after - before) * 1024 / Double(connections)
        print("\n\(connections) idle connections: \(before / 1024) MiB before, \(after / 1024) MiB with them")
        return [Figure("memory of an idle connection, bytes", bytes, most: 15_000, digits: 0)]
    }

    /// A connection that has had one answer.
    private static func connection(to gateway: Contender) throws -> Int32 {
        let request = "GET \(gateway.path) HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: \(ProxyBed.key)\r\n\r\n"
        let descriptor = try FreePort.connected(to: gateway.port)
        var buffer = [UInt8](repeating: 0, count: 4096)
        guard write(descriptor, request, request.utf8.count) == request.utf8.count else {
            throw Failure("write: \(errno)")
        }
        let count = read(descriptor, &buffer, buffer.count)
        guard count > 16, buffer[9] == UInt8(ascii: "2") else {
            throw Failure("an answer was no good (\(count) bytes)")
        }
        return descriptor
    }
}

/// How many descriptors this process and its children may have.
enum FileLimit {
    /// - Throws: where the system allows fewer.
    static func raise(to wanted: Int) throws {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            throw Failure("getrlimit: \(errno)")
        }
        guard limit.rlim_cur < wanted else { return }
        limit.rlim_cur = min(limit.rlim_max, rlim_t(wanted))
        guard limit.rlim_cur >= wanted, setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            throw Failure("needs \(wanted) file descriptors; `ulimit -Hn` allows \(limit.rlim_max)")
        }
    }
}
