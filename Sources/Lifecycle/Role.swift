/// What a member may do, bound for the whole organization or for one team (domain.md section D).
public enum Role: String, Hashable, Sendable, CaseIterable, Codable {
    /// Manages teams, members, roles and tokens, and may do all that the other roles may except act as a gateway.
    case organizationAdministrator = "org-admin"
    /// Owns the rules: rulesets, policies, waivers and labels under `gov/`; publishes and rolls routing back.
    case governanceAdministrator = "governance-admin"
    /// Answers for a team's APIs: their settings, releases, plans and leaving.
    case apiOwner = "api-owner"
    /// Submits specifications for a team's APIs.
    case apiEditor = "api-editor"
    /// Votes on revisions that others wrote.
    case approver
    /// Answers for a team's applications: credentials, subscriptions and pins.
    case applicationOwner = "app-owner"
    /// Asks for subscriptions and keys for a team's applications.
    case applicationDeveloper = "app-developer"
    /// Reads everything, the audit included, and changes nothing.
    case auditor
    /// A machine at the gate: pulls routing and entitlements, reports what happened.
    case gateway
}

/// Where a role holds.
public enum RoleScope: Hashable, Sendable, Codable {
    case organization
    case team(TeamID)

    /// The team; nil for the whole organization.
    public var team: TeamID? {
        switch self {
        case .organization: nil
        case .team(let team): team
        }
    }

    /// Whether a role bound here holds for what belongs to `team`; nil means what belongs to the organization as a whole.
    public func covers(_ team: TeamID?) -> Bool {
        switch self {
        case .organization: true
        case .team(let bound): bound == team
        }
    }
}

/// One role of one member, where it holds.
public struct RoleGrant: Hashable, Sendable, Codable {
    /// The role.
    public var role: Role
    /// Where it holds.
    public var scope: RoleScope

    /// Every field as it stands.
    public init(_ role: Role, _ scope: RoleScope = .organization) {
        self.role = role
        self.scope = scope
    }
}

/// A role as it is bound to a member, with the name of the team that it holds for.
public struct RoleBinding: Hashable, Sendable, Codable {
    /// The role.
    public var role: Role
    /// nil: the whole organization.
    public var team: String?
    /// The team's identifier; nil as `team` is.
    public var teamID: TeamID?

    /// Every field as it stands.
    public init(role: Role, team: String? = nil, teamID: TeamID? = nil) {
        self.role = role
        self.team = team
        self.teamID = teamID
    }

    /// The role where it holds.
    public var grant: RoleGrant { RoleGrant(role, teamID.map { .team($0) } ?? .organization) }
}
