import CatalogStore
public import Lifecycle

extension Governance {
    /// Makes a team.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `name-taken`, `name-invalid`, `validation-failed`.
    public func createTeam(_ actor: Actor, name: String, title: String? = nil) async throws(GovernanceError) -> Team {
        try await change(actor) { work in try await work.createTeam(name, title: title) }
    }

    /// Gives a team another title.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `validation-failed`.
    public func renameTeam(_ actor: Actor, name: String, title: String) async throws(GovernanceError) -> Team {
        try await change(actor) { work in
            try actor.require(.manageMembers, team: nil)
            let team = try await work.team(name)
            try await work.transaction.people.setTitle(title, of: team.id)
            work.audit("team.updated", work.subject(of: team), ["title": .text(title)])
            return try await work.team(name)
        }
    }

    /// A team.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`.
    public func showTeam(_ actor: Actor, _ name: String) async throws(GovernanceError) -> Team {
        try actor.requireAnywhere(.readMembers)
        return try await read(actor) { work in try await work.team(name) }
    }

    /// A page of teams by name.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`.
    public func listTeams(_ actor: Actor, _ page: PageRequest = PageRequest()) async throws(GovernanceError) -> Page<
        Team
    > {
        try actor.requireAnywhere(.readMembers)
        return try await read(actor) { work in
            let rows = try await work.transaction.people.teams(
                in: actor.organization,
                after: page.cursor,
                limit: page.rowCount
            )
            return Page(surplus: rows, for: page, byText: \.name)
        }
    }

    /// Sets how many people have to approve a revision, 1 to 20; reviews that are under way follow at their next vote.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `validation-failed`.
    public func setRequiredVotes(_ actor: Actor, _ votes: Int) async throws(GovernanceError) -> Organization {
        try await change(actor) { work in
            try actor.require(.setApprovalPolicy, team: nil)
            try await work.transaction.people.setRequiredVotes(votes, of: actor.organization)
            guard let organization = try await work.transaction.people.organization(actor.organization) else {
                throw GovernanceError.notFound("organization", actor.organization.description)
            }
            work.audit(
                "approval-policy.updated",
                AuditEvent.Subject("org", id: organization.id.value, name: organization.name),
                ["requiredVotes": .number(Int64(votes))]
            )
            return organization
        }
    }
}

extension UnitOfWork {
    func createTeam(_ name: String, title: String?) async throws -> Team {
        try actor.require(.manageMembers, team: nil)
        let team = Team(id: .make(at: now), name: name, title: title ?? name, createdAt: now)
        try await transaction.people.insert(team, in: actor.organization)
        audit("team.created", subject(of: team), ["title": .text(team.title)])
        return team
    }

    func subject(of team: Team) -> AuditEvent.Subject {
        AuditEvent.Subject("team", id: team.id.value, name: team.name, team: team.id)
    }
}
