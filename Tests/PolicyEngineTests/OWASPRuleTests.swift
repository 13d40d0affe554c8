import DocumentTree
import Testing

@testable import PolicyEngine

/// The published ruleset's own cases for our `spectral:owasp`. Codes, places and severities are compared; the words are ours.
@Suite("spectral:owasp, held against upstream's cases")
struct OWASPRuleTests {
    @Test("every case gives the findings that the published rules give", .enabled(if: !Fixtures.areAbsent))
    func cases() throws {
        let ruleset = try Ruleset.builtIn("spectral:owasp")
        var tally = SuiteTally("spectral-owasp")
        for file in Fixtures.files(in: "spectral-owasp") where !file.hasSuffix("/ruleset.json") {
            let cases = try #require(try Fixtures.document(file))
            for test in cases.root.elements {
                tally.note(test["id"]?.string ?? "", difference: try difference(test, ruleset, &tally))
            }
        }
        tally.conclude(cases: 82, known: KnownDifferences.owasp)
    }

    private func difference(_ test: Node, _ ruleset: Ruleset, _ tally: inout SuiteTally) throws -> String? {
        let rule = test["rule"]?.string ?? ""
        guard ruleset[rule] != nil else { return "there is no rule `\(rule)`" }
        let document = try Fixtures.linted(test)
        let findings = Linter(ruleset.only(rule)).lint(document).findings.filter { $0.code == rule }
        let expected = ExpectedFindings(expected: test["expected"].map { Array($0.elements) } ?? [], document: document)
        let ranges = expected.ranges(of: findings)
        tally.note(ranges: ranges.alike, of: ranges.all)
        if case .none(let reason) = expected.agreement(with: findings) { return reason }
        return nil
    }

    @Test(
        "the rules are the published ones: severity, formats and whether they are on",
        .enabled(if: !Fixtures.areAbsent)
    )
    func sameAsPublished() throws {
        let ours = try Ruleset.builtIn("spectral:owasp")
        let theirs = try #require(try Fixtures.document("spectral-owasp/ruleset.json")).root
        let rules = try #require(theirs["rules"])
        #expect(Set(ours.rules.map(\.name)) == Set(rules.keys))
        let shared = try #require(theirs["formats"])
        for (name, rule) in rules.entries {
            let our = try #require(ours[name])
            #expect(our.isEnabled, "\(name)")
            #expect(our.severity.rawValue == rule["severity"]?.integer.map { Int($0) }, "\(name)")
            var formats = Set(
                (rule["formats"] ?? shared).elements.compactMap { $0.string.flatMap(DocumentFormat.init(name:)) }
            )
            // The published rules do not know OpenAPI 3.2, whose schemas are those of 3.1.
            if formats.contains(.oas3_1) { formats.insert(.oas3_2) }
            if rule["formats"] == nil { formats.formUnion([.oas3_0, .oas3_1, .oas3_2]) }
            #expect(our.formats == formats, "\(name)")
        }
    }

    static let head = "{openapi: 3.1.0, info: {title: A, version: 1.0.0}, "

    /// The two rules that the published suite has no case for.
    @Test(
        "reading and writing need credentials, the operation's or the document's",
        arguments: [
            ("paths: {/a: {post: {}}}}", ["write #/paths/~1a/post"]),
            ("paths: {/a: {get: {}, head: {}}}}", ["read #/paths/~1a/get", "read #/paths/~1a/head"]),
            ("paths: {/a: {post: {security: []}}}, security: [{k: []}]}", ["write #/paths/~1a/post/security"]),
            ("paths: {/a: {post: {}, get: {}, put: {}, patch: {}, delete: {}}}, security: [{k: []}]}", []),
            ("paths: {/a: {post: {security: [{k: []}]}, get: {security: [{}]}}}}", []),
            ("paths: {/a: {options: {}, parameters: []}}}", []),
        ]
    )
    func credentials(rest: String, expected: [String]) throws {
        let ruleset = try Ruleset.builtIn("spectral:owasp")
        let document = try Document.read(Self.head + rest, name: "a.yaml")
        let findings = Linter(ruleset).lint(document).findings.filter { $0.code.hasSuffix("-restricted") }
        #expect(
            findings.filter { !$0.code.contains("string") }.map {
                ($0.code.contains("write") ? "write " : "read ") + LintText.pointer($0.path)
            } == expected
        )
    }

    @Test(
        "options are checked",
        arguments: [
            ("checkSecurity, functionOptions: {methods: get}", false),
            ("checkSecurity, functionOptions: {no: 1}", false),
            ("checkSecurity, functionOptions: {nullable: 1}", false), ("checkSecurity", true),
            ("differentSecuritySchemes, functionOptions: {adminUrl: 1}", false), ("differentSecuritySchemes", true),
        ]
    )
    func options(function: String, isValid: Bool) {
        let text = "rules: {r: {given: $, then: {function: \(function)}}}"
        #expect(((try? Ruleset.read(text)) != nil) == isValid)
    }

    @Test("an empty requirement is reported where it is not permitted")
    func emptyRequirement() throws {
        let ruleset = try Ruleset.read(
            "rules: {r: {given: $, then: {function: checkSecurity, functionOptions: {nullable: false}}}}"
        )
        let rest =
            "paths: {/a: {get: {security: [{k: []}, {}]}, put: {security: [{k: []}]}, post: {}}}, security: [{}]}"
        let findings = Linter(ruleset).lint(try Document.read(Self.head + rest, name: "a.yaml")).findings
        #expect(findings.map { LintText.pointer($0.path) } == ["#/paths/~1a/get/security/1", "#/paths/~1a/post"])
    }
}
