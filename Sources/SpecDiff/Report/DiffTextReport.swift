/// A comparison for people at a terminal: a paragraph an operation, the worst first, a summary at the end.
public struct DiffTextReport: Sendable {
    /// Whether levels and places are coloured (ANSI escapes, ECMA-48 SGR).
    public let isColored: Bool

    /// - Parameter isColored: whether to use colours.
    public init(isColored: Bool = false) { self.isColored = isColored }

    /// Writes a report.
    ///
    /// - Returns: the report, ending in a line feed. A change of a shared component stands once, with the number of
    ///   operations it reaches and the first few of them.
    public func text(_ report: DiffReport) -> String {
        guard !report.changes.isEmpty else { return ReportText.noChanges(report) + "\n" }
        var result = ""
        for group in ChangeGroup.groups(of: report) {
            let id = group.operationID.map { "  " + paint("(\(ReportText.singleLine($0)))", .dim) } ?? ""
            result += paint(group.title, .bold) + id + "\n"
            for change in group.changes { result += lines(change) }
            result += "\n"
        }
        let summary = "\(ReportText.counts(report.changes)); \(ReportText.bump(report.requiredBump))"
        let worst = report.changes.map(\.level).min() ?? .information
        return result + paint(summary, Self.paint(worst)) + "\n"
    }

    private func lines(_ change: Change) -> String {
        let width = ChangeLevel.allCases.map(\.name.count).max() ?? 0
        let indent = String(repeating: " ", count: width + 4)
        let label = change.level.name + String(repeating: " ", count: width - change.level.name.count)
        var result = "  " + paint(label, Self.paint(change.level)) + "  " + ReportText.singleLine(change.text) + "\n"
        if let comment = change.comment { result += indent + ReportText.singleLine(comment) + "\n" }
        let count = ReportText.namedSites(change).count
        if count > 1 { result += indent + "reaches \(count) operations: \(ReportText.operations(change))\n" }
        let places = ReportText.places(change)
        return result + indent + paint(places.isEmpty ? change.id : "\(change.id)  \(places)", .dim) + "\n"
    }

    // MARK: Colours

    private enum Paint: String {
        case bold = "1"
        case dim = "2"
        case red = "31"
        case yellow = "33"
        case green = "32"
    }

    private func paint(_ text: String, _ paint: Paint) -> String {
        isColored ? "\u{1B}[\(paint.rawValue)m\(text)\u{1B}[0m" : text
    }

    private static func paint(_ level: ChangeLevel) -> Paint {
        switch level {
        case .error: .red
        case .warning: .yellow
        case .information: .green
        }
    }
}
