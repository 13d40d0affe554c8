import CatalogStore
import DocumentTree
import Governance
import Lifecycle

/// APIs and what was found in their specifications as the API writes them (schemas of the same names).
extension JSONValue {
    init(_ api: API) {
        let settings = api.settings
        self = .object([
            ("name", .string(api.name)), ("title", .string(api.title)), ("team", .string(api.teamName)),
            ("visibility", .string(api.visibility.rawValue)), ("labels", JSONValue(api.labels)),
            ("basePath", .string(settings.basePath)), ("hosts", JSONValue(settings.hosts)),
            ("access", .string(settings.access.rawValue)), ("security", .string(settings.security.rawValue)),
            ("versioning", JSONValue(settings.versioning)), ("requestHeaders", JSONValue(settings.requestHeaders)),
            ("passthrough", .bool(settings.passthrough != nil)),
            ("upstream", JSONValue(settings.passthrough?.upstream)),
            ("deny", JSONValue(settings.passthrough?.deny ?? [])), ("createdAt", JSONValue(api.createdAt)),
            ("etag", .string(String(api.edition))),
        ])
    }

    init(_ versioning: APISettings.Versioning) {
        self = .object([
            ("in", JSONValue(versioning.places.map(\.rawValue))), ("header", .string(versioning.header)),
            ("query", .string(versioning.query)), ("default", .string(versioning.standard)),
        ])
    }

    init(_ headers: APISettings.RequestHeaders) {
        self = .object([("set", JSONValue(headers.set)), ("remove", JSONValue(headers.remove))])
    }

    /// A mapping of strings, keys sorted.
    init(_ texts: [String: String]) {
        self = .object(texts.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
    }

    init(_ finding: LintFinding, source: String) {
        var members: [(key: String, value: JSONValue)] = [
            ("code", .string(finding.rule)),
            (
                "path",
                .array(
                    finding.path.map { step in
                        switch step {
                        case .key(let key): .string(key)
                        case .index(let index): .integer(Int64(index))
                        }
                    }
                )
            ),
            ("message", .string(finding.message)), ("severity", .integer(Int64(finding.severity))),
            (
                "range",
                .object([
                    ("start", Self.position(finding.startLine, finding.startCharacter)),
                    ("end", Self.position(finding.endLine, finding.endCharacter)),
                ])
            ),
            ("source", .string(source)),
        ]
        if let url = finding.documentationURL { members.append(("documentationUrl", .string(url))) }
        if let help = finding.help { members.append(("help", .string(help))) }
        self = .object(members)
    }

    private static func position(_ line: Int, _ character: Int) -> JSONValue {
        .object([("line", .integer(Int64(line))), ("character", .integer(Int64(character)))])
    }

    /// A lint report with its findings.
    init(_ record: LintRecord, _ findings: [LintFinding], source: String) {

        self = .object([
            ("ruleset", .string(record.ruleset)), ("result", .string(record.counts.result.rawValue)),
            ("errorCount", .integer(Int64(record.counts.errors))),
            ("warningCount", .integer(Int64(record.counts.warnings))),
            ("findings", .array(findings.map { JSONValue($0, source: source) })),
        ])
    }
}
