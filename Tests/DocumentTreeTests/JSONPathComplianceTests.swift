import DocumentTree
import Foundation
import Testing

/// The compliance suite of RFC 9535 as it is.
@Suite("JSONPath: the compliance suite")
struct JSONPathComplianceTests {
    /// Tests of the suite that we answer differently, by name, with the reason. Empty, and to stay so.
    static let knownDifferences: [String: String] = [:]

    @Test("every test of the RFC 9535 compliance suite passes")
    func complianceSuite() throws {
        let suite = try #require(try JSONPathFixtures.document("jsonpath/cts.json"), "fixtures are absent")
        let tests = try #require(suite.root["tests"])
        var failed: [String: String] = [:]
        for test in tests.elements {
            let name = test["name"]?.string ?? ""
            if let reason = failure(of: test) { failed[name] = reason }
        }
        #expect(tests.count == 703)
        for (name, reason) in failed.sorted(by: { $0.key < $1.key }) where Self.knownDifferences[name] == nil {
            Issue.record("\(name): \(reason)")
        }
        for name in Self.knownDifferences.keys where failed[name] == nil {
            Issue.record("`\(name)` passes and is still listed as different")
        }
    }

    private func failure(of test: Node) -> String? {
        let selector = test["selector"]?.string ?? ""
        let path: JSONPath
        do {
            path = try JSONPath(selector, dialect: .rfc9535, regularExpressions: JSONPathFixtures.engine)
        } catch {
            return test["invalid_selector"]?.boolean == true ? nil : "`\(selector)` was refused: \(error)"
        }
        guard test["invalid_selector"]?.boolean != true else { return "`\(selector)` was taken" }
        guard let document = test["document"] else { return "has no document" }
        let matches: [JSONPathMatch]
        do {
            matches = try path.matches(in: document.document, from: document.id)
        } catch {
            return "\(error)"
        }
        let found = matches.map { document.document.node($0.node) }
        let permitted = test["result"].map { [$0] } ?? test["results"].map { Array($0.elements) } ?? []
        let isPermitted = permitted.contains { expected in
            expected.count == found.count && zip(expected.elements, found).allSatisfy { $0.hasSameValue(as: $1) }
        }
        guard isPermitted else { return "`\(selector)` selected \(found.map { JSONValue($0).text() })" }
        return pathsDiffer(of: test, found, below: document)
    }

    private func pathsDiffer(of test: Node, _ found: [Node], below root: Node) -> String? {
        guard let permitted = test["result_paths"].map({ [$0] }) ?? test["results_paths"].map({ Array($0.elements) })
        else { return nil }
        let paths = found.map { JSONPathFixtures.normalized($0.path.dropFirst(root.path.count)) }
        return permitted.contains { $0.elements.map { $0.string ?? "" } == paths } ? nil : "paths are \(paths)"
    }
}

/// What the JSONPath tests share.
enum JSONPathFixtures {
    /// `GATEHOUSE_FIXTURES`, else `../shared/fixtures` beside the package.
    static func url(_ name: String) -> URL {
        if let folder = ProcessInfo.processInfo.environment["GATEHOUSE_FIXTURES"] {
            return URL(fileURLWithPath: folder).appendingPathComponent(name)
        }
        return URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("../shared/fixtures").appendingPathComponent(name)
    }

    static func document(_ name: String) throws -> Document? {
        let url = url(name)
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        return try Document.read(Array(Data(contentsOf: url)), name: name)
    }

    /// Foundation's engine: JSONPath takes any, and this target may not import the product's.
    static let engine = RegexMatcher { (pattern, flags) throws(RegexRejected) -> RegexMatcher.Program in
        let options: NSRegularExpression.Options = flags.contains("i") ? [.caseInsensitive] : []
        let expression: NSRegularExpression
        do {
            expression = try NSRegularExpression(pattern: pattern, options: options)
        } catch {
            throw RegexRejected(reason: "\(error)")
        }
        let shared = SharedExpression(expression: expression)
        return { (text) throws(RegexBudgetExceeded) -> Bool in
            shared.expression.firstMatch(in: text, range: NSRange(location: 0, length: (text as NSString).length))
                != nil
        }
    }

    /// SAFETY: `NSRegularExpression` is immutable and documented as safe to use from several threads.
    private struct SharedExpression: @unchecked Sendable {
        let expression: NSRegularExpression
    }

    /// A normalised path of RFC 9535 section 2.7.
    static func normalized(_ path: some Sequence<PathSegment>) -> String {
        path.reduce(into: "$") { text, segment in
            switch segment {
            case .index(let index): text += "[\(index)]"
            case .key(let key): text += "['\(escaped(key))']"
            }
        }
    }

    private static func escaped(_ key: String) -> String {
        key.unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "'": text += "\\'"
            case "\\": text += "\\\\"
            case "\u{8}": text += "\\b"
            case "\u{C}": text += "\\f"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{0}"..<"\u{20}": text += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}
