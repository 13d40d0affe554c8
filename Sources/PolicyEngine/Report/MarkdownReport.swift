internal import DocumentTree

/// A report in Markdown, for a comment or a page: a summary, and a table for each document.
public struct MarkdownReport: Sendable {
    /// Rows of all tables together: code hosts refuse comments that are longer than 65,536 characters.
    static let rowsMax = 200

    /// Makes a writer.
    public init() {}

    /// The report with a line feed at the end.
    public func text(_ result: LintResult) -> String {
        var text = "## API lint: \(LintResult.summary(of: result.findings))\n"
        var left = Self.rowsMax
        let groups = Dictionary(grouping: result.findings, by: \.source)
        for source in result.sources where groups[source] != nil && left > 0 {
            let findings = groups[source] ?? []
            text +=
                "\n### \(Self.escaped(source))\n\n| Line | Severity | Rule | Finding |\n| ---: | --- | --- | --- |\n"
            for finding in findings.prefix(left) { text += row(finding) }
            left -= min(left, findings.count)
        }
        let hidden = result.findings.count - Self.rowsMax
        if hidden > 0 { text += "\n\(hidden) more findings are not shown.\n" }
        return text
    }

    private func row(_ finding: Finding) -> String {
        let place = "\(finding.range.start.line + 1)"
        var rule = Self.escaped(finding.code)
        if let url = finding.documentationURL, url.hasPrefix("https://"), url.allSatisfy({ !" ()<>\n|".contains($0) }) {
            rule = "[\(rule)](\(url))"
        }
        var text = Self.withCode(finding.message)
        if let help = finding.help { text += "<br>*\(Self.withCode(help))*" }
        return "| \(place) | \(LintResult.word(finding.severity)) | \(rule) | \(text) |\n"
    }

    /// Text in which what stands between backticks is shown as code.
    private static func withCode(_ text: String) -> String {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false).map { escaped(String($0)) }
        guard parts.count % 2 == 1 else { return parts.joined(separator: "&#96;") }
        return parts.enumerated().map { $0 % 2 == 1 ? "<code>\($1)</code>" : $1 }.joined()
    }

    /// Text that says nothing to Markdown: ASCII punctuation but a few harmless signs is written as character references, line
    /// breaks as spaces.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n", "\r", "\t", "\u{0}"..<"\u{20}", "\u{7F}"..<"\u{A0}": result += " "
            case "a"..."z", "A"..."Z", "0"..."9", " ", ".", ",", ";", "/", "-", "?", "'", "%":
                result.unicodeScalars.append(scalar)
            case "!"..."~": result += "&#\(scalar.value);"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
