import ArgumentParser
import DocumentTree
import NIOHTTP1
import OpenAPIModel

struct SubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Submit a specification for review; makes the API and the version where they are new.",
        discussion: "Example: gatehouse submit orders.yaml --api orders --team sales --upstream http://127.0.0.1:9001"
    )

    @Argument(help: "OpenAPI document, YAML or JSON; - reads stdin.", completion: .file())
    var file: String
    @Option(help: "Name of the API.")
    var api: String
    @Option(help: "Version users know; default the document's info.version.")
    var apiVersion: String?
    @Option(name: .shortAndLong, help: "What this revision is about.")
    var message: String?
    @Option(help: "Owning team where the API is new.")
    var team: String?
    @Option(help: "URL of the service that the approval is to cover.")
    var upstream: String?
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let bytes = try InputFile.read(file)
        let path = Path("apis", api, "versions", try version(of: bytes), "revisions")
            .query("message", message).query("team", team).query("upstream", upstream)
            .query("file", file == "-" ? "stdin" : InputFile.name(of: file))
        let answer = try await server.client().send(.POST, path, .bytes(bytes, type: "application/octet-stream")).json()
        let report = answer["report"] ?? .null
        guard output.format == .table else {
            return Listing(name: "revision.revision", []).show(answer, as: output.format)
        }
        FindingList(report: report).show()
        PolicyList(assessments: answer["policies"]?.array ?? []).show()
        if let changes = answer["changes"] { ChangeList(comparison: changes).show() }
        if let fate = answer["approval"], !fate.isNull { Self.show(fate) }
        if let revision = answer["revision"] { Resources.revision.show(revision, as: .table) }
    }

    /// What became of the approval that the version had.
    private static func show(_ fate: JSONValue) {
        let number = Listing.cell(fate, "revision")
        let edits = fate["documentationEdits"]?.array?.count ?? 0
        if fate["carried"]?.bool == true {
            Console.write("the approval of #\(number) holds on: \(edits) edits, all of documentation\n")
        } else {
            Console.write("the approval of #\(number) does not hold on: \(Listing.cell(fate, "reason"))\n")
            for change in fate["semanticChanges"]?.array ?? [] {
                Console.write(
                    "  changes the contract  \(Listing.cell(change, "id"))  \(Listing.cell(change, "text"))\n"
                )
            }
        }
        for edit in fate["documentationEdits"]?.array ?? [] {
            let place = edit["revision"]?["pointer"] ?? edit["base"]?["pointer"]
            Console.write("  documentation  \(place?.string ?? "")\n")
        }
    }

    private func version(of bytes: [UInt8]) throws -> String {
        if let apiVersion { return apiVersion }
        do {
            let document = try Document.read(bytes, name: file)
            guard let version = document.root["info"]?["version"]?.scalarText, !version.isEmpty else {
                throw Stop(.usage, "\(file): info.version is missing; give it there or say --api-version")
            }
            return version
        } catch let unreadable as UnreadableDocument {
            throw Stop(.usage, unreadable.findings.map(InputFile.line).joined(separator: "\n"))
        }
    }
}
