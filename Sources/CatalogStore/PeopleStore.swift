public import Lifecycle
import Postgres

/// Organizations, teams, members and their roles.
public struct PeopleStore: Sendable {
    let transaction: Transaction

    // MARK: Organizations

    /// The organization of a name.
    ///
    /// - Throws: ``CatalogError``.
    public func organization(named name: String) async throws(CatalogError) -> Organization? {
        try Row.read(try await transaction.row("org/find", [name]), Organization.init)
    }

    /// The organization of an identifier.
    ///
    /// - Throws: ``CatalogError``.
    public func organization(_ id: OrganizationID) async throws(CatalogError) -> Organization? {
        try Row.read(try await transaction.row("org/get", [id]), Organization.init)
    }

    /// The organization, held until the transaction ends.
    ///
    /// - Throws: ``CatalogError``.
    public func lockOrganization(_ id: OrganizationID) async throws(CatalogError) -> Organization? {
        try Row.read(try await transaction.row("org/lock", [id]), Organization.init)
    }

    /// Adds an organization; one that exists stays as it is.
    ///
    /// - Throws: ``CatalogError``.
    public func insert(_ organization: Organization, at now: Moment) async throws(CatalogError) {
        try await transaction.execute("org/insert", [organization.id, organization.name, organization.title, now])
    }

    /// Sets how many approvals a revision needs.
    ///
    /// - Throws: ``CatalogError``.
    public func setRequiredVotes(_ votes: Int, of organization: OrganizationID) async throws(CatalogError) {
        try await transaction.execute("org/set_required_votes", [organization, votes])
    }

    // MARK: Teams

    /// The team of a name.
    ///
    /// - Throws: ``CatalogError``.
    public func team(named name: String, in organization: OrganizationID) async throws(CatalogError) -> Team? {
        try Row.read(try await transaction.row("team/find", [organization, name]), Team.init)
    }

    /// The team of an identifier.
    ///
    /// - Throws: ``CatalogError``.
    public func team(_ id: TeamID, in organization: OrganizationID) async throws(CatalogError) -> Team? {
        try Row.read(try await transaction.row("team/get", [organization, id]), Team.init)
    }

    /// A page of teams by name.
    ///
    /// - Throws: ``CatalogError``.
    public func teams(
        in organization: OrganizationID,
        after name: String?,
        limit: Int
    ) async throws(CatalogError) -> [Team] {
        try await transaction.rows("team/list", [organization, name ?? "", limit]).read(Team.init)
    }

    /// Adds a team.
    ///
    /// - Throws: ``CatalogError``.
    public func insert(_ team: Team, in organization: OrganizationID) async throws(CatalogError) {
        try await transaction.execute("team/insert", [team.id, organization, team.name, team.title, team.createdAt])
    }

    /// Gives a team another title.
    ///
    /// - Throws: ``CatalogError``.
    public func setTitle(_ title: String, of team: TeamID) async throws(CatalogError) {
        try await transaction.execute("team/update", [team, title])
    }

    // MARK: Members

    /// The member of a name.
    ///
    /// - Throws: ``CatalogError``.
    public func member(named name: String, in organization: OrganizationID) async throws(CatalogError) -> Member? {
        try Row.read(try await transaction.row("member/find", [organization, name]), Member.init)
    }

    /// The member of an identifier.
    ///
    /// - Throws: ``CatalogError``.
    public func member(_ id: MemberID, in organization: OrganizationID) async throws(CatalogError) -> Member? {
        try Row.read(try await transaction.row("member/get", [organization, id]), Member.init)
    }

    /// A page of members by name.
    ///
    /// - Throws: ``CatalogError``.
    public func members(
        in organization: OrganizationID,
        after name: String?,
        limit: Int
    ) async throws(CatalogError) -> [Member] {
        try await transaction.rows("member/list", [organization, name ?? "", limit]).read(Member.init)
    }

    /// Adds a member, without roles.
    ///
    /// - Throws: ``CatalogError``.
    public func insert(_ member: Member, in organization: OrganizationID) async throws(CatalogError) {
        try await transaction.execute(
            "member/insert",
            [
                member.id, organization, member.kind.rawValue, member.name, member.title, member.email,
                member.responsible, member.createdAt,
            ]
        )
    }

    /// Gives a member another title.
    ///
    /// - Throws: ``CatalogError``.
    public func setTitle(
        _ title: String,
        of member: MemberID,
        in organization: OrganizationID
    ) async throws(CatalogError) {
        try await transaction.execute("member/set_title", [organization, member, title])
    }

    /// The person with the role org-admin who has been there longest and is not disabled.
    ///
    /// - Throws: ``CatalogError``.
    public func administrator(of organization: OrganizationID) async throws(CatalogError) -> Member? {
        try Row.read(try await transaction.row("member/find_administrator", [organization]), Member.init)
    }

    /// Disables a member, or enables it with nil.
    ///
    /// - Throws: ``CatalogError``.
    public func setDisabled(
        _ member: MemberID,
        in organization: OrganizationID,
        at moment: Moment?
    ) async throws(CatalogError) {
        try await transaction.execute("member/set_disabled", [organization, member, moment])
    }

    // MARK: Roles

    /// Binds a role to a member.
    ///
    /// - Returns: false where the member has the role already.
    /// - Throws: ``CatalogError``.
    public func bind(
        _ grant: RoleGrant,
        to member: MemberID,
        in organization: OrganizationID,
        at now: Moment
    ) async throws(CatalogError) -> Bool {
        try await transaction.execute(
            "role_binding/insert",
            [RoleBindingID.make(at: now), organization, member, grant.role.rawValue, grant.scope.team, now]
        ) == 1
    }

    /// Takes a role away.
    ///
    /// - Returns: false where the member does not have the role.
    /// - Throws: ``CatalogError``.
    public func unbind(
        _ grant: RoleGrant,
        from member: MemberID,
        in organization: OrganizationID
    ) async throws(CatalogError) -> Bool {
        try await transaction.execute(
            "role_binding/delete",
            [organization, member, grant.role.rawValue, grant.scope.team]
        ) == 1
    }

    /// Whether a member who is not disabled has the role org-admin.
    ///
    /// - Throws: ``CatalogError``.
    public func hasAdministrator(_ organization: OrganizationID) async throws(CatalogError) -> Bool {
        guard let row = try await transaction.row("role_binding/has_administrator", [organization]) else {
            return false
        }
        return try row.read("found")
    }
}

extension Organization {
    fileprivate init(_ row: Row) throws(CatalogError) {
        self.init(
            id: try row.read("id"),
            name: try row.read("slug"),
            title: try row.read("title"),
            requiredVotes: try row.read("required_votes")
        )
    }
}

extension Team {
    fileprivate init(_ row: Row) throws(CatalogError) {
        self.init(
            id: try row.read("id"),
            name: try row.read("slug"),
            title: try row.read("title"),
            createdAt: try row.read("created_at")
        )
    }
}

extension Member {
    fileprivate init(_ row: Row) throws(CatalogError) {
        self.init(
            id: try row.read("id"),
            kind: try row.word("kind"),
            name: try row.read("slug"),
            title: try row.read("title"),
            email: try row.read("email"),
            responsible: try row.read("responsible_member_id"),
            createdAt: try row.read("created_at"),
            disabledAt: try row.read("disabled_at"),
            roles: try StoredJSON.value(try row.read("roles"), as: [RoleBinding].self)
        )
    }
}

extension Transaction {
    /// Organizations, teams, members and their roles.
    public var people: PeopleStore { PeopleStore(transaction: self) }
}
