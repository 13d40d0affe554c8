import DocumentTree
import SpecDiff
import Testing

private let known: Set<String> = [
    "request-parameter-removed", "response-property-became-nullable", "api-tag-added",
    "request-parameter-became-required",
]

@Suite("Ignore files")
struct IgnoreFileTests {
    let samples: ReportSamples

    init() throws { samples = try ReportSamples() }

    private func read(_ text: String) throws(JudgementRejected) -> IgnoreFile {
        try IgnoreFile.read(Array(text.utf8), name: "ignore.yaml", knownIDs: known)
    }

    private func complaints(_ text: String) -> [String] {
        do {
            _ = try read(text)
            return []
        } catch {
            return error.findings.map {
                "\($0.range.start.line + 1) \($0.code): \($0.message)\($0.help.map { "; \($0)" } ?? "")"
            }
        }
    }

    @Test("a check hides all its changes, a fingerprint one; what is left asks for its own step")
    func byCheckAndFingerprint() throws {
        let file = try read("- request-parameter-removed\n- fingerprint: fedcba9876543210\n  reason: agreed\n")
        #expect(file.entries.map(\.reason) == [nil, "agreed"])
        let outcome = file.apply(to: try samples.report())
        #expect(outcome.report.changes.map(\.id) == ["api-tag-added"])
        #expect(outcome.report.requiredBump < .major)
        #expect(outcome.hiddenCount == 2 && outcome.unused.isEmpty)
    }

    @Test(
        "an operation hides its part of a shared change alone, whatever the names of its parameters",
        arguments: ["GET /pets/{id}", "get /pets/{petId}", "/pets/{x}", "getPet"]
    )
    func byOperation(_ operation: String) throws {
        let file = try read("ignore:\n  - {id: response-property-became-nullable, operation: '\(operation)'}\n")
        let outcome = file.apply(to: try samples.report())
        #expect(outcome.hiddenCount == 0 && outcome.unused.isEmpty)
        let shared = try #require(outcome.report.changes.first)
        #expect(shared.level == .error && shared.sites.count == 4)
        #expect(!shared.sites.contains { $0.path == "/pets/{petId}" })
    }

    @Test("a shared change without its worst operations weighs as those that are left")
    func worstHidden() throws {
        let paths = ["/owners", "/pets", "/pets/{petId}", "/shops"]
        let file = try read(paths.map { "- operation: GET \($0)\n" }.joined())
        let outcome = file.apply(to: try samples.report())
        let shared = try #require(outcome.report.changes.first { $0.id == "response-write-only" })
        #expect(shared.level == .information && shared.sites.map(\.path) == ["/old"])
        #expect(!outcome.report.changes.contains { $0.id == "request-parameter-removed" })
        #expect(outcome.hiddenCount == 1 && outcome.unused.isEmpty)
        #expect(outcome.report.requiredBump < .major)
    }

    @Test("entries that hide nothing are named with their place; one that fits is used even behind another")
    func unused() throws {
        let file = try read(
            "- api-tag-added\n- id: api-tag-added\n  operation: GET /pets\n- operation: GET /none\n"
                + "- id: request-parameter-became-required\n- id: api-tag-added\n"
        )
        let outcome = file.apply(to: try samples.report())
        #expect(
            outcome.unused.map { "\($0.source):\($0.range.start.line + 1) \($0.message)" } == [
                "ignore.yaml:2 this entry ignores nothing: `api-tag-added`, operation `GET /pets`",
                "ignore.yaml:4 this entry ignores nothing: operation `GET /none`",
                "ignore.yaml:5 this entry ignores nothing: `request-parameter-became-required`",
            ]
        )
        #expect(outcome.unused.allSatisfy { $0.severity == .warning })
        let nothing = try read("[]").apply(to: try samples.report())
        #expect(nothing.report == (try samples.report()) && nothing.hiddenCount == 0)
    }

    @Test(
        "what cannot be understood is refused with its line",
        arguments: [
            (
                "- request-paramter-removed",
                "1 unknown-check: there is no check `request-paramter-removed`; did you mean `request-parameter-removed`?"
            ),
            ("- id: zzz", "1 unknown-check: there is no check `zzz`"),
            (
                "- api-tag-added\n- id: api-tag-added\n  operatoin: x",
                "3 ignore-file: an entry has no member `operatoin`; did you mean `operation`?"
            ),
            (
                "- reason: all",
                "1 ignore-file: an entry without `id`, `operation` and `fingerprint` would hide everything"
            ),
            ("- {}", "1 ignore-file: an entry without `id`, `operation` and `fingerprint` would hide everything"),
            ("- [a]", "1 ignore-file: an entry is a check, or a mapping with `id`, `operation` or `fingerprint`"),
            ("- operation: {a: b}", "1 ignore-file: `operation` is a text"),
            ("- fingerprint: 0123456789ABCDEF", "1 ignore-file: `fingerprint` is 16 digits, `0` to `9` and `a` to `f`"),
            ("just text", "1 ignore-file: an ignore file is a list of entries, or has one under `ignore`"),
            ("ignore: []\nextra: 1", "2 ignore-file: there is no member `extra` here"),
            ("- id: api-tag-added\n  id: api-tag-added", "2 parser"), ("- [", "parser"), ("", "empty-document"),
        ]
    )
    func refused(_ text: String, _ expected: String) {
        let complaints = complaints(text)
        #expect(complaints.contains { $0.contains(expected) }, "\(complaints)")
    }
}

@Suite("Severity files")
struct SeverityFileTests {
    private func read(_ text: String) throws(JudgementRejected) -> [String: ChangeLevel?] {
        try SeverityFile.read(Array(text.utf8), name: "levels", knownIDs: known).levels
    }

    @Test(
        "a mapping and oasdiff's lines say the same",
        arguments: [
            "request-parameter-removed: error\napi-tag-added: none\nrequest-parameter-became-required: info\n",
            "{\"request-parameter-removed\": \"ERR\", \"api-tag-added\": \"none\", \"request-parameter-became-required\": \"info\"}",
            "# ours\nrequest-parameter-removed err\n\napi-tag-added\t NONE # noise\r\n  request-parameter-became-required INFO",
        ]
    )
    func forms(_ text: String) throws {
        let expected: [String: ChangeLevel?] = [
            "request-parameter-removed": .error, "api-tag-added": nil,
            "request-parameter-became-required": .information,
        ]
        #expect(try read(text) == expected)
    }

    @Test("a file of comments changes nothing") func empty() throws {
        #expect(try read("# nothing\n\n") == [:])
    }

    @Test(
        "what cannot be understood is refused with its line",
        arguments: [
            (
                "api-tag-added: info\nrequest-parameter-remove: none",
                "2 unknown-check: there is no check `request-parameter-remove`; did you mean `request-parameter-removed`?"
            ),
            ("api-tag-added: fatal", "1 severity-file: `fatal` is no level: `error`, `warning`, `info` or `none` is"),
            ("api-tag-added: null", "1 severity-file: `null` is no level"),
            ("api-tag-added: [error]", "1 severity-file: this is no level"),
            ("- api-tag-added", "1 severity-file: a severity file is a mapping of checks to levels"),
            ("api-tag-added: info\napi-tag-added: none", "2 parser"),
            ("api-tag-added info\napi-tag-added none", "2 severity-file: `api-tag-added` stands in the file twice"),
            (
                "api-tag-added info\n\napi-tag-adde none",
                "3 unknown-check: there is no check `api-tag-adde`; did you mean `api-tag-added`?"
            ),
            (
                "api-tag-added info\napi-tag-added",
                "2 severity-file: a line is a check and a level, this one has 1 words"
            ),
            ("api-tag-added loud", "1 severity-file: `loud` is no level"),
        ]
    )
    func refused(_ text: String, _ expected: String) {
        do {
            let levels = try read(text)
            Issue.record("read as \(levels)")
        } catch {
            let complaints = error.findings.map {
                "\($0.range.start.line + 1) \($0.code): \($0.message)\($0.help.map { "; \($0)" } ?? "")"
            }
            #expect(complaints.contains { $0.hasPrefix(expected) }, "\(complaints)")
        }
    }
}
