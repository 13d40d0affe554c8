import Foundation
import Testing

@Suite("What a machine can judge about the tree")
struct LayoutTests {
    @Test("migrations are numbered without a gap, one file a number")
    func migrationsAreNumbered() throws {
        let names = Repository.files(under: "sql/migrations", extensions: ["sql"]).map {
            String($0.dropFirst("sql/migrations/".count))
        }
        try #require(!names.isEmpty)
        for (place, name) in names.enumerated() {
            let expected = String(format: "%04d_", place + 1)
            #expect(name.hasPrefix(expected), "\(name) should begin with \(expected)")
            #expect(
                name.wholeMatch(of: /\d{4}_[a-z0-9]+(_[a-z0-9]+)+\.sql/) != nil,
                "\(name) is not NNNN_verb_noun.sql"
            )
        }
    }

    @Test("every statement under sql/queries is loaded by somebody")
    func everyStatementIsLoaded() throws {
        let sources = try Repository.files(under: "Sources", extensions: ["swift"]).map(Repository.text).joined(
            separator: "\n"
        )
        let statements = Repository.files(under: "sql/queries", extensions: ["sql"])
        try #require(!statements.isEmpty)
        for file in statements {
            let name = String(file.dropFirst("sql/queries/".count).dropLast(".sql".count))
            // A family of statements may be named by its beginning: `"entitlement/all_\(records)"`.
            let beginnings = name.indices.map { name[..<$0] }.filter { $0.contains("/") && $0.last == "_" }
            let isLoaded = sources.contains("\"\(name)\"") || beginnings.contains { sources.contains("\"\($0)\\(") }
            #expect(isLoaded, "nobody loads \(file)")
        }
    }

    @Test("every statement says what it returns and what it takes")
    func everyStatementHasAHeader() throws {
        for file in Repository.files(under: "sql/queries", extensions: ["sql"]) {
            let text = try Repository.text(file)
            #expect(text.contains("-- returns:") && text.contains("-- params:"), "\(file) lacks its header lines")
        }
    }

    @Test("a source file holds one idea: at most 400 lines")
    func filesAreShort() throws {
        for file in Repository.files(under: "Sources", extensions: ["swift"]) {
            let lines = try Repository.text(file).split(separator: "\n", omittingEmptySubsequences: false).count
            #expect(lines <= 401, "\(file) has \(lines) lines")
        }
    }

    @Test("no source forces, traps or leaves a note to itself")
    func nothingForced() throws {
        let marks = try [#"\btry!"#, #"\bas!"#, #"\bfatalError\("#, #"\bTODO\b"#, #"\bFIXME\b"#].map { try Regex($0) }
        for file in Repository.files(under: "Sources", extensions: ["swift"]) {
            for line in try Repository.text(file).split(separator: "\n")
            where !line.drop(while: { $0 == " " }).hasPrefix("//") {
                for mark in marks {
                    #expect(line.firstMatch(of: mark) == nil, "\(file): \(line)")
                }
            }
        }
    }

    @Test("the repository keeps its seven folders and its named files at the top")
    func topLevel() throws {
        let allowed: Set<String> = [
            "Package.swift", "README.md", "Sources", "Tests", "policies", "specs", "sql", "Makefile", "LICENSE",
            "CHANGELOG.md",
        ]
        let found = try FileManager.default.contentsOfDirectory(atPath: Repository.root.path)
        for name in found where !name.hasPrefix(".") && name != "Package.resolved" {
            #expect(allowed.contains(name), "\(name) does not belong at the top")
        }
    }
}
