public import Lifecycle
import Postgres

/// The feed of entitlements: the clock, the log of what changed, and the records as they are.
///
/// Reads that belong together are made in ``Catalog/snapshot(_:)``, so that they are of one sequence.
public struct EntitlementStore: Sendable {
    let transaction: Transaction

    /// Where the sequence stands.
    public struct ClockReading: Sendable, Hashable {
        /// The newest sequence; 0 where nothing ever changed.
        public let sequence: UInt64
        /// The log is complete for sequences greater than this one.
        public let floor: UInt64
    }

    /// Which records changed.
    public struct Changed: Sendable, Hashable {
        /// Applications that were made, renamed or archived.
        public var applications: Set<ApplicationID> = []
        /// Credentials that were made, changed, pinned or revoked.
        public var credentials: Set<CredentialID> = []
        /// Subscriptions that began, changed or ended.
        public var subscriptions: Set<SubscriptionID> = []
        /// Plans whose grants or limits changed.
        public var plans: Set<PlanID> = []

        /// Nothing changed.
        public init() {}

        /// Whether nothing changed.
        public var isEmpty: Bool {
            applications.isEmpty && credentials.isEmpty && subscriptions.isEmpty && plans.isEmpty
        }
    }

    /// The clock.
    ///
    /// - Throws: ``CatalogError``.
    public func clock() async throws(CatalogError) -> ClockReading {
        guard let row = try await transaction.row("entitlement/clock") else {
            throw CatalogError.unexpected(reason: "the clock of the entitlements has no row")
        }
        return ClockReading(sequence: try row.read("sequence"), floor: try row.read("floor"))
    }

    /// What changed in an environment after a sequence, each record once.
    ///
    /// - Throws: ``CatalogError``.
    public func changes(
        after sequence: UInt64,
        in environment: EnvironmentID,
        of organization: OrganizationID
    ) async throws(CatalogError) -> Changed {
        var changed = Changed()
        let rows = try await transaction.rows("entitlement/changes", [organization, environment, sequence])
        for row in rows {
            let kind: String = try row.read("kind")
            switch kind {
            case "application": changed.applications.insert(try row.read("subject_id"))
            case "credential": changed.credentials.insert(try row.read("subject_id"))
            case "subscription": changed.subscriptions.insert(try row.read("subject_id"))
            case "plan": changed.plans.insert(try row.read("subject_id"))
            default: throw CatalogError.unexpected(reason: "entitlements know no kind `\(kind)`")
            }
        }
        return changed
    }

    /// Whether anything changed in an environment after a sequence.
    ///
    /// - Throws: ``CatalogError``.
    public func hasChanges(
        after sequence: UInt64,
        in environment: EnvironmentID,
        of organization: OrganizationID
    ) async throws(CatalogError) -> Bool {
        try await transaction.row("entitlement/has_changes", [organization, environment, sequence])?.read("found")
            ?? false
    }

    /// Forgets changes older than a moment; readers that would need them get a base.
    ///
    /// - Throws: ``CatalogError``.
    public func trim(before moment: Moment) async throws(CatalogError) {
        try await transaction.execute("entitlement/trim", [moment])
    }

    /// The subscriptions that plans' changes reach in an environment.
    ///
    /// - Throws: ``CatalogError``.
    public func subscriptions(
        to plans: Set<PlanID>,
        in environment: EnvironmentID
    ) async throws(CatalogError) -> Set<SubscriptionID> {
        guard !plans.isEmpty else { return [] }
        var ids: Set<SubscriptionID> = []
        for row in try await transaction.rows("entitlement/subscriptions_of_plans", [environment, Array(plans)]) {
            ids.insert(try row.read("id"))
        }
        return ids
    }
}

extension Transaction {
    /// The feed of entitlements.
    public var entitlements: EntitlementStore { EntitlementStore(transaction: self) }
}
