import DocumentTree
import Foundation
import SpecDiff

/// Where the shared specifications and pairs of documents lie.
enum Fixtures {
    /// `GATEHOUSE_FIXTURES`, else `../shared/fixtures` beside the package; nil where there is none.
    static let folder: URL? = {
        let given = ProcessInfo.processInfo.environment["GATEHOUSE_FIXTURES"]
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder =
            given.map { URL(fileURLWithPath: $0) }
            ?? root.deletingLastPathComponent().appendingPathComponent("shared/fixtures")
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }()

    static var isPresent: Bool { folder != nil }

    static func bytes(_ path: String) throws -> [UInt8] {
        guard let folder else { throw Missing(path: path) }
        return try Array(Data(contentsOf: folder.appendingPathComponent(path)))
    }

    static func document(_ path: String) throws -> Document {
        try Document.read(bytes(path), name: path)
    }

    /// A file beside these tests.
    static func besideTests(_ path: String) throws -> String {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        return try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
    }

    /// The entries of a list in a file beside these tests; none where the file cannot be read, which tests notice.
    static func entries(_ path: String) -> [Node] {
        guard let text = try? besideTests(path), let document = try? Document.read(text, name: path) else { return [] }
        return Array(document.root.elements)
    }

    struct Missing: Error {
        let path: String
    }
}

/// A pair of documents with the changes that oasdiff lists for it.
struct OasdiffCase: Sendable {
    let id: String
    let base: String
    let revision: String
    let changelog: [Line]
    let expected: [Line]
    let config: JSONValue

    /// What is compared of a change: texts are our own.
    struct Line: Hashable, Sendable, Comparable, CustomStringConvertible {
        var id: String
        var level: String
        var operation: String
        var path: String

        var description: String { "\(level) \(id) \(operation) \(path)" }

        static func < (left: Line, right: Line) -> Bool { left.description < right.description }
    }

    static let all: [OasdiffCase] = (try? read()) ?? []

    private static func read() throws -> [OasdiffCase] {
        let value = try JSONValue.read(Fixtures.bytes("oasdiff/cases.json"))
        return (value.array ?? []).map { entry in
            OasdiffCase(
                id: entry["id"]?.string ?? "",
                base: "oasdiff/" + (entry["base"]?.string ?? ""),
                revision: "oasdiff/" + (entry["revision"]?.string ?? ""),
                changelog: lines(entry["changelog"]),
                expected: lines(entry["expected"]),
                config: entry["config"] ?? .null
            )
        }
    }

    private static func lines(_ value: JSONValue?) -> [Line] {
        (value?.array ?? []).map {
            Line(
                id: $0["id"]?.string ?? "",
                level: $0["level"]?.string ?? "",
                operation: $0["operation"]?.string ?? "",
                path: $0["path"]?.string ?? ""
            )
        }.sorted()
    }

    /// The expanded changes of the pair, without checks that oasdiff does not have.
    func found(_ options: DiffOptions) throws -> [Line] {
        let diff = DocumentDiff(options)
        let report = try diff.report(base: Fixtures.document(base), revision: Fixtures.document(revision))
        return diff.expand(report).filter { ChangeTable.rule($0.id)?.isAdditional == false }.map {
            Line(id: $0.id, level: $0.level.name, operation: $0.sites[0].method, path: $0.sites[0].path)
        }.sorted()
    }

    static var defaultOptions: DiffOptions {
        var options = DiffOptions()
        options.today = CalendarDate(year: 2026, month: 11, day: 23)
        return options
    }

    /// As oasdiff compares where its caller does not say otherwise: the cases were recorded so.
    static var recordedOptions: DiffOptions {
        var options = defaultOptions
        options.pathItemParameters = .addedOnly
        return options
    }

    /// What `before` has more of than `after`.
    static func missing(_ before: [Line], _ after: [Line]) -> [Line] {
        var rest = after
        return before.filter { line in
            guard let index = rest.firstIndex(of: line) else { return true }
            rest.remove(at: index)
            return false
        }
    }
}
