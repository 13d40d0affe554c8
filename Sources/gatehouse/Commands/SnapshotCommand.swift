import ArgumentParser
import DocumentTree
import Foundation
import RoutingTable

struct SnapshotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract: "Routing snapshots: what gateways serve.",
        subcommands: [List.self, Show.self, Export.self, Verify.self, Activate.self, Gateways.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Snapshots, newest first.",
            discussion: "Example: gatehouse snapshot list"
        )
        @OptionGroup var place: EnvironmentOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let items = try await place.server.client().list(Path("environments", place.environment, "snapshots"))
            Resources.snapshot.show(items, as: output.format)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "A snapshot.",
            discussion: "Example: gatehouse snapshot show 12"
        )
        @Argument(help: "Generation.")
        var generation: Int
        @OptionGroup var place: EnvironmentOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let path = Path("environments", place.environment, "snapshots", String(generation))
            Resources.snapshot.show(try await place.server.client().get(path).json(), as: output.format)
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export",
            abstract: "The signed snapshot as a file, for a gateway without a control plane.",
            discussion: "Example: gatehouse snapshot export 12 --file routes.snapshot"
        )
        @Argument(help: "Generation.")
        var generation: Int
        @Option(help: "Where to; - is stdout.")
        var file: String = "-"
        @OptionGroup var place: EnvironmentOptions

        func run() async throws {
            let path = Path("environments", place.environment, "snapshots", String(generation), "file")
            let bytes = try await place.server.client().get(path).bytes
            guard file != "-" else { return Console.write(bytes) }
            try OutputFile.write(bytes, to: file)
        }
    }

    struct Activate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "activate",
            abstract:
                "Roll back: an older snapshot's content under a new generation. Keys that were revoked stay revoked.",
            discussion: "Example: gatehouse snapshot activate 12 --reason 'generation 13 broke the checkout'"
        )
        @Argument(help: "Generation whose content becomes active.")
        var generation: Int
        @Option(help: "Why; kept in the audit trail.")
        var reason: String?
        @OptionGroup var place: EnvironmentOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            var body: [(key: String, value: JSONValue)] = [("generation", .integer(Int64(generation)))]
            if let reason { body.append(("reason", .string(reason))) }
            let path = Path("environments", place.environment, "activations")
            Resources.snapshot.show(try await place.server.client().post(path, .object(body)).json(), as: output.format)
        }
    }

    struct Gateways: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "gateways",
            abstract: "Which gateway serves which generation.",
            discussion: "Example: gatehouse snapshot gateways"
        )
        @OptionGroup var place: EnvironmentOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let items = try await place.server.client().list(Path("environments", place.environment, "gateways"))
            Resources.gateway.show(items, as: output.format)
        }
    }
}

/// Which environment, at which control plane.
struct EnvironmentOptions: ParsableArguments {
    @Option(help: "Environment.")
    var environment: String = "live"
    @OptionGroup var server: ServerOptions
}

extension SnapshotCommand {
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify",
            abstract:
                "Check a snapshot file: form, checksum and, with a key, signature; exit code 1 where it is not good.",
            discussion: "Example: gatehouse snapshot verify routes.snapshot --snapshot-key signing.pub"
        )
        @Argument(help: "File.")
        var file: String
        @Option(help: "Public key that must have signed it.")
        var snapshotKey: String?

        func run() throws {
            let bytes = try InputFile.read(file)
            let trust: SnapshotTrust =
                try snapshotKey.map { .key(try SigningKeyFile.publicKey($0)) } ?? .unsignedAllowed
            do throws(SnapshotRejected) {
                let snapshot = try RoutingSnapshot.decode(bytes, trust: trust)
                Console.write(
                    """
                    environment  \(snapshot.environment)
                    generation   \(snapshot.generation)
                    checksum     \(snapshot.checksum)
                    signature    \(snapshot.isVerified ? "good" : snapshot.isOffline ? "none (compiled offline)" : "not checked")
                    apis         \(snapshot.apis.count)
                    versions     \(snapshot.versions.count)
                    operations   \(snapshot.operations.count)

                    """
                )
            } catch {
                throw Stop(.refused, "`\(file)` is not good: \(error)")
            }
        }
    }
}
