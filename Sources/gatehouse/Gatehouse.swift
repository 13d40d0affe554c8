import ArgumentParser
import Foundation

/// The only `main` of the project: parses the command line, runs one command, turns its failure into a sentence on stderr
/// and an exit code that scripts can hold on to.
@main
struct Gatehouse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatehouse",
        abstract: "API governance and gateway: the approved specification is the routing table.",
        discussion: """
            Exit codes: 0 done or clean, 1 policy says no, 2 usage or unreadable input, 3 remote, auth or transport error, \
            4 conflict, 5 timed out waiting.

            A first look: gatehouse lint openapi.yaml
            """,
        version: Release.version,
        groupedSubcommands: [
            CommandGroup(
                name: "Run",
                subcommands: [
                    UpCommand.self, ControlCommand.self, GatewayCommand.self, MigrateCommand.self, MockCommand.self,
                ]
            ),
            CommandGroup(
                name: "Check offline",
                subcommands: [
                    LintCommand.self, RulesCommand.self, DiffCommand.self, CompileCommand.self, ExplainCommand.self,
                ]
            ),
            CommandGroup(
                name: "Publish",
                subcommands: [
                    SubmitCommand.self, ReviewCommand.self, APICommand.self, VersionCommand.self, SnapshotCommand.self,
                ]
            ),
            CommandGroup(
                name: "Govern",
                subcommands: [PolicyCommand.self, RulesetCommand.self, WaiverCommand.self]
            ),
            CommandGroup(
                name: "Consume",
                subcommands: [PlanCommand.self, ApplicationCommand.self, SubscriptionCommand.self, KeyCommand.self]
            ),
            CommandGroup(
                name: "Administer",
                subcommands: [
                    TeamCommand.self, MemberCommand.self, TokenCommand.self, ApplyCommand.self, PlanChangesCommand.self,
                    ExportCommand.self, AuditCommand.self, ConfigCommand.self, CompletionCommand.self,
                ]
            ),
        ]
    )

    static func main() async {
        do {
            let arguments = Array(CommandLine.arguments.dropFirst())
            if arguments.first == "lint", let run = LintRun(plain: Array(arguments.dropFirst())) {
                Foundation.exit(try run.run().rawValue)
            }
            var command = try parse(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let stop as Stop {
            Console.error(stop.text)
            Foundation.exit(stop.code.rawValue)
        } catch let code as ExitCode {
            Foundation.exit(code.rawValue)
        } catch {
            finish(parsing: error)
        }
    }

    /// Commands that people run over and over on small files, where the start counts.
    private static let quick: [any ParsableCommand.Type] = [LintCommand.self, DiffCommand.self]

    /// Parses the command line. A quick command is parsed alone first: describing all commands to the parser takes longer
    /// than linting a small document. Whatever is not plain then (help, a mistake) is told by the whole.
    private static func parse(_ arguments: [String]) throws -> any ParsableCommand {
        if let first = arguments.first, let named = quick.first(where: { $0.configuration.commandName == first }),
            let command = try? named.parseAsRoot(Array(arguments.dropFirst()))
        {
            return command
        }
        return try parseAsRoot(arguments)
    }

    /// Help and version go to stdout and are no failure; a mistake in usage goes to stderr with exit code 2.
    private static func finish(parsing error: any Error) -> Never {
        if exitCode(for: error) == .success {
            print(fullMessage(for: error))
            Foundation.exit(Outcome.done.rawValue)
        }
        Console.error(fullMessage(for: error))
        Foundation.exit(Outcome.usage.rawValue)
    }
}
