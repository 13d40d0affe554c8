import ArgumentParser
import DocumentTree
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
    @OptionGroup var spectral: SpectralSpellings

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
        var run = LintRun()
        run.destinations = try outputs.destinations(for: format.isEmpty ? [.stylish] : format)
        if let resolver {
            throw Stop(
                .usage,
                "`\(resolver)` is a program and is not run; references to files of the document's folder are followed "
                    + "without it, and anything else is to be bundled into the document"
            )
        }
        run.files = files
        run.rulesets = ruleset
        run.threshold = (spectral.failSeverity ?? failSeverity).severity
        run.displaysOnlyFailures = displayOnlyFailures || spectral.displayOnlyFailures
        run.ignoresUnknownFormat = ignoreUnknownFormat || spectral.ignoreUnknownFormat
        run.failsOnUnmatchedGlobs = failOnUnmatchedGlobs || spectral.failOnUnmatchedGlobs
        run.stdinPath = spectral.stdinFilepath ?? stdinFilepath
        run.encoding = encoding
        run.isVerbose = verbose
        run.isQuiet = quiet
        let outcome = try run.run()
        if outcome != .done { throw ExitCode(outcome.rawValue) }
    }
}

/// Options of several words as Spectral takes them too, without dashes inside: scripts that were written for it work as they are.
struct SpectralSpellings: ParsableArguments {
    @Option(name: .customLong("failSeverity"), help: .hidden)
    var failSeverity: LintCommand.FailSeverity?
    @Flag(name: .customLong("displayOnlyFailures"), help: .hidden)
    var displayOnlyFailures = false
    @Flag(name: .customLong("ignoreUnknownFormat"), help: .hidden)
    var ignoreUnknownFormat = false
    @Flag(name: .customLong("failOnUnmatchedGlobs"), help: .hidden)
    var failOnUnmatchedGlobs = false
    @Option(name: .customLong("stdinFilepath"), help: .hidden)
    var stdinFilepath: String?
}
