/// A version of an API: the line that users know, with its dates; what it contains is in its revisions, what runs in its
/// releases.
public struct APIVersion: Hashable, Sendable, Codable {
    /// Its identifier.
    public var id: APIVersionID
    /// The API.
    public var api: APIID
    /// The API's name.
    public var apiName: String
    /// The team that owns the API.
    public var team: TeamID
    /// The version.
    public var version: String
    /// The major that it belongs to; nil where the name has none.
    public var major: Int?
    /// Orders versions bytewise, the greatest is the latest.
    public var sortKey: [UInt8]
    /// When it leaves.
    public var dates: LeavingDates
    /// The version to move to.
    public var successor: String?
    /// A page for people that explains the deprecation.
    public var deprecationLink: String?
    /// Why it was deprecated.
    public var deprecationReason: String?
    /// When it was taken off for good; nil: it was not.
    public var retiredAt: Moment?
    /// The number of the newest revision; 0 where there is none.
    public var lastRevisionNumber: Int
    /// Counts edits; the resource's entity tag.
    public var edition: Int64
    /// When it was made.
    public var createdAt: Moment

    /// Every field as it stands.
    public init(
        id: APIVersionID,
        api: APIID,
        apiName: String,
        team: TeamID,
        version: String,
        major: Int?,
        sortKey: [UInt8],
        dates: LeavingDates,
        successor: String?,
        deprecationLink: String?,
        deprecationReason: String?,
        retiredAt: Moment?,
        lastRevisionNumber: Int,
        edition: Int64,
        createdAt: Moment
    ) {
        self.id = id
        self.api = api
        self.apiName = apiName
        self.team = team
        self.version = version
        self.major = major
        self.sortKey = sortKey
        self.dates = dates
        self.successor = successor
        self.deprecationLink = deprecationLink
        self.deprecationReason = deprecationReason
        self.retiredAt = retiredAt
        self.lastRevisionNumber = lastRevisionNumber
        self.edition = edition
        self.createdAt = createdAt
    }
}
