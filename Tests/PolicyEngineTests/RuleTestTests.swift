import DocumentTree
import Testing

@testable import PolicyEngine

@Suite("Testing the rules of a ruleset")
struct RuleTestTests {
    static let ruleset = """
        extends: spectral:oas
        rules:
          no-a:
            given: [$.a, $.x.a]
            then: {function: pattern, functionOptions: {notMatch: "/^(bad|worse)$/i"}}
          no-b: {given: $.b, then: {function: falsy}}
        """

    private func report(_ files: [String: String], mutates: Bool = false) throws -> RuleTestReport {
        let fixtures = files.sorted { $0.key < $1.key }.flatMap { RuleFixture.read(path: $0.key, text: $0.value) }
        return RuleTest(try Ruleset.read(Self.ruleset), fixtures: fixtures).run(mutates: mutates)
    }

    static let sound = [
        "no-a/bad.yaml": "a: BAD\n---\na: worse\n---\nx: {a: bad}\n",
        "no-a/good.yaml": "a: badly\n---\nx: {a: notbad}\n",
        "no-b/bad.yaml": "b: 1\n", "no-b/good.yaml": "b: 0\n",
    ]

    @Test("fixtures that agree and notice every weaker form are sound; inherited rules are nobody's concern")
    func sound() throws {
        let report = try report(Self.sound, mutates: true)
        #expect(report.isSound)
        #expect(report.rows.map(\.rule) == ["no-a", "no-b"])
        #expect(report.rows.map(\.fixtureCount) == [5, 2])
        // Two expressions, one action, two alternatives, one flag; and one expression with one action.
        #expect(report.rows.map(\.mutantCount) == [6, 2])
        #expect(report.text.hasSuffix("2 rules, 7 fixtures: all as expected\n8 of 8 weaker forms noticed (100.0 %)\n"))
        #expect(report.value["isSound"]?.bool == true && report.value["noticed"]?.integer == 8)
    }

    @Test(
        "a part that no fixture needs is named",
        arguments: [
            ("a: BAD\n---\na: worse", "without given `$.x.a`"),
            ("x: {a: BAD}\n---\nx: {a: worse}", "without given `$.a`"),
            ("a: BAD\n---\nx: {a: bad}", "then[0] pattern: `notMatch` /^(bad)$/i"),
            ("a: bad\n---\na: worse\n---\nx: {a: bad}", "then[0] pattern: `notMatch` /^(bad|worse)$/"),
        ]
    )
    func survivors(bad: String, survivor: String) throws {
        var files = Self.sound
        files["no-a/bad.yaml"] = bad
        let report = try report(files, mutates: true)
        #expect(report.rows[0].survivors == [survivor])
        #expect(!report.isSound && report.text.contains("not noticed: \(survivor)"))
        #expect(report.text.contains("7 of 8 weaker forms noticed (87.5 %)"))
    }

    @Test(
        "what is not as expected fails",
        arguments: [
            ("no-a/bad.yaml", nil, "there is no bad.yaml in no-a/"),
            ("no-b/good.yaml", nil, "there is no good.yaml in no-b/"),
            ("no-a/bad.yaml", "a: fine", "bad.yaml: nothing was found"),
            ("no-a/good.yaml", "c: 1\na: bad", "good.yaml: found on line 2: \"bad\" must not match"),
            ("no-a/bad.yaml", "a: bad\nb: 1", "bad.yaml, line 2: also found by `no-b`"),
            ("no-a/bad.yaml", "# also: no-b\na: bad", "bad.yaml: `no-b` finds nothing, though `# also:` names it"),
            (
                "no-a/bad.yaml", "a: bad\nx:\n  a: bad # fires",
                "bad.yaml: 2 findings on the lines 1, 3 do not fit the marks on the lines 3"
            ),
            (
                "no-a/bad.yaml", "a: bad # fires\nx:\n  a: ok # fires",
                "bad.yaml: 1 findings on the lines 1 do not fit the marks on the lines 1, 3"
            ),
            (
                "no-a/bad.yaml", "a: bad # fires 2",
                "bad.yaml: 1 findings on the lines 1 do not fit the marks on the lines 1"
            ),
            ("no-a/bad.yaml", "a: [", "bad.yaml: not YAML"),
            ("no-a/bad.yaml", "a: bad\na: bad", "bad.yaml, line 2: also found by `parser`"),
            ("stray/bad.yaml", "a: bad", "stray/ belongs to no rule"),
        ]
    )
    func failure(path: String, text: String?, expected: String) throws {
        var files = Self.sound
        files[path] = text
        let report = try report(files)
        #expect(!report.isSound)
        #expect(report.text.contains(expected), "\(report.text)")
        #expect(!report.text.contains("weaker forms"))
    }

    @Test("marks and notes of a fixture")
    func marks() {
        let text = "# also: a, b\nx: 1 # fires\n---\n# also: c\ny: 1\nz: 2 # fires 3\n"
        let fixtures = RuleFixture.read(path: "some/where/rule_1/bad.yaml", text: text)
        #expect(fixtures.map(\.name) == ["bad.yaml#1", "bad.yaml#2"])
        #expect(fixtures.map(\.folder) == ["rule_1", "rule_1"])
        #expect(fixtures[0].others == ["a", "b"] && fixtures[1].others == ["c"])
        #expect(fixtures[0].firingLines == [1: nil] && fixtures[1].firingLines == [2: 3])
        #expect(RuleFixture.read(path: "bad.yaml", text: "").isEmpty)
        #expect(RuleFixture.read(path: "rule/other.yaml", text: "").isEmpty)
        #expect(RuleFixture.read(path: "rule/bad.txt", text: "").isEmpty)
        #expect(RuleFixture.folder(of: "owasp:api1:2023-x") == "owasp_api1_2023-x")
    }

    @Test("options are weakened member by member, bounds by one")
    func options() throws {
        let options = try JSONValue.read(
            #"{"min": 1, "max": 2, "values": ["a", "b"], "schema": {"title": "t", "not": {"maxLength": 3}}, "separator": {"char": "-"}}"#
        )
        let labels = OptionVariant.all(of: options).map(\.label)
        #expect(
            labels == [
                "without `min`", "`min` 0", "without `max`", "`max` 3", "without `values`", "without `values[0]`",
                "without `values[1]`", "without `schema`", "without `schema.not`", "without `schema.not.maxLength`",
                "`schema.not.maxLength` 4", "without `separator`", "without `separator.char`",
            ]
        )
        let first = try #require(OptionVariant.all(of: options).first { $0.label == "`schema.not.maxLength` 4" })
        #expect(first.options["schema"]?["not"]?["maxLength"]?.integer == 4 && first.options["min"]?.integer == 1)
    }

    @Test(
        "patterns lose one alternative at a time, or their flag",
        arguments: [
            ("a|b", ["b", "a"]), ("^(a|b|c)$", ["^(b|c)$", "^(a|c)$", "^(a|b)$"]),
            ("/x(?:a|b)/i", ["/x(?:b)/i", "/x(?:a)/i", "/x(?:a|b)/"]),
            ("[a|b]", []), (#"\(a\|b\)"#, []), ("/a/", []), ("(a|(b|c))", ["(a|(c))", "(a|(b))", "((b|c))", "(a)"]),
            ("(?<!a|b)c", ["(?<!b)c", "(?<!a)c"]), ("(?<n>a|b)", ["(?<n>b)", "(?<n>a)"]),
        ]
    )
    func patterns(pattern: String, expected: [String]) {
        #expect(PatternVariant.all(of: pattern) == expected)
    }

    @Test("a rule can be shown in full")
    func value() throws {
        let rule = try #require(try Ruleset.builtIn("gatehouse:recommended")["version-not-in-path"])
        let value = rule.value
        #expect(value["severity"]?.string == "info" && value["origin"]?.string == "policies/house.ruleset.yaml")
        #expect(value["documentationUrl"]?.string == "https://gatehouse.dev/rules#version-not-in-path")
        #expect(value["remediation"]?.string == rule.remediation && rule.remediation != nil)
        #expect(value["given"]?[0]?.string == "$.paths" && value["then"]?[0]?["field"]?.string == "@key")
        #expect(value["then"]?[0]?["functionOptions"]?["notMatch"]?.string?.contains("v") == true)
        let inherited = try #require(try Ruleset.builtIn("gatehouse:recommended")["info-contact"])
        #expect(inherited.severity == .information && inherited.origin == "policies/oas.ruleset.yaml")
    }

    @Test("x-remediation is a remediation")
    func remediation() throws {
        let text =
            "rules: {r: {given: $, then: {function: falsy}, x-remediation: do this, extensions: {remediation: or that}}}"
        #expect(try Ruleset.read(text)["r"]?.remediation == "do this")
    }
}
