public import DocumentTree

/// A lint report for programs: the array that Spectral writes.
///
/// Lines and characters count from zero, characters in UTF-16 units; `severity` is 0 error, 1 warning, 2 information, 3 hint.
public struct JSONReport: Sendable {
    /// Makes a writer.
    public init() {}

    /// The findings, in the order given, as indented JSON with a line feed at the end.
    public func text(_ findings: [Finding]) -> String { value(findings).text(pretty: true) + "\n" }

    /// The findings as a value, for an answer that holds more than them.
    public func value(_ findings: [Finding]) -> JSONValue { .array(findings.map(Self.value)) }

    private static func value(_ finding: Finding) -> JSONValue {
        var members: [(key: String, value: JSONValue)] = [
            ("code", .string(finding.code)),
            ("path", .array(finding.path.map(value))),
            ("message", .string(finding.message)),
            ("severity", .integer(Int64(finding.severity.rawValue))),
            ("range", .object([("start", value(finding.range.start)), ("end", value(finding.range.end))])),
            ("source", .string(finding.source)),
        ]
        if let url = finding.documentationURL { members.append(("documentationUrl", .string(url))) }
        return .object(members)
    }

    private static func value(_ segment: PathSegment) -> JSONValue {
        switch segment {
        case .key(let key): .string(key)
        case .index(let index): .integer(Int64(index))
        }
    }

    private static func value(_ position: Position) -> JSONValue {
        .object([("line", .integer(Int64(position.line))), ("character", .integer(Int64(position.character)))])
    }
}
