import CatalogStore
import DocumentTree
import Lifecycle
import OpenAPIModel
import RoutingTable
import SnapshotCompiler

extension UnitOfWork {
    /// The ids of operations, as the gate knows them, in the newest documents of an API's versions: the latest version first,
    /// until all of `wanted` are among them.
    ///
    /// Usually the latest document has them all. What was submitted to this process is in memory; another document is read,
    /// which takes tens of milliseconds for a large one, and plans are made rarely.
    ///
    /// - Throws: ``CatalogError``.
    func knownOperations(of api: SubscribableStore.API, wanted: Set<String>) async throws -> Set<String> {
        var known: Set<String> = []
        guard !wanted.isEmpty else { return known }
        for (revision, specification) in try await transaction.subscribables.newestRevisions(of: api.id) {
            if let unit = compilations.find(revision) {
                known.formUnion(unit.operations.map(\.id))
            } else if let bytes = try await transaction.subscribables.specification(specification) {
                known.formUnion(Self.operations(in: bytes))
            }
            if wanted.isSubset(of: known) { break }
        }
        return known
    }

    /// Nothing for a document that cannot be read: what was stored was readable, and if rules grew stricter since then, the
    /// answer is that the operation is not known.
    private static func operations(in bytes: [UInt8]) -> [String] {
        guard let document = try? Document.read(bytes, name: "specification"),
            let specification = try? OpenAPIDocument(document)
        else { return [] }
        return CompilationUnit(specification, sourceName: "specification", sha256: .zero).operations.map(\.id)
    }
}
