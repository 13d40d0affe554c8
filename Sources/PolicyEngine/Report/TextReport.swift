public import DocumentTree

/// A lint report of one line a finding, for tools that read `file:line:column` and for `grep`.
///
/// Lines and columns count from one, as editors show them.
public struct TextReport: Sendable {
    /// Makes a writer.
    public init() {}

    /// The findings, in the order given: `file:line:column severity code "message"`.
    public func text(_ findings: [Finding]) -> String {
        findings.map { finding in
            let start = finding.range.start
            let message = LintText.singleLine(finding.message)
            return "\(finding.source):\(start.line + 1):\(start.character + 1) \(LintText.name(finding.severity)) "
                + "\(finding.code) \"\(message)\"\n"
        }.joined()
    }
}
