public import DocumentTree

/// A comparison for programs:
/// `{"changes": [{id, level, text, comment?, method, path, operationId?, section, base?, revision?, fingerprint,
/// operationCount?, operations?}], "requiredBump"}`.
///
/// `base` and `revision` are `{line, character}`, both counted from zero, characters in UTF-16 units, as in lint reports.
/// A change of a shared component stands once: `method` to `section` are those of the worst operation it reaches,
/// `operations` lists the further ones (`{id, level, method, path, operationId?, section}`, where `id` is the check that
/// sees it there) and `operationCount` counts all of them, the first included; both are absent where there is one.
public struct DiffJSONReport: Sendable {
    /// Makes a writer.
    public init() {}

    /// The report as indented JSON with a line feed at the end.
    public func text(_ report: DiffReport) -> String { value(report).text(pretty: true) + "\n" }

    /// The report as a value, for an answer that holds more than it.
    public func value(_ report: DiffReport) -> JSONValue {
        .object([
            ("changes", .array(report.changes.map(Self.value))), ("requiredBump", .string(report.requiredBump.name)),
        ])
    }

    /// One change as it stands in `changes`.
    static func value(_ change: Change) -> JSONValue {
        let site = change.leadingSite
        var members: [(key: String, value: JSONValue)] = [
            ("id", .string(change.id)), ("level", .string(change.level.name)), ("text", .string(change.text)),
        ]
        if let comment = change.comment { members.append(("comment", .string(comment))) }
        members += Self.members(site)
        if let base = change.base { members.append(("base", value(base.range.start))) }
        if let revision = change.revision { members.append(("revision", value(revision.range.start))) }
        members.append(("fingerprint", .string(change.fingerprint)))
        let further = change.furtherSites
        guard !further.isEmpty else { return .object(members) }
        members.append(("operationCount", .integer(Int64(change.sites.count))))
        members.append(("operations", .array(further.map { value($0, of: change) })))
        return .object(members)
    }

    private static func value(_ site: ChangeSite, of change: Change) -> JSONValue {
        .object(
            [("id", .string(change.check(at: site))), ("level", .string(site.level.name))] + members(site)
        )
    }

    private static func members(_ site: ChangeSite) -> [(key: String, value: JSONValue)] {
        var members: [(key: String, value: JSONValue)] = [
            ("method", .string(site.method)), ("path", .string(site.path)),
        ]
        if let id = site.operationID { members.append(("operationId", .string(id))) }
        members.append(("section", .string(site.section)))
        return members
    }

    private static func value(_ position: Position) -> JSONValue {
        .object([("line", .integer(Int64(position.line))), ("character", .integer(Int64(position.character)))])
    }
}
