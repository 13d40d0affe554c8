/// The terms under which applications may call an API: who decides, which operations, how much.
public struct Plan: Hashable, Sendable, Codable {
    /// Who decides on a request for a subscription.
    public enum Approval: String, Hashable, Sendable, CaseIterable, Codable {
        /// Nobody: a request is accepted at once.
        case automatic
        /// A person of the API's team who did not ask.
        case manual
    }

    /// The plan's row.
    public let id: PlanID
    /// Unique in the organization; what people and manifests write.
    public let name: String
    /// The API it belongs to.
    public let apiID: APIID
    /// The name of that API.
    public let api: String
    /// The team that owns that API and so the plan.
    public let teamID: TeamID
    /// Text for people; the name where none was given.
    public let title: String
    /// Who decides on requests.
    public let approval: Approval
    /// Ids of the operations it grants, sorted; nil grants all, an empty list none.
    public let operations: [String]?
    /// Every one must admit a request; the order is that of the `RateLimit` field.
    public let limits: [PlanLimit]
    /// What keeps this object (`manifests`), nil for people.
    public let managedBy: String?
    /// When it was made.
    public let createdAt: Moment
    /// Grows by one with each change; the entity tag is made of it.
    public let edition: Int64

    /// A plan as loaded.
    public init(
        id: PlanID,
        name: String,
        apiID: APIID,
        api: String,
        teamID: TeamID,
        title: String,
        approval: Approval,
        operations: [String]?,
        limits: [PlanLimit],
        managedBy: String?,
        createdAt: Moment,
        edition: Int64
    ) {
        self.id = id
        self.name = name
        self.apiID = apiID
        self.api = api
        self.teamID = teamID
        self.title = title
        self.approval = approval
        self.operations = operations
        self.limits = limits
        self.managedBy = managedBy
        self.createdAt = createdAt
        self.edition = edition
    }

    /// The most operations a plan may list.
    public static let operationsMax = 10_000
    /// The longest id of an operation in characters.
    public static let operationCharactersMax = 300
    /// The longest title in characters.
    public static let titleCharactersMax = 200
}
