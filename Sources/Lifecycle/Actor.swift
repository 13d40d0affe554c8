/// Who acts, and how they came in: the first argument of every use case and the first columns of every audit row.
///
/// The type is called `Actor` in the domain's sense; Swift's protocol of that name is `_Concurrency.Actor`.
public struct Actor: Hashable, Sendable {
    /// What proved who acts.
    public enum Authentication: Hashable, Sendable {
        /// A token of a member, as the control plane checked it.
        case token(TokenID)
        /// A person with access to the machine and the database, such as one who runs `gatehouse up` for the first time.
        case localOperator
        /// The control plane itself, such as a scheduled move at its date.
        case system
    }

    /// The tenant it belongs to.
    public var organization: OrganizationID
    /// The member who acts; nil for the local operator and the system, who are no members.
    public var member: MemberID?
    /// The name that the audit shows.
    public var name: String
    /// What proved who acts.
    public var authentication: Authentication
    /// The roles, where they hold.
    public var grants: [RoleGrant]
    /// The request that carried the act, its peer and its user agent, where it came by HTTP.
    public var requestID: String?
    /// The peer's address.
    public var address: String?
    /// The peer's user agent.
    public var userAgent: String?
    /// Makes a repeated act return the first one's result, where the caller gave a key.
    public var idempotency: IdempotencyKey?
    /// The people on whose behalf a machine submits, from its claims; they count as authors.
    public var onBehalfOf: [MemberID]

    /// Every field as it stands.
    public init(
        organization: OrganizationID,
        member: MemberID?,
        name: String,
        authentication: Authentication,
        grants: [RoleGrant],
        requestID: String? = nil,
        address: String? = nil,
        userAgent: String? = nil,
        idempotency: IdempotencyKey? = nil,
        onBehalfOf: [MemberID] = []
    ) {
        self.organization = organization
        self.member = member
        self.name = name
        self.authentication = authentication
        self.grants = grants
        self.requestID = requestID
        self.address = address
        self.userAgent = userAgent
        self.idempotency = idempotency
        self.onBehalfOf = onBehalfOf
    }

    /// The control plane's own actor, for scheduled work; it holds every role of an administrator.
    public static func system(_ organization: OrganizationID) -> Actor {
        Actor(
            organization: organization,
            member: nil,
            name: "system",
            authentication: .system,
            grants: [RoleGrant(.organizationAdministrator)]
        )
    }

    /// A person at the machine itself, with the right to its database; audited as such.
    public static func localOperator(_ organization: OrganizationID) -> Actor {
        Actor(
            organization: organization,
            member: nil,
            name: "local operator",
            authentication: .localOperator,
            grants: [RoleGrant(.organizationAdministrator)]
        )
    }

    /// The teams for which the actor holds one of `roles`; nil where a role holds for the whole organization.
    ///
    /// Stores put this into the SQL predicate of listings, so that a row of another team is not found rather than filtered.
    public func teams(holding roles: Set<Role>) -> Set<TeamID>? {
        var teams: Set<TeamID> = []
        for grant in grants where roles.contains(grant.role) {
            switch grant.scope {
            case .organization: return nil
            case .team(let team): teams.insert(team)
            }
        }
        return teams
    }
}

/// A key that the caller chose for one act, and a digest of what was asked, so that the same key with another request is told
/// apart from a retry (draft-ietf-httpapi-idempotency-key-header).
public struct IdempotencyKey: Hashable, Sendable {
    /// 1 to 255 characters.
    public var key: String
    /// SHA-256 of method, target and body.
    public var fingerprint: [UInt8]

    /// Every field as it stands.
    public init(key: String, fingerprint: [UInt8]) {
        self.key = key
        self.fingerprint = fingerprint
    }
}
