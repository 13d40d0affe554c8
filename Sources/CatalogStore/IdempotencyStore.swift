public import Lifecycle

/// Keys of acts that a caller may repeat, and what the first one returned.
public struct IdempotencyStore: Sendable {
    let transaction: Transaction

    /// A key that is taken.
    public struct Earlier: Sendable {
        /// Stable when lines move.
        public var fingerprint: [UInt8]
        /// JSON; nil while the first act is not finished.
        public var result: String?
    }

    /// Claims `key` for this transaction; waits for another transaction that holds the same key.
    ///
    /// - Returns: false where the key is taken.
    /// - Throws: ``CatalogError``.
    public func claim(_ key: IdempotencyKey, of actor: Actor, at now: Moment) async throws(CatalogError) -> Bool {
        try await transaction.execute(
            "idempotency_key/claim",
            [actor.organization, actor.idempotencyOwner, key.key, key.fingerprint, now]
        ) == 1
    }

    /// The act that has the key.
    ///
    /// - Throws: ``CatalogError``.
    public func find(_ key: IdempotencyKey, of actor: Actor) async throws(CatalogError) -> Earlier? {
        guard
            let row = try await transaction.row(
                "idempotency_key/find",
                [actor.organization, actor.idempotencyOwner, key.key]
            )
        else { return nil }
        return Earlier(fingerprint: try row.read("fingerprint"), result: try row.read("result"))
    }

    /// Keeps the result for later retries.
    ///
    /// - Throws: ``CatalogError``.
    public func finish(_ key: IdempotencyKey, of actor: Actor, result: String) async throws(CatalogError) {
        try await transaction.execute(
            "idempotency_key/finish",
            [actor.organization, actor.idempotencyOwner, key.key, result]
        )
    }

    /// Forgets keys older than `moment`.
    ///
    /// - Returns: how many.
    /// - Throws: ``CatalogError``.
    public func forget(before moment: Moment) async throws(CatalogError) -> Int {
        try await transaction.execute("idempotency_key/delete_old", [moment])
    }
}

extension Actor {
    /// Whose keys they are: one member's keys do not meet another's.
    fileprivate var idempotencyOwner: String { member?.description ?? authentication.name }
}

extension Transaction {
    /// Keys of acts that a caller may repeat.
    public var idempotency: IdempotencyStore { IdempotencyStore(transaction: self) }
}
