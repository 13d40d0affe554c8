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
        var tally = SuiteTally("spectral-oas")
        for file in Fixtures.files(in: "spectral-oas") where !file.hasSuffix("/ruleset.json") {
            let cases = try #require(try Fixtures.document(file))
            for test in cases.root.elements {
                tally.note(test["id"]?.string ?? "", difference: try difference(test, ruleset, &tally))
            }
        }
        tally.conclude(cases: 217, known: KnownDifferences.rules)
    }

    private func difference(_ test: Node, _ ruleset: Ruleset, _ tally: inout SuiteTally) throws -> String? {
        let rule = test["rule"]?.string ?? ""
        guard ruleset[rule] != nil else { return "there is no rule `\(rule)`" }
        let document = try Fixtures.linted(test, assets: "spectral-oas/assets")
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
