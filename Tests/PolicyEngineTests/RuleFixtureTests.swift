import DocumentTree
import Foundation
import Testing

@testable import PolicyEngine

/// The built-in rules on their fixtures under `policies/fixtures`.
@Suite("Fixtures of the built-in rules")
struct RuleFixtureTests {
    @Test(
        "every rule has a document it complains about and a near miss, and every part of it is noticed when it is weaker",
        arguments: [("oas", 56), ("owasp", 32), ("house", 37)]
    )
    func builtIn(name: String, count: Int) throws {
        let policies = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("policies")
        let file = policies.appendingPathComponent("\(name).ruleset.yaml")
        let ruleset = try Ruleset.read(Array(Data(contentsOf: file)), name: file.path)
        let folder = policies.appendingPathComponent("fixtures/\(name)")
        let files = try #require(FileManager.default.subpaths(atPath: folder.path))
        let fixtures = try files.sorted().flatMap { path -> [RuleFixture] in
            guard path.hasSuffix(".yaml") else { return [] }
            let text = try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
            return RuleFixture.read(path: path, text: text)
        }
        let report = RuleTest(ruleset, fixtures: fixtures).run(mutates: true)
        let isSound = report.isSound
        #expect(isSound, "\(name): \(report.text)")
        let (rules, mutants, noticed) = (report.rows.count, report.mutantCount, report.noticedCount)
        print("\(name): \(rules) rules, \(fixtures.count) fixtures, \(noticed) of \(mutants) weaker forms noticed")
        #expect(rules == count)
        #expect(mutants > 2 * count)
        #expect(noticed == mutants)
    }
}
