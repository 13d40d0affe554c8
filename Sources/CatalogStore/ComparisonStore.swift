public import Lifecycle
import Postgres

/// What changes from one document to another, by the two documents and the engine.
public struct ComparisonStore: Sendable {
    let transaction: Transaction

    /// What a comparison depends on, all of it.
    public struct Key: Sendable, Hashable {
        /// SHA-256 of the older document's bytes.
        public var baseSHA256: [UInt8]
        /// SHA-256 of the newer document's bytes.
        public var revisionSHA256: [UInt8]
        /// The comparison's version.
        public var engine: String

        /// Every field as it stands.
        public init(baseSHA256: [UInt8], revisionSHA256: [UInt8], engine: String) {
            self.baseSHA256 = baseSHA256
            self.revisionSHA256 = revisionSHA256
            self.engine = engine
        }
    }

    /// A comparison with its changes; nil where it was never made.
    ///
    /// - Throws: ``CatalogError``.
    public func find(_ key: Key, in organization: OrganizationID) async throws(CatalogError) -> Comparison? {
        let parameters: [any Parameter] = [organization, key.baseSHA256, key.revisionSHA256, key.engine]
        guard let row = try await transaction.row("comparison/find", parameters) else { return nil }
        var comparison = try Comparison(row)
        comparison.changes = try await transaction.rows(
            "comparison_change/list",
            [comparison.id, Comparison.changesMax]
        ).read { (row) throws(CatalogError) in try StoredJSON.value(try row.read("detail")) }
        return comparison
    }

    /// Stores a comparison, or finds the one that somebody else stored first: they are the same.
    ///
    /// - Throws: ``CatalogError``.
    public func store(
        _ comparison: Comparison,
        for key: Key,
        in organization: OrganizationID
    ) async throws(CatalogError) -> Comparison {
        let written = try await transaction.execute(
            "comparison/insert",
            [
                comparison.id, organization, key.baseSHA256, key.revisionSHA256, key.engine, comparison.requiredBump,
                comparison.errors, comparison.warnings, comparison.informations,
                try StoredJSON.text(comparison.documentationEdits), comparison.isOnlyDocumentation, comparison.failure,
                comparison.comparedAt,
            ]
        )
        guard written == 1 else {
            guard let known = try await find(key, in: organization) else {
                throw CatalogError.unexpected(reason: "a comparison is neither new nor stored")
            }
            return known
        }
        if !comparison.changes.isEmpty {
            let changes = try StoredJSON.text(comparison.changes)
            try await transaction.execute("comparison_change/insert", [comparison.id, changes])
        }
        return comparison
    }

    /// Carries an approval over to another revision of the same version.
    ///
    /// - Throws: ``CatalogError``; the database refuses it where more than documentation differs.
    public func carryApproval(
        from source: Revision,
        to target: Revision,
        by comparison: Comparison,
        in organization: OrganizationID,
        at now: Moment
    ) async throws(CatalogError) {
        try await transaction.execute(
            "approval_carry/insert",
            [
                organization, source.id, source.manifestSHA256, target.id, target.manifestSHA256, comparison.id, now,
            ]
        )
    }

    // MARK: What is compared

    /// The published revision of the greatest version that is not after `sortKey`; nil where nothing is published.
    ///
    /// - Throws: ``CatalogError``.
    public func published(
        notAfter sortKey: [UInt8],
        of api: APIID,
        in organization: OrganizationID
    ) async throws(CatalogError) -> ComparedRevision? {
        try Row.read(
            try await transaction.row("revision/find_published_before", [organization, api, sortKey]),
            ComparedRevision.init
        )
    }

    /// The published revision of a version, else, unless only that is wanted, its newest one; nil where there is none.
    ///
    /// - Throws: ``CatalogError``.
    public func revision(
        of version: APIVersionID,
        isPublishedOnly: Bool,
        in organization: OrganizationID
    ) async throws(CatalogError) -> ComparedRevision? {
        try Row.read(
            try await transaction.row("revision/find_published", [organization, version, isPublishedOnly]),
            ComparedRevision.init
        )
    }

    /// What an application may call of an API: one element for each subscription in force, nil operations grant all.
    ///
    /// - Throws: ``CatalogError``.
    public func grants(
        of application: ApplicationID,
        to api: APIID
    ) async throws(CatalogError) -> [(plan: String, operations: [String]?, pin: String?)] {
        try await transaction.rows("subscription/find_granted", [application, api]).read { (row) throws(CatalogError) in
            (try row.read("plan"), try row.read("operations"), try row.read("pin_version"))
        }
    }
}

/// A revision that is compared with another.
public struct ComparedRevision: Sendable, Hashable, Codable {
    /// The revision.
    public var id: RevisionID
    /// Its number in the version.
    public var number: Int
    /// The version.
    public var version: String
    /// The version's major; nil where the text names none.
    public var major: Int?
    /// What messages call its document.
    public var fileName: String
    /// The document.
    public var specification: SpecificationID
    /// SHA-256 of the document's bytes.
    public var sha256: [UInt8]

    /// Every field as it stands.
    public init(_ revision: Revision, version: String, major: Int?) {
        id = revision.id
        number = revision.number
        self.version = version
        self.major = major
        fileName = revision.fileName
        specification = revision.specification
        sha256 = revision.specificationSHA256
    }

    fileprivate init(_ row: Row) throws(CatalogError) {
        id = try row.read("id")
        number = try row.read("number")
        version = try row.read("version")
        major = try row.read("major")
        fileName = try row.read("file_name")
        specification = try row.read("spec_content_id")
        sha256 = try row.read("sha256")
    }
}

extension Comparison {
    fileprivate init(_ row: Row) throws(CatalogError) {
        self.init(
            id: try row.read("id"),
            requiredBump: try row.read("required_bump"),
            errors: try row.read("errors"),
            warnings: try row.read("warnings"),
            informations: try row.read("informations"),
            changes: [],
            documentationEdits: try StoredJSON.value(try row.read("documentation_edits")),
            isOnlyDocumentation: try row.read("is_only_documentation"),
            failure: try row.read("failure"),
            comparedAt: try row.read("compared_at")
        )
    }
}

extension Transaction {
    /// Comparisons of documents.
    public var comparisons: ComparisonStore { ComparisonStore(transaction: self) }
}
