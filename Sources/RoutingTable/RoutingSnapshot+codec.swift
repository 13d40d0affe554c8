/// What an artifact's header says of it.
public struct ArtifactDescription: Hashable, Sendable {
    public let environment: String
    /// Generation of a routing snapshot, sequence of entitlements.
    public let number: UInt64
    public let checksum: Digest32
    /// Whether its signature was checked with a trusted key.
    public let isVerified: Bool
}

extension RoutingSnapshot {
    /// Writes content as an artifact: equal content gives an equal body, whatever the order it comes in.
    ///
    /// - Parameters:
    ///   - content: what to route.
    ///   - generation: greater than every one before in the environment.
    ///   - signer: nil for an unsigned artifact, as `compile` makes them.
    /// - Returns: the artifact's bytes.
    /// - Throws: `InvalidContent` for content that no gateway could load.
    public static func encode(
        _ content: RoutingContent,
        generation: UInt64,
        signer: SigningKey?
    ) throws(InvalidContent) -> [UInt8] {
        _ = try RoutingTables(content)
        return try Artifact.encode(
            .routing,
            environment: content.environment,
            number: generation,
            format: content.bodyFormat,
            body: try content.encodedBody(),
            signer: signer
        )
    }

    /// Reads and checks an artifact and builds its tables. Any bytes are answered, never trapped on.
    ///
    /// - Throws: `SnapshotRejected` with the reason.
    public static func decode(_ bytes: [UInt8], trust: SnapshotTrust) throws(SnapshotRejected) -> RoutingSnapshot {
        try load(try Artifact.decode(bytes, kind: .routing, trust: trust))
    }

    /// Reads an artifact back into content, for showing, exporting and comparing.
    ///
    /// - Throws: `SnapshotRejected` with the reason.
    public static func decodeContent(
        _ bytes: [UInt8],
        trust: SnapshotTrust
    ) throws(SnapshotRejected) -> (description: ArtifactDescription, content: RoutingContent) {
        let artifact = try Artifact.decode(bytes, kind: .routing, trust: trust)
        let content = try RoutingContent(
            body: artifact.body,
            environment: artifact.environment,
            format: artifact.format
        )
        return (artifact.description, content)
    }

    /// Writes the same body under a new generation: how an older snapshot is activated again.
    ///
    /// - Throws: `SnapshotRejected` when `bytes` is no whole snapshot; `.invalid` when signing fails.
    public static func reissue(
        _ bytes: [UInt8],
        generation: UInt64,
        trust: SnapshotTrust,
        signer: SigningKey?
    ) throws(SnapshotRejected) -> [UInt8] {
        let artifact = try Artifact.decode(bytes, kind: .routing, trust: trust)
        do throws(InvalidContent) {
            return try Artifact.encode(
                .routing,
                environment: artifact.environment,
                number: generation,
                format: artifact.format,
                body: artifact.body,
                signer: signer
            )
        } catch {
            throw .invalid(error)
        }
    }

    private static func load(_ artifact: Artifact) throws(SnapshotRejected) -> RoutingSnapshot {
        let content = try RoutingContent(
            body: artifact.body,
            environment: artifact.environment,
            format: artifact.format
        )
        let tables: RoutingTables
        do throws(InvalidContent) {
            tables = try RoutingTables(content)
        } catch {
            throw .invalid(error)
        }
        return RoutingSnapshot(
            tables: tables,
            generation: artifact.number,
            checksum: artifact.checksum,
            isVerified: artifact.isVerified
        )
    }
}

extension Artifact {
    var description: ArtifactDescription {
        ArtifactDescription(environment: environment, number: number, checksum: checksum, isVerified: isVerified)
    }
}
