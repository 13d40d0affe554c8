import DocumentTree
import Testing

@testable import PolicyEngine

/// A ruleset that others published, run as a user's own: the OWASP rules, with their authors' cases.
@Suite("A published ruleset")
struct PublishedRulesetTests {
    @Test("the OWASP rules give their authors' findings", .enabled(if: !Fixtures.areAbsent))
    func owasp() throws {
        let file = try #require(try Fixtures.document("spectral-owasp/ruleset.json"))
        let ruleset = try Ruleset.read(JSONValue(file.root).text(), name: "owasp.json")
        var tally = SuiteTally("spectral-owasp, the published ruleset")
        for path in Fixtures.files(in: "spectral-owasp") where !path.hasSuffix("/ruleset.json") {
            let cases = try #require(try Fixtures.document(path))
            for test in cases.root.elements {
                tally.note(test["id"]?.string ?? "", difference: try difference(test, ruleset, &tally))
            }
        }
        tally.conclude(
            cases: 82,
            known: KnownDifferences.owasp.merging(KnownDifferences.published) { first, _ in first }
        )
    }

    @Test(
        "every expression of public rulesets compiles and is evaluated in the Spectral dialect",
        .enabled(if: !Fixtures.areAbsent)
    )
    func expressions() throws {
        let file = try #require(try Fixtures.document("jsonpath/spectral-expressions.json"))
        let expressions = try #require(file.root["expressions"])
        #expect(expressions.count > 300)
        let document = try Document.read(BuiltInRulesetTests.sound, name: "sound.yaml")
        var matching = 0
        for entry in expressions.elements {
            // An alias is replaced by its expressions before anything is compiled; what follows its name is path syntax.
            var text = entry["expression"]?.string ?? ""
            if text.hasPrefix("#") { text = "$" + text.drop { $0 != "." && $0 != "[" } }
            let path: JSONPath
            do {
                path = try JSONPath(text, dialect: .spectral, regularExpressions: PatternEngine.matcher)
            } catch {
                Issue.record("`\(text)` at \(error.offset): \(error.reason)")
                continue
            }
            // Every expression can be evaluated, and the index changes nothing but the order.
            let indexed = try path.matches(in: document, index: JSONPathIndex(document, resolve: nil))
            #expect(try Set(indexed) == Set(path.matches(in: document)), "`\(text)`")
            if !indexed.isEmpty { matching += 1 }
        }
        #expect(matching > 75)
    }

    private func difference(_ test: Node, _ ruleset: Ruleset, _ tally: inout SuiteTally) throws -> String? {
        let rule = test["rule"]?.string ?? ""
        guard ruleset[rule] != nil else { return "there is no rule `\(rule)`" }
        let document = try Fixtures.linted(test)
        let findings = Linter(ruleset.only(rule)).lint(document).findings.filter { $0.code == rule }
        let expected = ExpectedFindings(expected: test["expected"].map { Array($0.elements) } ?? [], document: document)
        let ranges = expected.ranges(of: findings)
        tally.note(ranges: ranges.alike, of: ranges.all)
        switch expected.agreement(with: findings) {
        case .full: return nil
        case .placesOnly(let reason): return SuiteTally.otherWords + reason
        case .none(let reason): return reason
        }
    }
}
