import ArgumentParser
import DocumentTree

struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "API keys of an application.",
        subcommands: [List.self, Create.self, Revoke.self, Rotate.self, Pin.self, Unpin.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "An application's keys.",
            discussion: "Example: gatehouse key list web-shop"
        )
        @Argument(help: "Name of the application.")
        var application: String
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let items = try await server.client().list(Path("applications", application, "credentials"))
            Resources.credential.show(items, as: output.format)
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Make a key. It is printed once, alone on stdout, and cannot be shown again.",
            discussion: "Example: gatehouse key create web-shop --note checkout > key.txt"
        )
        @Argument(help: "Name of the application.")
        var application: String
        @Option(help: "What it is for.")
        var note: String?
        @Option(help: "When it stops working: a date or an RFC 3339 time.")
        var expiresAt: String?
        @Option(help: "Environment.")
        var environment: String = "live"
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            var body: [(key: String, value: JSONValue)] = [("environment", .string(environment))]
            if let note { body.append(("note", .string(note))) }
            if let expiresAt { body.append(("expiresAt", .string(try TimeText.rfc3339(expiresAt)))) }
            let issued = try await server.client().post(Path("applications", application, "credentials"), .object(body))
                .json()
            IssuedKey(answer: issued).show(output.format)
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke",
            abstract: "Revoke a key: calls with it answer 401 within a second.",
            discussion: "Example: gatehouse key revoke web-shop key_… --reason 'seen in a log'"
        )
        @OptionGroup var subject: KeyArguments
        @Option(help: "Why; kept in the audit trail.")
        var reason: String?

        func run() async throws {
            try subject.show(try await subject.server.client().delete(subject.path().query("reason", reason)))
        }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate",
            abstract: "Make the next key; the old one works on for the overlap.",
            discussion: "Example: gatehouse key rotate web-shop key_… --overlap PT24H"
        )
        @OptionGroup var subject: KeyArguments
        @Option(help: "How long the old key works on, an ISO 8601 duration.")
        var overlap: String = "PT24H"
        @Option(help: "When the new key stops working: a date or an RFC 3339 time.")
        var expiresAt: String?

        func run() async throws {
            var body: [(key: String, value: JSONValue)] = [("overlap", .string(overlap))]
            if let expiresAt { body.append(("expiresAt", .string(try TimeText.rfc3339(expiresAt)))) }
            let issued = try await subject.server.client().post(subject.path("rotation"), .object(body)).json()
            IssuedKey(answer: issued).show(subject.output.format)
        }
    }

    struct Pin: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "pin",
            abstract: "Pin a key to a version of an API.",
            discussion: "Example: gatehouse key pin web-shop key_… --api orders --version 1.0.0"
        )
        @OptionGroup var subject: KeyArguments
        @Option(help: "Name of the API.")
        var api: String
        @OptionGroup var pin: PinOptions

        func run() async throws {
            let body = JSONValue.object([("api", .string(api))] + (try pin.members()))
            try subject.show(try await subject.server.client().put(subject.path("pin"), body))
        }
    }

    struct Unpin: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "unpin",
            abstract: "Take a key's pin away.",
            discussion: "Example: gatehouse key unpin web-shop key_… --api orders"
        )
        @OptionGroup var subject: KeyArguments
        @Option(help: "Name of the API.")
        var api: String

        func run() async throws {
            try subject.show(try await subject.server.client().delete(subject.path("pin").query("api", api)))
        }
    }
}

/// Which key a command is about.
struct KeyArguments: ParsableArguments {
    @Argument(help: "Name of the application.")
    var application: String
    @Argument(help: "Identifier of the key (not the key itself).")
    var id: String
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func path() -> Path { Path("applications", application, "credentials", id) }
    func path(_ part: String) -> Path { Path("applications", application, "credentials", id, part) }

    func show(_ answer: ControlClient.Answer) throws {
        Resources.credential.show(try answer.json(), as: output.format)
    }
}

/// A key that was just made: the key alone on stdout, so that scripts can take it; the rest on stderr.
struct IssuedKey {
    let answer: JSONValue

    func show(_ format: OutputFormat) {
        guard format == .table else { return Listing(name: "credential.id", []).show(answer, as: format) }
        Console.error("key \(Listing.cell(answer, "credential.id")); keep it, it is not shown again:")
        Console.write(Listing.cell(answer, "key") + "\n")
    }
}
