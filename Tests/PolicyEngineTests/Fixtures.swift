import DocumentTree
import Foundation

@testable import PolicyEngine

/// The recognised suites that this target is measured by.
enum Fixtures {
    /// `GATEHOUSE_FIXTURES`, else `../shared/fixtures` beside the package.
    static func url(_ name: String) -> URL {
        if let folder = ProcessInfo.processInfo.environment["GATEHOUSE_FIXTURES"] {
            return URL(fileURLWithPath: folder).appendingPathComponent(name)
        }
        return URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("../shared/fixtures").appendingPathComponent(name)
    }

    /// A fixture as a document; nil where the fixtures are absent.
    static func document(_ name: String) throws -> Document? {
        let url = url(name)
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        return try Document.read(Array(Data(contentsOf: url)), name: name)
    }

    /// The JSON files of a folder, sorted; empty where the fixtures are absent.
    static func files(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url(folder).path)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted().map { folder + "/" + $0 }
    }

    static var areAbsent: Bool { !FileManager.default.fileExists(atPath: url("spectral-oas/ruleset.json").path) }

    /// A fixture's document as upstream lints it: compact JSON on one line, keys in order.
    static func linted(_ test: Node, name: String = "document.json", assets: String = "") throws -> Document {
        if let text = test["documentText"]?.string {
            // With a place of its own, a document's references to the files beside it are followed.
            if let source = test["source"]?.string, let slash = source.lastIndex(of: "/") {
                let folder = url(assets + "/" + source[..<slash])
                let name = String(source[source.index(after: slash)...])
                return try Document.read(Array(text.utf8), name: source, path: name) { path in
                    let content = FileManager.default.contents(atPath: folder.appendingPathComponent(path).path)
                    return content.map { .content(Array($0)) } ?? .unreadable("no such file")
                }
            }
            return try Document.read(text, name: "document." + (test["parser"]?.string ?? "json"))
        }
        return try Document.read(test["document"].map { JSONValue($0).text() } ?? "null", name: name)
    }
}

/// How an answer of ours relates to the one a fixture expects.
enum Agreement: Equatable {
    case full
    /// Places and severities agree, the words do not.
    case placesOnly(String)
    case none(String)
}

/// Holds findings against the `expected` of a fixture.
struct ExpectedFindings {
    let expected: [Node]
    let document: Document

    func agreement(with findings: [Finding]) -> Agreement {
        guard findings.count == expected.count else {
            return .none("expected \(expected.count), found \(describe(findings))")
        }
        var isWordless = false
        for (finding, partial) in zip(findings, expected) {
            guard hasPlace(finding, partial) else {
                return .none("expected \(JSONValue(partial).text()), found \(describe([finding]))")
            }
            if let message = partial["message"]?.string, message != finding.message { isWordless = true }
        }
        return isWordless ? .placesOnly("found \(describe(findings))") : .full
    }

    private func hasPlace(_ finding: Finding, _ partial: Node) -> Bool {
        if let path = partial["path"], path.isSequence {
            let expected = path.elements.map { $0.scalarText ?? "" }
            let found = finding.path.map(\.description)
            // Upstream's cases have no source, and without one it shows the place of the reference instead of its target.
            guard found == expected || found == followed(expected) else { return false }
        }
        if let severity = partial["severity"]?.integer, severity != finding.severity.rawValue { return false }
        if let start = partial["range"]?["start"], let end = partial["range"]?["end"] {
            let range = finding.range
            return start["line"]?.integer == range.start.line && start["character"]?.integer == range.start.character
                && end["line"]?.integer == range.end.line && end["character"]?.integer == range.end.character
        }
        return true
    }

    private func followed(_ path: [String]) -> [String] {
        let resolver = ReferenceResolver(document)
        var node = document.root
        for step in path {
            node = resolver.resolved(node) ?? node
            guard let next = node[step] ?? Int(step).flatMap({ node[$0] }) else { return path }
            node = next
        }
        return (resolver.resolved(node) ?? node).path.map(\.description)
    }

    private func describe(_ findings: [Finding]) -> String {
        findings.map { "\($0.severity.rawValue) \(LintText.pointer($0.path)) \($0.message)" }.joined(separator: " | ")
    }
}

extension Ruleset {
    /// The ruleset with one rule on and all others off.
    func only(_ name: String) -> Ruleset {
        var ruleset = self
        for index in ruleset.rules.indices { ruleset.rules[index].isEnabled = ruleset.rules[index].name == name }
        return ruleset
    }

    /// Reads a ruleset out of a text.
    static func read(_ text: String, name: String = "test.ruleset.yaml") throws -> Ruleset {
        try read(document: Document.read(text, name: name))
    }
}
