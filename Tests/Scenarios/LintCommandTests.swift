import Foundation
import Testing

/// `gatehouse lint` as scripts use it.
@Suite("The lint command", .enabled(if: Binary.path != nil, "needs the release binary"))
struct LintCommandTests {
    private static let ruleset = "rules: {r: {given: $..title, then: {function: falsy}}}\n"

    /// Runs in a folder with files, and gives the result and the folder's reports.
    private func lint(
        _ arguments: [String],
        _ files: [String: String] = [:],
        input: String? = nil,
        reading report: String? = nil
    ) async throws -> (code: Int32, output: String, errors: String, report: String?) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-lint-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files.merging(["r.yaml": Self.ruleset], uniquingKeysWith: { first, _ in first }) {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
        let result = try await Shell.run(
            try #require(Binary.path),
            ["lint"] + arguments,
            input: input.map { Data($0.utf8) },
            in: folder
        )
        let text = report.flatMap { try? String(contentsOf: folder.appending(path: $0), encoding: .utf8) }
        return (result.code, result.output, result.errors, text)
    }

    @Test("patterns find documents in every folder, none twice, sorted by source")
    func patterns() async throws {
        let files = [
            "b/x.yaml": "title: 1", "a.yaml": "title: 1", "b/c/y.yaml": "title: 1", "b/z.json": "{}",
            "node_modules/m.yaml": "title: 1", ".hidden/h.yaml": "title: 1",
        ]
        let result = try await lint(["**/*.yaml", "a.yaml", "-r", "r.yaml", "-f", "text"], files)
        #expect(
            result.output == """
                a.yaml:1:8 warning r ""title" property must be falsy"
                b/c/y.yaml:1:8 warning r ""title" property must be falsy"
                b/x.yaml:1:8 warning r ""title" property must be falsy"

                """
        )
        #expect(result.code == 0)
    }

    @Test("the exit code is 1 from the chosen severity up, 2 for what cannot be read or understood")
    func exitCodes() async throws {
        let files = [
            "a.yaml": "title: 1", "bad.yaml": "a: [", "bad.ruleset.yaml": "rulez: {}",
            "rules.js": "module.exports = {}",
        ]
        let cases: [([String], Int32)] = [
            (["a.yaml", "-r", "r.yaml"], 0), (["a.yaml", "-r", "r.yaml", "-F", "warn"], 1),
            (["a.yaml", "-r", "r.yaml", "--fail-severity=hint"], 1), (["bad.yaml", "-r", "r.yaml"], 2),
            (["gone.yaml", "-r", "r.yaml"], 2), (["a.yaml", "-r", "gone.yaml"], 2),
            (["a.yaml", "-r", "bad.ruleset.yaml"], 2),
            (["a.yaml", "-r", "rules.js"], 2), (["a.yaml", "-r", "https://example.com/r.yaml"], 2),
            (["*.json", "-r", "r.yaml"], 0), (["*.json", "-r", "r.yaml", "--fail-on-unmatched-globs"], 2),
            (["a.yaml", "-r", "r.yaml", "--nonsense"], 2), (["a.yaml", "-r", "r.yaml", "-F", "fatal"], 2),
            (["a.yaml", "-r", "r.yaml", "--resolver", "x.js"], 2), (["{a", "-r", "r.yaml"], 2),
            ([".", "-r", "r.yaml"], 2),
        ]
        for (arguments, code) in cases {
            let result = try await lint(arguments, files)
            #expect(result.code == code, "\(arguments): \(result.errors)")
            #expect(
                code != 2 || !result.errors.isEmpty || result.output.contains("parser"),
                "\(arguments) says nothing"
            )
        }
    }

    @Test("several formats go to files of their own, the rest to stdout")
    func outputs() async throws {
        let files = ["a.yaml": "title: 1"]
        let both = try await lint(
            ["a.yaml", "-r", "r.yaml", "-f", "json", "-f", "text", "-o.json", "out.json"],
            files,
            reading: "out.json"
        )
        #expect(both.output.hasPrefix("a.yaml:1:8 warning r"))
        #expect(both.report?.contains("\"code\": \"r\"") == true)
        let one = try await lint(["a.yaml", "-r", "r.yaml", "-f", "json", "--output=o.json"], files, reading: "o.json")
        #expect(one.output.isEmpty && one.report?.hasPrefix("[") == true)
        let long = try await lint(
            ["a.yaml", "-r", "r.yaml", "-f", "json", "--output.json", "o.json"],
            files,
            reading: "o.json"
        )
        #expect(long.output.isEmpty && long.report?.hasPrefix("[") == true)
        for wrong in [
            ["-f", "json", "-f", "text", "-o", "x"], ["-f", "json", "-o.text", "x"], ["-f", "json", "-f", "json"],
            ["-f", "json", "-o", "x", "-o.json", "y"], ["-f", "paper"],
        ] {
            #expect(try await lint(["a.yaml", "-r", "r.yaml"] + wrong, files).code == 2, "\(wrong)")
        }
    }

    @Test("a report replaces a file and nothing else: pipes and links stay what they are")
    func outputKinds() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-lint-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(Self.ruleset.utf8).write(to: folder.appending(path: "r.yaml"))
        try Data("title: 1".utf8).write(to: folder.appending(path: "a.yaml"))
        let script = """
            mkfifo pipe; cat pipe > seen & touch real; ln -s real link
            "$0" lint a.yaml -r r.yaml -f text -o pipe; "$0" lint a.yaml -r r.yaml -f text -o link; wait
            test -p pipe && test -L link && grep -q 'warning r' seen && grep -q 'warning r' real && echo kept
            mkdir dir; "$0" lint a.yaml -r r.yaml -o dir; echo $?
            """
        let result = try await Shell.run("bash", ["-c", script, try #require(Binary.path)], in: folder)
        #expect(result.output == "kept\n2\n", "\(result.errors)")
    }

    @Test("only what fails is shown on demand, and nothing but findings when quiet")
    func shown() async throws {
        let files = ["a.yaml": "title: 1", "clean.yaml": "a: 1"]
        let failures = try await lint(["a.yaml", "-r", "r.yaml", "-D"], files)
        #expect(failures.output == "No results with a severity of 'error' found!\n" && failures.code == 0)
        let warnings = try await lint(["clean.yaml", "-r", "r.yaml", "-F", "warn"], files)
        #expect(warnings.output == "No results with a severity of 'warn' or higher found!\n")
        #expect(try await lint(["clean.yaml", "-r", "r.yaml", "-q"], files).output.isEmpty)
        let verbose = try await lint(["clean.yaml", "-r", "r.yaml", "-v"], files)
        #expect(verbose.errors.contains("1 of 1 rules"))
    }

    @Test("stdin is read without a file or for -, under the path it stands for")
    func stdin() async throws {
        let override = Self.ruleset + "overrides: [{files: ['api/*.yaml'], rules: {r: error}}]"
        let plain = try await lint(["-r", "r.yaml", "-f", "text"], input: "title: 1")
        #expect(plain.output.hasPrefix("<STDIN>:1:8 warning r"))
        let named = try await lint(
            ["-", "-r", "r.yaml", "-f", "text", "--stdin-filepath", "api/a.yaml"],
            ["r.yaml": override],
            input: "title: 1"
        )
        #expect(named.output.hasPrefix("api/a.yaml:1:8 error r") && named.code == 1)
    }

    @Test("overrides are relative to the ruleset, and a ruleset found above the document is used")
    func overrides() async throws {
        let files = [
            ".spectral.yaml": Self.ruleset + "overrides: [{files: ['api/v1/*.yaml'], rules: {r: off}}]",
            "api/v1/a.yaml": "title: 1", "api/v2/a.yaml": "title: 1",
        ]
        let result = try await lint(["api/**/*.yaml", "-f", "text"], files)
        #expect(result.output.split(separator: "\n").map { $0.prefix(13) } == ["api/v2/a.yaml"], "\(result.errors)")
        let program = try await lint(["a.yaml"], ["a.yaml": "a: 1", ".spectral.js": "module.exports = {}"])
        #expect(program.code == 2 && program.errors.contains("JavaScript"))
    }

    @Test("files of the document's folder are followed, a link out of it is not")
    func files() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-lint-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let inner = folder.appending(path: "in/models")
        try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
        let texts = [
            "r.yaml": Self.ruleset, "secret.yaml": "title: 1", "in/models/m.yaml": "M: {title: 1}",
            "in/a.yaml": "a: {$ref: models/m.yaml#/M}\nb: {$ref: link.yaml}\nc: {$ref: ../secret.yaml}",
        ]
        for (name, text) in texts { try Data(text.utf8).write(to: folder.appending(path: name)) }
        try FileManager.default.createSymbolicLink(
            atPath: folder.appending(path: "in/link.yaml").path,
            withDestinationPath: "../secret.yaml"
        )
        let result = try await Shell.run(
            try #require(Binary.path),
            ["lint", "in/a.yaml", "-r", "r.yaml", "-f", "text"],
            in: folder
        )
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == 3, "\(result.output)")
        #expect(lines.first?.hasPrefix("in/a.yaml:2:11 error external-reference-refused") == true)
        #expect(lines.first?.contains("symbolic link") == true)
        #expect(lines.last?.hasPrefix("in/models/m.yaml:1:12 warning r") == true)
        #expect(result.code == 1)
    }

    @Test("an encoding other than UTF-8 is read where it is named")
    func encoding() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-lint-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data("rules: {r: {message: '{{value}}', given: $.title, then: {function: falsy}}}".utf8)
            .write(to: folder.appending(path: "r.yaml"))
        try Data([0x74, 0x69, 0x74, 0x6C, 0x65, 0x3A, 0x20, 0xE9]).write(to: folder.appending(path: "a.yaml"))
        let binary = try #require(Binary.path)
        let plain = try await Shell.run(binary, ["lint", "a.yaml", "-r", "r.yaml"], in: folder)
        #expect(plain.code == 2)
        let latin = try await Shell.run(
            binary,
            ["lint", "a.yaml", "-r", "r.yaml", "-f", "text", "-e", "latin1"],
            in: folder
        )
        #expect(latin.output.contains("\"é\""))
    }
}
