import CatalogStore
public import Lifecycle

extension Governance {
    /// How long the old key works on unless said otherwise.
    public static let rotationOverlapDefault = Duration.seconds(24 * 3_600)
    /// The longest overlap.
    public static let rotationOverlapMax = Duration.seconds(90 * 24 * 3_600)

    /// Makes the next key of a credential: it starts with the pins of the old one, which works on for the overlap of 0 to 90
    /// days; zero ends it at once. `expiresAt` is the next key's.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `rotation-in-progress`, `illegal-transition` where the key is
    ///   revoked or expired, `validation-failed`.
    public func rotateCredential(
        _ actor: Actor,
        application: String,
        _ id: CredentialID,
        overlap: Duration = rotationOverlapDefault,
        expiresAt: Moment? = nil
    ) async throws(GovernanceError) -> IssuedCredential {
        try await change(actor) { work in
            try await work.rotateCredential(id, of: application, overlap: overlap, expiresAt: expiresAt)
        }
    }

    /// Revokes a key for good. Revoking twice changes nothing.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`.
    public func revokeCredential(
        _ actor: Actor,
        application: String,
        _ id: CredentialID,
        reason: String = ""
    ) async throws(GovernanceError) -> Credential {
        try await change(actor, mayChangeNothing: true) { work in
            try await work.revokeCredential(id, of: application, reason: reason)
        }
    }
}

extension UnitOfWork {
    func rotateCredential(
        _ id: CredentialID,
        of application: String,
        overlap: Duration,
        expiresAt: Moment?
    ) async throws -> IssuedCredential {
        guard overlap >= .zero, overlap <= Governance.rotationOverlapMax else {
            throw GovernanceError.invalid(
                "/overlap",
                "the overlap is not between nothing and 90 days",
                mend: "leave it out for 24 hours, or write `PT0S` to end the old key at once"
            )
        }
        // The application first, as everywhere: two locks in two orders are a deadlock.
        let owner = try await self.application(application, for: .manageCredentials)
        let old = try await credential(id, of: application, for: .manageCredentials)
        try requireLive(old)
        let made = Self.makeKey(for: old.environment)
        let next = CredentialDraft(
            application: application,
            environment: old.environment,
            note: old.note,
            expiresAt: expiresAt
        )
        let nextID = try await insertCredential(
            next,
            owner.id,
            old.environmentID,
            sha256: made.sha256,
            start: made.start
        )
        let graceUntil = now.advanced(by: overlap)
        guard try await transaction.credentials.replace(id, by: nextID, graceUntil: graceUntil) else {
            throw Self.rotated(old)
        }
        let credential = try await credential(nextID, of: application, for: .manageCredentials)
        try await report(
            "credential.rotated",
            subject(of: old),
            [
                "next": .text(nextID.description), "nextStart": .text(credential.start),
                "graceUntil": .text(graceUntil.description), "expiresAt": .init(expiresAt?.description),
            ]
        )
        return IssuedCredential(credential: credential, key: Secret(made.text))
    }

    func revokeCredential(_ id: CredentialID, of application: String, reason: String) async throws -> Credential {
        try require(reason, at: "/reason", isAtMost: Subscription.commentCharactersMax)
        let current = try await credential(id, of: application, for: .manageCredentials)
        guard try await transaction.credentials.revoke(id, reason: reason, at: now) else { return current }
        try await report(
            "credential.revoked",
            subject(of: current),
            ["start": .text(current.start), "reason": .text(reason)]
        )
        return try await credential(id, of: application, for: .manageCredentials)
    }

    private func requireLive(_ credential: Credential) throws(GovernanceError) {
        if credential.replacedBy != nil { throw Self.rotated(credential) }
        if credential.revokedAt != nil {
            throw GovernanceError(.illegalTransition, "the key is revoked", mend: "make a new key")
        }
        if let endsAt = credential.endsAt, endsAt <= now {
            throw GovernanceError(.illegalTransition, "the key expired at \(endsAt)", mend: "make a new key")
        }
    }

    private static func rotated(_ credential: Credential) -> GovernanceError {
        GovernanceError(
            .rotationInProgress,
            "the key was rotated; it works until \(credential.graceUntil.map(\.description) ?? "now")",
            mend: "rotate its successor, or revoke this key",
            facts: credential.replacedBy.map { ["replacedBy": $0.description] } ?? [:]
        )
    }
}
