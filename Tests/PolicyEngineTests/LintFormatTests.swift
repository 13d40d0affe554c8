import DocumentTree
import Foundation
import Testing

@testable import PolicyEngine

@Suite("Lint reports for other programs")
struct LintFormatTests {
    /// Two documents, one of them hostile to whoever prints it, and a third without findings.
    static func result(threshold: Severity = .error) throws -> LintResult {
        let ruleset = try Ruleset.read(
            """
            documentationUrl: https://rules.example/all
            rules:
              no-a: {description: No a., message: "`{{value}}` is here", severity: error, given: $.a, then: {function: falsy}, x-remediation: "take `a` away"}
              no-b: {description: No b., message: "b: {{value}}", severity: warn, given: "$.list[*].b", then: {function: falsy}}
              no-c: {description: No c., severity: hint, given: $.c, then: {function: falsy}, tags: [style]}
            """
        )
        let documents = [
            try Document.read("a: one\nlist:\n- name: n\n  b: two\n", name: "./one.yaml"),
            try Document.read(
                #"{"a": "<script>alert(1)</script>\n::error::x%0A|*`]]>\u0007", "c": {"d": "😀"}}"#,
                name: "x, y:z.json"
            ),
            try Document.read("d: 1", name: "clean.yaml"),
        ]
        let linter = Linter(ruleset, ignoresUnknownFormat: true)
        let findings = documents.reversed().flatMap { linter.lint($0).findings }
        return LintResult(findings + findings, documents: documents, rules: ruleset.rules, threshold: threshold)
    }

    @Test("results are ordered, come once, and are the same every time", arguments: LintFormat.allCases)
    func stable(format: LintFormat) throws {
        let result = try Self.result()
        #expect(result.findings.map(\.code) == ["no-a", "no-b", "no-a", "no-c"])
        #expect(result.findings.map(\.source) == ["./one.yaml", "./one.yaml", "x, y:z.json", "x, y:z.json"])
        let text = format.text(result)
        #expect(
            text
                == format.text(
                    LintResult(
                        result.findings.reversed(),
                        documents: Array(result.documents.values),
                        rules: Array(result.rules.values)
                    )
                )
        )
        #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n\n"))
    }

    @Test("SARIF: places from one, rules with help, artifacts, fingerprints")
    func sarif() throws {
        let log = try JSONValue.read(LintFormat.sarif.text(Self.result(), version: "1.2.3"))
        #expect(log["version"]?.string == "2.1.0")
        let run = try #require(log["runs"]?[0])
        let driver = run["tool"]?["driver"]
        #expect(driver?["version"]?.string == "1.2.3")
        let rules = try #require(driver?["rules"]?.array)
        #expect(rules.map { $0["id"]?.string } == ["no-a", "no-b", "no-c"])
        #expect(rules[0]["helpUri"]?.string == "https://rules.example/all#no-a")
        #expect(rules[0]["help"]?["text"]?.string == "take `a` away")
        #expect(rules[0]["shortDescription"]?["text"]?.string == "No a.")
        #expect(rules[2]["defaultConfiguration"]?["level"]?.string == "note")
        #expect(rules[2]["properties"]?["tags"]?[0]?.string == "style")
        let results = try #require(run["results"]?.array)
        #expect(results.count == 4)
        let place = results[1]["locations"]?[0]?["physicalLocation"]
        #expect(results[1]["level"]?.string == "warning" && results[1]["ruleIndex"]?.integer == 1)
        let region = place?["region"]
        #expect(["startLine", "startColumn", "endLine", "endColumn"].map { region?[$0]?.integer } == [4, 6, 4, 9])
        #expect(place?["artifactLocation"]?["uri"]?.string == "one.yaml")
        #expect(results[1]["locations"]?[0]?["logicalLocations"]?[0]?["fullyQualifiedName"]?.string == "#/list/0/b")
        let other = results[2]["locations"]?[0]?["physicalLocation"]?["artifactLocation"]
        #expect(other?["uri"]?.string == "x%2C%20y%3Az.json")
        let index = try #require(other?["index"]?.integer)
        #expect(run["artifacts"]?[Int(index)]?["location"]?["uri"]?.string == "x%2C%20y%3Az.json")
        #expect(run["artifacts"]?.array?.count == 3)
        #expect(Set(results.compactMap { $0["partialFingerprints"]?["gatehouse/v1"]?.string }).count == 4)
        for result in results {
            let region = result["locations"]?[0]?["physicalLocation"]?["region"]
            for member in ["startLine", "startColumn", "endLine", "endColumn"] {
                #expect((region?[member]?.integer ?? 0) >= 1)
            }
        }
    }

    @Test("JUnit: a suite for each document, failures from the threshold up")
    func junit() throws {
        let text = try LintFormat.junit.text(Self.result())
        #expect(
            text.hasPrefix(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"gatehouse lint\" tests=\"5\" failures=\"2\">"
            )
        )
        #expect(
            text.contains(
                "<testsuite name=\"clean.yaml\" tests=\"1\" failures=\"0\" errors=\"0\">\n    <testcase classname=\"clean.yaml\" name=\"no findings\"/>"
            )
        )
        #expect(text.contains("name=\"no-b at 4:6 #/list/0/b\">\n      <system-out>./one.yaml:4:6&#10;b: two"))
        #expect(
            text.contains(
                "<failure message=\"`one` is here\" type=\"error\">./one.yaml:1:4&#10;`one` is here&#10;To put it right: take `a` away&#10;https://rules.example/all#no-a</failure>"
            )
        )
        #expect(text.contains("`&lt;script&gt;alert(1)&lt;/script&gt;&#10;::error::x%0A|*`]]&gt;\u{FFFD}` is here"))
        #expect(try LintFormat.junit.text(Self.result(threshold: .warning)).contains("failures=\"3\">"))
    }

    @Test("GitHub: one command a line, and no text can begin another")
    func github() throws {
        let lines = try LintFormat.github.text(Self.result()).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 5 && lines[4].isEmpty)
        #expect(
            lines[0]
                == "::error file=one.yaml,line=1,endLine=1,col=4,endColumn=7,title=no-a::`one` is here%0ATo put it right: take `a` away"
        )
        #expect(lines[1] == "::warning file=one.yaml,line=4,endLine=4,col=6,endColumn=9,title=no-b::b: two")
        #expect(lines[2].hasPrefix("::error file=x%2C y%3Az.json,line=1,"))
        #expect(lines[2].contains("</script>%0A::error::x%250A|*`"))
        #expect(lines[3].hasPrefix("::notice "))
        #expect(GitHubReport().text(LintResult([])).isEmpty)
        var long = try Self.result().findings[0]
        long.range.end = Position(line: 5, character: 1)
        #expect(
            GitHubReport().text(LintResult([long])).hasPrefix("::error file=one.yaml,line=1,endLine=6,title=no-a::")
        )
    }

    @Test("GitLab: severities in its words, lines from one, a fingerprint each")
    func gitlab() throws {
        let issues = try #require(try JSONValue.read(LintFormat.gitlab.text(Self.result())).array)
        #expect(issues.map { $0["severity"]?.string } == ["critical", "major", "critical", "info"])
        #expect(issues[1]["location"]?["path"]?.string == "one.yaml")
        #expect(issues[1]["location"]?["lines"]?["begin"]?.integer == 4)
        #expect(issues[0]["check_name"]?.string == "no-a" && issues[0]["description"]?.string == "`one` is here")
        #expect(Set(issues.compactMap { $0["fingerprint"]?.string }).count == 4)
    }

    @Test("Markdown: text of documents says nothing to it")
    func markdown() throws {
        let text = try LintFormat.markdown.text(Self.result())
        #expect(
            text.hasPrefix(
                "## API lint: 2 errors, 1 warning, 1 hint\n\n### ./one&#46;yaml".replacingOccurrences(
                    of: "&#46;",
                    with: "."
                )
            )
        )
        #expect(
            text.contains(
                "| 1 | error | [no-a](https://rules.example/all#no-a) | <code>one</code> is here<br>*take <code>a</code> away* |\n"
            )
        )
        #expect(!text.contains("<script") && !text.contains("x%0A|*") && text.contains("&#124;&#42;"))
        let many = (0..<250).map { number in
            Finding(
                code: "r",
                severity: .error,
                message: "m",
                source: "a",
                range: SourceRange(
                    start: Position(line: number, character: 0),
                    end: Position(line: number, character: 1)
                )
            )
        }
        #expect(MarkdownReport().text(LintResult(many)).hasSuffix("\n50 more findings are not shown.\n"))
    }

    @Test("HTML: one page with the lines in question, without scripts")
    func html() throws {
        let text = try LintFormat.html.text(Self.result())
        #expect(text.hasPrefix("<!doctype html>"))
        #expect(!text.contains("<script") && text.contains("&lt;script&gt;alert(1)"))
        #expect(text.contains("b: <mark>two</mark>"))
        #expect(text.contains("<a href=\"https://rules.example/all#no-a\" class=\"code\" rel=\"noreferrer\">no-a</a>"))
        #expect(text.contains("2 errors, 1 warning, 1 hint in 3 documents"))
        #expect(text.contains("clean.yaml") && text.contains("no findings"))
        #expect(text.contains("body:has(#rule option[value='2']:checked) .finding:not(.r2){display:none}"))
        #expect(LintFormat.html.text(LintResult([])).contains("no findings in 0 documents"))
    }

    @Test("HTML: a document that is one long line is shown around the finding")
    func longLine() throws {
        let filler = String(repeating: "x", count: 100_000)
        let document = try Document.read(#"{"f": "\#(filler)", "a": 1, "g": "\#(filler)"}"#, name: "long.json")
        let ruleset = try Ruleset.read("rules: {r: {given: $.a, then: {function: falsy}}}")
        let findings = Linter(ruleset).lint(document).findings
        let text = LintFormat.html.text(LintResult(findings, documents: [document]))
        #expect(text.utf8.count < 20_000)
        #expect(text.contains("x&quot;, &quot;a&quot;: <mark>1</mark>, &quot;g&quot;"))
    }

    @Test("HTML: thousands of findings on one line of a megabyte are written at once", .timeLimit(.minutes(1)))
    func manyOnOneLine() throws {
        let members = (0..<4_000).map { "\"k\($0)\": \"\(String(repeating: "x", count: 250))\"" }.joined(
            separator: ", "
        )
        let document = try Document.read("{\(members)}", name: "long.json")
        let ruleset = try Ruleset.read("rules: {r: {given: '$.*', then: {function: falsy}}}")
        let findings = Linter(ruleset).lint(document).findings
        #expect(findings.count == 4_000)
        #expect(LintFormat.html.text(LintResult(findings, documents: [document])).utf8.count < 8_000_000)
    }

    @Test("SARIF is read by sarif-tools (PyPI)")
    func sarifTools() throws {
        let python = ProcessInfo.processInfo.environment["GATEHOUSE_PYTHON"] ?? "python3"
        guard try run([python, "-c", "import sarif"]).code == 0 else {
            print(
                "skipped: no sarif-tools for \(python); `pip install sarif-tools`, or name another with GATEHOUSE_PYTHON"
            )
            return
        }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sarif-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("report.sarif")
        try Data(LintFormat.sarif.text(Self.result()).utf8).write(to: file)
        let summary = try run([python, "-m", "sarif", "summary", file.path])
        #expect(summary.code == 0, "\(summary.output)")
        #expect(summary.output.contains("error: 2") && summary.output.contains("warning: 1"), "\(summary.output)")
        let csv = folder.appendingPathComponent("report.csv").path
        #expect(try run([python, "-m", "sarif", "csv", "-o", csv, file.path]).code == 0)
        let rows = try String(contentsOfFile: csv, encoding: .utf8)
        #expect(rows.contains("one.yaml") && rows.contains("no-b") && rows.contains("4"), "\(rows)")
    }

    private func run(_ command: [String]) throws -> (code: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }
}
