internal import DocumentTree

/// A report in the Static Analysis Results Interchange Format, version 2.1.0 (OASIS standard).
///
/// Lines and columns count from one, columns in UTF-16 units (`columnKind`). Only rules that found something are described.
public struct SARIFReport: Sendable {
    private let version: String

    /// - Parameter version: the version of the program; empty to say nothing.
    public init(version: String = "") { self.version = version }

    /// The report as indented JSON with a line feed at the end.
    public func text(_ result: LintResult) -> String {
        let rules = result.foundRules
        let places = Dictionary(uniqueKeysWithValues: rules.enumerated().map { ($1.name, $0) })
        let sources = result.sources
        let artifacts = Dictionary(uniqueKeysWithValues: sources.enumerated().map { ($1, $0) })
        let results = zip(result.findings, result.fingerprints).map { finding, fingerprint in
            Self.value(finding, fingerprint, rule: places[finding.code] ?? 0, artifact: artifacts[finding.source] ?? 0)
        }
        var driver: [(key: String, value: JSONValue)] = [
            ("name", .string("gatehouse")), ("informationUri", .string("https://gatehouse.dev")),
        ]
        if !version.isEmpty { driver.append(("version", .string(version))) }
        driver.append(("rules", .array(rules.map { Self.rule($0.name, $0.example, result.rules[$0.name]) })))
        let run = JSONValue.object([
            ("tool", .object([("driver", .object(driver))])),
            ("columnKind", .string("utf16CodeUnits")),
            ("artifacts", .array(sources.map { .object([("location", Self.location($0))]) })),
            ("results", .array(results)),
        ])
        let log = JSONValue.object([
            ("$schema", .string("https://json.schemastore.org/sarif-2.1.0.json")), ("version", .string("2.1.0")),
            ("runs", .array([run])),
        ])
        return log.text(pretty: true) + "\n"
    }

    private static func rule(_ name: String, _ example: Finding, _ rule: Rule?) -> JSONValue {
        var members: [(key: String, value: JSONValue)] = [("id", .string(name))]
        if let text = rule?.description { members.append(("shortDescription", message(text))) }
        if let url = rule?.documentationURL ?? example.documentationURL { members.append(("helpUri", .string(url))) }
        if let help = rule?.remediation ?? example.help { members.append(("help", message(help))) }
        let level = level(rule?.severity ?? example.severity)
        members.append(("defaultConfiguration", .object([("level", .string(level))])))
        if let tags = rule?.tags, !tags.isEmpty {
            members.append(("properties", .object([("tags", .array(tags.map(JSONValue.string)))])))
        }
        return .object(members)
    }

    private static func value(_ finding: Finding, _ fingerprint: String, rule: Int, artifact: Int) -> JSONValue {
        let (start, end) = (finding.range.start, finding.range.end)
        let region = JSONValue.object([
            ("startLine", number(start.line + 1)), ("startColumn", number(start.character + 1)),
            ("endLine", number(max(start.line, end.line) + 1)), ("endColumn", number(end.character + 1)),
        ])
        let place = JSONValue.object([
            ("artifactLocation", location(finding.source, index: artifact)), ("region", region),
        ])
        let pointer = JSONValue.object([("fullyQualifiedName", .string(LintText.pointer(finding.path)))])
        return .object([
            ("ruleId", .string(finding.code)), ("ruleIndex", number(rule)), ("level", .string(level(finding.severity))),
            ("message", message(finding.message)),
            ("locations", .array([.object([("physicalLocation", place), ("logicalLocations", .array([pointer]))])])),
            ("partialFingerprints", .object([("gatehouse/v1", .string(fingerprint))])),
        ])
    }

    /// A file's name as a URI reference (RFC 3986): what is not unreserved or a slash is percent-encoded.
    private static func location(_ source: String, index: Int? = nil) -> JSONValue {
        var uri = ""
        let name = source.hasPrefix("./") ? String(source.dropFirst(2)) : source
        let isURL = name.hasPrefix("https://") || name.hasPrefix("http://")
        for byte in name.utf8 {
            let scalar = Unicode.Scalar(byte)
            if byte < 0x80, scalar.properties.isAlphabetic || "0123456789-._~/".unicodeScalars.contains(scalar) || isURL
            {
                uri.unicodeScalars.append(scalar)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                uri += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
        if uri.hasPrefix("/") { uri = "file://" + uri }
        var members: [(key: String, value: JSONValue)] = [("uri", .string(uri))]
        if let index { members.append(("index", number(index))) }
        return .object(members)
    }

    private static func level(_ severity: Severity) -> String {
        switch severity {
        case .error: "error"
        case .warning: "warning"
        case .information, .hint: "note"
        }
    }

    private static func message(_ text: String) -> JSONValue { .object([("text", .string(text))]) }
    private static func number(_ value: Int) -> JSONValue { .integer(Int64(value)) }
}
