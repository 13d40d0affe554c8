internal import DocumentTree

/// A report as GitHub's workflow commands, which annotate the lines of a pull request: `::error file=…,line=…::message`.
public struct GitHubReport: Sendable {
    /// Makes a writer.
    public init() {}

    /// One line a finding; empty where nothing was found.
    public func text(_ result: LintResult) -> String { result.findings.map { line($0) + "\n" }.joined() }

    private func line(_ finding: Finding) -> String {
        let (start, end) = (finding.range.start, finding.range.end)
        let command =
            switch finding.severity {
            case .error: "error"
            case .warning: "warning"
            case .information, .hint: "notice"
            }
        let file = finding.source.hasPrefix("./") ? String(finding.source.dropFirst(2)) : finding.source
        var properties = [("file", file), ("line", "\(start.line + 1)")]
        if end.line > start.line {
            // Columns of an annotation over several lines are refused.
            properties.append(("endLine", "\(end.line + 1)"))
        } else {
            properties += [("endLine", "\(start.line + 1)"), ("col", "\(start.character + 1)")]
            properties.append(("endColumn", "\(max(start.character, end.character) + 1)"))
        }
        properties.append(("title", finding.code))
        let list = properties.map { "\($0.0)=\(Self.property($0.1))" }.joined(separator: ",")
        let text = finding.message + (finding.help.map { "\nTo put it right: \($0)" } ?? "")
        return "::\(command) \(list)::\(Self.data(text))"
    }

    /// The runner decodes these sequences and no others: a line feed would end the command and could begin another.
    private static func data(_ text: String) -> String { escaped(text, "%\r\n") }

    private static func property(_ text: String) -> String { escaped(text, "%\r\n:,") }

    private static func escaped(_ text: String, _ special: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if special.unicodeScalars.contains(scalar) {
                let digits = String(scalar.value, radix: 16, uppercase: true)
                result += "%" + (digits.count < 2 ? "0" : "") + digits
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
