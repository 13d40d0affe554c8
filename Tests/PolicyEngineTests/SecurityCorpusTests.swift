import DocumentTree
import Foundation
import Testing

@testable import PolicyEngine

/// Hostile documents: nothing crashes, and what the corpus says must be noticed is noticed.
@Suite("The corpus of hostile documents")
struct SecurityCorpusTests {
    /// For rows that must have a finding: the codes that concern what is wrong with them.
    static let concerns: [String: Set<String>] = [
        "scalar": ["oas3-schema", "api-version-is-text"],
        "encoding": ["parser", "text-without-controls"],
        "keys": [
            "parser", "operation-operationId-unique", "no-prototype-keys", "names-without-markup",
            "no-script-tags-in-markdown", "api-version-is-text",
        ],
        "ref": ["external-reference-refused", "invalid-ref", "oas3-schema"],
        "path-conflict": ["path-template", "path-params", "path-similar", "path-operational", "server-not-internal"],
        "regex": ["pattern-valid", "pattern-bounded"],
        "schema-cost": [
            "oas3-valid-schema-example", "discriminator-mapping", "security-switched-off", "security-header-name",
            "header-parameter-framing", "document-version", "oas3-schema",
        ],
    ]

    @Test("every document is refused or linted, and what must be found is found", .enabled(if: !Fixtures.areAbsent))
    func corpus() throws {
        let linter = Linter(try Ruleset.builtIn("gatehouse:recommended"))
        let rows = try String(contentsOf: Fixtures.url("security/openapi.jsonl"), encoding: .utf8).split(
            separator: "\n"
        )
        #expect(rows.count > 100)
        for line in rows {
            let row = try JSONValue.read(String(line))
            let name = row["name"]?.string ?? ""
            let expectation = row["expect"]?.string ?? ""
            let bytes = try Data(contentsOf: Fixtures.url("security/openapi/" + (row["file"]?.string ?? "")))
            let document: Document
            do {
                document = try Document.read(Array(bytes), name: name)
            } catch {
                #expect(expectation.contains("reject"), "\(name) was refused: \(error.findings.map(\.message))")
                continue
            }
            let report = linter.lint(document)
            guard expectation.contains("lint") else { continue }
            let concerns = Self.concerns[row["class"]?.string ?? ""] ?? []
            let found = Set(report.findings.map(\.code))
            #expect(!found.isDisjoint(with: concerns), "\(name): \(row["why"]?.string ?? "") – found \(found.sorted())")
        }
    }
}
