public import Lifecycle

/// What can be done, one case for each right that a role can have.
public enum Action: String, Sendable, Hashable, CaseIterable {
    // People
    case manageMembers = "manage members"
    case readMembers = "read members"
    // Catalog
    case readCatalog = "read the catalog"
    case submitSpecification = "submit specifications"
    case createAPI = "create APIs"
    case updateAPI = "change an API"
    case setGovernanceLabel = "set labels under gov/"
    case voteOnRevision = "vote on revisions"
    case publishVersion = "publish versions"
    case leaveVersion = "deprecate, sunset and retire versions"
    case suspendVersion = "suspend and resume versions"
    case overrideSunset = "retire versions before their sunset"
    case changeLiveEnforcement = "change who may call a live API"
    case activateSnapshot = "activate routing snapshots"
    case manageEnvironments = "manage environments"
    case setApprovalPolicy = "set the approval policy"
    // Policies
    case managePolicies = "manage rulesets and policies"
    case requestWaiver = "request waivers"
    case decideWaiver = "decide on waivers"
    // Consumers
    case managePlans = "manage plans"
    case manageApplications = "manage applications"
    case readApplications = "read applications"
    case requestSubscription = "request subscriptions"
    case decideSubscription = "decide on subscriptions"
    case pauseSubscription = "pause and close subscriptions"
    case manageCredentials = "manage credentials"
    case pinVersion = "pin versions"
    case applyManifests = "apply manifests"
    // The gate
    case pullGatewayState = "pull routing and entitlements"
    case reportFromGateway = "report from a gateway"
    case readGateways = "read the gateways' reports"
    case explainRequest = "explain requests"
    // Evidence
    case readAudit = "read the audit"
}

/// Role × action: the one table that says who may do what (domain.md section D).
public enum Authorization {
    /// The actions of a role. A role bound for a team gives them for what belongs to that team.
    public static func actions(of role: Role) -> Set<Action> { table[role] ?? [] }

    /// The roles that may do `action`.
    public static func roles(for action: Action) -> Set<Role> {
        Set(Role.allCases.filter { actions(of: $0).contains(action) })
    }

    private static let table: [Role: Set<Action>] = [
        .organizationAdministrator: Set(Action.allCases).subtracting([.pullGatewayState, .reportFromGateway]),
        .governanceAdministrator: [
            .readMembers, .readCatalog, .setGovernanceLabel, .setApprovalPolicy, .publishVersion, .leaveVersion,
            .suspendVersion, .activateSnapshot, .manageEnvironments, .readApplications, .readGateways, .explainRequest,
            .readAudit, .updateAPI, .overrideSunset, .changeLiveEnforcement, .managePolicies, .requestWaiver,
            .decideWaiver,
            .applyManifests,
        ],
        .apiOwner: [
            .readMembers, .readCatalog, .createAPI, .updateAPI, .submitSpecification, .publishVersion, .leaveVersion,
            .suspendVersion, .managePlans, .decideSubscription, .pauseSubscription, .pinVersion, .applyManifests,
            .readGateways, .explainRequest, .readApplications, .requestWaiver,
        ],
        .apiEditor: [
            .readMembers, .readCatalog, .createAPI, .submitSpecification, .applyManifests, .explainRequest,
            .requestWaiver,
        ],
        .approver: [.readMembers, .readCatalog, .voteOnRevision, .decideWaiver],
        .applicationOwner: [
            .readMembers, .readCatalog, .manageApplications, .readApplications, .requestSubscription,
            .pauseSubscription,
            .manageCredentials, .pinVersion, .applyManifests, .explainRequest,
        ],
        .applicationDeveloper: [
            .readMembers, .readCatalog, .readApplications, .requestSubscription, .manageCredentials, .explainRequest,
        ],
        .auditor: [
            .readMembers, .readCatalog, .readApplications, .readGateways, .explainRequest, .readAudit,
        ],
        .gateway: [.pullGatewayState, .reportFromGateway],
    ]
}

extension Actor {
    /// Whether the actor may do `action` to what belongs to `team`; nil means what belongs to the organization as a whole.
    public func may(_ action: Action, team: TeamID?) -> Bool {
        grants.contains { $0.scope.covers(team) && Authorization.actions(of: $0.role).contains(action) }
    }

    /// Whether the actor may do `action` anywhere at all.
    public func mayAnywhere(_ action: Action) -> Bool {
        grants.contains { Authorization.actions(of: $0.role).contains(action) }
    }

    /// The teams whose things the actor may do `action` to; nil means everything in the organization.
    ///
    /// Goes into the SQL predicate of reads and writes: what belongs to others is not found.
    public func teams(for action: Action) -> Set<TeamID>? { teams(holding: Authorization.roles(for: action)) }

    /// Stops an actor who may not.
    ///
    /// - Throws: ``GovernanceError`` `forbidden`, naming the roles that may.
    public func require(_ action: Action, team: TeamID?) throws(GovernanceError) {
        guard !may(action, team: team) else { return }
        throw Authorization.refusal(of: action, to: self)
    }

    /// Stops an actor who may not do `action` anywhere.
    ///
    /// - Throws: ``GovernanceError`` `forbidden`, naming the roles that may.
    public func requireAnywhere(_ action: Action) throws(GovernanceError) {
        guard !mayAnywhere(action) else { return }
        throw Authorization.refusal(of: action, to: self)
    }
}

extension Authorization {
    static func refusal(of action: Action, to actor: Actor) -> GovernanceError {
        let roles = roles(for: action).map(\.rawValue).sorted().joined(separator: ", ")
        return GovernanceError(
            .forbidden,
            "`\(actor.name)` may not \(action.rawValue) here",
            mend: "ask an org-admin for one of these roles: \(roles)"
        )
    }
}
