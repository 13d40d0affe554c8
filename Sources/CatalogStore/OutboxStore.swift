public import Lifecycle
import Postgres

/// Events for the world outside, written in the transaction of the change that they tell of.
public struct OutboxStore: Sendable {
    let transaction: Transaction

    /// An event.
    public struct Event: Sendable, Hashable {
        /// Its identifier.
        public var id: EventID
        /// The tenant it belongs to.
        public var organization: OrganizationID
        /// Such as `version.published`.
        public var type: String
        /// What it is about, such as `orders 1.2.0`.
        public var subject: String
        /// A JSON object.
        public var payload: String
        /// When it happened.
        public var occurredAt: Moment

        /// Every field as it stands.
        public init(
            id: EventID,
            organization: OrganizationID,
            type: String,
            subject: String,
            payload: String,
            occurredAt: Moment
        ) {
            self.id = id
            self.organization = organization
            self.type = type
            self.subject = subject
            self.payload = payload
            self.occurredAt = occurredAt
        }
    }

    /// Adds an event.
    ///
    /// - Throws: ``CatalogError``.
    public func insert(_ event: Event) async throws(CatalogError) {
        try await transaction.execute(
            "outbox/insert",
            [event.id, event.organization, event.type, event.subject, event.payload, event.occurredAt]
        )
    }

    /// Takes events that wait; another taker at the same time gets others.
    ///
    /// - Throws: ``CatalogError``.
    public func take(_ limit: Int) async throws(CatalogError) -> [Event] {
        try await transaction.rows("outbox/take", [limit]).read { (row) throws(CatalogError) in
            Event(
                id: try row.read("id"),
                organization: try row.read("org_id"),
                type: try row.read("type"),
                subject: try row.read("subject"),
                payload: try row.read("payload"),
                occurredAt: try row.read("occurred_at")
            )
        }
    }

    /// Marks events as handed on.
    ///
    /// - Throws: ``CatalogError``.
    public func finish(_ events: [EventID], at now: Moment) async throws(CatalogError) {
        try await transaction.execute("outbox/finish", [events, now])
    }

    /// Deletes events handed on before `moment`.
    ///
    /// - Throws: ``CatalogError``.
    @discardableResult
    public func forget(before moment: Moment) async throws(CatalogError) -> Int {
        try await transaction.execute("outbox/delete_old", [moment])
    }
}

extension Transaction {
    /// Events for the world outside.
    public var outbox: OutboxStore { OutboxStore(transaction: self) }
}
