import Foundation
import Testing

@Suite("gatehouse diff", .enabled(if: Binary.path != nil, "needs the release binary"))
struct DiffTests {
    private static let base = """
        openapi: 3.0.3
        info: {title: Pets, version: 1.0.0}
        paths:
          /pets:
            get:
              operationId: listPets
              parameters:
                - {name: limit, in: query, schema: {type: integer}}
              responses: {'200': {description: ok}}
          /pets/{id}:
            parameters:
              - {name: id, in: path, required: true, schema: {type: string}}
            delete:
              operationId: removePet
              responses: {'204': {description: gone}}

        """

    /// The same with more, and a later version that says so.
    private static let grown = base.replacingOccurrences(of: "1.0.0", with: "1.1.0").replacingOccurrences(
        of: "    delete:",
        with: "    get: {operationId: getPet, responses: {'200': {description: ok}}}\n    delete:"
    )

    /// Without one of its operations, and a version that does not tell.
    private static let broken = base.replacingOccurrences(of: "1.0.0", with: "1.0.1").replacingOccurrences(
        of: "    delete:\n      operationId: removePet\n      responses: {'204': {description: gone}}\n",
        with: "    get: {operationId: getPet, responses: {'200': {description: ok}}}\n"
    )

    private struct Files {
        let folder: URL

        init(_ texts: [String: String]) throws {
            folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-diff-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for (name, text) in texts {
                try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
            }
        }

        subscript(_ name: String) -> String { folder.appending(path: name).path }
        func remove() throws { try FileManager.default.removeItem(at: folder) }
    }

    private let files: Files

    init() throws {
        files = try Files(["base.yaml": Self.base, "grown.yaml": Self.grown, "broken.yaml": Self.broken])
    }

    private func json(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test("the same document twice, also from stdin, is no change and exit code 0")
    func identical() async throws {
        let twice = try await Binary.run(["diff", files["base.yaml"], files["base.yaml"]])
        #expect(twice.code == 0 && twice.output == "no changes: both documents say the same\n", "\(twice)")
        let stdin = try await Binary.run(["diff", "-", files["base.yaml"]], input: Data(Self.base.utf8))
        #expect(stdin.code == 0 && stdin.output == twice.output, "\(stdin)")
        let both = try await Binary.run(["diff", "-", "-"], input: Data(Self.base.utf8))
        #expect(both.code == 2 && both.errors.contains("only one of the two"), "\(both)")
        try files.remove()
    }

    @Test("additions end with 0, a removal with 1; json says what changed, where, and which step it asks for")
    func changes() async throws {
        let grown = try await Binary.run(["diff", files["base.yaml"], files["grown.yaml"], "--format", "json"])
        #expect(grown.code == 0, "\(grown)")
        #expect(try json(grown.output)["requiredBump"] as? String == "minor")
        let broken = try await Binary.run(["diff", files["base.yaml"], files["broken.yaml"], "--format", "json"])
        #expect(broken.code == 1, "\(broken)")
        let report = try json(broken.output)
        #expect(report["requiredBump"] as? String == "major")
        let changes = try #require(report["changes"] as? [[String: Any]])
        let removed = try #require(changes.first { $0["id"] as? String == "api-removed-without-deprecation" })
        #expect(removed["level"] as? String == "error" && removed["method"] as? String == "DELETE")
        #expect(removed["path"] as? String == "/pets/{id}" && removed["operationId"] as? String == "removePet")
        #expect((removed["base"] as? [String: Any])?["line"] is Int && removed["revision"] == nil)
        try files.remove()
    }

    @Test("every format is written, to stdout and to a file")
    func formats() async throws {
        let starts = [
            "text": "DELETE /pets/{id}", "json": "{", "markdown": "## Changes from `1.0.0` to `1.0.1`", "sarif": "{",
            "github": "::error file=", "html": "<!doctype html>",
        ]
        for (format, start) in starts {
            let arguments = ["diff", files["base.yaml"], files["broken.yaml"], "--format", format]
            let direct = try await Binary.run(arguments)
            #expect(direct.code == 1 && direct.output.hasPrefix(start), "\(format): \(direct.output.prefix(200))")
            let file = files["out.\(format)"]
            let written = try await Binary.run(arguments + ["--output", file])
            #expect(written.code == 1 && written.output.isEmpty, "\(written)")
            #expect(try String(contentsOfFile: file, encoding: .utf8) == direct.output)
        }
        try files.remove()
    }

    @Test("a declared version that does not tell the truth is refused with the step that does")
    func versionBump() async throws {
        let good = try await Binary.run(["diff", files["base.yaml"], files["grown.yaml"], "--version-bump"])
        #expect(good.code == 0 && good.errors.contains("the changes ask for a minor step"), "\(good)")
        let bad = try await Binary.run(["diff", files["base.yaml"], files["broken.yaml"], "--version-bump"])
        #expect(bad.code == 1 && bad.output.contains("api-major-version-not-bumped"), "\(bad)")
        #expect(bad.output.contains("such as `2.0.0`") && bad.output.contains("api-removed-without-deprecation"))
        try files.remove()
    }

    @Test("ignore and severity files decide the exit code; an entry that hides nothing is told with its line")
    func judgement() async throws {
        let given = try Files([
            "ignore.yaml":
                "- id: api-removed-without-deprecation\n  operation: DELETE /pets/{petId}\n- endpoint-added\n- api-tag-added\n",
            "typo.yaml": "- api-removed-without-deprecatoin\n", "levels": "api-removed-without-deprecation warn\n",
        ])
        let arguments = ["diff", files["base.yaml"], files["broken.yaml"]]
        let ignored = try await Binary.run(arguments + ["--ignore", given["ignore.yaml"]])
        #expect(ignored.code == 0, "\(ignored)")
        #expect(ignored.errors.contains("ignore.yaml:4:3") && ignored.errors.contains("ignores nothing"), "\(ignored)")
        let typo = try await Binary.run(arguments + ["--ignore", given["typo.yaml"]])
        #expect(typo.code == 2 && typo.errors.contains("typo.yaml:1:3"), "\(typo)")
        #expect(typo.errors.contains("did you mean `api-removed-without-deprecation`?"))
        let softened = try await Binary.run(arguments + ["--severity", given["levels"]])
        #expect(softened.code == 0 && softened.output.contains("warning"), "\(softened)")
        let strict = try await Binary.run(arguments + ["--severity", given["levels"], "--fail-on", "warning"])
        #expect(strict.code == 1, "\(strict)")
        try given.remove()
        try files.remove()
    }

    @Test("what cannot be compared ends with 2 and names file, place and reason")
    func unreadable() async throws {
        let given = try Files([
            "broken.yaml": "a: [1, 2", "other.yaml": "hello: world",
            "external.yaml": Self.base + "  /x: {$ref: 'other.yaml#/x'}\n",
        ])
        let expected = [
            ("broken.yaml", "broken.yaml:1:"), ("other.yaml", "not-openapi"),
            ("external.yaml", "external-reference-refused"), ("missing.yaml", "cannot read"),
        ]
        for (name, text) in expected {
            let result = try await Binary.run(["diff", files["base.yaml"], given[name]])
            #expect(result.code == 2 && result.errors.contains(text) && result.output.isEmpty, "\(name): \(result)")
        }
        #expect(try await Binary.run(["diff", files["base.yaml"]]).code == 2)
        try given.remove()
        try files.remove()
    }
}
