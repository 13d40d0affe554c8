import DocumentTree
import Foundation
import SpecDiff
import Testing

@Suite("SARIF reports")
struct ReportSARIFTests {
    let samples: ReportSamples

    init() throws { samples = try ReportSamples() }

    /// sarif-tools, a reader that others wrote: `GATEHOUSE_SARIF_TOOLS`, else `sarif` on the path; nil without one.
    static let reader: String? = {
        let environment = ProcessInfo.processInfo.environment
        if let given = environment["GATEHOUSE_SARIF_TOOLS"] { return given }
        let folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return folders.map { $0 + "/sarif" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    @Test("places count from one, the base is a related location, rules are listed once")
    func value() throws {
        var report = try samples.report()
        report.changes.append(report.changes[1])
        let log = try JSONValue.read(DiffSARIFReport(toolVersion: "9.8.7").text(report))
        #expect(log["version"] == "2.1.0")
        let run = try #require(log["runs"]?[0])
        #expect(run["columnKind"] == "utf16CodeUnits")
        #expect(run["tool"]?["driver"]?["version"] == "9.8.7")
        let rules = run["tool"]?["driver"]?["rules"]?.array?.compactMap { $0["id"]?.string }
        #expect(rules == ["response-property-became-nullable", "request-parameter-removed", "api-tag-added"])
        let results = try #require(run["results"]?.array)
        #expect(results.map { $0["level"]?.string } == ["error", "warning", "note", "warning"])
        #expect(results.map { $0["ruleIndex"]?.integer } == [0, 1, 2, 1])
        let place = results[0]["locations"]?[0]?["physicalLocation"]
        #expect(place?["artifactLocation"]?["uri"] == "new/pets.yaml")
        #expect(place?["region"] == ["startLine": 17, "startColumn": 14, "endLine": 17, "endColumn": 45])
        let old = results[0]["relatedLocations"]?[0]?["physicalLocation"]
        #expect(old?["artifactLocation"]?["uri"] == "old/pets.yaml")
        #expect(results[1]["locations"]?[0]?["physicalLocation"]?["artifactLocation"]?["uri"] == "old/pets.yaml")
        #expect(results[1]["relatedLocations"] == nil)
        let operation = results[1]["locations"]?[0]?["logicalLocations"]?[0]
        #expect(operation == ["name": "getPet", "fullyQualifiedName": "GET /pets/{petId}", "kind": "function"])
        #expect(results[2]["locations"] == nil)
        #expect(results[1]["partialFingerprints"] == ["gatehouseChange/v1": "0123456789abcdef"])
    }

    @Test("brackets of a document begin no link in a message")
    func links() throws {
        var change = try samples.removedParameter()
        change.text = "see `[here](https://example.com)` \\d"
        change.comment = nil
        let report = DiffReport(changes: [change], requiredBump: .major, isIdentical: false)
        let log = DiffSARIFReport(toolVersion: "1").value(report)
        let message = log["runs"]?[0]?["results"]?[0]?["message"]?["text"]?.string
        #expect(message == "GET /pets/{petId}: see `\\[here\\](https://example.com)` \\\\d")
    }

    @Test(
        "file names become URI references",
        arguments: [
            ("a b/ü.yaml", "a%20b/%C3%BC.yaml"), ("/tmp/x.yaml", "file:///tmp/x.yaml"), ("<STDIN>", "%3CSTDIN%3E"),
            ("c:x.yaml", "c%3Ax.yaml"), ("../up.yaml", "../up.yaml"), ("a\n%", "a%0A%25"),
        ]
    )
    func uri(_ name: String, _ expected: String) throws {
        var change = try samples.removedParameter()
        change.base?.source = name
        let report = DiffReport(changes: [change], requiredBump: .major, isIdentical: false)
        let result = DiffSARIFReport(toolVersion: "1").value(report)["runs"]?[0]?["results"]?[0]
        #expect(result?["locations"]?[0]?["physicalLocation"]?["artifactLocation"]?["uri"]?.string == expected)
    }

    @Test("sarif-tools reads the log", .enabled(if: reader != nil, "needs PyPI's sarif-tools: `sarif` on the path"))
    func readBack() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-sarif-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let log = folder.appending(path: "diff.sarif")
        let table = folder.appending(path: "diff.csv")
        try DiffSARIFReport(toolVersion: "1.2.3").text(try samples.report())
            .write(to: log, atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(filePath: try #require(Self.reader))
        process.arguments = ["csv", "--output", table.path, log.path]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let lines = try String(contentsOf: table, encoding: .utf8).split(whereSeparator: \.isNewline)
        #expect(lines.count == 4, "a heading and three results: \(lines)")
        func line(_ id: String) -> Substring? { lines.first { $0.contains(id) } }
        let shared = try #require(line("response-property-became-nullable"))
        #expect(shared.contains("gatehouse") && shared.contains("error") && shared.contains("new/pets.yaml"))
        #expect(shared.contains(",17"))
        let removed = try #require(line("request-parameter-removed"))
        #expect(removed.contains("warning") && removed.contains("old/pets.yaml") && removed.contains(",9"))
        #expect(line("api-tag-added")?.contains("note") == true)
    }
}
