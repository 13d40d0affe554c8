import DocumentTree
import Foundation
import Testing

@testable import PolicyEngine

@Suite("Overrides")
struct RulesetOverrideTests {
    private func severities(_ ruleset: Ruleset, file: String, _ text: String) throws -> [String] {
        let document = try Document.read(text, name: file)
        let report = Linter(ruleset.applyingOverrides(toFile: file), ignoresUnknownFormat: true).lint(document)
        return report.findings.map { "\(LintText.pointer($0.path)) \($0.code) \($0.severity.rawValue)" }
    }

    private static let base = """
        rules:
          title: {given: $..title, then: {function: falsy}}
          text: {given: $..text, severity: hint, then: {function: falsy}}

        """

    @Test("entries for a file are applied in order, and only to files that they name")
    func order() throws {
        let ruleset = try Ruleset.read(
            Self.base + """
                overrides:
                  - {files: ['**/*.yaml'], rules: {title: error}}
                  - {files: ['old/*.yaml'], rules: {title: off, text: false}}
                  - {files: ['old/b.yaml', 'new/c.yaml'], rules: {title: info, more: {given: $.a, then: {function: falsy}}}}
                """
        )
        let text = "{title: 1, text: 1, a: 1}"
        #expect(try severities(ruleset, file: "x.yaml", text) == ["#/title title 0", "#/text text 3"])
        #expect(try severities(ruleset, file: "old/a.yaml", text) == [])
        #expect(try severities(ruleset, file: "old/b.yaml", text) == ["#/title title 2", "#/a more 1"])
        #expect(try severities(ruleset, file: "x.json", #"{"title": 1}"#) == ["#/title title 1"])
        #expect(ruleset.hasOverrides && !ruleset.applyingOverrides(toFile: "x.yaml").hasOverrides)
    }

    @Test("a pointer narrows an entry to a place; the closest place counts, then the last entry")
    func places() throws {
        let ruleset = try Ruleset.read(
            Self.base + """
                overrides:
                  - {files: ['a.yaml#/x/y'], rules: {title: off}}
                  - {files: ['a.yaml#/x', 'a.yaml#/z'], rules: {title: error}}
                  - {files: ['a.yaml#/z'], rules: {title: hint}}
                  - {files: ['a.yaml#/x~1q'], rules: {title: info}}
                """
        )
        let text = "{title: 1, x: {title: 1, y: {title: 1}}, z: {title: 1}, x/q: {title: 1}, xx: {title: 1}}"
        #expect(
            try severities(ruleset, file: "a.yaml", text) == [
                "#/title title 1", "#/x/title title 0", "#/z/title title 3", "#/x~1q/title title 2",
                "#/xx/title title 1",
            ]
        )
        #expect(try severities(ruleset, file: "b.yaml", "{x: {title: 1}}") == ["#/x/title title 1"])
    }

    @Test("a rule that is off can be on in one place")
    func onInOnePlace() throws {
        let ruleset = try Ruleset.read(
            Self.base.replacingOccurrences(of: "severity: hint", with: "severity: off")
                + "overrides: [{files: ['*.yaml#/x'], rules: {text: true, title: 'off'}}, {files: ['*#/y'], rules: {text: 0}}]"
        )
        #expect(
            try severities(ruleset, file: "a.yaml", "{text: 1, x: {text: 1, title: 1}, y: {text: 1}}") == [
                "#/x/text text 1", "#/y/text text 0",
            ]
        )
    }

    @Test("an entry can extend, have aliases and options of the parser")
    func whole() throws {
        let ruleset = try Ruleset.read(
            Self.base + """
                overrides:
                  - files: [v3.yaml]
                    extends: [[spectral:oas, off]]
                    aliases: {Info: [$.info]}
                    parserOptions: {duplicateKeys: 'off'}
                    rules: {info-contact: error, named: {given: '#Info.title', then: {function: falsy}}}
                """
        )
        let text = "{openapi: 3.1.0, info: {title: x, text: 1, text: 2}}"
        let found = try severities(ruleset, file: "v3.yaml", text)
        #expect(found.contains("#/info info-contact 0") && found.contains("#/info/title named 1"))
        #expect(!found.contains { $0.contains("parser") })
        #expect(try severities(ruleset, file: "v2.yaml", text).contains { $0.contains("parser") })
    }

    @Test("overrides are not inherited, and `except` is one by another name")
    func exceptions() throws {
        let base = try Document.read(Self.base + "overrides: [{files: ['*'], rules: {title: off}}]", name: "base.yaml")
        let top = try Document.read("extends: base.yaml\nexcept: {'a.yaml#/x': [title]}", name: "top.yaml")
        let ruleset = try Ruleset.read(document: top, source: { _, _ in base })
        #expect(try severities(ruleset, file: "a.yaml", "{title: 1, x: {title: 1}}") == ["#/title title 1"])
    }
}
