import DocumentTree
import Foundation
import PolicyEngine

/// One call of `gatehouse lint` with everything its command line says, however that was read.
struct LintRun {
    var files: [String] = []
    /// Files and names of rulesets; empty for the nearest file.
    var rulesets: [String] = []
    /// Each format with the file that it goes to, or nil for stdout.
    var destinations: [(format: LintFormat, file: String?)] = [(.stylish, nil)]
    /// Findings from here up fail the lint.
    var threshold = Severity.error
    var displaysOnlyFailures = false
    var ignoresUnknownFormat = false
    var failsOnUnmatchedGlobs = false
    /// The path that a document from stdin stands for.
    var stdinPath: String?
    var encoding = TextEncodingOption.utf8
    var isVerbose = false
    var isQuiet = false

    /// Lints, writes the reports, and says how it came out.
    ///
    /// - Throws: ``Stop`` for what cannot be used: a path, a ruleset, a file to write to.
    func run() throws -> Outcome {
        var rulesetFiles = RulesetFiles(given: rulesets)
        var findings: [Finding] = []
        var documents: [Document] = []
        var rules: [Rule] = []
        var isUnreadable = false
        for file in try LintInputs.files(arguments(), failsOnUnmatched: failsOnUnmatchedGlobs) {
            do {
                let document = try read(file)
                for ruleset in try rulesetFiles.rulesets(for: file == "-" ? stdinPath : file) {
                    findings += lint(document, ruleset)
                    rules += ruleset.rules
                }
                documents.append(document)
            } catch let error as UnreadableDocument {
                findings += error.findings
                isUnreadable = true
            }
        }
        let shown = displaysOnlyFailures ? findings.filter { $0.severity <= threshold } : findings
        try write(LintResult(shown, documents: documents, rules: rules, threshold: threshold))
        if isUnreadable { return .usage }
        return findings.contains { $0.severity <= threshold } ? .refused : .done
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
        if let path = file == "-" ? stdinPath : file { return try DocumentFolder.read(bytes, file: path) }
        return try Document.read(bytes, name: "<STDIN>")
    }

    private func lint(_ document: Document, _ ruleset: Ruleset) -> [Finding] {
        let report = Linter(ruleset, ignoresUnknownFormat: ignoresUnknownFormat).lint(document)
        if isVerbose {
            Console.error(
                "\(document.source.name): \(ruleset.enabledRules.count) of \(ruleset.rules.count) rules of \(ruleset.name) on, "
                    + "\(max(document.filePaths.count, 1)) files, \(report.findings.count) findings"
            )
        }
        return report.findings
    }

    private func write(_ result: LintResult) throws {
        for (format, file) in destinations {
            // Where nothing was found, a report for people would say so.
            if isQuiet, format == .stylish, result.findings.isEmpty { continue }
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

extension LintRun {
    /// Reads a command line that is plain: known options spelt out, each value in an argument of its own. Nil for any other.
    ///
    /// Describing `lint` to the general parser takes longer than linting a small document with it, and it is what editors
    /// and hooks start on every save. Everything that is not plain is left to the general parser: abbreviations, `=`,
    /// joined short options, `-`, help, completion, and every mistake, so that messages have one source.
    ///
    /// - Parameter arguments: what follows `lint`.
    init?(plain arguments: [String]) {
        self.init()
        var formats: [LintFormat] = []
        var output: String?
        var severity: LintCommand.FailSeverity?
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.utf8.first == UInt8(ascii: "-") else {
                files.append(argument)
                continue
            }
            if setFlag(argument) { continue }
            guard let value = rest.popFirst(), !value.isEmpty, value.utf8.first != UInt8(ascii: "-") else { return nil }
            switch argument {
            case "--ruleset", "-r": rulesets.append(value)
            case "--format", "-f":
                guard let format = try? LintFormat.named(value), !formats.contains(format) else { return nil }
                formats.append(format)
            case "--fail-severity", "-F":
                guard severity == nil, let named = LintCommand.FailSeverity(rawValue: value) else { return nil }
                severity = named
            case "--output", "-o":
                guard output == nil else { return nil }
                output = value
            default: return nil
            }
        }
        // An empty path, and one file for several reports, are mistakes.
        guard !files.isEmpty, !files.contains(""), output == nil || formats.count <= 1 else { return nil }
        threshold = severity?.severity ?? .error
        destinations = (formats.isEmpty ? [.stylish] : formats).map { ($0, output) }
    }

    private mutating func setFlag(_ argument: String) -> Bool {
        switch argument {
        case "--display-only-failures", "-D": displaysOnlyFailures = true
        case "--ignore-unknown-format": ignoresUnknownFormat = true
        case "--fail-on-unmatched-globs": failsOnUnmatchedGlobs = true
        case "--verbose", "-v": isVerbose = true
        case "--quiet", "-q": isQuiet = true
        default: return false
        }
        return true
    }
}
