import DocumentTree
import SpecDiff
import Testing

@Suite("Reports for people and programs")
struct ReportTests {
    let samples: ReportSamples

    init() throws { samples = try ReportSamples() }

    @Test("text: a paragraph an operation, the worst first, shared changes once with the first of their operations")
    func text() throws {
        let text = DiffTextReport().text(try samples.report())
        #expect(
            text == """
                Shared by several operations
                  error    the response property `name` became nullable
                           reaches 5 operations: GET /owners, GET /pets, GET /pets/{petId} and 2 more
                           response-property-became-nullable  old/pets.yaml:18:14 → new/pets.yaml:17:14

                GET /pets/{petId}  (getPet)
                  warning  deleted the `query` request parameter `limit`
                           callers may send it still
                           request-parameter-removed  old/pets.yaml:9:11

                The document
                  info     added the tag `a|b <i>`
                           api-tag-added

                3 changes: 1 error, 1 warning, 1 info; the version needs a major step

                """
        )
    }

    @Test("text: colours only where they are asked for, and never any that a document brings along")
    func colours() throws {
        var report = try samples.report()
        report.changes[0].text = "became `\u{1B}[2J\u{202E}x\ny`"
        report.changes[0].sites[1].path = "/a\u{1B}]0;"
        #expect(!DiffTextReport().text(report).contains("\u{1B}"))
        let colored = DiffTextReport(isColored: true).text(report)
        #expect(colored.contains("\u{1B}[31merror  \u{1B}[0m"))
        #expect(!colored.contains("\u{1B}[2J") && !colored.contains("\u{202E}") && !colored.contains("\u{1B}]"))
    }

    @Test("no change is said so, and whether the documents differ in words")
    func nothing() {
        #expect(DiffTextReport().text(ReportSamples.nothing) == "no changes: both documents say the same\n")
        var differs = ReportSamples.nothing
        differs.isIdentical = false
        #expect(DiffTextReport().text(differs).hasPrefix("no changes to the contract: the documents differ"))
        #expect(DiffJSONReport().value(ReportSamples.nothing) == ["changes": [], "requiredBump": "none"])
        #expect(DiffGitHubReport().text(ReportSamples.nothing) == "no changes: both documents say the same\n")
        #expect(
            DiffMarkdownReport().text(ReportSamples.nothing, from: samples.comparedBase, to: samples.comparedRevision)
                == "## Changes from `1.0.0` to `1.1.0`\n\nNo changes: both documents say the same.\n"
        )
    }

    @Test("json: the members that scripts hold on to, zero-based places, further operations beside the worst")
    func json() throws {
        let value = try JSONValue.read(DiffJSONReport().text(try samples.report()))
        #expect(value["requiredBump"] == "major")
        let shared = try #require(value["changes"]?[0])
        #expect(shared["id"] == "response-property-became-nullable")
        #expect(shared["level"] == "error")
        #expect(shared["method"] == "GET")
        #expect(shared["path"] == "/owners", "the first of those that weigh most stands for the change")
        #expect(shared["section"] == "paths")
        #expect(shared["operationId"] == nil)
        #expect(shared["base"] == ["line": 17, "character": 13])
        #expect(shared["revision"] == ["line": 16, "character": 13])
        #expect(shared["fingerprint"] == "fedcba9876543210")
        #expect(shared["operationCount"] == 5)
        #expect(shared["operations"]?.array?.count == 4)
        let harmless: JSONValue = [
            "id": "response-write-only", "level": "info", "method": "DELETE", "path": "/old", "section": "paths",
        ]
        #expect(shared["operations"]?[0] == harmless)
        #expect(shared["operations"]?[2]?["operationId"] == "getPet")
        let single = try #require(value["changes"]?[1])
        #expect(
            single == [
                "id": "request-parameter-removed", "level": "warning",
                "text": "deleted the `query` request parameter `limit`", "comment": "callers may send it still",
                "method": "GET", "path": "/pets/{petId}", "operationId": "getPet", "section": "paths",
                "base": ["line": 8, "character": 10], "fingerprint": "0123456789abcdef",
            ]
        )
    }

    @Test("expanded, a shared change stands once an operation, in the words and at the level it has there")
    func expanded() throws {
        let collapsed = try samples.report()
        let report = DocumentDiff().expanded(collapsed)
        #expect(report.changes.count == 7)
        #expect(report.count(of: .error) == 4 && report.count(of: .information) == 2)
        #expect(report.changes.allSatisfy { $0.sites.count == 1 && $0.level == $0.sites[0].level })
        let shared = report.changes.filter { $0.fingerprint == collapsed.changes[0].fingerprint }
        #expect(Set(shared.map(\.leadingSite.path)) == ["/owners", "/pets", "/pets/{petId}", "/shops", "/old"])
    }

    @Test("markdown: breaking changes first, by operation, values in code spans")
    func markdown() throws {
        let text = DiffMarkdownReport().text(
            try samples.report(),
            from: samples.comparedBase,
            to: samples.comparedRevision
        )
        #expect(
            text == """
                ## Changes from `1.0.0` to `1.1.0`

                3 changes: 1 error, 1 warning, 1 info; the version needs a major step.

                ### Breaking changes

                - **Shared by several operations**
                  - the response property `name` became nullable (`response-property-became-nullable`)
                    Reaches 5 operations: `GET /owners`, `GET /pets`, `GET /pets/{petId}` and 2 more

                ### Changes that may break some callers

                - **`GET /pets/{petId}`**
                  - deleted the `query` request parameter `limit` (`request-parameter-removed`)
                    callers may send it still

                ### Other changes

                - **The document**
                  - added the tag `a|b <i>` (`api-tag-added`)

                """
        )
    }

    @Test(
        "markdown: a value can neither leave its code span nor become markup",
        arguments: [
            ("removed `a` `b`", "removed `a` `b`"), ("was `x` <script> `y`", "was `x` &lt;script&gt; `y`"),
            ("mail @team about #1 [x](y)", "mail &#64;team about &#35;1 \\[x\\](y)"),
            ("one ` only *b*", "one \\` only \\*b\\*"), ("empty `` value", "empty \\`\\` value"),
            ("line\nbreak `a\nb`", "line break `a b`"),
        ]
    )
    func hostileMarkdown(_ text: String, _ expected: String) throws {
        var change = try samples.removedParameter()
        change.text = text
        let report = DiffReport(changes: [change], requiredBump: .major, isIdentical: false)
        let result = DiffMarkdownReport().text(report, from: samples.comparedBase, to: samples.comparedRevision)
        #expect(result.contains("  - \(expected) (`request-parameter-removed`)\n"), "\(result)")
    }

    @Test("github: one command a change, at its line, everything escaped that would end a property or a line")
    func gitHub() throws {
        var report = try samples.report()
        report.changes[2].text = "50% of\r\na, b: c ::error::x"
        report.changes[2].revision = try ReportSamples.place("/components", in: samples.revision)
        report.changes[2].revision?.source = "a,b:c/100%.yaml"
        let lines = DiffGitHubReport().text(report).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(
            lines == [
                "::error file=new/pets.yaml,line=17,col=14,endColumn=45,title=response-property-became-nullable::the response property `name` became nullable%0Areaches 5 operations: GET /owners, GET /pets, GET /pets/{petId} and 2 more",
                "::warning file=old/pets.yaml,line=9,col=11,endColumn=60,title=request-parameter-removed::GET /pets/{petId}: deleted the `query` request parameter `limit`%0Acallers may send it still",
                "::notice file=a%2Cb%3Ac/100%25.yaml,line=12,endLine=17,title=api-tag-added::50%25 of%0D%0Aa, b: c ::error::x",
                "3 changes: 1 error, 1 warning, 1 info; the version needs a major step", "",
            ]
        )
    }
}
