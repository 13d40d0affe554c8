import Foundation
import Testing

/// Spectral's own scenarios of its command line, run with the release binary.
///
/// Compared are the findings with their severity, place and path, and the exit code; our reports need not have Spectral's words. A
/// ruleset in JavaScript is either run as the same ruleset in YAML, or its refusal is what is expected. Scenarios that differ are listed
/// with their reasons in `Tests/PolicyEngineTests/KnownDifferences.md`; one that is listed and agrees fails.
@Suite("Spectral's scenarios of the command line", .enabled(if: Binary.path != nil, "needs the release binary"))
struct SpectralCLITests {
    private static func fixture() throws -> [[String: Any]] {
        let file = Binary.fixtures.appending(path: "spectral-cli/scenarios.json")
        try #require(FileManager.default.fileExists(atPath: file.path), "the fixtures are not beside the project")
        return try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [[String: Any]])
    }

    private static func scenario(_ id: String) throws -> [String: Any] {
        try #require(try fixture().first { $0["id"] as? String == id })
    }

    @Test("every scenario gives Spectral's findings and exit code")
    func scenarios() async throws {
        let all = try Self.fixture()
        #expect(all.count == 40)
        let known = try KnownScenarios.read()
        var differing: [String: String] = [:]
        var counts: [String: Int] = [:]
        for object in all {
            let run = try CLIScenario(object)
            let (kind, difference) = try await run.outcome()
            counts[kind, default: 0] += 1
            if let difference { differing[run.id] = difference }
        }
        print(
            "spectral-cli: \(all.count - differing.count) of \(all.count) scenarios agree: \(counts.sorted { $0.key < $1.key })"
        )
        for (id, reason) in differing.sorted(by: { $0.key < $1.key }) where known[id] == nil {
            Issue.record("\(id): \(reason)")
        }
        for id in known.keys.sorted() where differing[id] == nil {
            Issue.record("\(id) agrees and is still listed as different")
        }
    }

    @Test(
        "what Spectral refuses as a mistake in usage is refused, by our exit code for that and with the mistake named",
        arguments: [
            ("formats/too-many-outputs", "---format"), ("formats/unmatched-outputs", "---format"),
            ("help-no-document", "no document is named"), ("strict-commands", "unknown"), ("strict-options", "-rip"),
        ]
    )
    func usage(_ id: String, _ mistake: String) async throws {
        let object = try Self.scenario(id)
        #expect(object["status"] as? String == "1")
        let result = try await CLIScenario(object).result()
        #expect(result.code == 2)
        // The scenario without a document runs on a terminal, where both streams are one.
        #expect((result.errors + result.output).contains(mistake), "\(result)")
        #expect(!result.output.contains("FAIL"))
    }

    @Test("with the comma that its ruleset lacks, the scenario that shows only errors agrees")
    func mended() async throws {
        let object = try Self.scenario("severity/display-errors")
        let refusal = try await CLIScenario(object).result()
        #expect(refusal.code == 2)
        #expect(refusal.errors.contains("ruleset.json:8:"), "\(refusal.errors)")
        let mended = try CLIScenario(object) {
            $0.replacingOccurrences(of: "\"severity\": \"error\"\n", with: "\"severity\": \"error\",\n")
        }
        let (kind, difference) = try await mended.outcome()
        #expect(kind == "as it is")
        #expect(difference == nil)
    }
}

/// The scenarios that are listed as different.
private enum KnownScenarios {
    static func read() throws -> [String: String] {
        let file = Binary.root.appending(path: "Tests/PolicyEngineTests/KnownDifferences.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let section = text.components(separatedBy: "\n## ").first { $0.hasPrefix("spectral-cli\n") } ?? ""
        var entries: [String: String] = [:]
        for line in section.split(separator: "\n") where line.hasPrefix("- `") {
            let parts = line.dropFirst(3).components(separatedBy: "`: ")
            entries[parts[0]] = parts.dropFirst().joined(separator: "`: ")
        }
        return entries
    }
}

/// What a report says of one finding.
private struct ReportRow: Hashable, CustomStringConvertible {
    let source: String
    /// `line:column` from one.
    let place: String
    let severity: String
    let code: String
    /// nil where the report does not say.
    var path: String?

    var description: String { "\(source):\(place) \(severity) \(code) \(path ?? "")" }
}

/// One scenario in a folder of its own.
private struct CLIScenario {
    let id: String
    let object: [String: Any]
    let folder: URL
    private let document: URL
    private var files: [String: String] = [:]
    private let isTranslated: Bool

    init(_ object: [String: Any], mending: (String) -> String = { $0 }) throws {
        self.object = object
        id = object["id"] as? String ?? ""
        let base = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
        folder = base.appending(path: "gatehouse-cli-\(UUID().uuidString)")
        let outside = base.appending(path: "gatehouse-cli-document-\(UUID().uuidString)")
        document = outside.appending(path: "document")
        try FileManager.default.createDirectory(at: outside, withIntermediateDirectories: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        if let text = object["document"] as? String { try Data(text.utf8).write(to: document) }
        let translations = SpectralCLIRulesets.translations[id] ?? []
        isTranslated = !translations.isEmpty
        for (name, text) in object["assets"] as? [String: String] ?? [:] {
            let translation = translations.first { $0.asset == name }
            let file = folder.appending(path: translation?.file ?? name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(mending(translation?.text ?? text).utf8).write(to: file)
            files[name] = file.path
        }
    }

    /// What the scenario's command did.
    func result() async throws -> Binary.Result {
        defer {
            try? FileManager.default.removeItem(at: folder)
            try? FileManager.default.removeItem(at: document.deletingLastPathComponent())
        }
        return try await Shell.run("bash", ["-c", command()], in: folder)
    }

    /// How the scenario was run, and how it differs; nil where it agrees.
    func outcome() async throws -> (kind: String, difference: String?) {
        let result = try await result()
        if object["usesJavaScript"] as? Bool == true, !isTranslated {
            let isRefused =
                result.code == 2 && (result.errors.contains("JavaScript") || result.errors.contains("program"))
            return ("refused", isRefused ? nil : "exit code \(result.code): \(result.errors)\(result.output)")
        }
        return (isTranslated ? "in YAML" : "as it is", difference(result))
    }

    private func command() throws -> String {
        let text = try #require((object["command-nix"] ?? object["command"]) as? String)
        return filled(text).replacingOccurrences(of: "{bin}", with: Binary.path ?? "")
    }

    private func filled(_ text: String) -> String {
        var text = text.replacingOccurrences(of: "{document}", with: document.path)
        for (name, path) in files { text = text.replacingOccurrences(of: "{asset:\(name)}", with: path) }
        return text
    }

    private func difference(_ result: Binary.Result) -> String? {
        let expected = rows(filled(object["stdout"] as? String ?? ""))
        let found = rows(result.output)
        // A report that does not say where a finding is in the tree is compared without that.
        let hasPaths = found.allSatisfy { $0.path != nil } && expected.allSatisfy { $0.path != nil }
        func comparable(_ row: ReportRow) -> ReportRow {
            var row = row
            if !hasPaths { row.path = nil }
            return row
        }
        guard expected.map(comparable) == found.map(comparable) else {
            return "expected \(expected), found \(found) \(result.errors)"
        }
        // The fixture holds exit codes as texts.
        let status = (object["status"] as? String).flatMap { Int32($0) }
        if let status, status != result.code {
            return "exit code \(result.code) instead of \(status): \(result.errors)"
        }
        if let errors = object["stderr"] as? String, status == 2 {
            let first = filled(errors).split(separator: "\n").first.map(String.init) ?? ""
            if !result.errors.contains(first) { return "stderr is \(result.errors)" }
        }
        return nil
    }

    // MARK: Reports

    private func rows(_ report: String) -> [ReportRow] {
        let text = report.trimmingCharacters(in: .whitespacesAndNewlines)
        if text.hasPrefix("[") { return jsonRows(text) }
        if text.hasPrefix("<?xml") { return junitRows(text) }
        if text.lowercased().hasPrefix("<!doctype html") { return htmlRows(text) }
        return lineRows(text)
    }

    private func canonical(_ source: String) -> String {
        if source == "<STDIN>" || source.hasPrefix("/") { return source }
        return folder.appending(path: source).standardizedFileURL.path
    }

    private func jsonRows(_ text: String) -> [ReportRow] {
        guard let list = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]] else { return [] }
        return list.map { entry in
            let range = entry["range"] as? [String: [String: Int]] ?? [:]
            let (start, end) = (range["start"] ?? [:], range["end"] ?? [:])
            return ReportRow(
                source: canonical(entry["source"] as? String ?? ""),
                place:
                    "\(start["line"] ?? -1):\(start["character"] ?? -1)-\(end["line"] ?? -1):\(end["character"] ?? -1)",
                severity: "\(entry["severity"] ?? "")",
                code: entry["code"] as? String ?? "",
                path: (entry["path"] as? [Any])?.map { "\($0)" }.joined(separator: ".")
            )
        }
    }

    /// The stylish report: sources at the margin, findings in columns; and the one of a line a finding.
    private func lineRows(_ text: String) -> [ReportRow] {
        var rows: [ReportRow] = []
        var source = ""
        for line in text.split(separator: "\n") {
            if let match = line.firstMatch(of: /^(.+):(\d+:\d+) (error|warning|information|hint) (\S+) "/) {
                rows.append(
                    ReportRow(
                        source: canonical(String(match.1)),
                        place: String(match.2),
                        severity: String(match.3),
                        code: String(match.4)
                    )
                )
                continue
            }
            guard let match = line.firstMatch(of: /^\s+(\d+:\d+)\s+(error|warning|information|hint)\s\s(\S+)\s+(.*)$/)
            else {
                source = String(line)
                continue
            }
            let cells = match.4.split(separator: /\s\s+/)
            rows.append(
                ReportRow(
                    source: canonical(source),
                    place: String(match.1),
                    severity: String(match.2),
                    code: String(match.3),
                    path: cells.count > 1 ? String(cells[cells.count - 1]) : ""
                )
            )
        }
        return rows
    }

    /// JUnit: the test cases that fail, one for each error; theirs say the line in the text, ours in the name.
    private func junitRows(_ text: String) -> [ReportRow] {
        text.split(separator: "<testcase").dropFirst().filter { $0.contains("<failure") }.map { part in
            let name = part.firstMatch(of: /\sname="(?:org\.spectral\.)?([^ ("]+)/)
            let theirs = part.firstMatch(of: /line (\d+), col (\d+)/).map { "\($0.1):\($0.2)" }
            let ours = part.firstMatch(of: /\sname="\S+ at (\d+:\d+)/).map { String($0.1) }
            return ReportRow(
                source: "",
                place: theirs ?? ours ?? "",
                severity: "error",
                code: name.map { String($0.1) } ?? ""
            )
        }
    }

    /// HTML: that each finding is in it, by place and severity, in the order of the text.
    private func htmlRows(_ text: String) -> [ReportRow] {
        let plain = text.replacing(/<style[\s\S]*?<\/style>|<script[\s\S]*?<\/script>/, with: "")
        return plain.matches(of: /<tr[\s\S]*?<\/tr>|<article[\s\S]*?<\/article>/).compactMap { row in
            let words = row.0.replacing(/<[^>]*>/, with: " ")
            guard let place = words.firstMatch(of: /(\d+:\d+)/),
                let severity = words.firstMatch(of: /\b(error|warning|information|hint)\b/)
            else { return nil }
            return ReportRow(source: "", place: String(place.1), severity: String(severity.1), code: "")
        }
    }
}
