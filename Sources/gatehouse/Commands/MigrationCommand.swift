import ArgumentParser
import DocumentTree

extension ApplicationCommand {
    struct Migration: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What changes for an application between two versions of an API it is subscribed to.",
            discussion: """
                Shows only what reaches operations that its plans grant, with before and after. Exits with 1 where something breaks.
                Example: gatehouse app migration web-shop --api orders --from 1.0.0 --to 2.0.0
                """
        )
        @Argument(help: "Name of the application.")
        var name: String
        @Option(help: "Name of the API.")
        var api: String
        @Option(help: "Version that it calls, as VERSION; default the one it is pinned to.")
        var from: String?
        @Option(help: "Version that it would call.")
        var to: String
        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let path = Path("applications", name, "migration").query("api", api).query("from", from).query("to", to)
            let report = try await server.client().get(path).json()
            let changes = report["changes"]?.array ?? []
            if output.format == .table {
                ChangeList.table(changes, isWithValues: true)
                let breaking = changes.count { $0["level"]?.string == "error" }
                Console.write(
                    "\(breaking) of \(changes.count) changes break what `\(name)` may call; "
                        + "\(Listing.cell(report, "otherCount")) changes do not concern it\n"
                )
            } else {
                Listing(name: "application", []).show(report, as: output.format)
            }
            guard changes.contains(where: { $0["level"]?.string == "error" }) else { return }
            throw ExitCode(Outcome.refused.rawValue)
        }
    }
}
