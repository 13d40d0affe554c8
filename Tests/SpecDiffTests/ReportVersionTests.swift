import DocumentTree
import OpenAPIModel
import SpecDiff
import Testing

@Suite("Declared versions against what changed")
struct ReportVersionTests {
    let samples: ReportSamples

    init() throws { samples = try ReportSamples() }

    private func proof(_ base: String?, _ revision: String?, _ bump: VersionBump) throws -> VersionProof {
        func document(_ version: String?) throws -> OpenAPIDocument {
            let line = version.map { ", version: '\($0)'" } ?? ""
            return try OpenAPIDocument(
                try Document.read("openapi: 3.0.0\ninfo: {title: a\(line)}\npaths: {}\n", name: "a")
            )
        }
        var report = ReportSamples.nothing
        switch bump {
        case .major: report = try samples.report()
        case .minor: report.changes = [samples.documentChange()]
        case .patch, .none: break
        }
        report.requiredBump = bump
        return VersionProof(base: try document(base), revision: try document(revision), report: report)
    }

    @Test(
        "a step that is large enough is no finding, one that is too small is",
        arguments: [
            ("1.0.0", "2.0.0", VersionBump.major, nil), ("1.4.2", "1.5.0", .minor, nil),
            ("1.4.2", "1.4.3", .patch, nil),
            ("1.4.2", "2.0.0", .patch, nil), ("1.0.0", "1.0.0", .none, nil), ("1.0.0", "3.0.0", .none, nil),
            ("1.0.0", "1.1.0", .major, "api-major-version-not-bumped"),
            ("1.0.0", "1.0.0", .major, "api-version-not-bumped"),
            ("1.0.0", "1.0.1", .minor, "api-version-not-bumped"), ("1.0.0", "1.0.0", .patch, "api-version-not-bumped"),
            ("1.0.0", "1.0.0+2", .patch, "api-version-not-bumped"), ("v1.0.0", "v1.1.0", .minor, nil),
            ("1.10.0", "1.9.0", .none, "api-version-decreased"), ("2.0.0", "1.9.9", .major, "api-version-decreased"),
            // Semantic Versioning item 4: while the first number is 0, anything may change; a minor step says that it did.
            ("0.3.1", "0.4.0", .major, nil), ("0.3.1", "0.3.2", .minor, nil),
            ("0.3.1", "0.3.2", .major, "api-major-version-not-bumped"), ("0.9.0", "1.0.0", .major, nil),
            // Items 9 and 11: a pre-release promises nothing and comes before its release.
            ("2.0.0-rc.1", "2.0.0-rc.2", .major, nil), ("2.0.0-rc.9", "2.0.0-rc.10", .major, nil),
            ("2.0.0-rc.1", "2.0.0", .major, nil), ("1.2.0", "2.0.0-beta", .major, nil),
            ("1.2.0", "1.3.0-beta", .major, "api-major-version-not-bumped"),
            ("2.0.0", "2.0.0-rc.1", .none, "api-version-decreased"),
            ("2.0.0-rc.1", "2.0.0-beta", .none, "api-version-decreased"),
            ("2.0.0-rc.1", "2.0.0-rc.1", .major, "api-version-not-bumped"),
            // What a scheme cannot express it need not express.
            ("1", "2", .major, nil), ("1", "1", .minor, nil), ("v1", "v1", .patch, nil),
            ("1", "1", .major, "api-version-not-bumped"), ("9", "10", .major, nil),
            ("1.2", "1.3", .minor, nil), ("1.2", "1.2", .patch, nil), ("1.2", "1.2", .minor, "api-version-not-bumped"),
            ("1.2", "1.2.0", .minor, "api-version-not-bumped"),
            // A date promises nothing: a later one will do.
            ("2024-05-01", "2024-05-02", .major, nil), ("2024-05-01", "2024-05-01", .patch, "api-version-not-bumped"),
            ("2024-05-01", "2023-12-31", .minor, "api-version-decreased"),
            ("2024-05-01-preview", "2024-05-01", .major, nil),
            ("2024-05-01", "2024-05-01-preview", .none, "api-version-decreased"),
            ("1.0.0", "2024-05-01", .minor, "api-version-not-comparable"),
            ("final", "1.0.0", .minor, "api-version-not-comparable"), ("final", "1.0.0", .none, nil),
            ("1.0.0.0", "2.0.0.0", .major, "api-version-not-comparable"),
            ("1.0.x", "1.1.0", .major, "api-version-not-comparable"),
            ("99999999999999999999.0.0", "1.0.0", .major, "api-version-not-comparable"),
        ] as [(String, String, VersionBump, String?)]
    )
    func steps(_ base: String, _ revision: String, _ bump: VersionBump, _ expected: String?) throws {
        let proof = try proof(base, revision, bump)
        #expect(proof.finding?.id == expected, "\(proof.summary): \(proof.finding?.text ?? "fine")")
        #expect(proof.requiredBump == bump)
        #expect(VersionProof.checks.contains(expected ?? "api-version-not-bumped"))
    }

    @Test("too small a step names the changes that force a larger one, an example, and stands at the version")
    func words() throws {
        let finding = try #require(try proof("1.4.2", "1.5.0", .major).finding)
        #expect(
            finding.text
                == "the version went from `1.4.2` to `1.5.0`, which admits to minor changes only, and callers may break: a major step is needed, such as `2.0.0`"
        )
        #expect(
            finding.comment == "forced by `response-property-became-nullable` at 5 operations",
            "what only may break some callers forces nothing"
        )
        #expect(finding.level == .error && finding.sites.map(\.section) == ["info"])
        #expect(finding.revision?.path == [.key("info"), .key("version")])
        #expect(finding.base?.range.start.line == 1)
        #expect(finding.fingerprint.count == 16)
        let unstable = try #require(try proof("0.4.2", "0.4.3", .major).finding)
        #expect(unstable.text.hasSuffix("such as `0.5.0`"))
        #expect(unstable.comment?.contains("while the first number is 0") == true)
    }

    @Test("a step that edits of words ask for says so, where no change can be named")
    func wordEdits() throws {
        let finding = try #require(try proof("1.0.0", "1.0.0", .patch).finding)
        #expect(
            finding.text
                == "the version is still `1.0.0`, and the document changed: a patch step is needed, such as `1.0.1`"
        )
        #expect(finding.comment == "forced by edits of words, examples or tags")
    }

    @Test("a missing version is told and is no error")
    func missing() throws {
        let proof = try proof(nil, "1.0.0", .minor)
        #expect(proof.finding?.id == "api-version-not-comparable" && proof.finding?.level == .warning)
        #expect(proof.finding?.text.hasPrefix("the base declares no version") == true)
        #expect(
            try self.proof("1.0.0", nil, .minor).finding?.text.hasPrefix("the revision declares no version") == true
        )
        #expect(try self.proof(nil, nil, .minor).finding != nil)
        #expect(try self.proof(nil, nil, .none).finding == nil)
        #expect(try self.proof("1.0", "2024-05-01", .major).finding?.text.contains("different schemes") == true)
        #expect(proof.summary == "version `none` → `1.0.0`: cannot be compared; the changes ask for a minor step")
    }

    @Test("in a report the proof takes the place of what other checks said of the version")
    func added() throws {
        var report = try samples.report()
        var older = samples.documentChange()
        older.id = "api-version-not-bumped"
        report.changes.append(older)
        let base = try OpenAPIDocument(samples.base)
        let proof = VersionProof(base: base, revision: try OpenAPIDocument(samples.revision), report: report)
        let result = proof.added(to: report)
        #expect(
            result.changes.map(\.id).sorted() == [
                "api-major-version-not-bumped", "api-tag-added", "request-parameter-removed",
                "response-property-became-nullable",
            ]
        )
        #expect(result.count(of: .error) == 2 && result.requiredBump == .major)
        let softened = proof.added(to: report, levels: ["api-major-version-not-bumped": .information])
        #expect(softened.count(of: .error) == 1)
        #expect(softened.changes.first { $0.id == "api-major-version-not-bumped" }?.sites.first?.level == .information)
        #expect(proof.added(to: report, levels: ["api-major-version-not-bumped": nil]).changes.count == 3)
    }
}
