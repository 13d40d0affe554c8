import CatalogStore
import Lifecycle

/// How the provider's use cases find what they act on: what the actor may not see is not found.
extension UnitOfWork {
    /// An API that the actor may see, with its settings.
    func fullAPI(_ name: String, isLocking: Bool = false) async throws -> API {
        try actor.requireAnywhere(.readCatalog)
        let teams = actor.teams(for: .readCatalog)
        let store = transaction.apis
        let found =
            isLocking
            ? try await store.lock(name, in: actor.organization, teams: teams)
            : try await store.find(name, in: actor.organization, teams: teams)
        guard let api = found else { throw GovernanceError.notFound("API", name) }
        return api
    }

    /// A version of an API.
    func version(_ name: String, of api: API, isLocking: Bool = false) async throws -> APIVersion {
        let store = transaction.versions
        let found =
            isLocking
            ? try await store.lock(name, of: api.id, in: actor.organization)
            : try await store.find(name, of: api.id, in: actor.organization)
        guard let version = found else { throw GovernanceError.notFound("version", "\(api.name) \(name)") }
        return version
    }

    /// A revision of a version.
    func revision(_ number: Int, of version: APIVersion, isLocking: Bool = false) async throws -> Revision {
        let store = transaction.revisions
        let found =
            isLocking
            ? try await store.lock(number, of: version.id, in: actor.organization)
            : try await store.find(number, of: version.id, in: actor.organization)
        guard let revision = found else {
            throw GovernanceError.notFound("revision", "\(version.apiName) \(version.version) #\(number)")
        }
        return revision
    }

    /// An environment, held until the transaction ends.
    func lockedEnvironment(_ name: String) async throws -> Environment {
        guard let environment = try await transaction.environments.lock(name, in: actor.organization) else {
            throw GovernanceError.notFound("environment", name)
        }
        return environment
    }

    /// An environment with its generation.
    func fullEnvironment(_ name: String) async throws -> Environment {
        guard let environment = try await transaction.environments.find(name, in: actor.organization) else {
            throw GovernanceError.notFound("environment", name)
        }
        return environment
    }

    /// A team.
    func team(_ name: String) async throws -> Team {
        guard let team = try await transaction.people.team(named: name, in: actor.organization) else {
            throw GovernanceError.notFound("team", name)
        }
        return team
    }

    /// A member.
    func member(_ name: String) async throws -> Member {
        guard let member = try await transaction.people.member(named: name, in: actor.organization) else {
            throw GovernanceError.notFound("member", name)
        }
        return member
    }

    /// Stops an act that needs a reason and has none.
    func requireReason(_ reason: String, for act: String) throws(GovernanceError) {
        let isBlank = reason.allSatisfy(\.isWhitespace)
        guard isBlank || reason.count > 2000 else { return }
        throw GovernanceError(
            .reasonRequired,
            isBlank ? "\(act) needs a reason" : "the reason is longer than 2000 characters",
            mend: "say in a sentence why; the audit keeps it",
            places: [GovernanceError.Place("a reason of 1 to 2000 characters is expected", pointer: "/reason")]
        )
    }

    func subject(of api: API) -> AuditEvent.Subject {
        AuditEvent.Subject("api", id: api.id.value, name: api.name, team: api.team)
    }

    func subject(of version: APIVersion) -> AuditEvent.Subject {
        AuditEvent.Subject(
            "api_version",
            id: version.id.value,
            name: "\(version.apiName) \(version.version)",
            team: version.team
        )
    }

    func subject(of revision: Revision, of version: APIVersion) -> AuditEvent.Subject {
        AuditEvent.Subject(
            "revision",
            id: revision.id.value,
            name: "\(version.apiName) \(version.version) #\(revision.number)",
            team: version.team
        )
    }

    /// Tells the world outside, in this same transaction.
    func announce(_ type: String, _ subject: String, _ payload: AuditDetail) async throws {
        try await transaction.outbox.insert(
            OutboxStore.Event(
                id: .make(at: now),
                organization: actor.organization,
                type: type,
                subject: subject,
                payload: payload.json,
                occurredAt: now
            )
        )
    }
}
