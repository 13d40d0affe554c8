import ArgumentParser
import DocumentTree

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Who did what, and proof that the trail is whole.",
        subcommands: [List.self, Verify.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "The audit trail, newest first.",
            discussion: "Example: gatehouse audit list --actor alice --limit 20"
        )
        @Option(help: "Only entries about this kind of subject, such as subscription.")
        var kind: String?
        @Option(help: "Only this action, such as version.published.")
        var action: String?
        @Option(help: "Only entries of this member.")
        var actor: String?
        @Option(help: "How many at most.")
        var limit: Int = 50
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let path = Path("audit").query("kind", kind).query("action", action).query("actor", actor)
                .query("limit", String(min(max(limit, 1), 200)))
            let page = try await server.client().get(path).json()
            Resources.audit.show(page["items"]?.array ?? [], as: output.format)
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify",
            abstract: "Check the hash chain; exit code 1 names the first entry that was changed.",
            discussion: "Example: gatehouse audit verify"
        )
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let verdict = try await server.client().get(Path("audit", "verification")).json()
            let listing = Listing(name: "intact", [("INTACT", "intact"), ("ENTRIES", "entries"), ("DETAIL", "detail")])
            listing.show(verdict, as: output.format)
            guard verdict["intact"]?.bool == true else {
                throw Stop(.refused, "the audit trail is broken at entry \(Listing.cell(verdict, "firstBadEntry"))")
            }
        }
    }
}
