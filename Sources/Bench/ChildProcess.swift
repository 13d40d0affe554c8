import BenchProgram
import Foundation

/// A program that a benchmark starts and ends.
final class ChildProcess {
    private let process = Process()
    let log: URL

    /// - Parameters:
    ///   - program: a name on PATH or a path.
    ///   - arguments: as on a command line.
    ///   - cores: where it may run; none leaves it free.
    ///   - listening: a socket that it gets as a service manager would pass it (sd_listen_fds(3)).
    ///   - log: where its output goes.
    /// - Throws: where it cannot be started.
    init(
        _ program: String,
        _ arguments: [String],
        cores: [Int] = [],
        listening: Int32? = nil,
        log: URL
    ) throws {
        self.log = log
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        let output = try FileHandle(forWritingTo: log)
        process.executableURL = URL(filePath: "/usr/bin/env")
        let receiving = listening == nil ? [] : ["sh", "-c", Self.receiving, "sh"]
        process.arguments = Self.pinned(to: cores) + receiving + [program] + arguments
        process.standardOutput = output
        process.standardError = output
        process.standardInput = listening.map { FileHandle(fileDescriptor: $0) } ?? FileHandle.nullDevice
        try process.run()
    }

    deinit { stop() }

    /// The socket comes as standard input, the only descriptor beside the outputs that `Process` passes on.
    private static let receiving = "export LISTEN_PID=$$ LISTEN_FDS=1; exec \"$@\" 3<&0 </dev/null"

    /// What a program is started by so that it stays on some cores. `BENCH_PREFIX` goes before it where programs are measured, say
    /// `chrt -f 20` on a machine that has other things to do.
    private static func pinned(to cores: [Int]) -> [String] {
        guard !cores.isEmpty else { return [] }
        let prefix = (ProcessInfo.processInfo.environment["BENCH_PREFIX"] ?? "").split(separator: " ").map(String.init)
        return prefix + ["taskset", "-c", cores.map(String.init).joined(separator: ",")]
    }

    var identifier: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }

    func stop() {
        guard process.isRunning else { return }
        process.terminate()
        let end = Date.now.addingTimeInterval(5)
        while process.isRunning, Date.now < end { usleep(10_000) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    /// Runs a program to its end and returns what it printed on stdout.
    static func output(_ program: String, _ arguments: [String], cores: [Int] = []) throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = Self.pinned(to: cores) + [program] + arguments
        process.standardOutput = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(
                "\(program) ended with \(process.terminationStatus): \(String(decoding: data, as: UTF8.self))"
            )
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// CPU time of all its threads so far, in nanoseconds (`/proc/PID/task/*/schedstat`).
    func cpuNanoseconds() throws -> UInt64 { try cpuNanosecondsByThread().values.reduce(0, +) }

    /// The same for each of its threads, by number.
    func cpuNanosecondsByThread() throws -> [String: UInt64] {
        let tasks = "/proc/\(identifier)/task"
        var times: [String: UInt64] = [:]
        for task in try FileManager.default.contentsOfDirectory(atPath: tasks) {
            let text = try String(contentsOfFile: "\(tasks)/\(task)/schedstat", encoding: .utf8)
            times[task] = text.split(separator: " ").first.flatMap { UInt64($0) } ?? 0
        }
        return times
    }

    /// Resident memory in KiB: now, and at its highest.
    func memoryKibibytes() throws -> (now: Int, peak: Int) {
        let status = try String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8)
        func value(_ name: String) -> Int {
            let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
            return line.flatMap { $0.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first }.flatMap {
                Int($0)
            } ?? 0
        }
        return (value("VmRSS:"), value("VmHWM:"))
    }

    /// Waits until somebody listens on a port of 127.0.0.1.
    func waitForPort(_ port: Int) throws {
        let end = Date.now.addingTimeInterval(20)
        while Date.now < end {
            guard isRunning else { throw Failure("\(log.lastPathComponent): ended early: \(try tail())") }
            if FreePort.isTaken(port) { return }
            usleep(20_000)
        }
        throw Failure("nobody listens on port \(port) after 20 s: \(try tail())")
    }

    /// Waits until its output has a line that starts with a word.
    func waitForLine(_ word: String) throws {
        let end = Date.now.addingTimeInterval(20)
        while Date.now < end {
            let lines = try String(contentsOf: log, encoding: .utf8).split(separator: "\n")
            if lines.contains(where: { $0.hasPrefix(word) }) { return }
            guard isRunning else { throw Failure("\(log.lastPathComponent): ended early: \(try tail())") }
            usleep(20_000)
        }
        throw Failure("no line with `\(word)` after 20 s: \(try tail())")
    }

    private func tail() throws -> String {
        String(try String(contentsOf: log, encoding: .utf8).suffix(500))
    }
}

/// Ports of 127.0.0.1.
enum FreePort {
    /// A port that nobody listens on.
    static func find() throws -> Int {
        try withSocket { descriptor in
            var address = loopback(port: 0)
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let bound = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
            }
            let named = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
            }
            guard bound == 0, named == 0 else { throw Failure("no free port") }
            return Int(UInt16(bigEndian: address.sin_port))
        }
    }

    static func isTaken(_ port: Int) -> Bool {
        let connected = try? withSocket { descriptor in
            var address = loopback(port: UInt16(port))
            return withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
        }
        return connected ?? false
    }

    /// A connection, which the caller closes.
    static func connected(to port: Int) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure("no socket: \(errno)") }
        var address = loopback(port: UInt16(port))
        let isConnected = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else {
            close(descriptor)
            throw Failure("nobody listens on port \(port)")
        }
        return descriptor
    }

    /// Sends bytes and reads until the other side closes.
    static func exchange(port: Int, _ bytes: [UInt8]) throws -> [UInt8] {
        try withSocket { descriptor in
            var address = loopback(port: UInt16(port))
            let isConnected = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            guard isConnected else { throw Failure("nobody listens on port \(port)") }
            var sent = 0
            while sent < bytes.count {
                let count = bytes[sent...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
                guard count > 0 else { break }
                sent += count
            }
            var answer: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = read(descriptor, &buffer, buffer.count)
                guard count > 0 else { return answer }
                answer += buffer[..<count]
            }
        }
    }

    private static func withSocket<Result>(_ body: (Int32) throws -> Result) throws -> Result {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure("no socket") }
        defer { close(descriptor) }
        return try body(descriptor)
    }

    private static func loopback(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
