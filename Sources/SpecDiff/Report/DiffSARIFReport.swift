public import DocumentTree

/// A comparison as a SARIF 2.1.0 log (OASIS Static Analysis Results Interchange Format), for code scanning.
///
/// A change is a result at its place in the revision, in the base for what is gone; the other place is a related location,
/// the operations are logical locations. Lines and columns count from one, columns in UTF-16 units (`columnKind`).
public struct DiffSARIFReport: Sendable {
    /// The version of this program, as `tool.driver.version` says it.
    public let toolVersion: String

    /// Makes a writer.
    public init(toolVersion: String) { self.toolVersion = toolVersion }

    /// The log as indented JSON with a line feed at the end.
    public func text(_ report: DiffReport) -> String { value(report).text(pretty: true) + "\n" }

    /// The log as a value.
    public func value(_ report: DiffReport) -> JSONValue {
        var ids: [String] = []
        var indices: [String: Int] = [:]
        for change in report.changes where indices[change.id] == nil {
            indices[change.id] = ids.count
            ids.append(change.id)
        }
        let driver: JSONValue = .object([
            ("name", "gatehouse"), ("version", .string(toolVersion)),
            ("rules", .array(ids.map(Self.rule))),
        ])
        let run: JSONValue = .object([
            ("tool", .object([("driver", driver)])), ("columnKind", "utf16CodeUnits"),
            ("results", .array(report.changes.map { Self.result($0, ruleIndex: indices[$0.id] ?? -1) })),
            ("properties", .object([("requiredBump", .string(report.requiredBump.name))])),
        ])
        return .object([
            ("$schema", "https://json.schemastore.org/sarif-2.1.0.json"), ("version", "2.1.0"), ("runs", .array([run])),
        ])
    }

    /// A `reportingDescriptor`: the id in words is all the description it needs.
    private static func rule(_ id: String) -> JSONValue {
        let words = id.replacing("-", with: " ")
        let text = words.prefix(1).uppercased() + words.dropFirst() + "."
        return .object([("id", .string(id)), ("shortDescription", message(text))])
    }

    private static func result(_ change: Change, ruleIndex: Int) -> JSONValue {
        let sites = ReportText.namedSites(change)
        let operation = ReportText.operation(change.leadingSite)
        var text = operation.isEmpty || sites.count > 1 ? change.text : "\(operation): \(change.text)"
        if let comment = change.comment { text += ". \(comment)" }
        if sites.count > 1 { text += " (reaches \(sites.count) operations: \(ReportText.operations(change)))" }
        var members: [(key: String, value: JSONValue)] = [
            ("ruleId", .string(change.id)), ("ruleIndex", .integer(Int64(ruleIndex))),
            ("level", .string(name(change.level))), ("message", message(text)),
        ]
        if let place = change.leadingPlace {
            var location: [(key: String, value: JSONValue)] = [("physicalLocation", physicalLocation(place))]
            if !sites.isEmpty { location.append(("logicalLocations", .array(sites.map(logicalLocation)))) }
            members.append(("locations", .array([.object(location)])))
        }
        if change.revision != nil, let base = change.base {
            members.append(
                (
                    "relatedLocations",
                    .array([
                        .object([
                            ("id", 1), ("physicalLocation", physicalLocation(base)),
                            ("message", message("As it was in the base.")),
                        ])
                    ])
                )
            )
        }
        members.append(("partialFingerprints", .object([("gatehouseChange/v1", .string(change.fingerprint))])))
        return .object(members)
    }

    private static func logicalLocation(_ site: ChangeSite) -> JSONValue {
        var members: [(key: String, value: JSONValue)] = [
            ("fullyQualifiedName", .string(ReportText.operation(site))), ("kind", "function"),
        ]
        if let id = site.operationID { members.insert(("name", .string(id)), at: 0) }
        return .object(members)
    }

    private static func physicalLocation(_ place: ChangePlace) -> JSONValue {
        let range = place.range
        let region: JSONValue = .object([
            ("startLine", .integer(Int64(range.start.line + 1))),
            ("startColumn", .integer(Int64(range.start.character + 1))),
            ("endLine", .integer(Int64(range.end.line + 1))),
            // `endColumn` is the column after the last one (section 3.30.8), as the range's end is.
            ("endColumn", .integer(Int64(range.end.character + 1))),
        ])
        return .object([
            ("artifactLocation", .object([("uri", .string(uri(place.source)))])), ("region", region),
        ])
    }

    private static func name(_ level: ChangeLevel) -> String {
        switch level {
        case .error: "error"
        case .warning: "warning"
        case .information: "note"
        }
    }

    /// A plain text message; `[` and `]` would begin a link (section 3.11.6), a number in braces is a placeholder
    /// (section 3.11.5) only where the message has arguments, which these have not.
    private static func message(_ text: String) -> JSONValue {
        let text = text.replacing("\\", with: "\\\\").replacing("[", with: "\\[").replacing("]", with: "\\]")
        return .object([("text", .string(text))])
    }

    /// A file's name as a URI reference (RFC 3986): an absolute path with its scheme, a relative one as it is, every
    /// byte percent-encoded that a path segment may not hold.
    static func uri(_ name: String) -> String {
        let path = name.utf8.map { byte -> String in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"):
                return String(UnicodeScalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                return digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }.joined()
        if path.hasPrefix("//") { return "file:" + path }
        return path.hasPrefix("/") ? "file://" + path : path
    }
}
