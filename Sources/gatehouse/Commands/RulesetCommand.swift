import ArgumentParser
import DocumentTree
import NIOHTTP1

struct RulesetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ruleset",
        abstract: "Rulesets that policies bind, in revisions that never change.",
        subcommands: [List.self, Show.self, Set.self, Revisions.self, Delete.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Rulesets, those that come with the program first.",
            discussion: "Example: gatehouse ruleset list"
        )
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            Resources.ruleset.show(try await server.client().list(Path("rulesets")), as: output.format)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "A ruleset, or its text as it was stored.",
            discussion: "Example: gatehouse ruleset show house --text > house.ruleset.yaml"
        )
        @Argument(help: "Name of the ruleset.")
        var name: String
        @Flag(help: "The text.")
        var text = false
        @Option(help: "Number of the revision; default the newest.")
        var revision: Int?
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let client = try server.client()
            let ruleset = try await client.get(Path("rulesets", name)).json()
            guard text else { return Resources.ruleset.show(ruleset, as: output.format) }
            let number = revision.map(String.init) ?? Listing.cell(ruleset, "revision")
            Console.write(try await client.get(Path("rulesets", name, "revisions", number, "text")).bytes)
        }
    }

    struct Revisions: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "A ruleset's revisions, the newest first.",
            discussion: "Example: gatehouse ruleset revisions house"
        )
        @Argument(help: "Name of the ruleset.")
        var name: String
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let items = try await server.client().list(Path("rulesets", name, "revisions"))
            Resources.rulesetRevision.show(items, as: output.format)
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Store a ruleset, or a new revision of one; policies go on with what they bind.",
            discussion: "Example: gatehouse ruleset set house house.ruleset.yaml --message 'errors need examples'"
        )
        @Argument(help: "Name of the ruleset.")
        var name: String
        @Argument(help: "Ruleset in Spectral's format, YAML or JSON; - reads stdin.", completion: .file())
        var file: String
        @Option(help: "What people read.")
        var title: String?
        @Option(name: .shortAndLong, help: "What changes.")
        var message: String?
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let bytes = try InputFile.read(file)
            let path = Path("rulesets", name).query("title", title).query("message", message)
            let answer = try await server.client().send(
                .PUT,
                path,
                .bytes(bytes, type: "application/octet-stream")
            )
            Resources.ruleset.show(try answer.json(), as: output.format)
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a ruleset out of use that no policy names.",
            discussion: "Example: gatehouse ruleset delete house"
        )
        @Argument(help: "Name of the ruleset.")
        var name: String
        @OptionGroup var server: ServerOptions

        func run() async throws {
            _ = try await server.client().delete(Path("rulesets", name))
            Console.error("deleted \(name)")
        }
    }
}
