internal import DocumentTree

/// A report in JUnit's XML: a suite for each document, a test case for each finding, and one for a document without any.
///
/// What weighs less than the threshold is no failure: it is told in the output of a test that passed.
public struct JUnitReport: Sendable {
    /// Makes a writer.
    public init() {}

    /// The report with a line feed at the end.
    public func text(_ result: LintResult) -> String {
        let groups = Dictionary(grouping: result.findings, by: \.source)
        let failures = result.findings.count(where: result.isFailure)
        let sources = result.sources
        let tests = sources.map { max(1, groups[$0]?.count ?? 0) }.reduce(0, +)
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuites name=\"gatehouse lint\" tests=\"\(tests)\" failures=\"\(failures)\">\n"
        for source in sources { text += suite(source, groups[source] ?? [], result) }
        return text + "</testsuites>\n"
    }

    private func suite(_ source: String, _ findings: [Finding], _ result: LintResult) -> String {
        let failures = findings.count(where: result.isFailure)
        let name = Self.escaped(source)
        var text =
            "  <testsuite name=\"\(name)\" tests=\"\(max(1, findings.count))\" failures=\"\(failures)\" errors=\"0\">\n"
        if findings.isEmpty { text += "    <testcase classname=\"\(name)\" name=\"no findings\"/>\n" }
        for finding in findings {
            let start = finding.range.start
            let place = "\(start.line + 1):\(start.character + 1)"
            let title = Self.escaped("\(finding.code) at \(place) \(LintText.pointer(finding.path))")
            var body = "\(source):\(place)\n\(finding.message)"
            if let help = finding.help { body += "\nTo put it right: \(help)" }
            if let url = finding.documentationURL { body += "\n\(url)" }
            text += "    <testcase classname=\"\(name)\" name=\"\(title)\">\n"
            if result.isFailure(finding) {
                let severity = LintResult.word(finding.severity)
                text += "      <failure message=\"\(Self.escaped(finding.message))\" type=\"\(severity)\">"
                text += Self.escaped(body) + "</failure>\n"
            } else {
                text += "      <system-out>\(Self.escaped(body))</system-out>\n"
            }
            text += "    </testcase>\n"
        }
        return text + "  </testsuite>\n"
    }

    /// Text for an element or an attribute. Characters that XML 1.0 (section 2.2) has no way to write become U+FFFD.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n", "\t", "\r": result += "&#\(scalar.value);"
            case "\u{0}"..<"\u{20}", "\u{FFFE}", "\u{FFFF}": result.unicodeScalars.append("\u{FFFD}")
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
