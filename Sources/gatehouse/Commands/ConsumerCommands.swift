import ArgumentParser
import DocumentTree

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Plans: which operations, how much, and who says yes.",
        subcommands: [List.self, Show.self, Create.self, Update.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Plans.",
            discussion: "Example: gatehouse plan list --api orders"
        )
        @Option(help: "Only of this API.")
        var api: String?
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            Resources.plan.show(try await server.client().list(Path("plans").query("api", api)), as: output.format)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "A plan.",
            discussion: "Example: gatehouse plan show orders-gold"
        )
        @Argument(help: "Name of the plan.")
        var name: String
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            Resources.plan.show(try await server.client().get(Path("plans", name)).json(), as: output.format)
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Make a plan.",
            discussion: """
                Example: gatehouse plan create orders-gold --api orders --operation listOrders --rate 100/PT1S --burst 20 \
                --quota 1000000/P1M
                """
        )
        @Argument(help: "Name of the plan.")
        var name: String
        @Option(help: "The API it grants.")
        var api: String
        @Option(help: "What people read.")
        var title: String?
        @Flag(help: "Requests are accepted at once; default: somebody decides.")
        var automatic = false
        @OptionGroup var terms: PlanTerms
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            var body: [(key: String, value: JSONValue)] = [("name", .string(name)), ("api", .string(api))]
            if let title { body.append(("title", .string(title))) }
            body.append(("approval", .string(automatic ? "automatic" : "manual")))
            body += try terms.members()
            Resources.plan.show(try await server.client().post(Path("plans"), .object(body)).json(), as: output.format)
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "update",
            abstract: "Change a plan; the gateways enforce it at once.",
            discussion: "Example: gatehouse plan update orders-gold --rate 200/PT1S --burst 40"
        )
        @Argument(help: "Name of the plan.")
        var name: String
        @Option(help: "automatic or manual.")
        var approval: String?
        @Flag(help: "Grant every operation.")
        var allOperations = false
        @OptionGroup var terms: PlanTerms
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            var body = try terms.members()
            if let approval { body.append(("approval", .string(approval))) }
            if allOperations { body.append(("operations", .null)) }
            guard !body.isEmpty else {
                throw Stop(.usage, "nothing to change; say what, for instance --rate 200/PT1S --burst 40")
            }
            Resources.plan.show(
                try await server.client().patch(Path("plans", name), .object(body)).json(),
                as: output.format
            )
        }
    }
}

/// Operations and limits of a plan.
struct PlanTerms: ParsableArguments {
    @Option(
        name: .customLong("operation"),
        help: "Operation id to grant; repeat for more. None given: every operation."
    )
    var operations: [String] = []
    @Option(help: "Requests per window at an even pace, such as 100/PT1S.")
    var rate: String?
    @Option(help: "Requests above the even pace that may come at once.")
    var burst: Int?
    @Option(help: "Requests per calendar window, such as 1000000/P1M.")
    var quota: String?

    /// The members of the request's body that were given.
    func members() throws -> [(key: String, value: JSONValue)] {
        var members: [(key: String, value: JSONValue)] = []
        if !operations.isEmpty { members.append(("operations", .array(operations.map(JSONValue.string)))) }
        var limits: [JSONValue] = []
        if let rate {
            let (amount, window) = try Self.split(rate, option: "--rate")
            var limit: [(key: String, value: JSONValue)] = [
                ("name", .string("rate")), ("kind", .string("rate")), ("amount", .integer(amount)),
                ("window", .string(window)),
                ("algorithm", .string("gcra")),
            ]
            guard let burst else {
                throw Stop(
                    .usage,
                    "--rate needs --burst: how many requests above the even pace may come at once, 0 for none"
                )
            }
            limit.append(("burst", .integer(Int64(burst))))
            limits.append(.object(limit))
        }
        if let quota {
            let (amount, window) = try Self.split(quota, option: "--quota")
            limits.append(
                .object([
                    ("name", .string("quota")), ("kind", .string("quota")), ("amount", .integer(amount)),
                    ("window", .string(window)), ("align", .string("calendar")),
                ])
            )
        }
        if !limits.isEmpty { members.append(("limits", .array(limits))) }
        return members
    }

    private static func split(_ text: String, option: String) throws -> (Int64, String) {
        let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
        guard parts.count == 2, let amount = Int64(parts[0]), amount > 0, parts[1].hasPrefix("P") else {
            throw Stop(.usage, "\(option) `\(text)` is not AMOUNT/WINDOW; write for instance 100/PT1S or 1000000/P1M")
        }
        return (amount, parts[1])
    }
}

struct ApplicationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "app",
        abstract: "Applications: what calls APIs.",
        subcommands: [List.self, Show.self, Create.self, Migration.self, Archive.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Applications.",
            discussion: "Example: gatehouse app list"
        )
        @Option(help: "Only of this team.")
        var team: String?
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let items = try await server.client().list(Path("applications").query("team", team))
            Resources.application.show(items, as: output.format)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "An application.",
            discussion: "Example: gatehouse app show web-shop"
        )
        @Argument(help: "Name of the application.")
        var name: String
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            Resources.application.show(
                try await server.client().get(Path("applications", name)).json(),
                as: output.format
            )
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Register an application.",
            discussion: "Example: gatehouse app create web-shop --team shop"
        )
        @Argument(help: "Name of the application.")
        var name: String
        @Option(help: "The team it belongs to.")
        var team: String
        @Option(help: "What people read.")
        var title: String?
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            var body: [(key: String, value: JSONValue)] = [("name", .string(name)), ("team", .string(team))]
            if let title { body.append(("title", .string(title))) }
            let made = try await server.client().post(Path("applications"), .object(body)).json()
            Resources.application.show(made, as: output.format)
        }
    }

    struct Archive: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "archive",
            abstract: "Archive an application: its subscriptions close, its keys stop working.",
            discussion: "Example: gatehouse app archive web-shop --reason 'switched off'"
        )
        @Argument(help: "Name of the application.")
        var name: String
        @Option(help: "Why; kept in the audit trail.")
        var reason: String?
        @OptionGroup var server: ServerOptions

        func run() async throws {
            _ = try await server.client().delete(Path("applications", name).query("reason", reason))
            Console.error("archived \(name)")
        }
    }
}
