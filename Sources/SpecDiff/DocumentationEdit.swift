import DocumentTree

/// An edit that only describes: words, titles, examples, links. It changes nothing that a caller sends or receives.
public struct DocumentationEdit: Hashable, Sendable {
    /// The field, as documents spell it: `description`, `summary`, `title`, `example`, `examples`, `externalDocs`.
    public var field: String
    /// Where it stands in the older document; nil where it is new.
    public var base: ChangePlace?
    /// Where it stands in the newer document; nil where it is gone.
    public var revision: ChangePlace?

    /// Makes an edit; see the properties for what each part means.
    public init(field: String, base: ChangePlace?, revision: ChangePlace?) {
        self.field = field
        self.base = base
        self.revision = revision
    }
}

extension DiffSide {
    /// A node as reports show where it stands.
    func changePlace(_ id: NodeID) -> ChangePlace {
        ChangePlace(source: document.source.name, range: document.range(id), path: document.path(id))
    }
}
