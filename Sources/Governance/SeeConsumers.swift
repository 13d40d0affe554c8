import CatalogStore
import Lifecycle

/// What an actor sees of the consumers' side. Every look-up goes through here, so that the predicate on teams is in one place:
/// what belongs to others is not found.
extension UnitOfWork {
    /// An API that the actor may see; private ones are seen by their own team.
    ///
    /// - Throws: ``GovernanceError`` `forbidden`, `not-found`; ``CatalogError``.
    func api(_ name: String) async throws -> SubscribableStore.API {
        try actor.requireAnywhere(.readCatalog)
        let found = try await transaction.subscribables.api(
            name,
            in: actor.organization,
            teams: actor.teams(for: .readCatalog)
        )
        guard let found else { throw GovernanceError.notFound("API", name) }
        return found
    }

    /// A plan that the actor may see; those of private APIs are seen by the API's own team.
    ///
    /// - Throws: ``GovernanceError`` `forbidden`, `not-found`; ``CatalogError``.
    func plan(_ name: String, isLocking: Bool = false) async throws -> Plan {
        try actor.requireAnywhere(.readCatalog)
        let found = try await transaction.plans.find(
            name,
            in: actor.organization,
            teams: actor.teams(for: .readCatalog),
            isLocking: isLocking
        )
        guard let found else { throw GovernanceError.notFound("plan", name) }
        return found
    }

    /// An application of one of the actor's teams, archived ones included.
    ///
    /// - Throws: ``GovernanceError`` `forbidden`, `not-found`; ``CatalogError``.
    func application(_ name: String) async throws -> Application {
        try actor.requireAnywhere(.readApplications)
        let found = try await transaction.applications.find(
            name,
            in: actor.organization,
            teams: actor.teams(for: .readApplications)
        )
        guard let found else { throw GovernanceError.notFound("application", name) }
        return found
    }

    /// An application in use of one of the actor's teams, to which the actor may do `action`; held until the transaction ends.
    ///
    /// - Throws: ``GovernanceError`` `forbidden`, `not-found`, `illegal-transition` for an archived one; ``CatalogError``.
    func application(_ name: String, for action: Action) async throws -> Application {
        let seen = try await application(name)
        try actor.require(action, team: seen.teamID)
        let held = try await transaction.applications.lock(
            name,
            in: actor.organization,
            teams: actor.teams(for: .readApplications)
        )
        guard let held else {
            throw GovernanceError(
                .illegalTransition,
                "the application `\(name)` is archived",
                mend: "register a new application"
            )
        }
        return held
    }

    /// A credential of one of the actor's teams, to which the actor may do `action`; held until the transaction ends.
    ///
    /// - Throws: ``GovernanceError`` `forbidden`, `not-found`; ``CatalogError``.
    func credential(_ id: CredentialID, of application: String, for action: Action) async throws -> Credential {
        try actor.requireAnywhere(.readApplications)
        let found = try await transaction.credentials.find(
            id,
            of: application,
            in: actor.organization,
            teams: actor.teams(for: .readApplications),
            isLocking: true
        )
        guard let found else { throw GovernanceError.notFound("credential", id.description) }
        try actor.require(action, team: found.teamID)
        return found
    }

    /// Whose subscriptions the actor sees: those of the own teams' applications, and those to the own teams' APIs.
    var viewer: SubscriptionStore.Viewer {
        SubscriptionStore.Viewer(
            organization: actor.organization,
            consumerTeams: actor.teams(for: .readApplications),
            providerTeams: actor.teams(for: .readApplications)
        )
    }

    /// A subscription of either side's teams.
    ///
    /// - Throws: ``GovernanceError`` `forbidden`, `not-found`; ``CatalogError``.
    func subscription(_ id: SubscriptionID, isLocking: Bool = false) async throws -> Subscription {
        try actor.requireAnywhere(.readApplications)
        guard let found = try await transaction.subscriptions.find(id, for: viewer, isLocking: isLocking) else {
            throw GovernanceError.notFound("subscription", id.description)
        }
        return found
    }

    /// The environment of a name.
    ///
    /// - Throws: ``GovernanceError`` `not-found`; ``CatalogError``.
    func environment(_ name: String) async throws -> EnvironmentID {
        guard let found = try await transaction.subscribables.environment(name, in: actor.organization) else {
            throw GovernanceError.notFound("environment", name)
        }
        return found
    }

    /// Stops a change of something that is no longer as the caller saw it (RFC 9110 §13.1.1).
    ///
    /// - Throws: ``GovernanceError`` `precondition-failed`.
    func require(edition: Int64?, is current: Int64) throws(GovernanceError) {
        guard let edition, edition != current else { return }
        throw GovernanceError(
            .preconditionFailed,
            "it was changed since you saw it",
            mend: "read it again and repeat the change",
            facts: ["etag": "\(current)"]
        )
    }

    /// Stops a text that is too long for its column, before the database does.
    ///
    /// - Throws: ``GovernanceError`` `validation-failed`.
    func require(_ text: String?, at pointer: String, isAtMost charactersMax: Int) throws(GovernanceError) {
        guard let text, text.unicodeScalars.count > charactersMax else { return }
        throw .invalid(pointer, "the text is longer than \(charactersMax) characters", mend: "shorten it")
    }
}
