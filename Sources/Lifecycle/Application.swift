/// A program of a team that calls APIs. It holds credentials and subscriptions.
public struct Application: Hashable, Sendable, Codable {
    /// The application's row.
    public let id: ApplicationID
    /// Unique in the organization.
    public let name: String
    /// The team that answers for it.
    public let teamID: TeamID
    /// The name of that team.
    public let team: String
    /// Text for people; the name where none was given.
    public let title: String
    /// What keeps this object (`manifests`), nil for people.
    public let managedBy: String?
    /// When it was made.
    public let createdAt: Moment
    /// When it was archived: its subscriptions are closed and its credentials revoked.
    public let archivedAt: Moment?
    /// Grows by one with each change; the entity tag is made of it.
    public let edition: Int64

    /// An application as loaded.
    public init(
        id: ApplicationID,
        name: String,
        teamID: TeamID,
        team: String,
        title: String,
        managedBy: String?,
        createdAt: Moment,
        archivedAt: Moment?,
        edition: Int64
    ) {
        self.id = id
        self.name = name
        self.teamID = teamID
        self.team = team
        self.title = title
        self.managedBy = managedBy
        self.createdAt = createdAt
        self.archivedAt = archivedAt
        self.edition = edition
    }

    /// The longest title in characters.
    public static let titleCharactersMax = 200
}
