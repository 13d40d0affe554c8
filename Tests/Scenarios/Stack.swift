import Foundation
import Testing

/// A running `gatehouse` process of any kind: its output is read as it comes, and it ends with the test.
final class Running: @unchecked Sendable {
    // SAFETY: `process` is only started once and then signalled; `text` is guarded by `lock`.
    let process = Process()
    private let lock = NSLock()
    private var text = ""
    private let pipe = Pipe()

    /// `wrapper` is a program and its arguments that runs the binary, for example with other limits.
    init(_ arguments: [String], environment: [String: String] = [:], wrapper: [String] = []) throws {
        let all = wrapper + [try #require(Binary.path)] + arguments
        process.executableURL = URL(filePath: all[0])
        process.arguments = Array(all.dropFirst())
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        pipe.fileHandleForReading.readabilityHandler = { [weak self] handle in
            let data = handle.availableData
            guard let self, !data.isEmpty else {
                handle.readabilityHandler = nil
                return
            }
            lock.withLock { self.text += String(decoding: data, as: UTF8.self) }
        }
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    var output: String { lock.withLock { text } }
    var isRunning: Bool { process.isRunning }
    var identifier: Int32 { process.processIdentifier }

    /// Waits until the output has a line that begins with `label` and returns what follows it.
    func line(_ label: String, within seconds: Double = 60) async throws -> String {
        try await Wait.until("`\(label)` in the output of gatehouse", within: seconds) {
            for line in self.output.split(separator: "\n") where line.hasPrefix(label) {
                return line.dropFirst(label.count).trimmingCharacters(in: .whitespaces)
            }
            if !self.isRunning { throw Wait.Failure("gatehouse ended early: \(self.output)") }
            return nil
        }
    }

    /// Ends it as an operator would and returns its exit code.
    @discardableResult
    func terminate(within seconds: Double = 30) async throws -> Int32 {
        kill(process.processIdentifier, SIGTERM)
        return try await exitCode(within: seconds)
    }

    func exitCode(within seconds: Double = 30) async throws -> Int32 {
        try await Wait.until("the end of gatehouse", within: seconds) {
            self.process.isRunning ? nil : self.process.terminationStatus
        }
    }

    func killHard() {
        kill(process.processIdentifier, SIGKILL)
    }
}

/// Waiting for something to become true, bounded.
enum Wait {
    struct Failure: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    static func until<Value>(
        _ what: String,
        within seconds: Double = 10,
        every milliseconds: Int = 20,
        _ body: () async throws -> Value?
    ) async throws -> Value {
        let end = ContinuousClock.now + .seconds(seconds)
        while true {
            if let value = try await body() { return value }
            guard ContinuousClock.now < end else { throw Failure("waited \(seconds) s for \(what)") }
            try await Task.sleep(for: .milliseconds(milliseconds))
        }
    }
}

/// `gatehouse up`, or its parts apart, on a folder of its own, every port picked by the system.
final class Stack: Sendable {
    let folder: URL
    let running: Running
    let control: String
    let gateway: String
    let metrics: String

    /// - Parameters:
    ///   - folder: an existing data directory's parent to start on again; nil makes one.
    ///   - arguments: more options of `up`.
    ///   - environment: such as `DATABASE_URL`.
    /// - Throws: where it ends before it listens.
    init(folder: URL? = nil, arguments: [String] = [], environment: [String: String] = [:]) async throws {
        self.folder = try folder ?? Self.makeFolder()
        running = try Running(
            [
                "up", "--data-dir", self.folder.appending(path: "data").path, "--control-listen", "127.0.0.1:0",
                "--gateway-listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--loops", "1",
            ] + arguments,
            environment: environment
        )
        control = try await running.line("control plane")
        gateway = try await running.line("gateway")
        metrics = try await running.line("metrics")
    }

    /// A control plane of its own process with a gateway elsewhere that pulls from it.
    ///
    /// - Returns: the two as a stack, whose process is the control plane and whose metrics are the gateway's; the gateway's process;
    ///   and where the control plane's metrics are.
    static func apart() async throws -> (stack: Stack, gateway: Running, operations: String) {
        let folder = try makeFolder()
        let data = folder.appending(path: "data").path
        let control = try Running([
            "control", "--data-dir", data, "--control-listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0",
        ])
        let operations = try await control.line("metrics")
        let address = try await control.line("control plane")
        let alone = Stack(folder, control, control: address, gateway: "", metrics: operations)
        try await alone.ready()
        try await alone.must("member", "create", "edge", "--role", "gateway")
        let token = folder.appending(path: "gateway.token")
        try await alone.must("token", "create", "--member", "edge").write(to: token, atomically: true, encoding: .utf8)
        let gateway = try Running([
            "gateway", "--data-dir", folder.appending(path: "gate").path, "--control-url", alone.control,
            "--control-token-file", token.path, "--snapshot-key", data + "/signing.pub",
            "--gateway-listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--loops", "1",
        ])
        let stack = Stack(
            folder,
            control,
            control: alone.control,
            gateway: try await gateway.line("gateway"),
            metrics: try await gateway.line("metrics")
        )
        return (stack, gateway, operations)
    }

    private init(_ folder: URL, _ running: Running, control: String, gateway: String, metrics: String) {
        self.folder = folder
        self.running = running
        self.control = control
        self.gateway = gateway
        self.metrics = metrics
    }

    static func makeFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "ghs-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o711]
        )
        return folder
    }

    /// Waits until the catalog can be used.
    func ready(within seconds: Double = 60) async throws {
        _ = try await Wait.until("/readyz of the control plane", within: seconds) {
            try await Curl.call(self.control + "/readyz").status == 200 ? true : nil
        }
    }

    var administratorToken: String {
        get throws {
            let text = try String(contentsOf: folder.appending(path: "data/admin.token"), encoding: .utf8)
            return text.trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }

    /// Runs a command against this control plane; the administrator's token where none is given.
    func run(_ arguments: String..., as token: String? = nil) async throws -> Binary.Result {
        try await Binary.run(
            arguments,
            environment: [
                "GATEHOUSE_URL": control, "GATEHOUSE_TOKEN": try token ?? administratorToken, "NO_COLOR": "1",
            ]
        )
    }

    /// Runs a command that must succeed and returns what it printed, without the line end.
    @discardableResult
    func must(_ arguments: String..., as token: String? = nil) async throws -> String {
        let result = try await Binary.run(
            arguments,
            environment: [
                "GATEHOUSE_URL": control, "GATEHOUSE_TOKEN": try token ?? administratorToken, "NO_COLOR": "1",
            ]
        )
        guard result.code == 0 else {
            throw Wait.Failure(
                "gatehouse \(arguments.joined(separator: " ")) ended with \(result.code): \(result.errors)\n\(running.output.suffix(2000))"
            )
        }
        return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// A request to the control plane as curl sends it.
    func control(_ method: String, _ path: String, body: String? = nil, as token: String? = nil) async throws -> Answer
    {
        var arguments = ["-X", method, "-H", "Authorization: Bearer \(try token ?? administratorToken)"]
        if body != nil { arguments += ["-H", "Content-Type: application/json"] }
        return try await Curl.call(control + path, arguments, body: body.map { Data($0.utf8) })
    }

    /// Ends it and removes its folder.
    func stop() async throws {
        try await running.terminate()
        try FileManager.default.removeItem(at: folder)
    }
}

/// Files of a scenario in its own folder.
struct Files {
    let folder: URL

    init(in folder: URL) { self.folder = folder }

    /// Writes a file and returns its path.
    func write(_ name: String, _ text: String) throws -> String {
        let file = folder.appending(path: name)
        try Data(text.utf8).write(to: file)
        return file.path
    }
}
