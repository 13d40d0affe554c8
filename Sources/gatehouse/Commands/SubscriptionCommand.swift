import ArgumentParser
import DocumentTree

struct SubscriptionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "subscription",
        abstract: "Subscriptions: ask, decide, pause, pin, close.",
        subcommands: [
            List.self, Show.self, Request.self, Approve.self, Reject.self, Withdraw.self, Pause.self, Resume.self,
            Close.self,
            Pin.self, Unpin.self,
        ]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Subscriptions.",
            discussion: "Example: gatehouse subscription list --state pending"
        )
        @Option(help: "pending, accepted, rejected, withdrawn, paused or closed.")
        var state: String?
        @Option(help: "Only of this API.")
        var api: String?
        @Option(help: "Only of this application.")
        var application: String?
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let path = Path("subscriptions").query("state", state).query("api", api).query("application", application)
            Resources.subscription.show(try await server.client().list(path), as: output.format)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "A subscription.",
            discussion: "Example: gatehouse subscription show sub_…"
        )
        @OptionGroup var subject: SubscriptionArguments

        func run() async throws {
            try subject.show(try await subject.server.client().get(subject.path()))
        }
    }

    struct Request: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "request",
            abstract: "Ask for a subscription.",
            discussion:
                "Example: gatehouse subscription request web-shop --plan orders-gold --pin 1.0.0 --comment 'for the checkout'"
        )
        @Argument(help: "Name of the application.")
        var application: String
        @Option(help: "Name of the plan.")
        var plan: String
        @Option(help: "Version to pin softly.")
        var pin: String?
        @Option(help: "Major line; default that of the pin or of the latest version.")
        var major: Int?
        @Option(help: "Environment.")
        var environment: String = "live"
        @Option(help: "What it is for.")
        var comment: String?
        @Option(help: "First day: a date or an RFC 3339 time.")
        var startsAt: String?
        @Option(help: "End: a date or an RFC 3339 time.")
        var endsAt: String?
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            var body: [(key: String, value: JSONValue)] = [
                ("application", .string(application)), ("plan", .string(plan)), ("environment", .string(environment)),
            ]
            if let pin { body.append(("pin", .string(pin))) }
            if let major { body.append(("major", .integer(Int64(major)))) }
            if let comment { body.append(("comment", .string(comment))) }
            if let startsAt { body.append(("startsAt", .string(try TimeText.rfc3339(startsAt)))) }
            if let endsAt { body.append(("endsAt", .string(try TimeText.rfc3339(endsAt)))) }
            let asked = try await server.client().post(Path("subscriptions"), .object(body)).json()
            Resources.subscription.show(asked, as: output.format)
        }
    }

    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "approve",
            abstract: "Accept a request.",
            discussion: "Example: gatehouse subscription approve sub_…"
        )
        @OptionGroup var subject: SubscriptionArguments
        @Option(help: "What the requester reads.")
        var comment: String?
        func run() async throws { try await subject.decide("approve", comment) }
    }

    struct Reject: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reject",
            abstract: "Reject a request.",
            discussion: "Example: gatehouse subscription reject sub_… --comment 'use the public plan'"
        )
        @OptionGroup var subject: SubscriptionArguments
        @Option(help: "What the requester reads.")
        var comment: String?
        func run() async throws { try await subject.decide("reject", comment) }
    }

    struct Withdraw: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "withdraw",
            abstract: "Take a pending request back.",
            discussion: "Example: gatehouse subscription withdraw sub_…"
        )
        @OptionGroup var subject: SubscriptionArguments
        func run() async throws { try await subject.close(nil) }
    }

    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "pause",
            abstract: "Pause an accepted subscription: calls answer 403.",
            discussion: "Example: gatehouse subscription pause sub_… --reason 'unpaid'"
        )
        @OptionGroup var subject: SubscriptionArguments
        @Option(help: "Why; kept in the audit trail.")
        var reason: String?

        func run() async throws {
            let body = JSONValue.object(reason.map { [("reason", .string($0))] } ?? [])
            try subject.show(try await subject.server.client().put(subject.path("pause"), body))
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "resume",
            abstract: "Resume a paused subscription.",
            discussion: "Example: gatehouse subscription resume sub_…"
        )
        @OptionGroup var subject: SubscriptionArguments
        func run() async throws { try subject.show(try await subject.server.client().delete(subject.path("pause"))) }
    }

    struct Close: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "close",
            abstract: "End a subscription: its keys stop opening the API within a second.",
            discussion: "Example: gatehouse subscription close sub_… --reason 'contract ended'"
        )
        @OptionGroup var subject: SubscriptionArguments
        @Option(help: "Why; kept in the audit trail.")
        var reason: String?
        func run() async throws { try await subject.close(reason) }
    }

    struct Pin: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "pin",
            abstract: "Pin a subscription to a version.",
            discussion: "Example: gatehouse subscription pin sub_… --version 1.0.0 --hard"
        )
        @OptionGroup var subject: SubscriptionArguments
        @OptionGroup var pin: PinOptions

        func run() async throws {
            try subject.show(try await subject.server.client().put(subject.path("pin"), .object(try pin.members())))
        }
    }

    struct Unpin: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "unpin",
            abstract: "Take a subscription's pin away.",
            discussion: "Example: gatehouse subscription unpin sub_…"
        )
        @OptionGroup var subject: SubscriptionArguments
        func run() async throws { try subject.show(try await subject.server.client().delete(subject.path("pin"))) }
    }
}

/// Which subscription a command is about.
struct SubscriptionArguments: ParsableArguments {
    @Argument(help: "Identifier of the subscription.")
    var id: String
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func path() -> Path { Path("subscriptions", id) }
    func path(_ part: String) -> Path { Path("subscriptions", id, part) }

    func show(_ answer: ControlClient.Answer) throws {
        Resources.subscription.show(try answer.json(), as: output.format)
    }

    func decide(_ decision: String, _ comment: String?) async throws {
        var body: [(key: String, value: JSONValue)] = [("decision", .string(decision))]
        if let comment { body.append(("comment", .string(comment))) }
        try show(try await server.client().put(path("decision"), .object(body)))
    }

    func close(_ reason: String?) async throws {
        try show(try await server.client().delete(path().query("reason", reason)))
    }
}

/// What a pin holds.
struct PinOptions: ParsableArguments {
    @Option(help: "Version.")
    var version: String
    @Flag(help: "Refuse calls that name another version; without it the pin is only the default.")
    var hard = false
    @Option(help: "When the pin ends: a date or an RFC 3339 time.")
    var expiresAt: String?
    @Option(help: "Why; kept in the audit trail.")
    var reason: String?

    func members() throws -> [(key: String, value: JSONValue)] {
        var body: [(key: String, value: JSONValue)] = [
            ("version", .string(version)), ("mode", .string(hard ? "hard" : "soft")),
        ]
        if let expiresAt { body.append(("expiresAt", .string(try TimeText.rfc3339(expiresAt)))) }
        if let reason { body.append(("reason", .string(reason))) }
        return body
    }
}
