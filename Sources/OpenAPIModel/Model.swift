import DocumentTree

/// What every view of one document shares: the document, its version, and the way through its references.
final class Model: Sendable {
    let document: Document
    let version: SpecificationVersion
    let resolver: ReferenceResolver
    /// The requirement of operations that have none of their own, read once.
    let defaultSecurity: [SecurityRequirement]?

    init(_ document: Document, _ version: SpecificationVersion) {
        self.document = document
        self.version = version
        resolver = ReferenceResolver(document)
        defaultSecurity = SecurityRequirement.read(document.root["security"])
    }

    var root: Node { document.root }

    /// The node itself or what its `$ref` leads to; nil where that is nothing.
    func resolved(_ node: Node?) -> Node? { node.flatMap { resolver.resolved($0) } }

    /// Media types that apply where an operation of 2.0 names none of its own.
    func mediaTypes(_ key: String, of operation: Node) -> [String] {
        let own = operation[key] ?? root[key]
        let types = own?.elements.compactMap(\.string) ?? []
        return types.isEmpty ? ["application/json"] : types
    }
}
