import CatalogStore
public import Lifecycle

extension Governance {
    /// Archives an application: withdraws and closes its subscriptions, revokes its credentials, frees its name. For good.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `illegal-transition` where it is archived already.
    public func archiveApplication(
        _ actor: Actor,
        _ name: String,
        reason: String = ""
    ) async throws(GovernanceError) -> Application {
        try await change(actor) { work in try await work.archiveApplication(name, reason: reason) }
    }
}

extension UnitOfWork {
    func archiveApplication(_ name: String, reason: String) async throws -> Application {
        try require(reason, at: "/reason", isAtMost: Subscription.commentCharactersMax)
        let application = try await application(name, for: .manageApplications)
        let why = reason.isEmpty ? "the application was archived" : reason
        // Subscriptions and credentials first: once the application is archived nothing new can be made for it, because
        // making waits for this transaction's lock on the application.
        let ended = try await transaction.subscriptions.end(of: application.id, reason: why, at: now)
        let revoked = try await transaction.credentials.revoke(of: application.id, reason: why, at: now)
        try await transaction.applications.archive(application.id, at: now)
        try await report(
            "application.archived",
            AuditEvent.Subject("application", id: application.id.value, name: name, team: application.teamID),
            [
                "reason": .text(reason), "subscriptionsEnded": .number(Int64(ended)),
                "credentialsRevoked": .number(Int64(revoked)),
            ]
        )
        return try await self.application(name)
    }
}
