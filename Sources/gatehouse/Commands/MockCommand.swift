import ArgumentParser
import DocumentTree
import Foundation
import Hummingbird
import Logging
import Mock
import OpenAPIModel
import ServiceLifecycle
import Synchronization
import UnixSignals

struct MockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mock",
        abstract: "Serve a specification's examples, or values made from its schemas.",
        discussion: """
            Example: gatehouse mock orders.yaml --listen 127.0.0.1:9001

            `Prefer: code=404` and `Prefer: example=name` choose among the described answers.
            """
    )

    @Argument(help: "OpenAPI document, YAML or JSON.", completion: .file())
    var file: String
    @Option(help: "ADDRESS:PORT; port 0 picks any.")
    var listen: String = "127.0.0.1:4010"
    @Option(help: "Append every request as a line of JSON to this file.")
    var record: String?

    func run() async throws {
        let address = try ListenAddress(listen, option: "--listen")
        let document = try Self.read(file)
        var server = MockServer(document)
        if let record {
            let recorder = try Recorder(path: record)
            server = MockServer(document) { recorder.write($0) }
        }
        let name = file
        let application = server.application(host: address.host, port: address.port, logger: Log.make(level: .warning))
        { port in
            Console.write("mock of \(name)  http://\(address.host):\(port)\n")
        }
        try await Listening.run(at: listen) {
            try await application.runService(gracefulShutdownSignals: [.sigterm, .sigint])
        }
    }

    private static func read(_ file: String) throws -> OpenAPIDocument {
        do {
            return try OpenAPIDocument(Document.read(try InputFile.read(file), name: file))
        } catch let unreadable as UnreadableDocument {
            throw Stop(.usage, unreadable.findings.map(InputFile.line).joined(separator: "\n"))
        } catch let unsupported as UnsupportedDocument {
            throw Stop(.usage, unsupported.findings.map(InputFile.line).joined(separator: "\n"))
        }
    }
}

/// Appends recorded requests to a file, a line each.
private final class Recorder: Sendable {
    private let handle: Mutex<FileHandle>

    init(path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else {
            throw Stop(.usage, "cannot write `\(path)`")
        }
        self.handle = Mutex(handle)
    }

    func write(_ request: RecordedRequest) {
        let line = Data((request.json.text() + "\n").utf8)
        handle.withLock { $0.write(line) }
    }
}
