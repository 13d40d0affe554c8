import ArgumentParser
import DocumentTree
import NIOHTTP1

struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Bring the catalog to what manifests say; applied twice, the second time changes nothing.",
        discussion: "Example: gatehouse apply -f manifests/"
    )
    @OptionGroup var files: ManifestFiles
    @Flag(help: "Delete what manifests made and no longer name.")
    var prune = false
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await ManifestRequest(files: files, server: server, output: output).send(dryRun: false, prune: prune)
    }
}

struct PlanChangesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan-changes",
        abstract: "What `apply` would change; changes nothing.",
        discussion: "Example: gatehouse plan-changes -f manifests/"
    )
    @OptionGroup var files: ManifestFiles
    @Flag(help: "Count what manifests made and no longer name as deleted.")
    var prune = false
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await ManifestRequest(files: files, server: server, output: output).send(dryRun: true, prune: prune)
    }
}

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "The catalog as manifests on stdout.",
        discussion: "Example: gatehouse export > catalog.yaml"
    )
    @OptionGroup var server: ServerOptions

    func run() async throws {
        Console.write(try await server.client().get(Path("manifests")).bytes)
    }
}

/// Sends manifests and shows the plan that the control plane answers with.
private struct ManifestRequest {
    let files: ManifestFiles
    let server: ServerOptions
    let output: OutputOptions

    func send(dryRun: Bool, prune: Bool) async throws {
        let text = try ManifestBundle(files).inlined()
        let path = Path("manifests").query("dryRun", String(dryRun)).query("prune", String(prune))
        let plan = try await server.client().send(.POST, path, .bytes(Array(text.utf8), type: "application/yaml"))
            .json()
        guard output.format == .table else { return Listing(name: "dryRun", []).show(plan, as: output.format) }
        let changes = (plan["changes"]?.array ?? []).filter { $0["action"]?.string != "none" }
        guard !changes.isEmpty else { return Console.error("nothing to change") }
        let listing = Listing(
            name: "name",
            [("ACTION", "action"), ("KIND", "kind"), ("NAME", "name"), ("FIELDS", "fields"), ("NOTE", "note")]
        )
        listing.show(changes, as: .table)
    }
}
