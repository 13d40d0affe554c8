internal import DocumentTree

/// A report as one page of HTML that loads nothing and runs nothing: findings by document with the lines they are about, and
/// switches for severities and rules that work by style alone.
public struct HTMLReport: Sendable {
    /// Findings shown in full; a browser stays quick with as many.
    static let findingsMax = 5_000
    /// Makes a writer.
    public init() {}

    /// The page with a line feed at the end.
    public func text(_ result: LintResult) -> String { page(result).html }

    private func page(_ result: LintResult) -> Markup {
        let rules = result.foundRules
        let numbers = Dictionary(uniqueKeysWithValues: rules.enumerated().map { ($1.name, $0) })
        let shown = Array(result.findings.prefix(Self.findingsMax))
        let groups = Dictionary(grouping: shown, by: \.source)
        return Markup.page(title: "API lint", style: Self.style(ruleCount: rules.count)) {
            Markup.element("header") {
                Markup.element("h1", [], "API lint")
                Markup.element("p", [.class("summary")], summary(result))
            }
            if !result.findings.isEmpty { filters(result, rules.map(\.name)) }
            for source in result.sources {
                document(source, groups[source] ?? [], result.documents[source], numbers)
            }
            if shown.count < result.findings.count {
                Markup.element(
                    "p",
                    [.class("more")],
                    "\(result.findings.count - shown.count) more findings are not shown."
                )
            }
        }
    }

    private func summary(_ result: LintResult) -> String {
        let count = result.sources.count
        return LintResult.summary(of: result.findings) + " in \(count) document\(count == 1 ? "" : "s")"
    }

    // MARK: Filters

    private func filters(_ result: LintResult, _ rules: [String]) -> Markup {
        let severities: [Severity] = Severity.allCases.filter { severity in
            result.findings.contains { $0.severity == severity }
        }
        return Markup.element("form", [.class("filters"), .attribute("aria-label", "Filters")]) {
            for severity in severities {
                Markup.element("label", [.class("switch \(Self.name(severity))")]) {
                    Markup.element(
                        "input",
                        [.attribute("type", "checkbox"), .attribute("id", "s\(severity.rawValue)"), .flag("checked")]
                    )
                    "\(Self.name(severity)) \(result.findings.count { $0.severity == severity })"
                }
            }
            Markup.element("label", [.class("rule")]) {
                "Rule "
                Markup.element("select", [.attribute("id", "rule")]) {
                    Markup.element("option", [.attribute("value", "all")], "all \(rules.count)")
                    for (number, rule) in rules.enumerated() {
                        let count = result.findings.count { $0.code == rule }
                        Markup.element("option", [.attribute("value", "\(number)")], "\(rule) (\(count))")
                    }
                }
            }
        }
    }

    // MARK: Findings

    private func document(
        _ source: String,
        _ findings: [Finding],
        _ document: Document?,
        _ numbers: [String: Int]
    ) -> Markup {
        let excerpts = document.map { SourceExcerpts($0.source) }
        return Markup.element("details", [.flag("open")]) {
            Markup.element("summary") {
                Markup.element("span", [.class("name")], source)
                Markup.element("span", [.class("count")], LintResult.summary(of: findings))
            }
            for finding in findings { card(finding, excerpts, number: numbers[finding.code] ?? 0) }
        }
    }

    private func card(_ finding: Finding, _ excerpts: SourceExcerpts?, number: Int) -> Markup {
        let severity = Self.name(finding.severity)
        let start = finding.range.start
        return Markup.element("article", [.class("finding s\(finding.severity.rawValue) r\(number) \(severity)")]) {
            Markup.element("div", [.class("head")]) {
                Markup.element("span", [.class("badge")], severity)
                if let url = finding.documentationURL {
                    Markup.link(finding.code, to: url, [.class("code"), .attribute("rel", "noreferrer")])
                } else {
                    Markup.element("span", [.class("code")], finding.code)
                }
                Markup.element("span", [.class("place")], "\(start.line + 1):\(start.character + 1)")
            }
            Markup.element("p", [.class("message")]) { Self.withCode(finding.message) }
            if !finding.path.isEmpty { Markup.element("p", [.class("path")], LintText.pointer(finding.path)) }
            if let excerpts { excerpts.markup(of: finding.range) }
            if let help = finding.help { Markup.element("p", [.class("help")]) { Self.withCode(help) } }
        }
    }

    /// What stands between backticks as code.
    private static func withCode(_ text: String) -> Markup {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false)
        guard parts.count % 2 == 1 else { return .text(text) }
        return .group(parts.enumerated().map { $0 % 2 == 1 ? .element("code", [], String($1)) : .text($1) })
    }

    private static func name(_ severity: Severity) -> String {
        switch severity {
        case .error: "error"
        case .warning: "warning"
        case .information: "info"
        case .hint: "hint"
        }
    }
}
