import ArgumentParser
import DocumentTree

struct WaiverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "waiver",
        abstract: "Leave to break a rule at one place until a day: asked for by one person, granted by another.",
        subcommands: [List.self, Show.self, Request.self, Grant.self, Refuse.self, Revoke.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Waivers, the newest first.",
            discussion: "Example: gatehouse waiver list --state pending"
        )
        @Option(help: "Only of this API.")
        var api: String?
        @Option(help: "pending, granted, refused, revoked or expired.")
        var state: String?
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let path = Path("waivers").query("api", api).query("state", state)
            Resources.waiver.show(try await server.client().list(path), as: output.format)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "A waiver.",
            discussion: "Example: gatehouse waiver show wvr_019c…"
        )
        @Argument(help: "Identifier of the waiver.")
        var id: String
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            Resources.waiver.show(try await server.client().get(Path("waivers", id)).json(), as: output.format)
        }
    }

    struct Request: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ask for a waiver; it counts once another person has granted it.",
            discussion: """
                Example: gatehouse waiver request --api orders --rule operation-description --pointer /paths/~1orders/get \
                --reason 'described in the handbook' --until 2027-03-31T00:00:00Z
                """
        )
        @Option(help: "Name of the API.")
        var api: String
        @Option(help: "The rule, as the finding shows it.")
        var rule: String
        @Option(help: "JSON Pointer of the place; everything below it is covered too.")
        var pointer: String?
        @Option(help: "The finding's fingerprint; covers it wherever it moves.")
        var fingerprint: String?
        @Option(help: "Why the rule may be broken.")
        var reason: String
        @Option(help: "When it is over, as RFC 3339 time; at most 180 days from now.")
        var until: String
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            var body: [(key: String, value: JSONValue)] = [("api", .string(api)), ("rule", .string(rule))]
            if let pointer { body.append(("pointer", .string(pointer))) }
            if let fingerprint { body.append(("fingerprint", .string(fingerprint))) }
            body += [("reason", .string(reason)), ("expiresAt", .string(until))]
            let made = try await server.client().post(Path("waivers"), .object(body)).json()
            Resources.waiver.show(made, as: output.format)
        }
    }

    struct Grant: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Grant a waiver that somebody else asked for.",
            discussion: "Example: gatehouse waiver grant wvr_019c… --comment 'until the handbook is generated'"
        )
        @OptionGroup var decision: WaiverDecision
        func run() async throws { try await decision.send("grant") }
    }

    struct Refuse: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Refuse a waiver.",
            discussion: "Example: gatehouse waiver refuse wvr_019c… --comment 'easier mended than waived'"
        )
        @OptionGroup var decision: WaiverDecision
        func run() async throws { try await decision.send("refuse") }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a waiver back before its time.",
            discussion: "Example: gatehouse waiver revoke wvr_019c… --reason mended"
        )
        @Argument(help: "Identifier of the waiver.")
        var id: String
        @Option(help: "Why; kept in the audit trail.")
        var reason: String
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let path = Path("waivers", id).query("reason", reason)
            Resources.waiver.show(try await server.client().delete(path).json(), as: output.format)
        }
    }
}

/// A decision on a waiver.
struct WaiverDecision: ParsableArguments {
    @Argument(help: "Identifier of the waiver.")
    var id: String
    @Option(help: "Why.")
    var comment: String?
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func send(_ word: String) async throws {
        var body: [(key: String, value: JSONValue)] = [("decision", .string(word))]
        if let comment { body.append(("comment", .string(comment))) }
        let answer = try await server.client().put(Path("waivers", id, "decision"), .object(body)).json()
        Resources.waiver.show(answer, as: output.format)
    }
}
