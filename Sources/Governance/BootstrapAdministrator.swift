import CatalogStore
public import Lifecycle

extension Governance {
    /// Makes what an empty catalog lacks: the organization, its environment `live`, a first team, and an administrator with a
    /// token. There is no default credential: the token is random, and this is the only moment at which it can be seen.
    ///
    /// Two control nodes that start at the same time queue on the organization's row, so one of them makes the token.
    ///
    /// - Returns: nil where there is an administrator already.
    /// - Throws: ``GovernanceError``.
    public func bootstrapAdministrator() async throws(GovernanceError) -> IssuedToken? {
        let organization = try await ensureOrganization()
        return try await change(.localOperator(organization), mayChangeNothing: true) { work in
            _ = try await work.transaction.people.lockOrganization(organization)
            guard try await !work.transaction.people.hasAdministrator(organization) else { return nil }
            try await work.ensureFirstTeam()
            let administrator = try await work.ensureAdministrator()
            return try await work.issueToken(for: administrator, title: "first administrator", expiresAt: nil)
        }
    }

    /// The way back in when the administrator's token is lost: makes a new one. Only a person with access to the machine and
    /// its database comes here, never a request; the audit shows it as the local operator's act.
    ///
    /// `revokesOthers`: whether the administrator's other tokens are revoked, as when one fell into wrong hands.
    /// - Throws: ``GovernanceError``.
    public func recoverAdministrator(revokesOthers: Bool = false) async throws(GovernanceError) -> IssuedToken {
        let organization = try await ensureOrganization()
        return try await change(.localOperator(organization)) { work in
            _ = try await work.transaction.people.lockOrganization(organization)
            let administrator: Member
            if let found = try await work.transaction.people.administrator(of: organization) {
                administrator = found
            } else {
                administrator = try await work.ensureAdministrator()
            }
            var revoked = 0
            if revokesOthers {
                revoked = try await work.transaction.tokens.revokeAll(
                    of: administrator.id,
                    in: organization,
                    at: work.now
                )
            }
            work.audit(
                "administrator.recovered",
                work.subject(of: administrator),
                ["revokedTokens": .number(Int64(revoked))]
            )
            return try await work.issueToken(for: administrator, title: "recovered administrator", expiresAt: nil)
        }
    }

    /// The organization that the first start made.
    ///
    /// - Throws: ``GovernanceError`` `not-found` before the first start.
    public func standardOrganization() async throws(GovernanceError) -> Organization {
        let found = try await translated {
            try await catalog.transaction { transaction in
                try await transaction.people.organization(named: Organization.standardName)
            }
        }
        guard let found else { throw GovernanceError.notFound("organization", Organization.standardName) }
        return found
    }

    /// Makes the organization and its environment where they are missing.
    private func ensureOrganization() async throws(GovernanceError) -> OrganizationID {
        let now = clock.now
        return try await translated {
            try await catalog.transaction { transaction in
                let draft = Organization(
                    id: .make(at: now),
                    name: Organization.standardName,
                    title: "Default",
                    requiredVotes: 1
                )
                try await transaction.people.insert(draft, at: now)
                guard let organization = try await transaction.people.organization(named: draft.name) else {
                    throw CatalogError.unexpected(reason: "the organization is neither new nor there")
                }
                _ = try await transaction.environments.insert(
                    Environment(id: .make(at: now), name: Environment.standardName, rank: 100, generation: 0),
                    in: organization.id,
                    at: now
                )
                return organization.id
            }
        }
    }
}

extension UnitOfWork {
    /// The name of the first administrator.
    private static let administratorName = "administrator"

    fileprivate func ensureFirstTeam() async throws {
        guard try await transaction.people.team(named: Self.standardTeamName, in: actor.organization) == nil else {
            return
        }
        _ = try await createTeam(Self.standardTeamName, title: "Default")
    }

    /// The member `administrator`, enabled and with its role.
    fileprivate func ensureAdministrator() async throws -> Member {
        let name = Self.administratorName
        let people = transaction.people
        guard let existing = try await people.member(named: name, in: actor.organization) else {
            return try await createMember(
                MemberDraft(name: name, title: "Administrator", roles: [RoleDraft(.organizationAdministrator)])
            )
        }
        try await people.setDisabled(existing.id, in: actor.organization, at: nil)
        _ = try await people.bind(
            RoleGrant(.organizationAdministrator),
            to: existing.id,
            in: actor.organization,
            at: now
        )
        return try await member(name)
    }
}
