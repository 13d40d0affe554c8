import ArgumentParser
import DocumentTree
import Foundation
import Gateway
import RoutingTable

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Why a request was answered as it was, or would be.",
        discussion: """
            Example: gatehouse explain 5f2b9c0e1d4a4c3f8a7b6c5d4e3f2a1b
            Example: gatehouse explain --snapshot routes.snapshot --method GET --url /orders/orders --header 'X-API-Key: …'
            """
    )
    @Argument(help: "The X-Request-Id of a refused request.")
    var id: String?
    @Option(help: "Ask this snapshot instead of the control plane; FILE.entitlements beside it is read too.")
    var snapshot: String?
    @Option(help: "Entitlements for --snapshot.")
    var entitlements: String?
    @Option(help: "Public key to verify --snapshot with; default: not verified.")
    var snapshotKey: String?
    @Option(help: "Method of the request.")
    var method: String = "GET"
    @Option(help: "URL of the request: /path?query or http://host/path?query.")
    var url: String?
    @Option(name: .customLong("header"), help: "Field of the request, 'Name: value'; repeat for more.")
    var headers: [String] = []
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        if let snapshot {
            guard let url else { throw Stop(.usage, "--snapshot needs --url, such as --url /orders/orders") }
            return try offline(snapshot, url)
        }
        guard let id else { throw Stop(.usage, "say which request: its X-Request-Id, or --snapshot with --url") }
        let explanation = try await server.client().get(Path("requests", id, "explanation")).json()
        guard output.format == .table else {
            return Listing(name: "request.requestId", []).show(explanation, as: output.format)
        }
        let request = explanation["request"] ?? .null
        Console.write(
            "\(Listing.cell(request, "method")) \(Listing.cell(request, "path")) at \(Listing.cell(request, "at")): "
                + "\(Listing.cell(request, "status")) \(Listing.cell(request, "code"))\n\n"
        )
        let steps = Listing(name: "phase", [("PHASE", "phase"), ("OUTCOME", "outcome"), ("", "text")])
        steps.show(explanation["steps"]?.array ?? [], as: .table)
        let place = request["specification"]
        if let place, !place.isNull {
            Console.write(
                "\nWritten at \(Listing.cell(place, "file")):\(Listing.cell(place, "line"))  \(Listing.cell(place, "pointer"))\n"
            )
        }
        Console.write("\n\(Listing.cell(explanation, "remedy"))\n")
    }

    /// Runs the request through the gate's own phases.
    private func offline(_ file: String, _ url: String) throws {
        let trust: SnapshotTrust = try snapshotKey.map { .key(try SigningKeyFile.publicKey($0)) } ?? .unsignedAllowed
        let tables = try SnapshotFiles(routing: file, entitlements: entitlements, trust: trust)
        let explanation = Explainer.explain(
            method: method,
            url: url,
            headers: try headers.map(Self.field),
            snapshot: tables.routing,
            entitlements: tables.entitlements,
            now: Int64(Date.now.timeIntervalSince1970)
        )
        guard output.format == .table else {
            return Listing(name: "code", []).show(Self.json(explanation), as: output.format)
        }
        for step in explanation.steps {
            Console.write("\(step.isPassed ? "passed " : "refused")  \(step.phase.rawValue): \(step.text)\n")
        }
        if let source = explanation.source {
            Console.write("\nWritten at \(source.file):\(source.line)  \(source.pointer)\n")
        }
        if let code = explanation.code { Console.write("\nAnswer: \(explanation.status ?? 0) \(code)\n") }
        if let advice = explanation.advice { Console.write("\(advice)\n") }
        if let path = explanation.forwardedPath {
            Console.write("\nForwarded to \(explanation.upstream ?? "") as \(path)\n")
        }
    }

    private static func field(_ text: String) throws -> (name: String, value: String) {
        guard let colon = text.firstIndex(of: ":") else {
            throw Stop(.usage, "--header `\(text)` is not 'Name: value'")
        }
        return (String(text[..<colon]), text[text.index(after: colon)...].trimmingCharacters(in: .whitespaces))
    }

    private static func json(_ explanation: Explanation) -> JSONValue {
        let steps = explanation.steps.map { step in
            JSONValue.object([
                ("phase", .string(step.phase.rawValue)), ("passed", .bool(step.isPassed)), ("text", .string(step.text)),
            ])
        }
        func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
        return .object([
            ("status", explanation.status.map { .integer(Int64($0)) } ?? .null), ("code", text(explanation.code)),
            ("api", text(explanation.api)), ("version", text(explanation.version)),
            ("operation", text(explanation.operation)),
            ("application", text(explanation.application)), ("plan", text(explanation.plan)),
            ("upstream", text(explanation.upstream)), ("forwardedPath", text(explanation.forwardedPath)),
            ("steps", .array(steps)),
        ])
    }
}

/// A routing snapshot and the entitlements beside it, read from disk.
struct SnapshotFiles {
    let routing: RoutingSnapshot
    let entitlements: EntitlementSet?

    /// - Parameters:
    ///   - routing: path of the snapshot.
    ///   - entitlements: path of the entitlements; nil takes those beside the snapshot where there are some.
    ///   - trust: which signature is asked for.
    /// - Throws: `Stop` that names the file and what is wrong with it.
    init(routing: String, entitlements: String?, trust: SnapshotTrust) throws {
        let bytes = try InputFile.read(routing)
        do throws(SnapshotRejected) {
            self.routing = try RoutingSnapshot.decode(bytes, trust: trust)
        } catch {
            throw Stop(.usage, "`\(routing)` is no snapshot that can be used: \(error)")
        }
        let beside = routing + ".entitlements"
        guard let file = entitlements ?? (FileManager.default.fileExists(atPath: beside) ? beside : nil) else {
            self.entitlements = nil
            return
        }
        let rights = try InputFile.read(file)
        do throws(SnapshotRejected) {
            self.entitlements = try EntitlementSet.decode(rights, trust: trust)
        } catch {
            throw Stop(.usage, "`\(file)` holds no entitlements that can be used: \(error)")
        }
    }
}
