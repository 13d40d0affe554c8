public import Lifecycle
import Postgres

/// Documents by content: the same bytes are stored once.
public struct SpecificationStore: Sendable {
    let transaction: Transaction

    /// A document.
    public struct Content: Sendable {
        /// The bytes.
        public var bytes: [UInt8]
        /// SHA-256 of the bytes.
        public var sha256: [UInt8]
        /// SHA-256 of the canonical form.
        public var canonicalSHA256: [UInt8]
        /// `application/json` or `application/yaml`.
        public var mediaType: String
        /// As the document states it.
        public var openAPIVersion: String
        /// Operations in the document.
        public var operationCount: Int

        /// Every field as it stands.
        public init(
            bytes: [UInt8],
            sha256: [UInt8],
            canonicalSHA256: [UInt8],
            mediaType: String,
            openAPIVersion: String,
            operationCount: Int
        ) {
            self.bytes = bytes
            self.sha256 = sha256
            self.canonicalSHA256 = canonicalSHA256
            self.mediaType = mediaType
            self.openAPIVersion = openAPIVersion
            self.operationCount = operationCount
        }
    }

    /// Stores a document, or finds the one with the same bytes.
    ///
    /// - Throws: ``CatalogError``.
    public func store(
        _ content: Content,
        in organization: OrganizationID,
        at now: Moment
    ) async throws(CatalogError) -> SpecificationID {
        let id = SpecificationID.make(at: now)
        if let row = try await transaction.row("spec_content/find", [organization, content.sha256]) {
            return try row.read("id")
        }
        let added = try await transaction.execute(
            "spec_content/insert",
            [
                id, organization, content.sha256, content.canonicalSHA256, content.mediaType, content.openAPIVersion,
                content.operationCount, content.bytes, now,
            ]
        )
        if added == 1 { return id }
        guard let row = try await transaction.row("spec_content/find", [organization, content.sha256]) else {
            throw CatalogError.unexpected(reason: "a document is neither new nor stored")
        }
        return try row.read("id")
    }

    /// The document itself.
    ///
    /// - Throws: ``CatalogError``.
    public func load(_ id: SpecificationID, in organization: OrganizationID) async throws(CatalogError) -> Content? {
        guard let row = try await transaction.row("spec_content/load", [organization, id]) else { return nil }
        return Content(
            bytes: try row.read("bytes"),
            sha256: try row.read("sha256"),
            canonicalSHA256: try row.read("canonical_sha256"),
            mediaType: try row.read("media_type"),
            openAPIVersion: try row.read("openapi_version"),
            operationCount: try row.read("operation_count")
        )
    }
}

extension Transaction {
    /// Documents by content.
    public var specifications: SpecificationStore { SpecificationStore(transaction: self) }
}
