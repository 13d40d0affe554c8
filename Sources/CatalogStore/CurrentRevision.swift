public import Lifecycle
import Postgres

/// A revision that counts today: a version's newest one, or one that is published.
public struct CurrentRevision: Sendable, Hashable {
    /// The revision.
    public var id: RevisionID
    /// Its number in the version.
    public var number: Int
    /// What messages call its document.
    public var fileName: String
    /// The document.
    public var specification: SpecificationID
    /// SHA-256 of the document's bytes.
    public var specificationSHA256: [UInt8]
    /// The API.
    public var apiID: APIID
    /// The API's name.
    public var api: String
    /// The version.
    public var version: String
    /// The API's labels.
    public var labels: [String: String]
    /// Whether it is published anywhere.
    public var isPublished: Bool

    fileprivate init(_ row: Row) throws(CatalogError) {
        id = try row.read("id")
        number = try row.read("number")
        fileName = try row.read("file_name")
        specification = try row.read("spec_content_id")
        specificationSHA256 = try row.read("sha256")
        apiID = try row.read("api_id")
        api = try row.read("api")
        version = try row.read("version")
        labels = try StoredJSON.value(try row.read("labels"))
        isPublished = try row.read("is_published")
    }
}

extension RevisionStore {
    /// A page of the revisions that count, in the order in which they were made.
    ///
    /// `teams`: whose private APIs may be seen; nil for all.
    /// - Throws: ``CatalogError``.
    public func current(
        in organization: OrganizationID,
        teams: Set<TeamID>?,
        after: RevisionID?,
        limit: Int
    ) async throws(CatalogError) -> [CurrentRevision] {
        try await transaction.rows("revision/list_current", [organization, teams.map { Array($0) }, after, limit])
            .read(CurrentRevision.init)
    }
}
