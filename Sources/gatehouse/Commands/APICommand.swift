import ArgumentParser
import DocumentTree

struct APICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "api",
        abstract: "APIs: search, see, make, change settings.",
        subcommands: [List.self, Show.self, Create.self, Update.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "APIs, all or those a search finds.",
            discussion: "Example: gatehouse api list orders --label domain=sales"
        )
        @Argument(help: "Words in name or title.")
        var words: String?
        @Option(help: "KEY=VALUE.")
        var label: String?
        @Option(help: "Only of this team.")
        var team: String?
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let path = Path("apis").query("q", words).query("label", label).query("team", team)
            Resources.api.show(try await server.client().list(path), as: output.format)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "An API.",
            discussion: "Example: gatehouse api show orders -o yaml"
        )
        @Argument(help: "Name of the API.")
        var name: String
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions
        func run() async throws {
            Resources.api.show(try await server.client().get(Path("apis", name)).json(), as: output.format)
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Make an API before its first specification is submitted.",
            discussion: "Example: gatehouse api create orders --team sales --base-path /orders"
        )
        @Argument(help: "Name of the API.")
        var name: String
        @Option(help: "Owning team.")
        var team: String
        @OptionGroup var settings: APISettings
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let body: [(key: String, value: JSONValue)] =
                [("name", .string(name)), ("team", .string(team))] + settings.members
            Resources.api.show(try await server.client().post(Path("apis"), .object(body)).json(), as: output.format)
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "update",
            abstract: "Change an API's settings.",
            discussion: "Example: gatehouse api update orders --security delegate"
        )
        @Argument(help: "Name of the API.")
        var name: String
        @OptionGroup var settings: APISettings
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            guard !settings.members.isEmpty else {
                throw Stop(.usage, "nothing to change; say what, for instance --title Orders")
            }
            let changed = try await server.client().patch(Path("apis", name), .object(settings.members)).json()
            Resources.api.show(changed, as: output.format)
        }
    }
}

/// An API's settings as options; manifests hold the rest.
struct APISettings: ParsableArguments {
    @Option(help: "What people read.")
    var title: String?
    @Option(help: "Where its routes begin; default /NAME.")
    var basePath: String?
    @Option(name: .customLong("host"), help: "Host name it answers on; repeat for more; none given: any.")
    var hosts: [String] = []
    @Option(help: "plan (a subscription is needed) or open.")
    var access: String?
    @Option(help: "verify (the gate enforces the specification's security) or delegate (the upstream does).")
    var security: String?
    @Option(help: "public, internal or private.")
    var visibility: String?

    var members: [(key: String, value: JSONValue)] {
        var members: [(key: String, value: JSONValue)] = []
        for (name, value) in [
            ("title", title), ("basePath", basePath), ("access", access), ("security", security),
            ("visibility", visibility),
        ] {
            if let value { members.append((name, .string(value))) }
        }
        if !hosts.isEmpty { members.append(("hosts", .array(hosts.map(JSONValue.string)))) }
        return members
    }
}
