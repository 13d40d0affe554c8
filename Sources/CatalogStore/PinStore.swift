public import Lifecycle
import Postgres

/// Pins of subscriptions and credentials to versions.
public struct PinStore: Sendable {
    let transaction: Transaction

    /// What is pinned.
    public enum Subject: Sendable, Hashable {
        case subscription(SubscriptionID)
        case credential(CredentialID)
    }

    /// Sets a pin; an earlier one of the same subject and API gives way.
    ///
    /// - Throws: ``CatalogError``.
    public func put(
        _ subject: Subject,
        to version: APIVersionID,
        of api: APIID,
        mode: VersionPin.Mode,
        expiresAt: Moment?,
        reason: String,
        by actor: Actor,
        at now: Moment
    ) async throws(CatalogError) {
        let id = PinID.make(at: now)
        let rest: [any Parameter] = [api, version, mode.rawValue, expiresAt, reason, actor.member, now]
        switch subject {
        case .subscription(let subscription):
            try await transaction.execute(
                "version_pin/put_subscription",
                [id, actor.organization, subscription] + rest
            )
        case .credential(let credential):
            try await transaction.execute("version_pin/put_credential", [id, actor.organization, credential] + rest)
        }
    }

    /// Takes a pin away.
    ///
    /// - Returns: whether there was one.
    /// - Throws: ``CatalogError``.
    public func remove(_ subject: Subject, of api: APIID) async throws(CatalogError) -> Bool {
        switch subject {
        case .subscription(let subscription):
            try await transaction.execute("version_pin/delete_subscription", [subscription]) == 1
        case .credential(let credential):
            try await transaction.execute("version_pin/delete_credential", [credential, api]) == 1
        }
    }
}

extension Transaction {
    /// Pins of subscriptions and credentials to versions.
    public var pins: PinStore { PinStore(transaction: self) }
}
