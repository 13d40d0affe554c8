public import DocumentTree
public import OpenAPIModel

/// One of the two documents of a comparison, as reports name and quote it.
public struct ComparedDocument: Sendable {
    /// The text, for quotations and for its name.
    public var source: SourceText
    /// `info.title`.
    public var title: String?
    /// `info.version` as it is written.
    public var version: String?

    /// Makes one of its parts.
    public init(source: SourceText, title: String? = nil, version: String? = nil) {
        self.source = source
        self.title = title
        self.version = version
    }

    /// Takes text, title and version of a document.
    public init(_ document: OpenAPIDocument) {
        self.init(source: document.document.source, title: document.title, version: document.version)
    }

    /// The heading of a report about two documents: their versions where both have one that tells them apart, else
    /// their names.
    static func heading(_ base: ComparedDocument, _ revision: ComparedDocument, quote: (String) -> String) -> String {
        if let old = base.version, let new = revision.version, old != new {
            return "Changes from \(quote(old)) to \(quote(new))"
        }
        return base.source.name == revision.source.name
            ? "Changes in \(quote(revision.source.name))"
            : "Changes from \(quote(base.source.name)) to \(quote(revision.source.name))"
    }
}
