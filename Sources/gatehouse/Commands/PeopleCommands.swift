import ArgumentParser
import DocumentTree

struct TeamCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "team",
        abstract: "Teams: who owns APIs and applications.",
        subcommands: [List.self, Show.self, Create.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Teams.",
            discussion: "Example: gatehouse team list"
        )
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions
        func run() async throws {
            Resources.team.show(try await server.client().list(Path("teams")), as: output.format)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "A team.",
            discussion: "Example: gatehouse team show sales"
        )
        @Argument(help: "Name of the team.")
        var name: String
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions
        func run() async throws {
            Resources.team.show(try await server.client().get(Path("teams", name)).json(), as: output.format)
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Make a team.",
            discussion: "Example: gatehouse team create sales"
        )
        @Argument(help: "Name of the team.")
        var name: String
        @Option(help: "What people read.")
        var title: String?
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            var body: [(key: String, value: JSONValue)] = [("name", .string(name))]
            if let title { body.append(("title", .string(title))) }
            Resources.team.show(try await server.client().post(Path("teams"), .object(body)).json(), as: output.format)
        }
    }
}

struct MemberCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "member",
        abstract: "People and machines, and their roles.",
        subcommands: [List.self, Show.self, Create.self, Update.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Members.",
            discussion: "Example: gatehouse member list"
        )
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions
        func run() async throws {
            Resources.member.show(try await server.client().list(Path("members")), as: output.format)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "A member; without a name, who the token speaks for.",
            discussion: "Example: gatehouse member show"
        )
        @Argument(help: "Name of the member.")
        var name: String?
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let path = name.map { Path("members", $0) } ?? Path("me")
            Resources.member.show(try await server.client().get(path).json(), as: output.format)
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Add a person or a machine.",
            discussion: "Example: gatehouse member create bob --role approver --role app-owner@shop"
        )
        @Argument(help: "Name of the member.")
        var name: String
        @Flag(help: "A machine, not a person.")
        var service = false
        @Option(help: "What people read.")
        var title: String?
        @OptionGroup var roles: RoleOptions
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            var body: [(key: String, value: JSONValue)] = [
                ("name", .string(name)), ("kind", .string(service ? "service" : "person")), ("roles", roles.list),
            ]
            if let title { body.append(("title", .string(title))) }
            Resources.member.show(
                try await server.client().post(Path("members"), .object(body)).json(),
                as: output.format
            )
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "update",
            abstract: "Replace a member's roles, or disable the member.",
            discussion: "Example: gatehouse member update bob --role auditor"
        )
        @Argument(help: "Name of the member.")
        var name: String
        @Flag(inversion: .prefixedEnableDisable, help: "A disabled member's tokens open nothing.")
        var access: Bool?
        @OptionGroup var roles: RoleOptions
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            var body: [(key: String, value: JSONValue)] = []
            if !roles.role.isEmpty { body.append(("roles", roles.list)) }
            if let access { body.append(("disabled", .bool(!access))) }
            guard !body.isEmpty else {
                throw Stop(.usage, "nothing to change; give --role, --enable-access or --disable-access")
            }
            Resources.member.show(
                try await server.client().patch(Path("members", name), .object(body)).json(),
                as: output.format
            )
        }
    }
}

/// `--role NAME` for the whole organization, `--role NAME@TEAM` for one team.
struct RoleOptions: ParsableArguments {
    @Option(
        help: """
            org-admin, governance-admin, api-owner, api-editor, approver, app-owner, app-developer, auditor or gateway; \
            ROLE@TEAM limits it to a team. Repeat for more.
            """
    )
    var role: [String] = []

    var list: JSONValue {
        .array(
            role.map { text in
                let parts = text.split(separator: "@", maxSplits: 1).map(String.init)
                return .object([
                    ("role", .string(parts.first ?? "")), ("team", parts.count == 2 ? .string(parts[1]) : .null),
                ])
            }
        )
    }
}

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Tokens for this API.",
        subcommands: [List.self, Create.self, Revoke.self, Recover.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Tokens, never their text.",
            discussion: "Example: gatehouse token list"
        )
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions
        func run() async throws {
            Resources.token.show(try await server.client().list(Path("tokens")), as: output.format)
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Make a token. It is printed once, alone on stdout.",
            discussion: "Example: gatehouse token create --member bob --expires-at 2027-12-31 > bob.token"
        )
        @Option(help: "Whose; default one's own.")
        var member: String?
        @Option(help: "What it is for.")
        var note: String?
        @Option(help: "When it ends: a date or an RFC 3339 time.")
        var expiresAt: String?
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            var body: [(key: String, value: JSONValue)] = []
            if let member { body.append(("member", .string(member))) }
            if let note { body.append(("note", .string(note))) }
            if let expiresAt { body.append(("expiresAt", .string(try TimeText.rfc3339(expiresAt)))) }
            let issued = try await server.client().post(Path("tokens"), .object(body)).json()
            guard output.format == .table else { return Resources.token.show(issued, as: output.format) }
            Console.error(
                "token \(Listing.cell(issued, "id")) of \(Listing.cell(issued, "member")); it is not shown again:"
            )
            Console.write(Listing.cell(issued, "token") + "\n")
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke",
            abstract: "Revoke a token.",
            discussion: "Example: gatehouse token revoke tok_…"
        )
        @Argument(help: "Identifier of the token (not its text).")
        var id: String
        @OptionGroup var server: ServerOptions

        func run() async throws {
            _ = try await server.client().delete(Path("tokens", id))
            Console.error("revoked \(id)")
        }
    }
}
