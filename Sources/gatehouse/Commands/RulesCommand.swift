import ArgumentParser
import DocumentTree
import Foundation
import PolicyEngine

struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "What the rules of a ruleset are, and whether they do what they say.",
        discussion: "Example: gatehouse rules show oas3-schema",
        subcommands: [List.self, Show.self, Test.self]
    )

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The rules of rulesets.",
            discussion: "Example: gatehouse rules list --ruleset spectral:owasp"
        )
        @OptionGroup var rulesets: RulesetOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            let rules = try rulesets.load().flatMap { ruleset in
                ruleset.rules.map { rule -> JSONValue in
                    var members = rule.value.object ?? []
                    members.insert(("ruleset", .string(ruleset.name)), at: 0)
                    return .object(members)
                }
            }
            Listing(
                name: "name",
                [
                    ("RULE", "name"), ("SEVERITY", "severity"), ("ON", "enabled"), ("RECOMMENDED", "recommended"),
                    ("FORMATS", "formats"), ("RULESET", "ruleset"),
                ]
            ).show(rules, as: output.format)
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "All of one rule, with how to put a finding right.",
            discussion: "Example: gatehouse rules show path-params -o yaml"
        )
        @Argument(help: "The rule's name: the code of its findings.")
        var rule: String
        @OptionGroup var rulesets: RulesetOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            for ruleset in try rulesets.load() {
                guard let found = ruleset[rule] else { continue }
                return Listing(
                    name: "name",
                    [
                        ("Rule", "name"), ("About", "description"), ("Severity", "severity"), ("On", "enabled"),
                        ("Recommended", "recommended"), ("Formats", "formats"), ("Given", "given"), ("Then", "then"),
                        ("Resolved", "resolved"), ("Message", "message"), ("Put right by", "remediation"),
                        ("Explained at", "documentationUrl"), ("Defined in", "origin"),
                    ]
                ).show(found.value, as: output.format)
            }
            throw Stop(.usage, "no ruleset has a rule `\(rule)`; `gatehouse rules list -o name` prints the names")
        }
    }

    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Try the rules that a ruleset defines on its fixtures.",
            discussion: """
                Fixtures are FOLDER/RULE/bad.yaml, which the rule must complain about and no other may, and \
                FOLDER/RULE/good.yaml, a near miss; a `:` in a rule's name is `_` in the folder's. Several documents in one \
                file stand apart by `---`; `# fires` ends a line where a finding begins; `# also: NAME` names what else is found.

                Example: gatehouse rules test policies/house.ruleset.yaml --mutate
                """
        )
        @Argument(help: "Ruleset: a file, or a built-in name together with --fixtures.", completion: .file())
        var ruleset: String
        @Option(
            help: "Folder of the fixtures; default: fixtures/NAME beside NAME.ruleset.yaml.",
            completion: .directory
        )
        var fixtures: String?
        @Flag(help: "Weaken each rule one part at a time as well: the fixtures have to notice.")
        var mutate = false
        @Option(name: [.customShort("o"), .customLong("output")], help: "table or json.")
        var output: OutputFormat = .table

        func validate() throws {
            guard output == .table || output == .json else { throw ValidationError("-o takes table or json here") }
        }

        func run() throws {
            let rules = try RulesetFile.load(ruleset)
            let report = RuleTest(rules, fixtures: try FixtureFolder.read(fixtures ?? defaultFolder())).run(
                mutates: mutate
            )
            Console.write(output == .json ? report.value.text(pretty: true) + "\n" : report.text)
            guard report.isSound else { throw ExitCode(Outcome.refused.rawValue) }
        }

        private func defaultFolder() throws -> String {
            guard !Ruleset.builtInNames.contains(ruleset) else {
                throw Stop(.usage, "`\(ruleset)` is built in; say where its fixtures are with --fixtures")
            }
            let file = URL(filePath: ruleset)
            let stem = file.lastPathComponent.split(separator: ".", omittingEmptySubsequences: true).first.map(
                String.init
            )
            return file.deletingLastPathComponent().appending(path: "fixtures").appending(path: stem ?? "ruleset").path
        }
    }
}

/// `--ruleset` of commands that look at rules.
struct RulesetOptions: ParsableArguments {
    @Option(
        help:
            "File or built-in name; repeat for several. Default: gatehouse:recommended, which has spectral:oas in it, and spectral:owasp.",
        completion: .file()
    )
    var ruleset: [String] = []

    /// The rulesets asked for, in order.
    func load() throws -> [Ruleset] {
        let names = ruleset.isEmpty ? ["gatehouse:recommended", "spectral:owasp"] : ruleset
        return try names.map(RulesetFile.load)
    }
}

/// The fixtures of a ruleset's rules on disk.
enum FixtureFolder {
    /// Files of one folder tree; a folder for rules holds few and small ones.
    private static let filesMax = 20_000

    static func read(_ folder: String) throws -> [RuleFixture] {
        guard let paths = FileManager.default.subpaths(atPath: folder) else {
            throw Stop(.usage, "there is no folder `\(folder)`; say where the fixtures are with --fixtures")
        }
        guard paths.count <= filesMax else {
            throw Stop(.usage, "`\(folder)` holds more than \(filesMax) files, which is no folder of fixtures")
        }
        return try paths.sorted().flatMap { path -> [RuleFixture] in
            guard ["good.", "bad."].contains(where: InputFile.name(of: path).hasPrefix) else { return [] }
            let bytes = try InputFile.read(folder + "/" + path)
            return RuleFixture.read(path: path, text: String(decoding: bytes, as: UTF8.self))
        }
    }
}
