import Foundation
import Testing

@testable import Gateway

/// Where the shared fixtures lie; nil on a machine without them.
private func fixture(_ name: String) -> String? {
    var folder = ProcessInfo.processInfo.environment["GATEHOUSE_FIXTURES"]
    if folder == nil {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        folder = root.appendingPathComponent("../shared/fixtures").standardized.path
    }
    guard let path = folder.map({ $0 + "/" + name }), FileManager.default.fileExists(atPath: path) else { return nil }
    return path
}

private func python() -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/python3" }.first { FileManager.default.isExecutableFile(atPath: $0) }
}

@Suite("Security corpus")
struct CorpusTests {
    @Test(
        "every row of the raw HTTP corpus is answered as the strict policy says",
        .enabled(if: fixture("security/replay.py") != nil && python() != nil, "needs ../shared/fixtures and python3")
    )
    func corpus() async throws {
        let script = try #require(fixture("security/replay.py"))
        let rows = try #require(fixture("security/http.jsonl"))
        let interpreter = try #require(python())
        // The tool listens on the backend's port itself; take a free one and leave it.
        let backendPort = ScriptedUpstream.echo().port
        let gateway = try await TestGateway(Sample.passthrough(port: backendPort))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: interpreter)
        process.arguments = [script, "--target", "127.0.0.1:\(gateway.port)", "--backend-port", "\(backendPort)", rows]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text)")
        #expect(text.contains("482 passed, 0 failed") || !text.contains("FAIL"), "\(text)")
        await gateway.stop()
    }
}
