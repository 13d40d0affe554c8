import BenchProgram
import Foundation

/// The control plane beside real parts: how long a large document takes from submit to its stored lint report, a publication
/// until the gateway serves by the new table, and `up` on a data directory that is there.
enum ControlBench {
    static func run(_ arguments: [String]) throws {
        let binary = arguments.first ?? ".build/release/gatehouse"
        let document = arguments.dropFirst().first ?? "../shared/fixtures/openapi-specs/stripe-v50.yaml"
        guard let bytes = FileManager.default.contents(atPath: document) else {
            throw Failure("cannot read `\(document)`")
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-bench-\(getpid())")
        try FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o711]
        )
        defer { try? FileManager.default.removeItem(at: folder) }
        let ports = try (FreePort.find(), FreePort.find(), FreePort.find())

        let first = try start(binary, folder, ports)
        first.server.stop()
        let (server, again) = try start(binary, folder, ports)
        print(String(format: "up: first start %.2f s, on its own data directory %.2f s", first.seconds, again))

        let administrator = try String(contentsOf: folder.appending(path: "data/admin.token"), encoding: .utf8)
        let control = Control(binary: binary, url: "http://127.0.0.1:\(ports.0)")
        var token = administrator.trimmingCharacters(in: .whitespacesAndNewlines)
        _ = try control.run(["team", "create", "sales"], token)
        _ = try control.run(["member", "create", "alice", "--role", "api-owner@sales"], token)
        _ = try control.run(["member", "create", "bob", "--role", "approver"], token)
        let approver = try control.run(["token", "create", "--member", "bob"], token)
        token = try control.run(["token", "create", "--member", "alice"], token)

        let submitted = try RawHTTP.send(
            "POST",
            "/v1/apis/large/versions/1/revisions?team=sales&upstream=http://127.0.0.1:9",
            port: ports.0,
            token: token,
            body: [UInt8](bytes)
        )
        guard submitted.status == 201 else {
            throw Failure("submit answered \(submitted.status): \(submitted.text.prefix(300))")
        }
        print(
            String(
                format: "submit of %.1f MB to its stored lint report: %.0f ms",
                Double(bytes.count) / 1e6,
                submitted.seconds * 1000
            )
        )

        _ = try control.run(["review", "approve", "large", "1"], approver)
        let published = Date.now
        let answer = try RawHTTP.send(
            "POST",
            "/v1/apis/large/versions/1/releases",
            port: ports.0,
            token: token,
            body: Array("{}".utf8)
        )
        guard answer.status == 201 else {
            throw Failure("publish answered \(answer.status): \(answer.text.prefix(300))")
        }
        let acknowledged = Date.now
        while true {
            let status = try RawHTTP.send("GET", "/large/v1/customers", port: ports.1, token: "none", body: []).status
            // 401: the gateway knows the API now and asks for a key; before it answered 404 or had no table at all.
            if status == 401 { break }
            guard Date.now.timeIntervalSince(published) < 10 else { throw Failure("not served after 10 s: \(status)") }
        }
        let served = Date.now
        print(
            String(
                format: "publish: answered after %.0f ms, first request by the new table %.0f ms after the answer",
                acknowledged.timeIntervalSince(published) * 1000,
                served.timeIntervalSince(acknowledged) * 1000
            )
        )
        server.stop()
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

    /// Commands against the control plane.
    private struct Control {
        let binary: String
        let url: String

        func run(_ arguments: [String], _ token: String) throws -> String {
            let text = try ChildProcess.output(
                "env",
                ["GATEHOUSE_URL=\(url)", "GATEHOUSE_TOKEN=\(token)", binary] + arguments
            )
            return text.trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }
}

/// One request on a connection of its own, so that starting a client program is not measured.
enum RawHTTP {
    static func send(
        _ method: String,
        _ path: String,
        port: Int,
        token: String,
        body: [UInt8]
    ) throws -> (status: Int, text: String, seconds: Double) {
        let begin = Date.now
        let head = """
            \(method) \(path) HTTP/1.1\r
            Host: 127.0.0.1\r
            Authorization: Bearer \(token)\r
            Content-Type: \(path.hasSuffix("/releases") ? "application/json" : "application/octet-stream")\r
            Content-Length: \(body.count)\r
            Connection: close\r
            \r

            """
        let answer = try FreePort.exchange(port: port, Array(head.utf8) + body)
        let text = String(decoding: answer, as: UTF8.self)
        let words = text.prefix { $0 != "\r\n" && $0 != "\n" }.split(separator: " ")
        let status = words.count > 1 ? Int(words[1]) ?? 0 : 0
        return (status, text, Date.now.timeIntervalSince(begin))
    }
}
