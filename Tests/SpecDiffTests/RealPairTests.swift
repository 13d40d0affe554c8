import DocumentTree
import Foundation
import SpecDiff
import Testing

/// Versions of real specifications, one after the other: counts by check stand in `Fixtures/<name>.counts.txt`.
@Suite("Real pairs", .enabled(if: Fixtures.isPresent, "needs ../shared/fixtures"))
struct RealPairTests {
    struct Pair: Sendable, CustomTestStringConvertible {
        let base: String
        let revision: String
        /// Whether every way is listed; of stripe's there are too many.
        var isExpanded = true

        var testDescription: String { base }
        var name: String { base.split(separator: ".").dropLast().joined(separator: ".") }
    }

    static let pairs = [
        Pair(base: "adyen-CheckoutService-v70.json", revision: "adyen-CheckoutService-v71.json"),
        Pair(base: "adyen-LegalEntityService-v3.json", revision: "adyen-LegalEntityService-v4.json"),
        Pair(base: "docker-engine-v1.41.yaml", revision: "docker-engine-v1.42.yaml"),
        Pair(base: "docker-engine-v1.53.yaml", revision: "docker-engine-v1.54.yaml"),
        Pair(base: "intercom-2.10.yaml", revision: "intercom-2.11.yaml"),
        Pair(base: "kubernetes-client-v28.1.0.json", revision: "kubernetes-client-v29.0.0.json", isExpanded: false),
        Pair(base: "okta-management-2024.07.0.yaml", revision: "okta-management-2024.08.0.yaml"),
        Pair(base: "qdrant-v0.8.6.json", revision: "qdrant-v0.9.0.json"),
        Pair(base: "qdrant-v1.15.x.json", revision: "qdrant-v1.16.x.json"),
        Pair(base: "stripe-v40.yaml", revision: "stripe-v50.yaml", isExpanded: false),
    ]

    @Test("the counts by check are those on record, and the order is the same every time", arguments: pairs)
    func counts(_ pair: Pair) throws {
        let base = try Fixtures.document("openapi-specs/" + pair.base)
        let revision = try Fixtures.document("openapi-specs/" + pair.revision)
        let diff = DocumentDiff(OasdiffCase.defaultOptions)
        let report = try diff.report(base: base, revision: revision)
        let again = try diff.report(base: base, revision: revision)
        #expect(report == again)
        #expect(report.changes.map(\.fingerprint) == again.changes.map(\.fingerprint))
        let listed = pair.isExpanded ? diff.expand(report) : report.changes
        var counts: [String: Int] = [:]
        for change in listed { counts["\(change.level.name):\(change.id)", default: 0] += 1 }
        let text = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)\n" }.joined()
        try Golden.expect(text, "\(pair.name).counts.txt")
    }

    @Test(
        "the counts are oasdiff's where nothing sets the two apart",
        arguments: [pairs[0], pairs[1], pairs[7], pairs[8]]
    )
    func countsOfOasdiff(_ pair: Pair) throws {
        let other = pair.revision.split(separator: ".").dropLast().joined(separator: ".")
        let data = try JSONValue.read(Fixtures.bytes("oasdiff/realworld/\(pair.name)__\(other).json"))
        var expected: [String: Int] = [:]
        for (name, count) in data["countsById"]?.object ?? [] { expected[name] = count.integer.map(Int.init) }
        try #require(!expected.isEmpty)
        let diff = DocumentDiff(OasdiffCase.defaultOptions)
        let report = try diff.report(
            base: Fixtures.document("openapi-specs/" + pair.base),
            revision: Fixtures.document("openapi-specs/" + pair.revision)
        )
        var found: [String: Int] = [:]
        for change in diff.expand(report) where ChangeTable.rule(change.id)?.isAdditional == false {
            found["\(change.level.name):\(change.id)", default: 0] += 1
        }
        #expect(found == expected)
    }

    @Test("a document has no changes against itself", arguments: pairs)
    func identity(_ pair: Pair) throws {
        let base = try Fixtures.document("openapi-specs/" + pair.base)
        let again = try Fixtures.document("openapi-specs/" + pair.base)
        let report = try DocumentDiff().report(base: base, revision: again)
        #expect(report.changes.isEmpty)
        #expect(report.documentationEdits.isEmpty)
        #expect(report.isIdentical)
        #expect(report.requiredBump == .none)
    }
}

/// Files beside the tests that hold what is expected; `UPDATE_GOLDEN=1` writes them anew.
enum Golden {
    static func expect(_ text: String, _ name: String) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
        let file = folder.appendingPathComponent(name)
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        let golden = try String(contentsOf: file, encoding: .utf8)
        #expect(text == golden, "\(name) differs; UPDATE_GOLDEN=1 writes it anew")
    }
}
