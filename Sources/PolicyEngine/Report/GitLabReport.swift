internal import DocumentTree

/// A report as GitLab's code quality artifact, a subset of Code Climate's format. Fingerprints tell GitLab which findings a
/// merge request brings and which it removes.
public struct GitLabReport: Sendable {
    /// Makes a writer.
    public init() {}

    /// The report as indented JSON with a line feed at the end.
    public func text(_ result: LintResult) -> String {
        let issues = zip(result.findings, result.fingerprints).map { finding, fingerprint in
            let path = finding.source.hasPrefix("./") ? String(finding.source.dropFirst(2)) : finding.source
            let (start, end) = (finding.range.start.line + 1, finding.range.end.line + 1)
            let lines = JSONValue.object([
                ("begin", .integer(Int64(start))), ("end", .integer(Int64(max(start, end)))),
            ])
            return JSONValue.object([
                ("type", .string("issue")),
                ("check_name", .string(finding.code)),
                ("description", .string(finding.message)),
                ("content", .object([("body", .string(finding.help ?? finding.message))])),
                ("categories", .array([.string("Style")])),
                ("severity", .string(Self.severity(finding.severity))),
                ("fingerprint", .string(fingerprint)),
                ("location", .object([("path", .string(path)), ("lines", lines)])),
            ])
        }
        return JSONValue.array(issues).text(pretty: true) + "\n"
    }

    private static func severity(_ severity: Severity) -> String {
        switch severity {
        case .error: "critical"
        case .warning: "major"
        case .information: "minor"
        case .hint: "info"
        }
    }
}
