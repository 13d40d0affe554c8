import DocumentTree
import Foundation
import Testing

@Suite("gatehouse rules, and the formats of lint", .enabled(if: Binary.path != nil, "needs the release binary"))
struct RulesTests {
    private let policies = Binary.root.appending(path: "policies")
    private let document = Binary.root.appending(path: "specs/gatehouse.yaml").path

    @Test("list names every rule, and show says all of one")
    func listAndShow() async throws {
        let names = try await Binary.run(["rules", "list", "-o", "name"]).output.split(separator: "\n")
        #expect(names.count == 125 && Set(names).count == 125)
        let list = try JSONValue.read(
            try await Binary.run(["rules", "list", "--ruleset", "spectral:owasp", "-o", "json"]).output
        )
        #expect(list.array?.count == 32 && list[0]?["ruleset"]?.string == "spectral:owasp")
        let shown = try JSONValue.read(try await Binary.run(["rules", "show", "path-params", "-o", "json"]).output)
        for member in ["description", "remediation", "documentationUrl", "severity", "given", "then"] {
            #expect(shown[member] != nil, "\(member)")
        }
        #expect(try await Binary.run(["rules", "show", "path-params"]).output.contains("Put right by"))
        #expect(try await Binary.run(["rules", "show", "no-such-rule"]).code == 2)
    }

    @Test("the built-in rulesets pass their own fixtures", arguments: ["oas", "owasp", "house"])
    func builtIn(name: String) async throws {
        let file = policies.appending(path: "\(name).ruleset.yaml").path
        let result = try await Binary.run(["rules", "test", file, "--mutate"])
        #expect(result.code == 0, "\(result.output)")
        #expect(result.output.contains("weaker forms noticed (100.0 %)"))
    }

    @Test("a rule without fixtures, and one that finds nothing, end with exit code 1")
    func failing() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rules-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        func write(_ path: String, _ text: String) throws {
            let file = folder.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
        try write("my.ruleset.yaml", "rules: {no-a: {given: $.a, then: {function: falsy}}}")
        let file = folder.appending(path: "my.ruleset.yaml").path
        #expect(try await Binary.run(["rules", "test", file]).code == 2)
        try write("fixtures/my/no-a/good.yaml", "b: 1\n")
        let lacking = try await Binary.run(["rules", "test", file])
        #expect(lacking.code == 1 && lacking.output.contains("there is no bad.yaml in no-a/"))
        try write("fixtures/my/no-a/bad.yaml", "a: 1\n")
        #expect(try await Binary.run(["rules", "test", file, "--mutate"]).code == 0)
        try write("fixtures/my/no-a/good.yaml", "a: 1\n")
        let wrong = try JSONValue.read(try await Binary.run(["rules", "test", file, "-o", "json"]).output)
        #expect(wrong["isSound"]?.bool == false && wrong["rules"]?[0]?["failures"]?.array?.count == 1)
        #expect(try await Binary.run(["rules", "test", "spectral:oas"]).code == 2)
    }

    @Test(
        "every format is written, the same every time",
        arguments: ["stylish", "json", "sarif", "junit", "github", "gitlab", "markdown", "html"]
    )
    func formats(format: String) async throws {
        let first = try await Binary.run(["lint", document, "--format", format])
        #expect(first.code == 0 && !first.output.isEmpty, "\(first.errors)")
        #expect(try await Binary.run(["lint", document, "--format", format]).output == first.output)
        if ["json", "sarif", "gitlab"].contains(format) { _ = try JSONValue.read(first.output) }
    }

    @Test("our own description has no error")
    func ownDescription() async throws {
        #expect(try await Binary.run(["lint", document, "--ruleset", "gatehouse:recommended"]).code == 0)
        let unknown = try await Binary.run(["lint", document, "--format", "xml"])
        #expect(unknown.code == 2 && unknown.errors.contains("sarif"))
    }
}
