import BenchProgram
import Foundation

/// What connections cost that are open and idle after a request each, as most of a gateway's are at any moment: memory, what others
/// notice of them, and the end of the process.
enum IdleBench {
    static let connections = 10_000
    /// Opened before: they use up what the heap has free from the start, which would hide what a connection takes.
    static let earlier = 2_000
    /// Requests a second of those who are not idle: far from what the gateway can do.
    static let rate = 4_000
    static let rounds = 5

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
        // As long ago as the first: memory and caches of both are in the same state.
        let empty = try bed.gatehouse(.full)
        _ = try Wrk.run(empty.address, seconds: 1)
        let ratio = try latencies(crowded: gateway, empty: empty)
        let extra = try end(gateway) - end(empty)
        print(String(format: "the end of the process takes %.3f s more with them", extra))
        return [
            Figure("memory of an idle connection, bytes", bytes, most: 15_000, digits: 0),
            Figure("p99 with \(connections) idle connections, × without", ratio, most: 1.1),
            Figure("seconds more to end a process with them", extra, most: 1),
        ]
    }

    /// The p99 of requests at an even rate beside idle connections, as a multiple of that without; rounds take turns.
    private static func latencies(crowded: Contender, empty: Contender) throws -> Double {
        var p99 = (crowded: [Double](), empty: [Double]())
        for _ in 1...rounds {
            p99.crowded.append(try openLoop(crowded).p99)
            p99.empty.append(try openLoop(empty).p99)
        }
        let (with, without) = (Median.of(p99.crowded), Median.of(p99.empty))
        print(String(format: "p99 at %d requests/s: %.0f µs with them, %.0f µs without", rate, with, without))
        return with / without
    }

    private static func openLoop(_ gateway: Contender) throws -> OpenLoopClient.Result {
        let arguments = [
            "open-loop", String(gateway.port), gateway.path, String(rate), String(GatewayBench.seconds),
        ]
        return try OpenLoopClient.Result(ChildProcess.output(Bench.program, arguments, cores: [1]))
    }

    /// Seconds from SIGTERM to the end.
    private static func end(_ gateway: Contender) throws -> Double {
        let start = Date.now
        gateway.process.stop()
        return Date.now.timeIntervalSince(start)
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
