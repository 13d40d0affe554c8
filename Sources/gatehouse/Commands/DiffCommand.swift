import ArgumentParser
import DocumentTree
import Foundation
import OpenAPIModel
import SpecDiff

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "What changed from one document to another, and for whom it breaks.",
        discussion: """
            Example: gatehouse diff orders-1.0.0.yaml orders-1.1.0.yaml --version-bump
            Example: git show main:openapi.yaml | gatehouse diff - openapi.yaml --format markdown

            A change in a shared component is said once with the number of operations it reaches; --expand says it once \
            for each. Exit code 1 where a change weighs as much as --fail-on says, or more.
            """
    )

    @Argument(help: "The older OpenAPI document, YAML or JSON; - reads stdin.", completion: .file())
    var base: String
    @Argument(help: "The newer OpenAPI document, YAML or JSON; - reads stdin.", completion: .file())
    var revision: String
    @Option(help: "text, json, markdown, sarif, github or html.")
    var format: Format = .text
    @Option(help: "Exit code 1 from this level up: error or warning.")
    var failOn: FailLevel = .error
    @Flag(help: "Say a change in a shared component once for each operation that it reaches.")
    var expand = false
    @Option(
        help: """
            Parameters of a path item: of-each-operation, or added-only, which is what oasdiff compares without \
            --flatten-params.
            """
    )
    var pathItemParameters = SharedParameters.ofEachOperation
    @Flag(help: "Check the declared version of the newer document against the step that the changes ask for.")
    var versionBump = false
    @Option(help: "YAML list of changes to leave out, by id, operation or fingerprint; repeat for more files.")
    var ignore: [String] = []
    @Option(help: "YAML map of check to error, warning, info or none; or lines of check and level.")
    var severity: String?
    @Option(name: .shortAndLong, help: "Write to this file instead of stdout.", completion: .file())
    var output: String?

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, markdown, sarif, github, html }

    enum FailLevel: String, ExpressibleByArgument, CaseIterable {
        case error, warning

        var level: ChangeLevel { self == .error ? .error : .warning }
    }

    enum SharedParameters: String, ExpressibleByArgument, CaseIterable {
        case ofEachOperation = "of-each-operation"
        case addedOnly = "added-only"

        var setting: PathItemParameters { self == .ofEachOperation ? .ofEachOperation : .addedOnly }
    }

    func validate() throws {
        if base == "-", revision == "-" { throw ValidationError("only one of the two documents can come from stdin") }
    }

    func run() throws {
        let levels = try severity.map(readLevels) ?? [:]
        let ignored = try ignore.map(readIgnoreFile)
        let old = try document(base)
        let new = try document(revision)

        var options = DiffOptions()
        options.today = CalendarDate(dayNumber: Int(Date.now.timeIntervalSince1970 / 86_400))
        options.levels = levels
        options.pathItemParameters = pathItemParameters.setting
        let comparison = DocumentDiff(options)
        var report = comparison.report(base: old, revision: new)
        for file in ignored {
            let outcome = file.apply(to: report)
            report = outcome.report
            for finding in outcome.unused { Console.error(InputFile.line(finding)) }
            if outcome.hiddenCount > 0 { Console.error("\(outcome.hiddenCount) changes are ignored by \(file.name)") }
        }
        let proof = versionBump ? VersionProof(base: old, revision: new, report: report) : nil
        if expand { report = expanded(report, comparison, ignored) }
        if let proof {
            report = proof.added(to: report, levels: levels)
            Console.error(proof.summary)
        }
        try write(text(report, ComparedDocument(old), ComparedDocument(new)))
        if report.changes.contains(where: { $0.level <= failOn.level }) { throw ExitCode(Outcome.refused.rawValue) }
    }

    /// The report place by place. What was hidden for a part of the operations is found again by that, so it is hidden
    /// once more.
    private func expanded(_ report: DiffReport, _ comparison: DocumentDiff, _ ignored: [IgnoreFile]) -> DiffReport {
        var result = comparison.expanded(report)
        for file in ignored { result = file.apply(to: result).report }
        result.requiredBump = report.requiredBump
        return result
    }

    private func text(_ report: DiffReport, _ old: ComparedDocument, _ new: ComparedDocument) -> String {
        switch format {
        case .text: DiffTextReport(isColored: output == nil && Console.wantsColor).text(report)
        case .json: DiffJSONReport().text(report)
        case .markdown: DiffMarkdownReport().text(report, from: old, to: new)
        case .sarif: DiffSARIFReport(toolVersion: Release.version).text(report)
        case .github: DiffGitHubReport().text(report)
        case .html: DiffHTMLReport().text(report, from: old, to: new)
        }
    }

    private func write(_ text: String) throws {
        guard let output else { return Console.write(text) }
        try OutputFile.write(Array(text.utf8), to: output)
    }

    // MARK: Reading

    /// A document that can be compared as it stands: nothing beside it is ever opened.
    private func document(_ path: String) throws -> OpenAPIDocument {
        let bytes = try InputFile.read(path)
        do {
            let document = try Document.read(bytes, name: path == "-" ? "<STDIN>" : path)
            let openAPI = try OpenAPIDocument(document)
            let refusals =
                document.findings.filter { $0.severity == .error }
                + openAPI.resolver.findings().filter { $0.code == ReferenceCode.externalRefused }
            guard refusals.isEmpty else { throw Self.stop(refusals) }
            return openAPI
        } catch let unreadable as UnreadableDocument {
            throw Self.stop(unreadable.findings)
        } catch let unsupported as UnsupportedDocument {
            throw Self.stop(unsupported.findings)
        }
    }

    private func readIgnoreFile(_ path: String) throws -> IgnoreFile {
        let bytes = try InputFile.read(path)
        do throws(JudgementRejected) {
            return try IgnoreFile.read(bytes, name: path, knownIDs: checks)
        } catch {
            throw Self.stop(error.findings)
        }
    }

    private func readLevels(_ path: String) throws -> [String: ChangeLevel?] {
        let bytes = try InputFile.read(path)
        do throws(JudgementRejected) {
            return try SeverityFile.read(bytes, name: path, knownIDs: checks).levels
        } catch {
            throw Self.stop(error.findings)
        }
    }

    /// The checks that files may name.
    private var checks: Set<String> { ChangeTable.ids.union(VersionProof.checks) }

    private static func stop(_ findings: [Finding]) -> Stop {
        Stop(.usage, findings.map(InputFile.line).joined(separator: "\n"))
    }
}
