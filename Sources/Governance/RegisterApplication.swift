import CatalogStore
public import Lifecycle

/// An application as somebody wrote it.
public struct ApplicationDraft: Sendable, Hashable {
    /// Unique in the organization.
    public var name: String
    /// The team's name.
    public var team: String
    /// Nil for the name.
    public var title: String?
    /// What keeps the application; nil for people.
    public var managedBy: String?

    /// A draft.
    public init(name: String, team: String, title: String? = nil, managedBy: String? = nil) {
        self.name = name
        self.team = team
        self.title = title
        self.managedBy = managedBy
    }
}

extension Governance {
    /// Registers an application of a team.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found` (the team), `name-taken`, `name-invalid`.
    public func registerApplication(
        _ actor: Actor,
        _ draft: ApplicationDraft
    ) async throws(GovernanceError) -> Application {
        try await change(actor) { work in try await work.registerApplication(draft) }
    }

    /// An application of one of the actor's teams.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`.
    public func showApplication(_ actor: Actor, _ name: String) async throws(GovernanceError) -> Application {
        try await read(actor) { work in try await work.application(name) }
    }

    /// A page of the applications of the actor's teams, or of one team, in the order in which they were made. Archived ones are
    /// listed only where asked for.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `cursor-invalid`.
    public func listApplications(
        _ actor: Actor,
        team: String? = nil,
        isWithArchived: Bool = false,
        _ page: PageRequest = PageRequest()
    ) async throws(GovernanceError) -> Page<Application> {
        try actor.requireAnywhere(.readApplications)
        let after = try page.after(ApplicationID.self)
        return try await read(actor) { work in
            let rows = try await work.transaction.applications.list(
                in: actor.organization,
                teams: actor.teams(for: .readApplications),
                team: team,
                isWithArchived: isWithArchived,
                after: after,
                limit: page.rowCount
            )
            return Page(surplus: rows, for: page, by: \.id)
        }
    }
}

extension UnitOfWork {
    func registerApplication(_ draft: ApplicationDraft) async throws -> Application {
        try actor.requireAnywhere(.manageApplications)
        guard let team = try await transaction.subscribables.team(draft.team, in: actor.organization) else {
            throw GovernanceError.notFound("team", draft.team)
        }
        try actor.require(.manageApplications, team: team)
        let id = ApplicationID.make(at: now)
        try await transaction.applications.insert(
            id,
            named: draft.name,
            title: draft.title ?? draft.name,
            team: team,
            managedBy: draft.managedBy,
            in: actor.organization,
            at: now
        )
        try await report(
            "application.registered",
            AuditEvent.Subject("application", id: id.value, name: draft.name, team: team),
            ["team": .text(draft.team), "title": .text(draft.title ?? draft.name)]
        )
        return try await application(draft.name)
    }
}
