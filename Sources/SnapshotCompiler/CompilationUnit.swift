public import DocumentTree
public import OpenAPIModel
public import RoutingTable

/// What the compiler needs of one OpenAPI document: its operations with their places, and where its security schemes look
/// for credentials.
///
/// Depends on the document alone, so callers make it once for a revision and keep it (`encoded()`); a publish then reads no
/// document again.
public struct CompilationUnit: Hashable, Sendable {
    /// How findings and explanations call the document.
    public let sourceName: String
    /// SHA-256 of the document's bytes.
    public let sha256: Digest32
    /// In the order of the document.
    public let schemes: [RoutingContent.SecurityScheme]
    /// In the order of the document; those that cannot be routed are left out, and `findings` says so.
    public let operations: [RoutingContent.Operation]
    /// What is wrong with the document as a source of routes. Not kept by `encoded()`.
    public let findings: [Finding]

    init(
        sourceName: String,
        sha256: Digest32,
        schemes: [RoutingContent.SecurityScheme],
        operations: [RoutingContent.Operation],
        findings: [Finding] = []
    ) {
        self.sourceName = sourceName
        self.sha256 = sha256
        self.schemes = schemes
        self.operations = operations
        self.findings = findings
    }

    /// Collects from a document.
    ///
    /// - Parameters:
    ///   - document: the document.
    ///   - sourceName: for places; usually the file's name.
    ///   - sha256: of the document's bytes.
    public init(_ document: OpenAPIDocument, sourceName: String, sha256: Digest32) {
        self = CollectOperations(document: document, sourceName: sourceName, sha256: sha256).run()
    }

    /// The unit without its findings in a compact form.
    ///
    /// - Throws: `InvalidContent` when it cannot be routed; a unit without errors in its findings always can.
    public func encoded() throws(InvalidContent) -> [UInt8] {
        let version = RoutingContent.Version(
            name: Self.storedName,
            sortKey: [],
            upstream: Self.storedName,
            schemes: schemes,
            operations: operations
        )
        // One format for all: a snapshot of this unit and nothing else. The title carries what operations may not.
        let api = RoutingContent.API(
            name: Self.storedName,
            title: "\(sha256.hexadecimal) \(sourceName)",
            basePath: "/",
            versions: [version]
        )
        let upstream = RoutingContent.Upstream(
            name: Self.storedName,
            targets: [RoutingContent.Target(host: "localhost", port: 1)]
        )
        let content = RoutingContent(environment: Self.storedName, apis: [api], upstreams: [upstream], isOffline: true)
        return try RoutingSnapshot.encode(content, generation: Self.storedFormat, signer: nil)
    }

    /// Reads what `encoded()` wrote; operations then come in order of path and method.
    ///
    /// - Throws: `SnapshotRejected`; the caller then makes the unit from its document again.
    public init(encoded bytes: [UInt8]) throws(SnapshotRejected) {
        let (description, content) = try RoutingSnapshot.decodeContent(bytes, trust: .unsignedAllowed)
        guard description.environment == Self.storedName, description.number == Self.storedFormat,
            let api = content.apis.first, let version = api.versions.first,
            let digest = Digest32(hexadecimal: String(api.title.prefix(64))), api.title.utf8.count >= 65
        else { throw .notAnArtifact }
        self.init(
            sourceName: String(api.title.dropFirst(65)),
            sha256: digest,
            schemes: version.schemes,
            operations: version.operations
        )
    }

    private static let storedName = "unit"
    /// Counts up when the compiler collects something else from the same document.
    private static let storedFormat: UInt64 = 1
}
