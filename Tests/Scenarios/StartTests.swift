import Foundation
import Testing

/// What the program needs to start, and the short way that `lint` takes.
@Suite("The start of the program", .enabled(if: Binary.path != nil, "needs the release binary"))
struct StartTests {
    private static let files = [
        "a.yaml": "openapi: 3.1.0\ninfo: {title: 1}\n", "b.json": "{\"title\": 1}", "bad.yaml": "a: [",
        "r.yaml": "rules: {r: {given: $..title, severity: warn, then: {function: falsy}}}\n",
        "none.yaml": "rules: {}\n",
    ]

    /// Runs a body in a folder with files.
    private func inFolder<Value>(_ body: (URL) async throws -> Value) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-start-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in Self.files { try Data(text.utf8).write(to: folder.appending(path: name)) }
        return try await body(folder)
    }

    @Test(
        "a plain lint is read without the general parser and means what that makes of it",
        arguments: [
            ["a.yaml", "-r", "r.yaml"],
            ["--ruleset", "r.yaml", "--format", "json", "a.yaml"],
            ["-r", "r.yaml", "-f", "text", "a.yaml", "b.json", "--ignore-unknown-format"],
            ["a.yaml", "-r", "r.yaml", "-r", "spectral:oas", "-f", "json", "-f", "text"],
            ["a.yaml", "-r", "r.yaml", "-F", "warn", "-D", "-D"],
            ["a.yaml", "--ruleset", "r.yaml", "--fail-severity", "hint", "--display-only-failures", "-v"],
            ["*.yaml", "gone-*.json", "-r", "r.yaml", "--verbose"],
            ["gone-*.json", "-r", "r.yaml", "--fail-on-unmatched-globs"],
            ["a.yaml", "-r", "none.yaml", "-q"], ["a.yaml", "-r", "none.yaml", "--quiet", "-f", "text"],
            ["bad.yaml", "-r", "r.yaml"], ["a.yaml", "-r", "gone.yaml"], ["gone.yaml", "-r", "r.yaml"], ["."],
            ["a.yaml", "-r", "r.yaml", "-o", "report", "-f", "json"],
            ["a.yaml", "-r", "r.yaml", "--output", "a/report"],
            // Left to the general parser, which has something to say about most of them.
            ["a.yaml", "-r"], ["a.yaml", "-f", "nonsense"], ["a.yaml", "-f", "json", "-f", "json"],
            ["a.yaml", "-F", "fatal"],
            ["a.yaml", "-r", "r.yaml", "-o", "report", "-f", "json", "-f", "text"],
            ["a.yaml", "-r", "r.yaml", "-F", "warn", "-F", "hint"],
            ["a.yaml", "-r", "r.yaml", "-qv"], ["a.yaml", "-r=r.yaml"], ["", "-r", "r.yaml"], ["a.yaml", "-r", ""],
            ["--", "a.yaml"],
            ["a.yaml", "-r", "r.yaml", "--nonsense", "x"], ["a.yaml", "-r", "r.yaml", "-o", "one", "-o", "two"],
        ]
    )
    func plain(_ arguments: [String]) async throws {
        try await inFolder { folder in
            let report = folder.appending(path: "report")
            var runs: [Binary.Result] = []
            var reports: [Data?] = []
            // The first is read by itself where it is plain; an option that changes nothing leads the second to the parser.
            for line in [arguments, ["--encoding", "utf8"] + arguments] {
                runs.append(try await Shell.run(try #require(Binary.path), ["lint"] + line, in: folder))
                reports.append(try? Data(contentsOf: report))
                try? FileManager.default.removeItem(at: report)
            }
            #expect(runs[0].code == runs[1].code)
            #expect(runs[0].output == runs[1].output)
            #expect(runs[0].errors == runs[1].errors)
            #expect(reports[0] == reports[1])
        }
    }

    @Test("without OpenSSL everything but TLS works, and TLS says what to install")
    func withoutOpenSSL() async throws {
        try await inFolder { folder in
            try Data("no library".utf8).write(to: folder.appending(path: "libssl.so.3"))
            let environment = ["LD_LIBRARY_PATH": folder.path]
            let lint = try await Binary.run(
                ["lint", folder.appending(path: "a.yaml").path, "-r", folder.appending(path: "none.yaml").path],
                environment: environment
            )
            #expect(lint.code == 0, "\(lint.errors)")
            let (certificate, key) = (folder.appending(path: "shop.crt").path, folder.appending(path: "shop.key").path)
            try Data("none".utf8).write(to: URL(filePath: certificate))
            try Data("none".utf8).write(to: URL(filePath: key))
            let snapshot = folder.appending(path: "none.snapshot").path
            let gateway = [
                "gateway", "--snapshot", snapshot, "--allow-unsigned", "--data-dir", folder.path + "/data",
                "--tls-listen", "127.0.0.1:0", "--tls-certificate", "\(certificate):\(key)",
            ]
            let refused = try await Binary.run(gateway, environment: environment)
            #expect(refused.code == 2)
            #expect(refused.errors.contains("install Debian's package `libssl3`"), "\(refused.errors)")
            // The near miss: with the library it is the certificate that is no good.
            let near = try await Binary.run(gateway)
            #expect(near.code == 2)
            #expect(!near.errors.contains("libssl3") && near.errors.contains("certificate"), "\(near.errors)")
        }
    }

    @Test("without libpq everything but the database works, and the database says what to install")
    func withoutClientLibrary() async throws {
        try await inFolder { folder in
            try Data("no library".utf8).write(to: folder.appending(path: "libpq.so.5"))
            let environment = ["LD_LIBRARY_PATH": folder.path, "PGCONNECT_TIMEOUT": "1"]
            let lint = try await Binary.run(
                ["lint", folder.appending(path: "a.yaml").path, "-r", folder.appending(path: "none.yaml").path],
                environment: environment
            )
            #expect(lint.code == 0, "\(lint.errors)")
            let database = ["--database-url", "postgresql://nobody@127.0.0.1:1/none"]
            let migrate = try await Binary.run(["migrate", "status"] + database, environment: environment)
            #expect(migrate.code == 3)
            #expect(migrate.errors.contains("install Debian's package `libpq5`"), "\(migrate.errors)")
            #expect(migrate.errors.contains("libpq.so.5"), "\(migrate.errors)")
            // A database that only the variables name is no different.
            let named = environment.merging(["PGHOST": "127.0.0.1", "PGPORT": "1"]) { $1 }
            for command in [["migrate"], ["migrate", "status"]] {
                let result = try await Binary.run(command, environment: named)
                #expect(result.code == 3)
                #expect(result.errors.contains("install Debian's package `libpq5`"), "\(result.errors)")
            }
            // The near miss: with the library it is the server that is missing.
            let near = try await Binary.run(["migrate", "status"] + database)
            #expect(near.code == 3)
            #expect(!near.errors.contains("libpq5"), "\(near.errors)")
        }
    }
}
