import Foundation
import Testing

@Suite(
    "TLS in front, as an operator sets it",
    .serialized,
    .enabled(if: Binary.path != nil, "needs the release binary")
)
struct TLSTests {
    private static let manifest = """
        apiVersion: gatehouse.dev/v1
        kind: Api
        metadata: {name: any}
        spec: {title: Any, team: t, basePath: /any, passthrough: true, access: open, upstream: u}
        ---
        apiVersion: gatehouse.dev/v1
        kind: Upstream
        metadata: {name: u}
        spec: {targets: [{url: "http://127.0.0.1:9"}]}
        """

    private func folder() async throws -> URL {
        let folder = try Stack.makeFolder()
        try Self.manifest.write(to: folder.appending(path: "m.yaml"), atomically: true, encoding: .utf8)
        let compiled = try await Binary.run([
            "compile", "-f", folder.appending(path: "m.yaml").path, "--output",
            folder.appending(path: "m.snapshot").path,
        ])
        try #require(compiled.code == 0, "\(compiled.errors)")
        return folder
    }

    private func certificate(_ name: String, in folder: URL) async throws {
        let made = try await Shell.run(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "9", "-subj",
                "/CN=\(name)", "-addext", "subjectAltName=DNS:\(name).test", "-keyout",
                folder.appending(path: "\(name).key").path, "-out", folder.appending(path: "\(name).crt").path,
            ]
        )
        try #require(made.code == 0, "\(made.errors)")
    }

    private func arguments(_ folder: URL, _ more: String...) -> [String] {
        [
            "gateway", "--snapshot", folder.appending(path: "m.snapshot").path, "--allow-unsigned", "--data-dir",
            folder.appending(path: "data").path, "--gateway-listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0",
            "--loops", "1",
        ] + more
    }

    @Test("the flags give a listener with the certificate, and SIGHUP takes up another one")
    func reload() async throws {
        let folder = try await folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["one", "two"] { try await certificate(name, in: folder) }
        let pair = "\(folder.path)/one.crt:\(folder.path)/one.key"
        let running = try Running(arguments(folder, "--tls-listen", "127.0.0.1:0", "--tls-certificate", pair))
        let port = try await running.line("gateway        https://127.0.0.1:")
        func subject() async throws -> String {
            try await Shell.run("openssl", ["s_client", "-connect", "127.0.0.1:\(port)"], input: Data()).output
        }
        #expect(try await subject().contains("subject=CN = one"))
        let place = ["--cacert", folder.appending(path: "one.crt").path, "--resolve", "one.test:\(port):127.0.0.1"]
        #expect(try await Curl.call("https://one.test:\(port)/none", place).status == 404)
        for ending in ["key", "crt"] {
            let data = try Data(contentsOf: folder.appending(path: "two.\(ending)"))
            try data.write(to: folder.appending(path: "one.\(ending)"), options: .atomic)
        }
        kill(running.identifier, SIGHUP)
        _ = try await Wait.until("the second certificate", within: 60) {
            try await subject().contains("subject=CN = two") ? true : nil
        }
        #expect(try await running.terminate() == 0)
    }

    @Test(
        "a certificate that cannot be served is exit 2 with the file and the reason; so is a setting that makes no sense"
    )
    func refused() async throws {
        let folder = try await folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["one", "two"] { try await certificate(name, in: folder) }
        let (one, two) = ("\(folder.path)/one.crt", "\(folder.path)/two.key")
        let good = "\(one):\(folder.path)/one.key"
        let cases = [
            (["--tls-certificate", "\(one):\(two)"], "the private key does not belong to the certificate"),
            (["--tls-certificate", "\(folder.path)/none.crt"], "none.crt` cannot be read"),
            (["--tls-folder", "\(folder.path)/none"], "cannot be read"),
            (["--tls-listen", "127.0.0.1:0"], "TLS needs a certificate"),
            (["--tls-certificate", good, "--tls-minimum-version", "1.1"], "expected 1.2 or 1.3"),
            (["--tls-certificate", good, "--tls-client-certificates", "require"], "needs --tls-client-ca"),
            (["--tls-certificate", good, "--tls-client-certificates", "maybe"], "expected off, request or require"),
        ]
        for (more, words) in cases {
            let result = try await Binary.run(arguments(folder) + more)
            #expect(result.code == 2, "\(more)")
            #expect(result.errors.contains(words), "\(more): \(result.errors)")
        }
    }
}
