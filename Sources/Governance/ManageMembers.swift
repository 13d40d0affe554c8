import CatalogStore
public import Lifecycle

/// A member as somebody wrote it.
public struct MemberDraft: Sendable, Hashable {
    /// The name that people use.
    public var name: String
    /// What kind it is.
    public var kind: Member.Kind
    /// Nil for the name.
    public var title: String?
    /// A mail address; nil where none is known.
    public var email: String?
    /// Who answers for a machine; nil for whoever makes it.
    public var responsible: String?
    /// The roles, where they hold.
    public var roles: [RoleDraft]

    /// Every field as it stands.
    public init(
        name: String,
        kind: Member.Kind = .person,
        title: String? = nil,
        email: String? = nil,
        responsible: String? = nil,
        roles: [RoleDraft] = []
    ) {
        self.name = name
        self.kind = kind
        self.title = title
        self.email = email
        self.responsible = responsible
        self.roles = roles
    }
}

/// A role with the name of the team that it holds for.
public struct RoleDraft: Sendable, Hashable {
    /// The role.
    public var role: Role
    /// Nil: the whole organization.
    public var team: String?

    /// Every field as it stands.
    public init(_ role: Role, team: String? = nil) {
        self.role = role
        self.team = team
    }
}

/// What to change of a member; nil leaves it.
public struct MemberChange: Sendable, Hashable {
    /// Text for people.
    public var title: String?
    /// All roles, not only those that change.
    public var roles: [RoleDraft]?
    /// A disabled member's tokens are revoked.
    public var isDisabled: Bool?

    /// Every field as it stands.
    public init(title: String? = nil, roles: [RoleDraft]? = nil, isDisabled: Bool? = nil) {
        self.title = title
        self.roles = roles
        self.isDisabled = isDisabled
    }
}

extension Governance {
    /// Adds a person or a machine.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `name-taken`, `name-invalid`, `not-found` (a team), `validation-failed`.
    public func createMember(_ actor: Actor, _ draft: MemberDraft) async throws(GovernanceError) -> Member {
        try await change(actor) { work in try await work.createMember(draft) }
    }

    /// Changes title, roles or whether a member may act; an organization keeps one administrator.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `last-administrator`, `validation-failed`.
    public func updateMember(
        _ actor: Actor,
        _ name: String,
        _ change: MemberChange
    ) async throws(GovernanceError) -> Member {
        try await self.change(actor) { work in try await work.updateMember(name, change) }
    }

    /// A member with their roles.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`.
    public func showMember(_ actor: Actor, _ name: String) async throws(GovernanceError) -> Member {
        try actor.requireAnywhere(.readMembers)
        return try await read(actor) { work in try await work.member(name) }
    }

    /// A page of members by name.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`.
    public func listMembers(
        _ actor: Actor,
        _ page: PageRequest = PageRequest()
    ) async throws(GovernanceError) -> Page<Member> {
        try actor.requireAnywhere(.readMembers)
        return try await read(actor) { work in
            let rows = try await work.transaction.people.members(
                in: actor.organization,
                after: page.cursor,
                limit: page.rowCount
            )
            return Page(surplus: rows, for: page, byText: \.name)
        }
    }

    /// The member who acts; nil for the local operator and the system.
    ///
    /// - Throws: ``GovernanceError``.
    public func showSelf(_ actor: Actor) async throws(GovernanceError) -> Member? {
        guard let id = actor.member else { return nil }
        return try await read(actor) { work in
            try await work.transaction.people.member(id, in: actor.organization)
        }
    }
}

extension UnitOfWork {
    func createMember(_ draft: MemberDraft) async throws -> Member {
        try actor.require(.manageMembers, team: nil)
        var responsible: MemberID?
        if let name = draft.responsible {
            responsible = try await member(name).id
        } else if draft.kind == .service {
            responsible = actor.member
        }
        let made = Member(
            id: .make(at: now),
            kind: draft.kind,
            name: draft.name,
            title: draft.title ?? draft.name,
            email: draft.email,
            responsible: responsible,
            createdAt: now
        )
        try await transaction.people.insert(made, in: actor.organization)
        for role in draft.roles { _ = try await bind(role, to: made.id) }
        audit(
            "member.created",
            subject(of: made),
            ["kind": .text(draft.kind.rawValue), "roles": .list(draft.roles.map(\.text))]
        )
        return try await member(draft.name)
    }

    fileprivate func updateMember(_ name: String, _ change: MemberChange) async throws -> Member {
        try actor.require(.manageMembers, team: nil)
        let before = try await member(name)
        var detail: AuditDetail = [:]
        if let title = change.title, title != before.title {
            try await transaction.people.setTitle(title, of: before.id, in: actor.organization)
            detail["title"] = .text(title)
        }
        if let roles = change.roles {
            try await setRoles(roles, of: before)
            detail["roles"] = .list(roles.map(\.text))
        }
        if let isDisabled = change.isDisabled, isDisabled != (before.disabledAt != nil) {
            try await transaction.people.setDisabled(before.id, in: actor.organization, at: isDisabled ? now : nil)
            detail["disabled"] = .truth(isDisabled)
            if isDisabled {
                let revoked = try await transaction.tokens.revokeAll(of: before.id, in: actor.organization, at: now)
                detail["revokedTokens"] = .number(Int64(revoked))
            }
        }
        audit("member.updated", subject(of: before), detail)
        return try await member(name)
    }

    private func setRoles(_ drafts: [RoleDraft], of member: Member) async throws {
        var kept: Set<RoleGrant> = []
        // What is new is bound first, so that an administrator who stays one is one at every moment.
        for draft in drafts { kept.insert(try await bind(draft, to: member.id)) }
        for role in member.roles where !kept.contains(role.grant) {
            _ = try await transaction.people.unbind(role.grant, from: member.id, in: actor.organization)
        }
    }

    private func bind(_ draft: RoleDraft, to member: MemberID) async throws -> RoleGrant {
        var scope = RoleScope.organization
        if let team = draft.team { scope = .team(try await self.team(team).id) }
        let grant = RoleGrant(draft.role, scope)
        _ = try await transaction.people.bind(grant, to: member, in: actor.organization, at: now)
        return grant
    }

    func subject(of member: Member) -> AuditEvent.Subject {
        AuditEvent.Subject("member", id: member.id.value, name: member.name)
    }
}

extension RoleDraft {
    /// As the audit shows it: `approver`, `api-owner@sales`.
    var text: String { role.rawValue + (team.map { "@\($0)" } ?? "") }
}
