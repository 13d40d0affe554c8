/// What a gateway routes by: immutable flat tables made from a `RoutingContent`, shared by every event loop and swapped as
/// a whole.
///
/// A request walks it in the order of the gate, with integers from step to step:
/// ```swift
/// guard let place = snapshot.findAPI(host: host, path: path) else { 404 }
/// let api = snapshot.apis[place.api.position]
/// // explicit version: snapshot.pathVersion(…) or snapshot.versionSelector(…); then
/// let decision = snapshot.chooseVersion(…)                       // request, pins, default; what is granted
/// var captures = PathCaptures()
/// switch snapshot.findOperation(version: v, method: m, path: path, from: rest, captures: &captures) { … }
/// ```
/// Texts are `ByteSlice`s of `arena`; bind `let arena = snapshot.arena` and take `arena.span.extracting(slice.range)`.
///
/// - Note: Request paths must be canonical as `RouteTemplate` says, hosts lower case without port and trailing dot.
public final class RoutingSnapshot: Sendable {
    public let environment: String
    /// Grows with every activation in an environment; a rollback is a new generation with old content.
    public let generation: UInt64
    /// SHA-256 of the body: equal for equal content, whatever the generation.
    public let checksum: Digest32
    /// Whether the artifact carried a signature that was checked against a trusted key.
    public let isVerified: Bool
    /// Whether it was compiled from files, without an approval behind it.
    public let isOffline: Bool

    /// Every text of the snapshot.
    public let arena: [UInt8]
    public let apis: [APIRecord]
    public let versions: [VersionRecord]
    public let operations: [OperationRecord]
    public let alternatives: [AlternativeRecord]
    public let uses: [UseRecord]
    public let schemes: [SchemeRecord]
    public let keyPlaces: [KeyPlaceRecord]
    public let upstreams: [UpstreamRecord]
    public let targets: [TargetRecord]
    public let headerFields: [HeaderFieldRecord]
    /// Lists of texts that records point into.
    public let slices: [ByteSlice]

    let hosts: HostTable
    let trie: RouteTrie
    /// One for each operation; empty when no place is known at all.
    let sources: [SourceRecord]
    let specifications: [Digest32]

    init(tables: RoutingTables, generation: UInt64, checksum: Digest32, isVerified: Bool) {
        environment = tables.environment
        self.generation = generation
        self.checksum = checksum
        self.isVerified = isVerified
        isOffline = tables.isOffline
        arena = tables.arena.bytes
        apis = tables.apis
        versions = tables.versions
        operations = tables.operations
        alternatives = tables.alternatives
        uses = tables.uses
        schemes = tables.schemes
        keyPlaces = tables.keyPlaces
        upstreams = tables.upstreams
        targets = tables.targets
        headerFields = tables.headerFields
        slices = tables.slices
        hosts = tables.hosts
        trie = tables.trie
        sources = tables.sources
        specifications = tables.specifications
    }

    /// Builds the tables straight from content, for tests and for explaining a call offline.
    ///
    /// - Throws: `InvalidContent` for content that cannot be routed.
    public convenience init(content: RoutingContent, generation: UInt64) throws(InvalidContent) {
        let body = try content.encodedBody()
        self.init(
            tables: try RoutingTables(content),
            generation: generation,
            checksum: Digest32.sha256(of: body),
            isVerified: false
        )
    }

    /// The text of a slice; allocates, so not for the hot path.
    public func string(_ slice: ByteSlice) -> String {
        String(decoding: arena[slice.range], as: UTF8.self)
    }

    /// The bytes of a slice; allocates, so not for the hot path.
    public func bytes(_ slice: ByteSlice) -> [UInt8] {
        Array(arena[slice.range])
    }

    /// The API of this name; O(number of APIs).
    public func api(named name: String) -> APIIndex? {
        let bytes = Array(name.utf8)
        let row = apis.firstIndex { arena[$0.name.range].elementsEqual(bytes) }
        return row.map { APIIndex(rawValue: UInt32($0)) }
    }

    /// The version of this name of an API; O(number of its versions).
    public func version(named name: String, of api: APIIndex) -> VersionIndex? {
        let bytes = Array(name.utf8)
        let row = apis[api.position].versions.positions.first { arena[versions[$0].name.range].elementsEqual(bytes) }
        return row.map { VersionIndex(rawValue: UInt32($0)) }
    }

    /// The operation of this id of a version; O(number of its operations).
    public func operation(named id: String, of version: VersionIndex) -> OperationIndex? {
        let bytes = Array(id.utf8)
        let row = versions[version.position].operations.positions.first {
            arena[operations[$0].id.range].elementsEqual(bytes)
        }
        return row.map { OperationIndex(rawValue: UInt32($0)) }
    }

    /// Where an operation is written, for explanations; nil when the artifact does not say.
    public func source(of operation: OperationIndex) -> RoutingContent.SourcePlace? {
        guard operation.position < sources.count else { return nil }
        let row = sources[operation.position]
        guard row.specification > 0 else { return nil }
        return RoutingContent.SourcePlace(
            specificationSHA256: specifications[Int(row.specification) - 1],
            file: string(row.file),
            line: Int(row.line),
            pointer: string(row.pointer)
        )
    }
}
