import ArgumentParser
import DocumentTree

struct ReviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "See what waits for review and decide.",
        subcommands: [List.self, Show.self, Approve.self, Reject.self, RequestChanges.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Revisions that wait for a decision.",
            discussion: "Example: gatehouse review list"
        )
        @Option(help: "in_review, changes_requested, rejected, approved or draft.")
        var state: String?
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let items = try await server.client().list(Path("reviews").query("state", state))
            Resources.revision.show(items, as: output.format)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "A revision with its findings, its changes, its votes and what an approval would cover.",
            discussion: "Example: gatehouse review show orders 1.1.0 --base 1.0.0"
        )
        @OptionGroup var subject: RevisionArguments
        @Option(help: "Version to compare with, as VERSION or VERSION@REVISION; default what is published.")
        var base: String?
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let client = try server.client()
            let path = try await subject.segments(client)
            let revision = try await client.get(subject.path(path)).json()
            let report = try await client.get(subject.path(path, "findings")).json()
            let votes = try await client.list(subject.path(path, "votes"))
            let policies = try await client.get(subject.path(path, "policies")).json()["items"]?.array ?? []
            let changes = try await client.get(subject.path(path, "changes").query("base", base)).json()
            guard output.format == .table else {
                let whole = JSONValue.object([
                    ("revision", revision), ("report", report), ("policies", .array(policies)),
                    ("changes", changes), ("votes", .array(votes)),
                ])
                return Listing(name: "revision.revision", []).show(whole, as: output.format)
            }
            Resources.revision.show(revision, as: .table)
            Console.write("\nAn approval covers the release manifest \(Listing.cell(revision, "manifestSha256"))\n\n")
            FindingList(report: report).show()
            PolicyList(assessments: policies).show()
            ChangeList(comparison: changes).show()
            Resources.vote.show(votes, as: .table)
        }
    }

    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "approve",
            abstract: "Vote for a revision.",
            discussion: "Example: gatehouse review approve orders 1.0.0 --comment 'checked with the sales team'"
        )
        @OptionGroup var ballot: Ballot
        func run() async throws { try await ballot.cast("approve") }
    }

    struct Reject: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reject",
            abstract: "Vote against a revision.",
            discussion: "Example: gatehouse review reject orders 1.0.0 --comment 'leaks customer ids'"
        )
        @OptionGroup var ballot: Ballot
        func run() async throws { try await ballot.cast("reject") }
    }

    struct RequestChanges: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "request-changes",
            abstract: "Send a revision back to its authors.",
            discussion: "Example: gatehouse review request-changes orders 1.0.0 --comment 'describe the errors'"
        )
        @OptionGroup var ballot: Ballot
        func run() async throws { try await ballot.cast("request-changes") }
    }
}

/// Which revision a review command is about.
struct RevisionArguments: ParsableArguments {
    @Argument(help: "Name of the API.")
    var api: String
    @Argument(help: "Version.")
    var version: String
    @Option(help: "Number of the revision; default the latest.")
    var revision: Int?

    /// The number of the revision, asked for where it was not given.
    func segments(_ client: ControlClient) async throws -> String {
        if let revision { return String(revision) }
        let latest = try await client.get(Path("apis", api, "versions", version)).json()["latestRevision"]?.integer
        guard let latest else { throw Stop(.usage, "`\(api)` `\(version)` has no revision yet; submit one") }
        return String(latest)
    }

    func path(_ number: String) -> Path {
        Path("apis", api, "versions", version, "revisions", number)
    }

    func path(_ number: String, _ part: String) -> Path {
        Path("apis", api, "versions", version, "revisions", number, part)
    }
}

/// A vote and what it is bound to.
struct Ballot: ParsableArguments {
    @OptionGroup var subject: RevisionArguments
    @Option(help: "Why.")
    var comment: String?
    @Option(help: "Hash of the release manifest you looked at; default the revision's present one.")
    var manifest: String?
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func cast(_ decision: String) async throws {
        let client = try server.client()
        let number = try await subject.segments(client)
        var hash = manifest
        if hash == nil { hash = try await client.get(subject.path(number)).json()["manifestSha256"]?.string }
        var body: [(key: String, value: JSONValue)] = [
            ("decision", .string(decision)), ("manifestSha256", .string(hash ?? "")),
        ]
        if let comment { body.append(("comment", .string(comment))) }
        let outcome = try await client.post(subject.path(number, "votes"), .object(body)).json()
        guard output.format == .table else {
            return Listing(name: "revision.revision", []).show(outcome, as: output.format)
        }
        if let revision = outcome["revision"] { Resources.revision.show(revision, as: .table) }
        if let missing = outcome["votesMissing"]?.integer, missing > 0 {
            Console.error("\(missing) more approval(s) needed")
        }
    }
}
