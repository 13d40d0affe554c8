/// An API: the thing that teams own, that versions belong to and that applications subscribe to.
public struct API: Hashable, Sendable, Codable {
    /// Who sees it.
    public enum Visibility: String, Hashable, Sendable, CaseIterable, Codable {
        case `public`
        /// Every member of the organization sees it.
        case `internal`
        /// Only its team and those with a role for the whole organization see it.
        case `private`
    }

    /// Its identifier.
    public var id: APIID
    /// The tenant it belongs to.
    public var organization: OrganizationID
    /// The owning team.
    public var team: TeamID
    /// The team's name.
    public var teamName: String
    /// The name that people use.
    public var name: String
    /// Text for people.
    public var title: String
    /// More text for people; may be empty.
    public var description: String
    /// Who sees it.
    public var visibility: Visibility
    /// How the gate runs it.
    public var settings: APISettings
    /// Keys and values to find it by.
    public var labels: [String: String]
    /// Counts edits; the resource's entity tag.
    public var edition: Int64
    /// When it was made.
    public var createdAt: Moment
    /// When it was last changed.
    public var updatedAt: Moment
    /// When it was put away; nil: in use.
    public var archivedAt: Moment?

    /// Every field as it stands.
    public init(
        id: APIID,
        organization: OrganizationID,
        team: TeamID,
        teamName: String,
        name: String,
        title: String,
        description: String,
        visibility: Visibility,
        settings: APISettings,
        labels: [String: String],
        edition: Int64,
        createdAt: Moment,
        updatedAt: Moment,
        archivedAt: Moment?
    ) {
        self.id = id
        self.organization = organization
        self.team = team
        self.teamName = teamName
        self.name = name
        self.title = title
        self.description = description
        self.visibility = visibility
        self.settings = settings
        self.labels = labels
        self.edition = edition
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.archivedAt = archivedAt
    }
}
