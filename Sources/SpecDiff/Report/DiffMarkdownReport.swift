/// A comparison as a changelog in CommonMark with GitHub's extensions, ready to be pasted into release notes: what breaks
/// first, by operation.
public struct DiffMarkdownReport: Sendable {
    /// Makes a writer.
    public init() {}

    /// Writes the changelog, ending in a line feed; values of the documents can end no code span and start no markup.
    public func text(_ report: DiffReport, from base: ComparedDocument, to revision: ComparedDocument) -> String {
        var result = "## \(ComparedDocument.heading(base, revision, quote: Self.code))\n\n"
        guard !report.changes.isEmpty else { return result + Self.sentence(ReportText.noChanges(report)) + "\n" }
        result += Self.sentence("\(ReportText.counts(report.changes)); \(ReportText.bump(report.requiredBump))") + "\n"
        for level in ChangeLevel.allCases {
            var part = report
            part.changes = report.changes.filter { $0.level == level }
            guard !part.changes.isEmpty else { continue }
            result += "\n### \(Self.heading(level))\n\n"
            for group in ChangeGroup.groups(of: part) { result += Self.items(group) }
        }
        return result
    }

    private static func items(_ group: ChangeGroup) -> String {
        var title = group.title
        if case .operation = group.subject { title = code(title) }
        return "- **\(title)**\n" + group.changes.map(item).joined()
    }

    private static func item(_ change: Change) -> String {
        var result = "  - \(prose(change.text)) (\(code(change.id)))\n"
        if let comment = change.comment { result += "    \(prose(comment))\n" }
        let names = ReportText.namedSites(change).map { code(ReportText.operation($0)) }
        if names.count > 1 {
            let more = names.count - ReportText.operationsShown
            let shown = names.prefix(ReportText.operationsShown).joined(separator: ", ")
            result += "    Reaches \(names.count) operations: \(shown)\(more > 0 ? " and \(more) more" : "")\n"
        }
        return result
    }

    private static func heading(_ level: ChangeLevel) -> String {
        switch level {
        case .error: "Breaking changes"
        case .warning: "Changes that may break some callers"
        case .information: "Other changes"
        }
    }

    private static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() + "." }

    // MARK: Escaping

    /// A text whose values stand in backticks: those become code spans, all else is escaped.
    static func prose(_ text: String) -> String {
        let parts = ReportText.singleLine(text).split(separator: "`", omittingEmptySubsequences: false)
        // With an odd number of backticks one of them is part of a value: then none can be trusted to open a span.
        guard !parts.count.isMultiple(of: 2) else { return escaped(text) }
        return parts.enumerated().map { index, part in
            index.isMultiple(of: 2) ? escaped(String(part)) : (part.isEmpty ? "\\`\\`" : code(String(part)))
        }.joined()
    }

    /// A code span (CommonMark 0.31 section 6.1): the fence is longer than any run of backticks inside.
    static func code(_ text: String) -> String {
        let text = ReportText.singleLine(text)
        guard !text.allSatisfy({ $0 == " " }) else { return "\u{2423}" }
        var longest = 0
        var run = 0
        for character in text {
            run = character == "`" ? run + 1 : 0
            longest = max(longest, run)
        }
        let fence = String(repeating: "`", count: longest + 1)
        let isPadded = text.hasPrefix("`") || text.hasSuffix("`") || (text.hasPrefix(" ") && text.hasSuffix(" "))
        return isPadded ? "\(fence) \(text) \(fence)" : fence + text + fence
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in ReportText.singleLine(text) {
            // `@` and `#` would mention people and other work on GitHub; an entity is read as the character alone.
            switch character {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case "@": result += "&#64;"
            case "#": result += "&#35;"
            case "\\", "`", "*", "_", "[", "]", "|", "~": result += "\\\(character)"
            default: result.append(character)
            }
        }
        return result
    }
}
