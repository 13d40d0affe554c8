/// The formats of lint reports, by the names that `--format` takes.
public enum LintFormat: String, CaseIterable, Sendable {
    /// For people at a terminal.
    case stylish
    /// One line a finding, for tools that read `file:line:column`.
    case text
    /// The array that Spectral writes.
    case json
    /// SARIF 2.1.0, which code hosts show beside the lines.
    case sarif
    /// JUnit's XML, which every build server shows.
    case junit
    /// GitHub's workflow commands: annotations of a pull request.
    case github
    /// GitLab's code quality report.
    case gitlab
    /// A comment or a page in Markdown.
    case markdown
    /// One page of HTML that needs nothing else.
    case html

    /// Writes a report; the same result gives the same text.
    ///
    /// - Parameters:
    ///   - result: the findings with what they are about.
    ///   - isColored: whether `stylish` uses colours.
    ///   - version: the version of the program, where the format has a place for it.
    /// - Returns: the report, ending in a line feed unless it is empty.
    public func text(_ result: LintResult, isColored: Bool = false, version: String = "") -> String {
        switch self {
        case .stylish: StylishReport(isColored: isColored).text(result.findings, threshold: result.threshold)
        case .text: TextReport().text(result.findings)
        case .json: JSONReport().text(result.findings)
        case .sarif: SARIFReport(version: version).text(result)
        case .junit: JUnitReport().text(result)
        case .github: GitHubReport().text(result)
        case .gitlab: GitLabReport().text(result)
        case .markdown: MarkdownReport().text(result)
        case .html: HTMLReport().text(result)
        }
    }
}
