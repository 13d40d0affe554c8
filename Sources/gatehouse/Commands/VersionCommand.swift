import ArgumentParser
import DocumentTree
import Foundation

struct VersionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Versions: see, publish, deprecate, retire.",
        subcommands: [
            List.self, Show.self, Publish.self, Deprecate.self, Undeprecate.self, Sunset.self, Retire.self,
            Suspend.self, Resume.self,
        ]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "An API's versions.",
            discussion: "Example: gatehouse version list orders"
        )
        @Argument(help: "Name of the API.")
        var api: String
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            Resources.version.show(try await server.client().list(Path("apis", api, "versions")), as: output.format)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "A version, its dates and where it is live.",
            discussion: "Example: gatehouse version show orders 1.0.0"
        )
        @OptionGroup var subject: VersionArguments
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let version = try await server.client().get(subject.path()).json()
            Resources.version.show(version, as: output.format)
            guard output.format == .table, let releases = version["releases"]?.array, !releases.isEmpty else { return }
            Console.write("\n")
            Resources.release.show(releases, as: .table)
        }
    }

    struct Publish: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "publish",
            abstract: "Publish an approved revision.",
            discussion: "Example: gatehouse version publish orders 1.0.0 --upstream http://127.0.0.1:9001 --wait"
        )
        @OptionGroup var subject: VersionArguments
        @Option(help: "URL of the service; its path comes before the specification's.")
        var upstream: String?
        @Option(help: "Number of the revision; default the newest approved one.")
        var revision: Int?
        @Option(help: "Environment.")
        var environment: String = "live"
        @Flag(help: "Return when every live gateway serves it.")
        var wait = false
        @Option(help: "Seconds to wait at most.")
        var waitSeconds: Int = 30
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let client = try server.client()
            var body: [(key: String, value: JSONValue)] = [("environment", .string(environment))]
            if let upstream { body.append(("upstream", .string(upstream))) }
            if let revision { body.append(("revision", .integer(Int64(revision)))) }
            let publication = try await client.post(subject.path("releases"), .object(body)).json()
            if wait, let generation = publication["generation"]?.integer {
                try await Barrier(client: client, environment: environment).wait(
                    generation: Int(generation),
                    seconds: waitSeconds
                )
            }
            try await subject.show(publication["version"] ?? .null, output.format)
        }
    }

    struct Deprecate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "deprecate",
            abstract: "Announce that a version is going away.",
            discussion:
                "Example: gatehouse version deprecate orders 1.0.0 --sunset-at 2027-06-30 --successor 2.0.0 --reason 'replaced by 2.0.0'"
        )
        @OptionGroup var subject: VersionArguments
        @Option(help: "When it stops being served: a date or an RFC 3339 time.")
        var sunsetAt: String?
        @Option(help: "From when it counts as deprecated; default now.")
        var deprecatedAt: String?
        @Option(help: "Version that takes its place.")
        var successor: String?
        @Option(help: "URL of a page that tells more.")
        var link: String?
        @Option(help: "Why; kept in the audit trail.")
        var reason: String
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            var body: [(key: String, value: JSONValue)] = [("reason", .string(reason))]
            if let deprecatedAt { body.append(("deprecatedAt", .string(try TimeText.rfc3339(deprecatedAt)))) }
            if let sunsetAt { body.append(("sunsetAt", .string(try TimeText.rfc3339(sunsetAt)))) }
            if let successor { body.append(("successor", .string(successor))) }
            if let link { body.append(("link", .string(link))) }
            let version = try await server.client().put(subject.path("deprecation"), .object(body)).json()
            try await subject.show(version, output.format)
        }
    }

    struct Undeprecate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "undeprecate",
            abstract: "Take a deprecation back.",
            discussion: "Example: gatehouse version undeprecate orders 1.0.0 --reason 'announced by accident'"
        )
        @OptionGroup var subject: VersionArguments
        @Option(help: "Why; kept in the audit trail.")
        var reason: String
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let path = subject.path("deprecation").query("reason", reason)
            try await subject.show(try await server.client().delete(path).json(), output.format)
        }
    }

    struct Sunset: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sunset",
            abstract: "Stop serving a deprecated version: it answers 410 from then on.",
            discussion: "Example: gatehouse version sunset orders 1.0.0 --reason 'nobody calls it'"
        )
        @OptionGroup var subject: VersionArguments
        @Option(help: "When: a date or an RFC 3339 time; default now.")
        var at: String?
        @Option(help: "Why; kept in the audit trail.")
        var reason: String
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            var body: [(key: String, value: JSONValue)] = [("reason", .string(reason))]
            if let at { body.append(("at", .string(try TimeText.rfc3339(at)))) }
            try await subject.show(
                try await server.client().put(subject.path("sunset"), .object(body)).json(),
                output.format
            )
        }
    }

    struct Retire: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "retire",
            abstract: "Retire a version in an environment; final.",
            discussion: "Example: gatehouse version retire orders 1.0.0 --reason 'past its sunset'"
        )
        @OptionGroup var change: ReasonedChange
        @Option(help: "Environment.")
        var environment: String = "live"
        @Flag(help: "Although the sunset was not reached; needs the right to.")
        var override = false

        func run() async throws {
            let path = change.subject.path("releases", environment).query("reason", change.reason)
                .query("override", override ? "true" : nil)
            try await change.subject.show(try await change.server.client().delete(path).json(), change.output.format)
        }
    }

    struct Suspend: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "suspend",
            abstract: "Stop serving a version for now.",
            discussion: "Example: gatehouse version suspend orders 1.0.0 --reason 'incident 12'"
        )
        @OptionGroup var change: ReasonedChange
        func run() async throws {
            let body = JSONValue.object([("reason", .string(change.reason))])
            let version = try await change.server.client().put(change.subject.path("suspension"), body).json()
            try await change.subject.show(version, change.output.format)
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "resume",
            abstract: "Serve a suspended version again.",
            discussion: "Example: gatehouse version resume orders 1.0.0 --reason 'incident 12 is over'"
        )
        @OptionGroup var change: ReasonedChange
        func run() async throws {
            let path = change.subject.path("suspension").query("reason", change.reason)
            try await change.subject.show(try await change.server.client().delete(path).json(), change.output.format)
        }
    }
}

/// Which version a command is about.
struct VersionArguments: ParsableArguments {
    @Argument(help: "Name of the API.")
    var api: String
    @Argument(help: "Version.")
    var version: String

    func path() -> Path { Path("apis", api, "versions", version) }
    func path(_ part: String) -> Path { Path("apis", api, "versions", version, part) }
    func path(_ part: String, _ more: String) -> Path { Path("apis", api, "versions", version, part, more) }

    func show(_ version: JSONValue, _ format: OutputFormat) async throws {
        Resources.version.show(version, as: format)
    }
}

/// A change of a version that the audit trail keeps a reason for.
struct ReasonedChange: ParsableArguments {
    @OptionGroup var subject: VersionArguments
    @Option(help: "Why; kept in the audit trail.")
    var reason: String
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
}

/// The publish barrier: every live gateway serves a generation.
struct Barrier {
    let client: ControlClient
    let environment: String

    /// - Throws: `Stop(.timedOut)` that names the gateways that lag behind.
    func wait(generation: Int, seconds: Int) async throws {
        let end = ContinuousClock.now + .seconds(seconds)
        while true {
            let gateways = try await client.list(Path("environments", environment, "gateways"))
            let live = gateways.filter { $0["live"]?.bool == true }
            let behind = live.filter { ($0["generation"]?.integer ?? 0) < Int64(generation) }
            if !live.isEmpty, behind.isEmpty { return }
            guard ContinuousClock.now < end else {
                let names = behind.compactMap { $0["name"]?.string }.joined(separator: ", ")
                let why = live.isEmpty ? "no gateway is live" : "still behind: \(names)"
                throw Stop(.timedOut, "published as generation \(generation), but after \(seconds) s \(why)")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}

/// Dates of the command line.
enum TimeText {
    /// A date (`2027-06-30`, midnight UTC) or an RFC 3339 time, as an RFC 3339 time in UTC.
    static func rfc3339(_ text: String) throws -> String {
        let whole = text.wholeMatch(of: /\d{4}-\d{2}-\d{2}/) != nil ? text + "T00:00:00Z" : text
        guard let date = try? Date(whole, strategy: .iso8601) else {
            throw Stop(.usage, "`\(text)` is no date; write 2027-06-30 or 2027-06-30T12:00:00Z")
        }
        return date.formatted(.iso8601)
    }

}
