import DocumentTree
import Testing

@testable import PolicyEngine

@Suite("Reading rulesets")
struct RulesetReaderTests {
    private func problems(_ text: String, source: ((String, String) -> Document?)? = nil) throws -> [Finding] {
        do {
            _ = try Ruleset.read(document: Document.read(text, name: "r.yaml"), source: source)
            return []
        } catch let error as RulesetRejected {
            return error.findings
        }
    }

    @Test(
        "what is wrong is named with code, place and a way to mend it",
        arguments: [
            ("[]", "invalid-ruleset-definition", 0, "mapping"),
            ("rulez: {}", "invalid-ruleset-definition", 0, "rulez"),
            ("rules: {a: {given: $, then: {function: truthyy}}}", "undefined-function", 0, "truthyy"),
            (
                "rules:\n  a:\n    given: paths\n    then: {function: truthy}", "invalid-given-definition", 2,
                "starts with `$`"
            ),
            (
                "rules:\n  a:\n    given: $..[\n    then: {function: truthy}", "invalid-given-definition", 2,
                "not an expression"
            ),
            (
                "rules:\n  a:\n    given: $\n    then: {function: truthy}\n    severity: fatal", "invalid-severity", 4,
                "fatal"
            ),
            (
                "rules:\n  a:\n    given: $\n    then: {function: truthy}\n    givn: 1", "invalid-rule-definition", 4,
                "givn"
            ),
            ("rules:\n  a:\n    given: $", "invalid-rule-definition", 1, "no `then`"),
            ("rules:\n  a: error", "invalid-rule-definition", 1, "not inherited"),
            ("rules:\n  a: {given: $, then: {field: x}}", "invalid-then-definition", 1, "function"),
            ("rules:\n  a: {given: $, then: {function: truthy, on: x}}", "invalid-then-definition", 1, "`on`"),
            (
                "rules:\n  a: {given: $, then: {function: pattern, functionOptions: {match: '('}}}",
                "invalid-function-options", 1, "not closed"
            ),
            ("rules:\n  a: {given: '#No', then: {function: truthy}}", "undefined-alias", 1, "`No`"),
            (
                "aliases: {A: ['#B'], B: ['#A']}\nrules:\n  a: {given: '#A', then: {function: truthy}}",
                "invalid-alias-definition", 2, "A → B → A"
            ),
            ("aliases: {'9': [$]}\nrules: {}", "invalid-alias-definition", 0, "9"),
            ("extends: spectral:asyncapi", "unsupported-in-ruleset", 0, "spectral:asyncapi"),
            ("extends: https://example.com/r.yaml", "unsupported-in-ruleset", 0, "not fetched"),
            ("extends: ./r.js", "unsupported-in-ruleset", 0, "program"),
            ("extends: other.yaml", "invalid-extend-definition", 0, "only built-in"),
            ("extends: [[spectral:oas, some]]", "invalid-extend-definition", 0, "some"),
            ("functions: [f]\nrules: {}", "unsupported-in-ruleset", 0, "functions"),
            ("overrides: []\nrules: {}", "invalid-override-definition", 0, "overrides"),
            ("functionsDir: ./f\nrules: {}", "unsupported-in-ruleset", 0, "functionsDir"),
            ("formats: [arazzo1_0]\nrules: {}", "unsupported-in-ruleset", 0, "arazzo1_0"),
            ("extends: '@acme/rules'", "unsupported-in-ruleset", 0, "program"),
            ("extends: spectral:oas\nrules: {info-contact: [error, {a: 1}]}", "invalid-function-options", 1, "options"),
            ("extends: spectral:oas\nrules: {info-contact: []}", "invalid-rule-definition", 1, "list"),
            ("overrides: [{rules: {}}]", "invalid-override-definition", 0, "files"),
            ("overrides: [{files: [], rules: {}}]", "invalid-override-definition", 0, "files"),
            ("overrides: [{files: ['a{b'], rules: {}}]", "invalid-override-definition", 0, "a{b"),
            ("overrides: [{files: ['a#b'], rules: {}}]", "invalid-override-definition", 0, "a#b"),
            ("overrides: [{files: [a], rulez: {}}]", "invalid-override-definition", 0, "rulez"),
            ("overrides: [{files: [a], rules: {x: off}}]", "invalid-rule-definition", 0, "`x`"),
            ("overrides: [{files: ['a#/b'], rules: {x: off}}]", "invalid-rule-definition", 0, "`x`"),
            (
                "overrides: [{files: ['a#/b'], extends: spectral:oas, rules: {}}]", "invalid-override-definition", 0,
                "`extends`"
            ),
            (
                "extends: spectral:oas\noverrides: [{files: ['a#/b'], rules: {info-contact: {severity: off}}}]",
                "invalid-override-definition", 1, "another severity"
            ),
            ("rules: {}\nexcept: {'a.yaml#/b': [x]}", "invalid-rule-definition", 1, "`x`"),
            ("rules: {}\nexcept: {'a.yaml#/b': x}", "invalid-override-definition", 1, "names of rules"),
            ("formats: [asyncapi2]\nrules: {}", "unsupported-in-ruleset", 0, "asyncapi2"),
            ("formats: [oas9]\nrules: {}", "invalid-format", 0, "oas9"),
            ("rules: {a: 1, a: 2}", "duplicate-key", 0, "a"),
        ]
    )
    func refused(text: String, code: String, line: Int, word: String) throws {
        let found = try problems(text)
        let expected = found.first { $0.code == code || code == "duplicate-key" }
        let finding = try #require(expected, "found \(found.map { "\($0.code): \($0.message)" })")
        #expect(finding.severity == .error)
        #expect(finding.range.start.line == line)
        #expect(finding.message.contains(word), "\(finding.message)")
        #expect(finding.source == "r.yaml")
    }

    @Test("all problems are reported at once, in the order of the text")
    func together() throws {
        let found = try problems(
            """
            rules:
              a: {given: x, then: {function: truthy}}
              b: {given: $, then: {function: nothing}}
              c: {given: $, then: {function: length, functionOptions: {min: x}}, severity: 9}
            """
        )
        #expect(found.map(\.range.start.line) == [1, 2, 3, 3])
    }

    @Test("a misspelt word comes with the one that was meant")
    func suggestions() throws {
        #expect(
            try problems("rules: {a: {given: $, then: {function: enumaration}}}").first?.help
                == "did you mean `enumeration`?"
        )
        #expect(
            try problems("extends: spectral:oas\nrules: {info-contacts: error}").first?.help
                == "did you mean `info-contact`?"
        )
    }

    @Test("an extended ruleset's rules are on as recommended, all, or off")
    func modes() throws {
        let recommended = try Ruleset.read("extends: spectral:oas")
        #expect(recommended["info-contact"]?.isEnabled == true)
        #expect(recommended["info-license"]?.isEnabled == false)
        let all = try Ruleset.read("extends: [[spectral:oas, all]]")
        #expect(all.rules.count == all.enabledRules.count)
        let off = try Ruleset.read("extends: [[spectral:oas, off]]\nrules: {info-license: true, info-contact: hint}")
        #expect(off.enabledRules.map(\.name).sorted() == ["info-contact", "info-license"])
        #expect(off["info-contact"]?.severity == .hint)
        #expect(off["info-license"]?.severity == .warning)
    }

    @Test("an inherited rule can be changed, switched off, patched, or replaced")
    func changes() throws {
        let ruleset = try Ruleset.read(
            """
            extends: spectral:oas
            rules:
              info-contact: off
              info-description: 0
              operation-tags: "off"
              path-params: {severity: hint}
              operation-description: {given: $.info, then: {field: x, function: truthy}, message: mine}
            """
        )
        #expect(ruleset["info-contact"]?.isEnabled == false)
        #expect(ruleset["info-description"]?.severity == .error)
        #expect(ruleset["operation-tags"]?.isEnabled == false)
        #expect(ruleset["path-params"]?.severity == .hint)
        #expect(ruleset["path-params"]?.message == "{{error}}")
        #expect(ruleset["operation-description"]?.message == "mine")
        #expect(try ruleset.rules.count == Ruleset.builtIn("spectral:oas").rules.count)
    }

    @Test("a ruleset file can extend another when the caller gives it, and not in a circle")
    func files() throws {
        let base = try Document.read("rules: {a: {given: $, then: {function: truthy}}}", name: "base.yaml")
        let ruleset = try Ruleset.read(
            document: Document.read("extends: base.yaml\nrules: {a: error}", name: "top.yaml"),
            source: { name, from in name == "base.yaml" && from == "top.yaml" ? base : nil }
        )
        #expect(ruleset["a"]?.severity == .error)
        let circle = try Document.read("extends: r.yaml", name: "r.yaml")
        let message = try problems("extends: r.yaml", source: { _, _ in circle }).first?.message
        #expect(message == "rulesets extend each other in a circle: `r.yaml` → `r.yaml`")
        let twice = try Document.read("extends: [base.yaml, base.yaml]", name: "top.yaml")
        #expect(throws: Never.self) { try Ruleset.read(document: twice, source: { _, _ in base }) }
        #expect(
            try problems("extends: gone.yaml", source: { _, _ in nil }).first?.message.contains("not found") == true
        )
    }

    @Test("the content hash changes with the text, its own or an inherited one")
    func contentHash() throws {
        let first = try Ruleset.read("extends: spectral:oas\nrules: {}")
        let second = try Ruleset.read("extends: gatehouse:recommended\nrules: {}")
        let third = try Ruleset.read("extends: spectral:oas\nrules: {} ")
        #expect(first.contentHash.count == 64)
        #expect(Set([first.contentHash, second.contentHash, third.contentHash]).count == 3)
        #expect(try first.contentHash == Ruleset.read("extends: spectral:oas\nrules: {}").contentHash)
        // FIPS 180-4's own example.
        #expect(
            SHA256.hexadecimal(of: Array("abc".utf8))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
    }

    @Test(
        "a ruleset in JavaScript is refused with what to do instead",
        arguments: [
            ("rules.js", "rules: {}"), ("ruleset", "const { truthy } = require('f');\nmodule.exports = { rules: {} };"),
            ("ruleset", "export default { rules: {} };"),
        ]
    )
    func programs(name: String, text: String) throws {
        let error = #expect(throws: RulesetRejected.self) { try Ruleset.read(Array(text.utf8), name: name) }
        let finding = try #require(error?.findings.first)
        #expect(finding.code == "unsupported-in-ruleset")
        #expect(finding.message.contains("JavaScript"))
        #expect(finding.help?.contains("YAML or JSON") == true)
    }

    @Test("a word of JavaScript in a description makes no program of a ruleset")
    func noProgram() throws {
        let text = "description: |\n  import nothing\n  export default\nrules: {}"
        #expect(try Ruleset.read(Array(text.utf8), name: "r.yaml").rules.isEmpty)
    }

    @Test("a pair gives an inherited rule a severity and its functions other options")
    func pairs() throws {
        let ruleset = try Ruleset.read("extends: spectral:oas\nrules: {operation-singular-tag: [error, {max: 2}]}")
        let rule = try #require(ruleset["operation-singular-tag"])
        #expect(rule.severity == .error && rule.isEnabled)
        func count(_ tags: String) throws -> Int {
            let text = "openapi: 3.0.0\npaths: {/a: {get: {tags: \(tags)}}}"
            let findings = Linter(ruleset).lint(try Document.read(text, name: "a.yaml")).findings
            return findings.count { $0.code == "operation-singular-tag" }
        }
        #expect(try count("[a, b]") == 0)
        #expect(try count("[a, b, c]") == 1)
    }

    @Test("what is wrong with options is told at their place, also where there are none")
    func optionPlaces() throws {
        let found = try problems(
            """
            rules:
              a: {given: $, then: {function: pattern}}
              b: {given: $, then: [{function: truthy}, {function: length, functionOptions: {min: x, most: 1}}]}
            """
        )
        #expect(
            found.map { LintText.pointer($0.path) } == [
                "#/rules/a/then/functionOptions", "#/rules/b/then/1/functionOptions/most",
            ]
        )
    }

    @Test("a JSON ruleset with a comma too many is read as YAML")
    func lenientJSON() throws {
        let ruleset = try Ruleset.read(
            Array(#"{"rules": {"a": {"given": "$", "then": {"function": "truthy"},},}}"#.utf8),
            name: "ruleset.json"
        )
        #expect(ruleset.rules.map(\.name) == ["a"])
    }

    @Test("an unknown built-in name is refused with the known ones")
    func unknownBuiltIn() throws {
        let error = #expect(throws: RulesetRejected.self) { try Ruleset.builtIn("gatehouse:none") }
        #expect(error?.findings.first?.help?.contains("gatehouse:recommended") == true)
    }
}
