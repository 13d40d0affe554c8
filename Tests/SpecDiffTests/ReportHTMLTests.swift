import DocumentTree
import Foundation
import SpecDiff
import Testing

@Suite("HTML reports")
struct ReportHTMLTests {
    let samples: ReportSamples

    init() throws { samples = try ReportSamples() }

    private func page(_ report: DiffReport) -> String {
        DiffHTMLReport().text(report, from: samples.comparedBase, to: samples.comparedRevision)
    }

    @Test("one page with the lines of both documents side by side, the place marked, no script")
    func page() throws {
        let html = page(try samples.report())
        #expect(html.hasPrefix("<!doctype html>\n"))
        #expect(html.contains("<title>Pets: Changes from 1.0.0 to 1.1.0</title>"))
        #expect(!html.contains("<script"))
        #expect(html.contains("<h1>Changes from 1.0.0 to 1.1.0</h1>"))
        #expect(html.contains("<li class=\"tally error\"><b>1</b> breaking</li>"))
        #expect(html.contains("<li class=\"tally\"><b>major</b> version step</li>"))
        let old = "<span class=\"number\">18</span>        name: <mark>{type: string}</mark>\n"
        let new = "<span class=\"number\">17</span>        name: <mark>{type: string, nullable: true}</mark>\n"
        #expect(html.contains(old) && html.contains(new))
        #expect(html.contains("no longer in the revision"))
        #expect(html.contains("<summary>reaches 5 operations</summary>"))
        #expect(html.contains("<code>GET /shops</code>"), "behind the fold all operations are named")
        #expect(html.contains("added the tag <code>a|b &lt;i&gt;</code>"))
    }

    @Test("nothing that documents say becomes markup, wherever the page shows it")
    func hostileDocuments() throws {
        let attack = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"
        let text = "a: \(attack)\nb: |\n  </pre></main>\(attack)\n"
        let document = try Document.read(
            "a: '\(attack.replacing("'", with: "''"))'\nb: |\n  </pre>\(attack)\n",
            name: attack
        )
        let place = ChangePlace(source: attack, range: document.root.range, path: [])
        let change = Change(
            id: attack,
            level: .error,
            text: "`\(attack)` \(attack)",
            comment: attack,
            sites: [
                ReportSamples.site(attack, attack, id: attack), ReportSamples.site("GET", text, id: attack),
            ],
            base: place,
            revision: place,
            fingerprint: attack
        )
        var single = change
        single.sites = [change.sites[0]]
        let compared = ComparedDocument(source: document.source, title: attack, version: attack)
        var other = compared
        other.version = attack + "2"
        let report = DiffReport(changes: [change, single], requiredBump: .major, isIdentical: false)
        let html = DiffHTMLReport().text(report, from: compared, to: other)
        #expect(html.contains("&lt;script&gt;"))
        #expect(!html.contains("<script") && !html.contains("<img") && !html.contains(attack))
        #expect(html.components(separatedBy: "</pre>").count == 5, "four quotations, each closed once")
        #expect(html.components(separatedBy: "</main>").count == 2)
    }

    @Test("a document of one long line is cut around the place, and many changes are quoted up to the limit")
    func longLine() throws {
        let filler = String(repeating: "\"é😀\": 1, ", count: 20_000).split(separator: ", ").enumerated()
            .map { "\"k\($0.offset)\": \"é😀\"" }.joined(separator: ", ")
        let document = try Document.read("{\(filler), \"wanted\": {\"here\": true}}", name: "one.json")
        let node = try #require(document.root["wanted"]?["here"])
        let place = ChangePlace(source: "one.json", range: node.range, path: node.path)
        var change = samples.documentChange()
        change.revision = place
        let changes = Array(repeating: change, count: 2_100)
        let report = DiffReport(changes: changes, requiredBump: .minor, isIdentical: false)
        let compared = ComparedDocument(source: document.source)
        let clock = ContinuousClock()
        let start = clock.now
        let html = DiffHTMLReport().text(report, from: compared, to: compared)
        #expect(clock.now - start < .seconds(60))
        #expect(html.contains("<mark>true</mark>"))
        #expect(html.components(separatedBy: "<mark>").count == 2_001)
        #expect(html.components(separatedBy: "the page quotes 2000 changes at most").count == 101)
        #expect(html.utf8.count < 4 << 20, "\(html.utf8.count) bytes")
    }

    @Test("a place outside of the text is shown without lines rather than read beyond its end")
    func foreignPlace() throws {
        var change = samples.documentChange()
        let far = Position(line: 900, character: 7)
        change.base = ChangePlace(source: "x", range: SourceRange(start: far, end: far), path: [])
        change.revision = ChangePlace(
            source: "y",
            range: SourceRange(start: Position(line: 1, character: 500), end: far),
            path: []
        )
        let html = page(DiffReport(changes: [change], requiredBump: .minor, isIdentical: false))
        #expect(html.contains("base · x:901:8"))
        #expect(html.contains("revision · y:2:501") && html.contains("… 7 more lines"))
    }

    @Test("no changes are a page too")
    func nothing() {
        #expect(page(ReportSamples.nothing).contains("no changes: both documents say the same."))
    }
}
