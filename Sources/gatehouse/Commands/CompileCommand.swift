import ArgumentParser
import DocumentTree
import Manifest
import RoutingTable
import SnapshotCompiler

struct CompileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compile",
        abstract: "Manifests to a routing snapshot, without a database.",
        discussion: """
            Treats every ApiVersion as approved; the snapshot is marked offline and is not signed. Applications, keys and \
            subscriptions go to FILE.entitlements beside it.

            Example: gatehouse compile -f manifests/ --output routes.snapshot
            """
    )
    @OptionGroup var files: ManifestFiles
    @Option(name: .long, help: "Where the snapshot goes.")
    var output: String
    @Option(help: "Environment that it is for.")
    var environment: String = "live"
    @Option(help: "Generation; a gateway serves none older than the one it has.")
    var generation: Int = 1

    func run() throws {
        guard generation > 0 else { throw Stop(.usage, "--generation counts from 1") }
        let bundle = try ManifestBundle(files)
        let offline = OfflineInput(bundle.manifests, environment: environment) { reference in
            do {
                return .bytes(
                    try ManifestBundle.definition(reference.name, namedBy: reference.place),
                    name: reference.name
                )
            } catch {
                return .failed(reason: (error as? Stop)?.text ?? "\(error)")
            }
        }
        let compilation = Compiler.compile(offline.input)
        let findings = offline.findings + compilation.findings
        for finding in findings { Console.error(InputFile.line(finding)) }
        guard let content = compilation.content, !offline.findings.contains(where: { $0.severity == .error }) else {
            throw Stop(.refused, "nothing was written: mend the errors above")
        }
        try write(content, offline.entitlements)
    }

    private func write(_ content: RoutingContent, _ rights: EntitlementContent) throws {
        let routing: [UInt8]
        let entitlements: [UInt8]
        do throws(InvalidContent) {
            routing = try RoutingSnapshot.encode(content, generation: UInt64(generation), signer: nil)
            entitlements = try EntitlementSet.encode(rights, sequence: UInt64(generation), signer: nil)
        } catch {
            throw Stop(.refused, "nothing was written: \(error)")
        }
        // The entitlements first: a snapshot that is there is never without the rights that belong to it.
        try OutputFile.write(entitlements, to: output + ".entitlements")
        try OutputFile.write(routing, to: output)
        let operations = content.apis.flatMap(\.versions).map(\.operations.count).reduce(0, +)
        Console.error(
            "\(output): \(content.apis.count) APIs, \(operations) operations, \(rights.credentials.count) keys"
        )
    }
}
