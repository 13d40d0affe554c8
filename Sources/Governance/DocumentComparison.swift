import CatalogStore
import DocumentTree
import Lifecycle
import OpenAPIModel
import SpecDiff

/// One comparison: an older document and a newer one. A function of the two and of the engine's version, nothing else.
enum DocumentComparison {
    /// Compares two documents. One that could not be carried out says why, and counts as one that breaks: it never passes for
    /// one that found nothing.
    static func run(
        _ base: Result<Document, CheckFailure>,
        _ revision: Result<Document, CheckFailure>,
        at now: Moment
    ) -> Comparison {
        switch (base, revision) {
        case (.success(let base), .success(let revision)):
            do throws(UnsupportedDocument) {
                return comparison(try DocumentDiff().report(base: base, revision: revision), base, revision, now)
            } catch {
                return failed(error.findings.first?.message ?? "one of the documents is not OpenAPI", now)
            }
        case (.failure(let failure), _), (_, .failure(let failure)): return failed(failure.reason, now)
        }
    }

    private static func failed(_ reason: String, _ now: Moment) -> Comparison {
        Comparison(
            id: .make(at: now),
            requiredBump: VersionBump.major.name,
            errors: 0,
            warnings: 0,
            informations: 0,
            changes: [],
            documentationEdits: [],
            isOnlyDocumentation: false,
            failure: reason.replacingNull(),
            comparedAt: now
        )
    }

    private static func comparison(
        _ report: DiffReport,
        _ base: Document,
        _ revision: Document,
        _ now: Moment
    ) -> Comparison {
        let kept = report.changes.prefix(Comparison.changesMax).enumerated()
        let isOnlyDocumentation =
            report.changes.isEmpty && !report.documentationEdits.isEmpty
            && areSame(base, revision, but: report.documentationEdits)
        return Comparison(
            id: .make(at: now),
            requiredBump: report.requiredBump.name,
            errors: report.count(of: .error),
            warnings: report.count(of: .warning),
            informations: report.count(of: .information),
            changes: kept.map { SpecificationChange($1, number: $0 + 1, base, revision) },
            documentationEdits: report.documentationEdits.map { edit in
                DocumentationChange(
                    field: edit.field,
                    base: edit.base.map { DocumentPlace($0) },
                    revision: edit.revision.map { DocumentPlace($0) }
                )
            },
            isOnlyDocumentation: isOnlyDocumentation,
            comparedAt: now
        )
    }

    /// Fields whose edits an approval survives; never one that begins with `x-`: those are for programs.
    private static let documentationFields: Set<String> = [
        "description", "summary", "title", "example", "examples", "externalDocs", "$comment",
    ]

    /// Whether two documents are equal once the edited fields are taken out of both. What no check looks at is compared too, so
    /// that nothing slips through by being unknown.
    private static func areSame(_ base: Document, _ revision: Document, but edits: [DocumentationEdit]) -> Bool {
        guard edits.allSatisfy({ documentationFields.contains($0.field) }) else { return false }
        let before = Set(edits.compactMap { $0.base.flatMap { base.root.node(at: $0.path)?.id } })
        let after = Set(edits.compactMap { $0.revision.flatMap { revision.root.node(at: $0.path)?.id } })
        return value(base.root, without: before) == value(revision.root, without: after)
    }

    private static func value(_ node: Node, without edited: Set<NodeID>) -> JSONValue {
        if node.isMapping {
            return .object(
                node.entries.filter { !edited.contains($0.value.id) }.map { ($0.key, value($0.value, without: edited)) }
            )
        }
        if node.isSequence { return .array(node.elements.map { value($0, without: edited) }) }
        return JSONValue(node)
    }
}

extension Node {
    /// The node at the end of a way from this one.
    func node(at path: [PathSegment]) -> Node? {
        path.reduce(Optional(self)) { node, segment in
            switch segment {
            case .key(let key): node?[key]
            case .index(let index): node?[index]
            }
        }
    }
}

extension DocumentPlace {
    init(_ place: ChangePlace) {
        self.init(
            pointer: JSONPointer(place.path).description.replacingNull(),
            line: place.range.start.line,
            character: place.range.start.character
        )
    }
}

extension SpecificationChange {
    fileprivate init(_ change: Change, number: Int, _ base: Document, _ revision: Document) {
        self.init(
            number: number,
            id: change.id,
            level: change.level.name,
            text: change.text.replacingNull(),
            comment: change.comment?.replacingNull(),
            sites: change.sites.map { site in
                Site(
                    method: site.method,
                    path: site.path.replacingNull(),
                    operationID: site.operationID?.replacingNull(),
                    side: site.side.rawValue,
                    level: site.level.name
                )
            },
            base: change.base.map { DocumentPlace($0) },
            revision: change.revision.map { DocumentPlace($0) },
            before: Self.snippet(change.base, base),
            after: Self.snippet(change.revision, revision),
            fingerprint: change.fingerprint
        )
    }

    /// What stands at a place, cut where it is long.
    private static func snippet(_ place: ChangePlace?, _ document: Document) -> String? {
        guard let place, let node = document.root.node(at: place.path) else { return nil }
        let text = JSONValue(node).text().replacingNull()
        return text.count <= snippetCharactersMax ? text : String(text.prefix(snippetCharactersMax)) + "…"
    }
}
