import DocumentTree
import Foundation
import PolicyEngine

/// The rulesets that a command line means for each of its documents; each file is read once.
struct RulesetFiles {
    /// What `--ruleset` named; empty for the nearest file.
    let given: [String]
    private var known: [String: Ruleset] = [:]

    init(given: [String]) { self.given = given }

    /// The rulesets for a document, with the overrides that name it.
    ///
    /// - Parameter file: the document's path; nil for stdin without one, for which no override is meant.
    /// - Returns: the rulesets in the order of the command line.
    /// - Throws: ``Stop`` where one cannot be read or used.
    mutating func rulesets(for file: String?) throws -> [Ruleset] {
        let names = given.isEmpty ? [RulesetFile.nearest(to: file ?? "-") ?? "gatehouse:recommended"] : given
        return try names.map { name in
            let ruleset = try known[name] ?? RulesetFile.load(name)
            known[name] = ruleset
            guard ruleset.hasOverrides, let file else { return ruleset }
            let folder = URL(filePath: name).deletingLastPathComponent()
            return ruleset.applyingOverrides(toFile: Self.path(of: file, from: folder))
        }
    }

    /// A path as seen from a folder; `..` leads up where it must.
    private static func path(of file: String, from folder: URL) -> String {
        let names = URL(filePath: file).standardizedFileURL.pathComponents
        let base = folder.standardizedFileURL.pathComponents
        let shared = zip(names, base).prefix { $0 == $1 }.count
        let up = Array(repeating: "..", count: base.count - shared)
        return (up + names[shared...]).joined(separator: "/")
    }
}

/// Where rulesets of the command line come from.
enum RulesetFile {
    /// Spectral's names; one in JavaScript is found so that it is refused and not passed over.
    private static let names = ["yaml", "yml", "json", "js", "mjs", "cjs"].map { ".spectral." + $0 }

    /// The nearest `.spectral.yaml`, `.yml` or `.json` beside a document or above it.
    static func nearest(to file: String) -> String? {
        var folder =
            file == "-"
            ? URL(filePath: FileManager.default.currentDirectoryPath) : URL(filePath: file).deletingLastPathComponent()
        folder = folder.standardizedFileURL
        while true {
            for name in names {
                let path = folder.appending(path: name).path
                if FileManager.default.fileExists(atPath: path) { return path }
            }
            let above = folder.deletingLastPathComponent().standardizedFileURL
            guard above.path != folder.path, folder.path != "/" else { return nil }
            folder = above
        }
    }

    /// A built-in ruleset by name, else one from a file; what it extends is looked for beside it.
    static func load(_ name: String) throws -> Ruleset {
        if name.hasPrefix("http://") || name.hasPrefix("https://") {
            throw Stop(.usage, "the remote ruleset `\(name)` is not fetched; save it as a file and name the file")
        }
        var unreadable: [Finding] = []
        do {
            if Ruleset.builtInNames.contains(name) { return try Ruleset.builtIn(name) }
            return try Ruleset.read(try InputFile.read(name), name: name) { path, from in
                let file =
                    path.hasPrefix("/")
                    ? URL(filePath: path) : URL(filePath: from).deletingLastPathComponent().appending(path: path)
                let full = file.standardizedFileURL.path
                // A file that is not there is told by the reader, with the place that names it.
                guard let bytes = try? InputFile.read(full) else { return nil }
                do throws(UnreadableDocument) {
                    return try Ruleset.document(bytes, name: full)
                } catch {
                    unreadable += error.findings
                    return nil
                }
            }
        } catch let refusal as RulesetRejected {
            let findings = unreadable.isEmpty ? refusal.findings : unreadable
            throw Stop(.usage, findings.map(InputFile.line).joined(separator: "\n"))
        }
    }
}
