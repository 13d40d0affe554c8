import DocumentTree
import Testing

@testable import PolicyEngine

@Suite("Reports")
struct ReportTests {
    /// Upstream's scenarios that lint one document with one ruleset and print it.
    static let scenarios = [
        "formats/results-default-format-json", "severity/fail-on-error", "severity/stylish-display-proper-names",
        "stdin-document-with-errors", "stdin",
    ]

    @Test("what is printed is what Spectral prints", .enabled(if: !Fixtures.areAbsent), arguments: scenarios)
    func scenario(id: String) throws {
        let file = try #require(try Fixtures.document("spectral-cli/scenarios.json"))
        let scenario = try #require(file.root.elements.first { $0["id"]?.string == id })
        let asset = try #require(scenario["assets"]?.entries.first { $0.key.hasPrefix("ruleset") })
        let text = try #require(asset.value.string)
        let ruleset = try Ruleset.read(Array(text.utf8), name: asset.key)
        let expected = try #require(scenario["stdout"]?.string)
        let name = expected.contains("<STDIN>") ? "<STDIN>" : "{document}"
        let document = try Document.read(scenario["document"]?.string ?? "", name: name, syntax: .yaml)
        let findings = Linter(ruleset, ignoresUnknownFormat: true).lint(document).findings
        if id.hasSuffix("json") {
            let printed = try JSONValue.read(JSONReport().text(findings))
            #expect(try printed == JSONValue.read(expected))
        } else {
            #expect(trimmed(StylishReport().text(findings)) == trimmed(expected))
        }
    }

    private func trimmed(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init).drop(while: \.isEmpty).reversed()
            .drop(while: \.isEmpty).reversed().joined(separator: "\n")
    }

    @Test("colours are escapes, and text from a document cannot write its own")
    func colors() throws {
        let document = try Document.read("a: \"x\\e[31m\\ny\"", name: "a.yaml")
        let ruleset = try Ruleset.read("rules: {r: {message: '{{value}}', given: $.a, then: {function: falsy}}}")
        let findings = Linter(ruleset, ignoresUnknownFormat: true).lint(document).findings.filter { $0.code == "r" }
        #expect(StylishReport(isColored: true).text(findings).contains("\u{1B}[33mwarning\u{1B}[0m"))
        let plain = StylishReport().text(findings)
        #expect(!plain.contains("\u{1B}"))
        #expect(plain.contains("x [31m y"))
    }
}
