import ArgumentParser
import DocumentTree
import Foundation
import PolicyEngine

struct LintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Check documents against rulesets in Spectral's format.",
        discussion: """
            Example: gatehouse lint openapi.yaml --fail-severity warn

            Without --ruleset the nearest .spectral.yaml (.yml, .json) beside the document or above it is used, else \
            gatehouse:recommended.
            """
    )

    @Argument(help: "OpenAPI documents, YAML or JSON; - reads stdin.", completion: .file())
    var files: [String]
    @Option(help: "File, gatehouse:recommended or spectral:oas; repeat to add findings of several.")
    var ruleset: [String] = []
    @Option(help: "stylish or json.")
    var format: Format = .stylish
    @Option(help: "Exit code 1 from this severity up: error, warn, info or hint.")
    var failSeverity: FailSeverity = .error
    @Flag(help: "Do not complain about documents that are no OpenAPI.")
    var ignoreUnknownFormat = false

    enum Format: String, ExpressibleByArgument, CaseIterable { case stylish, json }

    enum FailSeverity: String, ExpressibleByArgument, CaseIterable {
        case error, warn, info, hint

        var severity: Severity {
            switch self {
            case .error: .error
            case .warn: .warning
            case .info: .information
            case .hint: .hint
            }
        }
    }

    func run() throws {
        var findings: [Finding] = []
        var isUnreadable = false
        for file in files {
            let bytes = try InputFile.read(file)
            do {
                findings += try lint(Document.read(bytes, name: file == "-" ? "<STDIN>" : file), file: file)
            } catch let error as UnreadableDocument {
                findings += error.findings
                isUnreadable = true
            }
        }
        switch format {
        case .stylish:
            Console.write(StylishReport(isColored: Console.wantsColor).text(findings, threshold: failSeverity.severity))
        case .json: Console.write(JSONReport().text(findings) + "\n")
        }
        if isUnreadable { throw ExitCode(Outcome.usage.rawValue) }
        if findings.contains(where: { $0.severity <= failSeverity.severity }) {
            throw ExitCode(Outcome.refused.rawValue)
        }
    }

    private func lint(_ document: Document, file: String) throws -> [Finding] {
        let names = ruleset.isEmpty ? [RulesetFile.nearest(to: file) ?? "gatehouse:recommended"] : ruleset
        return try names.flatMap { name in
            try Linter(RulesetFile.load(name), ignoresUnknownFormat: ignoreUnknownFormat).lint(document).findings
        }
    }
}

/// Where rulesets of the command line come from.
enum RulesetFile {
    /// The nearest `.spectral.yaml`, `.yml` or `.json` beside a document or above it.
    static func nearest(to file: String) -> String? {
        var folder =
            file == "-"
            ? URL(filePath: FileManager.default.currentDirectoryPath) : URL(filePath: file).deletingLastPathComponent()
        folder = folder.standardizedFileURL
        while true {
            for name in [".spectral.yaml", ".spectral.yml", ".spectral.json"] {
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
        do {
            if Ruleset.builtInNames.contains(name) { return try Ruleset.builtIn(name) }
            return try Ruleset.read(try InputFile.read(name), name: name) { path, from in
                let file = URL(filePath: from).deletingLastPathComponent().appending(path: path).path
                // A file that is not there or cannot be read is told by the reader, with the place that names it.
                guard let bytes = try? InputFile.read(file) else { return nil }
                return try? Document.read(bytes, name: file)
            }
        } catch let refusal as RulesetRejected {
            throw Stop(.usage, refusal.findings.map(InputFile.line).joined(separator: "\n"))
        }
    }
}
