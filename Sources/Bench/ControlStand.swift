import BenchProgram
import Foundation

/// `gatehouse up` on a folder of its own with an owner who submits and an approver, for measurements of the control plane.
final class ControlStand {
    let folder: URL
    let controlPort: Int
    let gatewayPort: Int
    /// How long the first start took, with a new database, and the second, in seconds.
    let starts: (first: Double, again: Double)
    private let binary: String
    private let server: ChildProcess
    private var owner = ""
    private var approver = ""

    init(binary: String) throws {
        self.binary = binary
        folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-bench-\(getpid())")
        try FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o711]
        )
        let ports = try (FreePort.find(), FreePort.find(), FreePort.find())
        (controlPort, gatewayPort) = (ports.0, ports.1)
        let first = try Self.start(binary, folder, ports)
        first.server.stop()
        let second = try Self.start(binary, folder, ports)
        server = second.server
        starts = (first.seconds, second.seconds)
        let administrator = try String(contentsOf: folder.appending(path: "data/admin.token"), encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        _ = try run(["team", "create", "sales"], administrator)
        _ = try run(["member", "create", "alice", "--role", "api-owner@sales"], administrator)
        _ = try run(["member", "create", "bob", "--role", "approver"], administrator)
        approver = try run(["token", "create", "--member", "bob"], administrator)
        owner = try run(["token", "create", "--member", "alice"], administrator)
    }

    /// Ends it and removes its folder.
    func stop() {
        server.stop()
        // What cannot be removed lies in the system's folder for temporary files.
        try? FileManager.default.removeItem(at: folder)
    }

    /// Submits a document as version 1 of an API.
    ///
    /// - Returns: seconds until the answer, which comes after the lint report is stored.
    func submit(_ document: [UInt8], api: String) throws -> Double {
        let path = "/v1/apis/\(api)/versions/1/revisions?team=sales&upstream=http://127.0.0.1:9"
        let answer = try RawHTTP.send("POST", path, port: controlPort, token: owner, body: document)
        guard answer.status == 201 else {
            throw Failure("submit answered \(answer.status): \(answer.text.prefix(300))")
        }
        return answer.seconds
    }

    /// Approves and publishes what was submitted, and calls the gateway until it serves by the new table.
    ///
    /// - Parameters:
    ///   - api: was submitted, in version 1.
    ///   - path: an operation's path behind the gateway.
    /// - Returns: seconds until the publication was answered, and from there until the first request by the new table.
    /// - Throws: where a step is refused, or nothing is served after 30 s.
    func publish(_ api: String, path: String) throws -> (answered: Double, served: Double) {
        _ = try run(["review", "approve", api, "1"], approver)
        let start = Date.now
        let releases = "/v1/apis/\(api)/versions/1/releases"
        let answer = try RawHTTP.send("POST", releases, port: controlPort, token: owner, body: Array("{}".utf8))
        guard answer.status == 201 else {
            throw Failure("publish answered \(answer.status): \(answer.text.prefix(300))")
        }
        let answered = Date.now
        while true {
            let status = try RawHTTP.send("GET", path, port: gatewayPort, token: "none", body: []).status
            // 401: the gateway knows the API now and asks for a key; before it answered 404 or had no table at all.
            if status == 401 { break }
            guard Date.now.timeIntervalSince(start) < 30 else { throw Failure("not served after 30 s: \(status)") }
        }
        return (answered.timeIntervalSince(start), Date.now.timeIntervalSince(answered))
    }

    private func run(_ arguments: [String], _ token: String) throws -> String {
        let environment = ["GATEHOUSE_URL=http://127.0.0.1:\(controlPort)", "GATEHOUSE_TOKEN=\(token)"]
        let text = try ChildProcess.output("env", environment + [binary] + arguments)
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func start(
        _ binary: String,
        _ folder: URL,
        _ ports: (Int, Int, Int)
    ) throws -> (server: ChildProcess, seconds: Double) {
        let begin = Date.now
        let server = try ChildProcess(
            binary,
            [
                "up", "--data-dir", folder.appending(path: "data").path, "--control-listen", "127.0.0.1:\(ports.0)",
                "--gateway-listen", "127.0.0.1:\(ports.1)", "--metrics-listen", "127.0.0.1:\(ports.2)", "--loops", "1",
            ],
            log: folder.appending(path: "up.log")
        )
        try server.waitForPort(ports.0)
        while try RawHTTP.send("GET", "/readyz", port: ports.0, token: "", body: []).status != 200 {
            guard Date.now.timeIntervalSince(begin) < 60 else { throw Failure("not ready after 60 s") }
            usleep(5_000)
        }
        return (server, Date.now.timeIntervalSince(begin))
    }
}
