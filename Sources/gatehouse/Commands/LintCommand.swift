import ArgumentParser
import DocumentTree
import Foundation
import PolicyEngine

struct LintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Check documents against rulesets in Spectral's format.",
        discussion: """
            Example: gatehouse lint 'specs/**/*.yaml' --fail-severity warn -f stylish -f json -o.json findings.json

            Without --ruleset the nearest .spectral.yaml (.yml, .json) beside the document or above it is used, else \
            gatehouse:recommended. References to files of a document's own folder are followed, and what is found there is \
            reported there; no URL is opened and no file elsewhere. Without a file, stdin is read.
            """
    )

    @Argument(help: "Documents, YAML or JSON: paths, patterns as specs/**/*.yaml, or - for stdin.", completion: .file())
    var files: [String] = []
    @Option(
        name: [.customShort("r"), .long],
        help: "File or built-in ruleset, see gatehouse rules list; repeat to add findings of several."
    )
    var ruleset: [String] = []
    @Option(
        name: [.customShort("f"), .long],
        help: "\(LintFormat.allCases.map(\.rawValue).joined(separator: ", ")); repeat to write several at once.",
        completion: .list(LintFormat.allCases.map(\.rawValue)),
        transform: LintFormat.named
    )
    var format: [LintFormat] = []
    @OptionGroup var outputs: LintOutputs
    @Option(name: [.customShort("F"), .long], help: "Exit code 1 from this severity up: error, warn, info or hint.")
    var failSeverity: FailSeverity = .error
    @Flag(name: [.customShort("D"), .long], help: "Show only findings that fail the lint.")
    var displayOnlyFailures = false
    @Flag(help: "Do not complain about documents whose format the ruleset does not know.")
    var ignoreUnknownFormat = false
    @Flag(help: "Exit code 2 where a path or pattern finds no file.")
    var failOnUnmatchedGlobs = false
    @Option(help: "The path that a document from stdin stands for.", completion: .file())
    var stdinFilepath: String?
    @Option(name: [.customShort("e"), .long], help: "Encoding of the documents: utf8, utf16le, latin1 or ascii.")
    var encoding: TextEncodingOption = .utf8
    @Flag(name: [.customShort("v"), .long], help: "Say on stderr what is linted, and with which rules.")
    var verbose = false
    @Flag(name: [.customShort("q"), .long], help: "Print nothing but findings.")
    var quiet = false
    @Option(help: .hidden)
    var resolver: String?

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
        let destinations = try outputs.destinations(for: format.isEmpty ? [.stylish] : format)
        if let resolver {
            throw Stop(
                .usage,
                "`\(resolver)` is a program and is not run; references to files of the document's folder are followed "
                    + "without it, and anything else is to be bundled into the document"
            )
        }
        var rulesets = RulesetFiles(given: ruleset)
        var findings: [Finding] = []
        var documents: [Document] = []
        var rules: [Rule] = []
        var isUnreadable = false
        for file in try LintInputs.files(arguments(), failsOnUnmatched: failOnUnmatchedGlobs) {
            do {
                let document = try read(file)
                for ruleset in try rulesets.rulesets(for: file == "-" ? stdinFilepath : file) {
                    findings += lint(document, ruleset)
                    rules += ruleset.rules
                }
                documents.append(document)
            } catch let error as UnreadableDocument {
                findings += error.findings
                isUnreadable = true
            }
        }
        let threshold = failSeverity.severity
        let shown = displayOnlyFailures ? findings.filter { $0.severity <= threshold } : findings
        let result = LintResult(shown, documents: documents, rules: rules, threshold: threshold)
        try write(result, to: destinations)
        if isUnreadable { throw ExitCode(Outcome.usage.rawValue) }
        if findings.contains(where: { $0.severity <= threshold }) { throw ExitCode(Outcome.refused.rawValue) }
    }

    /// The files named; stdin where none is and somebody writes to it.
    private func arguments() throws(Stop) -> [String] {
        guard files.isEmpty else { return files }
        guard isatty(STDIN_FILENO) == 0 else {
            throw Stop(.usage, "no document is named; write `gatehouse lint openapi.yaml`, or pipe one to stdin")
        }
        return ["-"]
    }

    private func read(_ file: String) throws -> Document {
        let bytes = encoding.utf8(try InputFile.read(file))
        if let path = file == "-" ? stdinFilepath : file { return try DocumentFolder.read(bytes, file: path) }
        return try Document.read(bytes, name: "<STDIN>")
    }

    private func lint(_ document: Document, _ ruleset: Ruleset) -> [Finding] {
        let report = Linter(ruleset, ignoresUnknownFormat: ignoreUnknownFormat).lint(document)
        if verbose {
            Console.error(
                "\(document.source.name): \(ruleset.enabledRules.count) of \(ruleset.rules.count) rules of \(ruleset.name) on, "
                    + "\(max(document.filePaths.count, 1)) files, \(report.findings.count) findings"
            )
        }
        return report.findings
    }

    private func write(_ result: LintResult, to destinations: [(format: LintFormat, file: String?)]) throws {
        for (format, file) in destinations {
            // Where nothing was found, a report for people would say so.
            if quiet, format == .stylish, result.findings.isEmpty { continue }
            let isColored = file == nil && Console.wantsColor
            let report = format.text(result, isColored: isColored, version: Release.version)
            if let file {
                try OutputFile.write(Array(report.utf8), to: file)
            } else {
                Console.write(report)
            }
        }
    }
}
