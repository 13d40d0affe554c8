public import DocumentTree

/// A ``Migration`` as text, JSON or Markdown.
public struct MigrationReport: Sendable {
    private let migration: Migration

    /// Makes a writer for a migration.
    public init(_ migration: Migration) { self.migration = migration }

    /// For people at a terminal; ends in a line feed.
    public var text: String {
        var result = "\(ReportText.singleLine(migration.application)): \(verdict)\n"
        for step in migration.steps {
            let change = step.change
            result += "\n\(ReportText.operations(change))\n"
            result += "  \(change.level.name)  \(ReportText.singleLine(change.text))  (\(change.id))\n"
            if let comment = change.comment { result += "  \(ReportText.singleLine(comment))\n" }
            for line in step.before { result += "  - \(line)\n" }
            for line in step.after { result += "  + \(line)\n" }
        }
        return result
    }

    /// For programs: `{"application", "safe", "unconcerned", "steps": [{…, "before": [line], "after": [line]}]}`, where a
    /// step begins with the members of a change as ``DiffJSONReport`` writes them.
    public var value: JSONValue {
        .object([
            ("application", .string(migration.application)), ("safe", .bool(migration.isSafe)),
            ("unconcerned", .integer(Int64(migration.unconcernedCount))),
            (
                "steps",
                .array(
                    migration.steps.map { step in
                        let members = DiffJSONReport.value(step.change).object ?? []
                        return .object(
                            members + [
                                ("before", .array(step.before.map(JSONValue.string))),
                                ("after", .array(step.after.map(JSONValue.string))),
                            ]
                        )
                    }
                )
            ),
        ])
    }

    /// For a ticket or a letter to those who look after the application; the lines stand in code blocks.
    public var markdown: String {
        var result = "## \(DiffMarkdownReport.prose(migration.application)): \(DiffMarkdownReport.prose(verdict))\n"
        for step in migration.steps {
            let change = step.change
            let operations = ReportText.namedSites(change).map { DiffMarkdownReport.code(ReportText.operation($0)) }
            result += "\n### \(operations.joined(separator: ", "))\n\n"
            result += "**\(change.level.name)**: \(DiffMarkdownReport.prose(change.text)) "
            result += "(\(DiffMarkdownReport.code(change.id)))\n"
            if let comment = change.comment { result += "\n\(DiffMarkdownReport.prose(comment))\n" }
            let lines = step.before.map { "- " + $0 } + step.after.map { "+ " + $0 }
            guard !lines.isEmpty else { continue }
            // A fence is longer than any run of backticks inside (CommonMark 0.31 section 4.5).
            let longest = lines.flatMap { $0.split { $0 != "`" } }.map(\.count).max() ?? 0
            let fence = String(repeating: "`", count: max(3, longest + 1))
            result += "\n\(fence)diff\n\(lines.joined(separator: "\n"))\n\(fence)\n"
        }
        return result
    }

    private var verdict: String {
        guard !migration.steps.isEmpty else { return "nothing it uses changes" }
        let counts = ReportText.counts(migration.steps.map(\.change))
        return migration.isSafe ? "can move as it is; \(counts)" : "has to change before it moves; \(counts)"
    }
}
