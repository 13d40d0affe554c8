/// An application's right, asked for or granted, to call one API (or one major version of it) in one environment as a plan
/// says.
public struct Subscription: Hashable, Sendable, Codable {
    /// The subscription's row.
    public let id: SubscriptionID
    /// Who calls.
    public let applicationID: ApplicationID
    /// The name of the application.
    public let application: String
    /// The team of the application: the consumer's side.
    public let consumerTeamID: TeamID
    /// What is called.
    public let apiID: APIID
    /// The name of the API.
    public let api: String
    /// The team that owns the API: the provider's side.
    public let providerTeamID: TeamID
    /// The terms.
    public let planID: PlanID
    /// The name of the plan.
    public let plan: String
    /// Where.
    public let environmentID: EnvironmentID
    /// The short name of the environment.
    public let environment: String
    /// The major version granted; nil grants every version of the API.
    public let major: Int?
    /// State and pauses.
    public let life: SubscriptionLife
    /// The version it is held to.
    public let pin: VersionPin?
    /// Name in manifests; nil for subscriptions asked for by hand.
    public let name: String?
    /// What keeps this object (`manifests`), nil for people.
    public let managedBy: String?
    /// What the consumer wrote.
    public let comment: String
    /// What the provider answered.
    public let decisionComment: String?
    /// The member who asked.
    public let requestedBy: MemberID
    /// The name of that member.
    public let requestedByName: String
    /// The name of the member who decided; nil while nobody has, or where the plan did.
    public let decidedByName: String?
    /// Before this moment the gate refuses.
    public let startsAt: Moment?
    /// From this moment on the gate refuses.
    public let endsAt: Moment?
    /// When it was asked for.
    public let createdAt: Moment
    /// When it was decided on.
    public let decidedAt: Moment?
    /// When it was closed.
    public let closedAt: Moment?
    /// Grows by one with each change; the entity tag is made of it.
    public let edition: Int64

    /// Where it stands.
    public var state: SubscriptionState { life.state }

    /// A subscription as loaded.
    public init(
        id: SubscriptionID,
        applicationID: ApplicationID,
        application: String,
        consumerTeamID: TeamID,
        apiID: APIID,
        api: String,
        providerTeamID: TeamID,
        planID: PlanID,
        plan: String,
        environmentID: EnvironmentID,
        environment: String,
        major: Int?,
        life: SubscriptionLife,
        pin: VersionPin?,
        name: String?,
        managedBy: String?,
        comment: String,
        decisionComment: String?,
        requestedBy: MemberID,
        requestedByName: String,
        decidedByName: String?,
        startsAt: Moment?,
        endsAt: Moment?,
        createdAt: Moment,
        decidedAt: Moment?,
        closedAt: Moment?,
        edition: Int64
    ) {
        self.id = id
        self.applicationID = applicationID
        self.application = application
        self.consumerTeamID = consumerTeamID
        self.apiID = apiID
        self.api = api
        self.providerTeamID = providerTeamID
        self.planID = planID
        self.plan = plan
        self.environmentID = environmentID
        self.environment = environment
        self.major = major
        self.life = life
        self.pin = pin
        self.name = name
        self.managedBy = managedBy
        self.comment = comment
        self.decisionComment = decisionComment
        self.requestedBy = requestedBy
        self.requestedByName = requestedByName
        self.decidedByName = decidedByName
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.createdAt = createdAt
        self.decidedAt = decidedAt
        self.closedAt = closedAt
        self.edition = edition
    }

    /// The longest comment or reason in characters.
    public static let commentCharactersMax = 2_000
}
