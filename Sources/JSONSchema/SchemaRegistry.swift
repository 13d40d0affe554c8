public import DocumentTree

/// Schema documents by the URI under which references name them. Nothing is ever fetched: a document that is not registered
/// does not exist. The metaschemas of the drafts are always there.
public struct SchemaRegistry: Sendable {
    private var documents: [String: Document] = [:]

    /// Makes a registry that holds the built-in metaschemas alone.
    public init() {}

    /// Adds a document, or replaces the one under the same URI.
    ///
    /// - Parameters:
    ///   - document: A schema document.
    ///   - uri: An absolute URI; a fragment is left out.
    public mutating func register(_ document: Document, uri: String) {
        documents[URIReference(uri).resource] = document
    }

    /// The document with this URI, which has no fragment.
    func document(uri: String) -> Document? { documents[uri] ?? Metaschema.document(uri: uri) }
}
