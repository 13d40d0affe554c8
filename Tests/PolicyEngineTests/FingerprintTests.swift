import DocumentTree
import Testing

@testable import PolicyEngine

@Suite("Fingerprints name what a finding is about")
struct FingerprintTests {
    private func fingerprint(_ text: String, _ path: [PathSegment], code: String = "rule", name: String = "a.yaml")
        throws -> String
    {
        let document = try Document.read(text, name: name)
        let finding = Finding(code: code, severity: .error, message: "m", source: name, range: .start, path: path)
        return try #require(Fingerprint.all(of: [finding], in: [name: document]).first)
    }

    static let parameters: [PathSegment] = ["paths", "/a", "get", "parameters"].map { .key($0) }

    @Test("moved lines and reordered lists do not change them")
    func moved() throws {
        let before = "paths: {/a: {get: {parameters: [{name: q, in: query}, {name: r, in: query}]}}}"
        let after = "# a comment\n\npaths: {/a: {get: {parameters: [{name: r, in: query}, {in: query, name: q}]}}}"
        #expect(
            try fingerprint(before, Self.parameters + [.index(0), .key("schema")])
                == fingerprint(after, Self.parameters + [.index(1), .key("schema")])
        )
        #expect(try fingerprint("[{code: b}, {code: a}]", [.index(1)]) == fingerprint("[{code: a}]", [.index(0)]))
        #expect(
            try fingerprint("{tags: [x, y]}", [.key("tags"), .index(1)])
                == fingerprint("{tags: [y]}", [.key("tags"), .index(0)])
        )
        #expect(
            try fingerprint("[{a: []}, {b: []}]", [.index(1), .key("b")])
                == fingerprint("[{b: []}]", [.index(0), .key("b")])
        )
        #expect(try fingerprint("a: 1", [.key("a")], name: "./a.yaml") == fingerprint("a: 1", [.key("a")]))
    }

    @Test("another rule, document, place or name changes them")
    func different() throws {
        let text =
            "paths: {/a: {get: {parameters: [{name: q, in: query}, {name: q, in: header}, {name: q, in: query}]}}}"
        let all = [
            try fingerprint(text, Self.parameters + [.index(0)]), try fingerprint(text, Self.parameters + [.index(1)]),
            try fingerprint(text, Self.parameters + [.index(2)]), try fingerprint(text, Self.parameters),
            try fingerprint(text, Self.parameters, code: "other"),
            try fingerprint(text, Self.parameters, name: "b.yaml"),
            try fingerprint("a: {b: 1}", [.key("a"), .key("b")]), try fingerprint(#"{"a\n.b": 1}"#, [.key("a\n.b")]),
            try fingerprint("[[1], [2]]", [.index(0)]), try fingerprint("[[1], [2]]", [.index(1)]),
        ]
        #expect(Set(all).count == all.count)
        #expect(all.allSatisfy { $0.count == 32 && $0.allSatisfy(\.isHexDigit) })
    }

    @Test(
        "several findings of one rule at one place are told apart, and one without a document is named by its positions"
    )
    func repeated() {
        let finding = Finding(code: "r", severity: .error, message: "m", source: "a", range: .start, path: [.index(3)])
        let found = Fingerprint.all(of: [finding, finding, finding], in: [:])
        #expect(Set(found).count == 3)
    }

    @Test("a long list is looked through once, not once for each finding", .timeLimit(.minutes(1)))
    func longList() throws {
        let count = 20_000
        let document = try Document.read(
            "[" + (0..<count).map { "{name: n\($0 % 100)}" }.joined(separator: ", ") + "]",
            name: "a.yaml"
        )
        let findings = (0..<count).map { index in
            Finding(code: "r", severity: .error, message: "m", source: "a.yaml", range: .start, path: [.index(index)])
        }
        #expect(Set(Fingerprint.all(of: findings, in: ["a.yaml": document])).count == count)
    }
}
