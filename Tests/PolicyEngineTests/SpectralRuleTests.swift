import DocumentTree
import Testing

@testable import PolicyEngine

/// Upstream's own cases for the rules of `spectral:oas`. A case that differs is listed with its reason, and one that is
/// listed and passes fails the test: the list can only shrink.
@Suite("spectral:oas, held against upstream's cases")
struct SpectralRuleTests {
    @Test("every case gives the findings that upstream's linter gives", .enabled(if: !Fixtures.areAbsent))
    func cases() throws {
        let ruleset = try Ruleset.builtIn("spectral:oas")
        var total = 0
        var differing: [String: String] = [:]
        for file in Fixtures.files(in: "spectral-oas") where !file.hasSuffix("/ruleset.json") {
            let cases = try #require(try Fixtures.document(file))
            for test in cases.root.elements {
                total += 1
                if let reason = try difference(test, ruleset) { differing[test["id"]?.string ?? ""] = reason }
            }
        }
        print("spectral-oas: \(total - differing.count) of \(total) cases agree")
        #expect(total == 217)
        for (id, reason) in differing.sorted(by: { $0.key < $1.key }) where KnownDifferences.rules[id] == nil {
            Issue.record("\(id): \(reason)")
        }
        for id in KnownDifferences.rules.keys.sorted() where differing[id] == nil {
            Issue.record("\(id) agrees and is still listed as different")
        }
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
