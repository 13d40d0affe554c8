import CatalogStore
import DocumentTree
import Lifecycle
import OpenAPIModel
import RoutingTable
import SnapshotCompiler

extension UnitOfWork {
    /// The compiler whose units are kept in the catalog; those of another one are made again.
    private static let compiler = "1"

    /// Keeps what a revision compiles to. A unit with errors is made again each time, because its findings are not kept.
    func keep(_ unit: CompilationUnit, of revision: RevisionID) async throws {
        compilations.insert(unit, for: revision)
        guard !unit.findings.contains(where: { $0.severity == .error }) else { return }
        try await transaction.snapshots.keep(
            try unit.encoded(),
            of: revision,
            by: Self.compiler,
            in: actor.organization,
            at: now
        )
    }

    /// What the revisions of releases compile to: from memory, else from the catalog, else from their documents.
    func units(of releases: [RoutedRelease]) async throws -> [RevisionID: CompilationUnit] {
        var found: [RevisionID: CompilationUnit] = [:]
        for release in releases { found[release.revision] = compilations.find(release.revision) }
        let missing = releases.filter { found[$0.revision] == nil }
        let stored = try await transaction.snapshots.compiled(missing.map(\.revision), by: Self.compiler)
        for release in missing {
            if let body = stored[release.revision], let unit = Self.unit(body) {
                compilations.insert(unit, for: release.revision)
                found[release.revision] = unit
            } else {
                found[release.revision] = try await compile(release)
            }
        }
        return found
    }

    /// Nil for a row that cannot be read: the document is at hand and says the same.
    private static func unit(_ body: [UInt8]) -> CompilationUnit? {
        do throws(SnapshotRejected) {
            return try CompilationUnit(encoded: body)
        } catch {
            return nil
        }
    }

    private func compile(_ release: RoutedRelease) async throws -> CompilationUnit {
        guard let content = try await transaction.specifications.load(release.specification, in: actor.organization)
        else {
            throw CatalogError.unexpected(reason: "the specification of a release is gone")
        }
        let unit = CompilationUnit(
            try OpenAPIDocument(try Document.read(content.bytes, name: release.fileName)),
            sourceName: release.fileName,
            sha256: Digest32.sha256(of: content.bytes)
        )
        try await keep(unit, of: release.revision)
        return unit
    }
}
