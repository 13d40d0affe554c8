import DocumentTree

/// A comparison as workflow commands of GitHub Actions: an annotation a change, shown at its line in a pull request.
///
/// Lines and columns count from one. What is gone is annotated in the base, whose file is the only one that has it.
public struct DiffGitHubReport: Sendable {
    /// Makes a writer.
    public init() {}

    /// Writes one command a line and the summary as a line of the log.
    public func text(_ report: DiffReport) -> String {
        guard !report.changes.isEmpty else { return ReportText.noChanges(report) + "\n" }
        let summary = "\(ReportText.counts(report.changes)); \(ReportText.bump(report.requiredBump))"
        return report.changes.map(Self.command).joined() + summary + "\n"
    }

    private static func command(_ change: Change) -> String {
        var properties: [(name: String, value: String)] = []
        if let place = change.leadingPlace {
            let range = place.range
            properties += [("file", place.source), ("line", String(range.start.line + 1))]
            // Columns are allowed only where both ends stand in one line.
            if range.start.line == range.end.line {
                properties += [
                    ("col", String(range.start.character + 1)), ("endColumn", String(range.end.character + 1)),
                ]
            } else {
                properties.append(("endLine", String(range.end.line + 1)))
            }
        }
        properties.append(("title", change.id))
        let list = properties.map { "\($0.name)=\(property($0.value))" }.joined(separator: ",")
        return "::\(name(change.level)) \(list)::\(data(message(change)))\n"
    }

    private static func message(_ change: Change) -> String {
        let count = ReportText.namedSites(change).count
        let operation = ReportText.operation(change.leadingSite)
        var text = operation.isEmpty || count > 1 ? change.text : "\(operation): \(change.text)"
        if let comment = change.comment { text += "\n\(comment)" }
        if count > 1 { text += "\nreaches \(count) operations: \(ReportText.operations(change))" }
        return text
    }

    private static func name(_ level: ChangeLevel) -> String {
        switch level {
        case .error: "error"
        case .warning: "warning"
        case .information: "notice"
        }
    }

    // MARK: Escaping, as the runner undoes it

    private static func data(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "%": result += "%25"
            case "\r": result += "%0D"
            case "\n": result += "%0A"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func property(_ text: String) -> String {
        data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }
}
