public import DocumentTree

/// A lint report for people at a terminal, laid out as Spectral does: file by file, with a summary.
public struct StylishReport: Sendable {
    /// Whether severities and places are coloured (ANSI escapes).
    public let isColored: Bool

    /// - Parameter isColored: whether to use colours.
    public init(isColored: Bool = false) { self.isColored = isColored }

    /// Writes findings, in the order given, grouped by their source.
    ///
    /// - Parameters:
    ///   - findings: what was found.
    ///   - threshold: the severity named where nothing was found.
    /// - Returns: the report, ending in a line feed.
    public func text(_ findings: [Finding], threshold: Severity = .error) -> String {
        guard !findings.isEmpty else {
            let range = threshold == .error ? "" : "or higher "
            return "No results with a severity of '\(Self.optionName(threshold))' \(range)found!\n"
        }
        var result = "\n"
        for (source, group) in Self.grouped(findings) {
            result += paint(source, .underline) + "\n"
            result += rows(group)
            result += "\n"
        }
        return result + summary(findings) + "\n"
    }

    private func rows(_ findings: [Finding]) -> String {
        let cells = findings.map { finding in
            (
                place: "\(finding.range.start.line + 1):\(finding.range.start.character + 1)",
                severity: LintText.name(finding.severity),
                finding: finding,
                message: LintText.singleLine(finding.message)
            )
        }
        let placeWidth = cells.map(\.place.count).max() ?? 0
        let severityWidth = cells.map(\.severity.count).max() ?? 0
        let codeWidth = cells.map(\.finding.code.count).max() ?? 0
        let messageWidth = cells.map(\.message.count).max() ?? 0
        var result = ""
        for cell in cells {
            var line = " " + paint(padded(cell.place, placeWidth, left: true), .dim)
            line += "  " + paint(padded(cell.severity, severityWidth, left: true), Self.color(cell.finding.severity))
            line += "  " + padded(cell.finding.code, codeWidth)
            line += "  " + padded(cell.message, messageWidth)
            let path = LintText.dotted(cell.finding.path)
            if !path.isEmpty { line += "  " + path }
            while line.last == " " { line.removeLast() }
            result += line + "\n"
        }
        return result
    }

    private func summary(_ findings: [Finding]) -> String {
        func count(_ severity: Severity) -> Int { findings.count { $0.severity == severity } }
        func plural(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }
        let counts = [
            plural(count(.error), "error"), plural(count(.warning), "warning"), plural(count(.information), "info"),
            plural(count(.hint), "hint"),
        ].joined(separator: ", ")
        let worst = findings.map(\.severity).min() ?? .hint
        return paint("✖ \(plural(findings.count, "problem")) (\(counts))", Self.color(worst)) + "\n"
    }

    // MARK: Words and colours

    private enum Paint: String {
        case red = "31"
        case yellow = "33"
        case blue = "34"
        case white = "37"
        case dim = "2"
        case underline = "4"
    }

    private func paint(_ text: String, _ paint: Paint) -> String {
        isColored ? "\u{1B}[\(paint.rawValue)m\(text)\u{1B}[0m" : text
    }

    private static func color(_ severity: Severity) -> Paint {
        switch severity {
        case .error: .red
        case .warning: .yellow
        case .information: .blue
        case .hint: .white
        }
    }

    /// As `--fail-severity` spells it.
    private static func optionName(_ severity: Severity) -> String {
        switch severity {
        case .error: "error"
        case .warning: "warn"
        case .information: "info"
        case .hint: "hint"
        }
    }

    private func padded(_ text: String, _ width: Int, left: Bool = false) -> String {
        let space = String(repeating: " ", count: max(0, width - text.count))
        return left ? space + text : text + space
    }

    private static func grouped(_ findings: [Finding]) -> [(source: String, findings: [Finding])] {
        var groups: [(source: String, findings: [Finding])] = []
        var positions: [String: Int] = [:]
        for finding in findings {
            if let position = positions[finding.source] {
                groups[position].findings.append(finding)
            } else {
                positions[finding.source] = groups.count
                groups.append((finding.source, [finding]))
            }
        }
        return groups
    }
}
