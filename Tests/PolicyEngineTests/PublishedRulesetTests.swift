import DocumentTree
import Testing

@testable import PolicyEngine

/// A ruleset that others published, run as a user's own: the OWASP rules, with their authors' cases.
@Suite("A published ruleset")
struct PublishedRulesetTests {
    @Test("the OWASP rules give their authors' findings", .enabled(if: !Fixtures.areAbsent))
    func owasp() throws {
        let file = try #require(try Fixtures.document("spectral-owasp/ruleset.json"))
        let (ruleset, left) = try readable(JSONValue(file.root))
        // These call functions that their package brings as JavaScript.
        #expect(
            left == [
                "owasp:api2:2023-read-restricted", "owasp:api2:2023-write-restricted",
                "owasp:api5:2023-admin-security-unique",
            ]
        )
        var total = 0
        var differing: [String: String] = [:]
        for path in Fixtures.files(in: "spectral-owasp") where !path.hasSuffix("/ruleset.json") {
            let cases = try #require(try Fixtures.document(path))
            for test in cases.root.elements where !left.contains(test["rule"]?.string ?? "") {
                total += 1
                if let reason = try difference(test, ruleset) { differing[test["id"]?.string ?? ""] = reason }
            }
        }
        print("spectral-owasp: \(total - differing.count) of \(total) cases agree")
        for (id, reason) in differing.sorted(by: { $0.key < $1.key }) where KnownDifferences.owasp[id] == nil {
            Issue.record("\(id): \(reason)")
        }
        for id in KnownDifferences.owasp.keys.sorted() where differing[id] == nil {
            Issue.record("\(id) agrees and is still listed as different")
        }
    }

    @Test("every expression of public rulesets compiles in the Spectral dialect", .enabled(if: !Fixtures.areAbsent))
    func expressions() throws {
        let file = try #require(try Fixtures.document("jsonpath/spectral-expressions.json"))
        let expressions = try #require(file.root["expressions"])
        #expect(expressions.count > 300)
        for entry in expressions.elements {
            // An alias is replaced by its expressions before anything is compiled; what follows its name is path syntax.
            var text = entry["expression"]?.string ?? ""
            if text.hasPrefix("#") { text = "$" + text.drop { $0 != "." && $0 != "[" } }
            do {
                _ = try JSONPath(text, dialect: .spectral, regularExpressions: PatternEngine.matcher)
            } catch {
                Issue.record("`\(text)` at \(error.offset): \(error.reason)")
            }
        }
    }

    /// The ruleset without the rules whose functions are programs, and the names of those.
    private func readable(_ value: JSONValue) throws -> (ruleset: Ruleset, left: [String]) {
        var left: [String] = []
        var members = value.object ?? []
        for index in members.indices where members[index].key == "rules" {
            let rules = members[index].value.object ?? []
            let kept = rules.filter { rule in
                let then = rule.value["then"]
                let actions = then?.array ?? then.map { [$0] } ?? []
                let isKnown = actions.allSatisfy { FunctionTable.names.contains($0["function"]?.string ?? "") }
                if !isKnown { left.append(rule.key) }
                return isKnown
            }
            members[index].value = .object(kept)
        }
        return (try Ruleset.read(JSONValue.object(members).text(), name: "owasp.json"), left.sorted())
    }

    private func difference(_ test: Node, _ ruleset: Ruleset) throws -> String? {
        let rule = test["rule"]?.string ?? ""
        guard ruleset[rule] != nil else { return "there is no rule `\(rule)`" }
        let document = try Fixtures.linted(test)
        let findings = Linter(ruleset.only(rule)).lint(document).findings.filter { $0.code == rule }
        let expected = ExpectedFindings(expected: test["expected"].map { Array($0.elements) } ?? [], document: document)
        switch expected.agreement(with: findings) {
        case .full: return nil
        case .placesOnly(let reason): return "other words: " + reason
        case .none(let reason): return reason
        }
    }
}
