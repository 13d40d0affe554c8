import CatalogStore
import DocumentTree
import Governance
import Lifecycle

/// What changes between revisions as the API writes it (schemas of the same names).
extension JSONValue {
    init(_ revision: ComparedRevision) {
        self = .object([
            ("version", .string(revision.version)), ("revision", .integer(Int64(revision.number))),
            ("fileName", .string(revision.fileName)), ("sha256", .string(Hexadecimal.text(revision.sha256))),
        ])
    }

    init(_ compared: VersionComparison) {
        let comparison = compared.comparison
        self = .object([
            ("base", compared.base.map { JSONValue($0) } ?? .null), ("revision", JSONValue(compared.revision)),
            ("majorStep", .bool(compared.isMajorStep)), ("requiredBump", JSONValue(comparison?.requiredBump)),
            ("failure", JSONValue(comparison?.failure)),
            (
                "counts",
                .object([
                    ("error", .integer(Int64(comparison?.errors ?? 0))),
                    ("warning", .integer(Int64(comparison?.warnings ?? 0))),
                    ("info", .integer(Int64(comparison?.informations ?? 0))),
                ])
            ),
            ("onlyDocumentation", .bool(comparison?.isOnlyDocumentation ?? false)),
            ("changes", .array((comparison?.changes ?? []).map { JSONValue($0) })),
            ("documentationEdits", .array((comparison?.documentationEdits ?? []).map { JSONValue($0) })),
        ])
    }

    init(_ change: SpecificationChange) {
        self = .object([
            ("id", .string(change.id)), ("level", .string(change.level)), ("text", .string(change.text)),
            ("comment", JSONValue(change.comment)),
            (
                "sites",
                .array(
                    change.sites.map { site in
                        .object([
                            ("method", .string(site.method)), ("path", .string(site.path)),
                            ("operationId", JSONValue(site.operationID)), ("side", .string(site.side)),
                            ("level", .string(site.level)),
                        ])
                    }
                )
            ),
            ("base", JSONValue(change.base)), ("revision", JSONValue(change.revision)),
            ("before", JSONValue(change.before)), ("after", JSONValue(change.after)),
            ("fingerprint", .string(change.fingerprint)),
        ])
    }

    init(_ edit: DocumentationChange) {
        self = .object([
            ("field", .string(edit.field)), ("base", JSONValue(edit.base)), ("revision", JSONValue(edit.revision)),
        ])
    }

    private init(_ place: DocumentPlace?) {
        guard let place else {
            self = .null
            return
        }
        self = .object([
            ("pointer", .string(place.pointer)), ("line", .integer(Int64(place.line))),
            ("character", .integer(Int64(place.character))),
        ])
    }

    init(_ fate: ApprovalFate) {
        self = .object([
            ("revision", .integer(Int64(fate.revision))), ("carried", .bool(fate.isCarried)),
            ("reason", JSONValue(fate.reason)),
            ("semanticChanges", .array(fate.semanticChanges.map { JSONValue($0) })),
            ("documentationEdits", .array(fate.documentationEdits.map { JSONValue($0) })),
        ])
    }

    init(_ report: MigrationReport) {
        self = .object([
            ("application", .string(report.application)), ("api", .string(report.api)),
            ("from", JSONValue(report.from)), ("to", JSONValue(report.to)), ("majorStep", .bool(report.isMajorStep)),
            ("plans", JSONValue(report.plans)), ("operations", JSONValue(report.operations)),
            ("changes", .array(report.changes.map { JSONValue($0) })),
            ("otherCount", .integer(Int64(report.otherCount))),
        ])
    }
}
