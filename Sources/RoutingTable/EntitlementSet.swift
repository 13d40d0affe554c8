/// Who may call, as a gateway holds it: an immutable base and a small overlay of what changed since, so that a change among
/// a million keys costs as much as one among a hundred.
///
/// A row is looked for in the overlay first; rows of the base that were replaced or removed are marked dead. Applications
/// move as a whole with their subscriptions. When the overlay has grown, ``merged()`` makes a new base of both.
public final class EntitlementSet: Sendable {
    public let environment: String
    /// Grows with every change in an environment, and never goes back.
    public let sequence: UInt64
    /// Whether all of it came with signatures that were checked against a trusted key.
    public let isVerified: Bool

    let base: EntitlementTable
    /// Nil while nothing has changed.
    let overlay: EntitlementTable?
    /// What the overlay holds, as values, to make the next one from.
    let changes: EntitlementChanges
    /// Rows of the base that count no more, one bit each; empty without an overlay.
    let deadCredentials: [UInt64]
    let deadApplications: [UInt64]

    init(
        environment: String,
        sequence: UInt64,
        isVerified: Bool,
        base: EntitlementTable,
        overlay: EntitlementTable? = nil,
        changes: EntitlementChanges = EntitlementChanges(),
        deadCredentials: [UInt64] = [],
        deadApplications: [UInt64] = []
    ) {
        self.environment = environment
        self.sequence = sequence
        self.isVerified = isVerified
        self.base = base
        self.overlay = overlay
        self.changes = changes
        self.deadCredentials = deadCredentials
        self.deadApplications = deadApplications
    }

    /// Builds the tables straight from content.
    ///
    /// - Throws: `InvalidContent` for ids or keys that are there twice and for limits that cannot be enforced.
    public convenience init(content: EntitlementContent, sequence: UInt64) throws(InvalidContent) {
        try RoutingTables.check(environment: content.environment)
        var builder = EntitlementTableBuilder()
        builder.reserve(credentials: content.credentials.count)
        for application in content.applications { try builder.add(application) }
        for credential in content.credentials { try builder.add(credential) }
        for subscription in content.subscriptions { try builder.add(subscription) }
        self.init(
            environment: content.environment,
            sequence: sequence,
            isVerified: false,
            base: try EntitlementTable(builder)
        )
    }

    /// Finds the credential with this SHA-256 of a key, dead ones left out. O(1), no allocation.
    public func credential(_ digest: Digest32) -> CredentialIndex? {
        if let overlay, let row = overlay.credential(digest) { return CredentialIndex(row: row, inOverlay: true) }
        guard let row = base.credential(digest), !Self.isSet(deadCredentials, row) else { return nil }
        return CredentialIndex(row: row, inOverlay: false)
    }

    /// The record of a credential.
    public func record(_ credential: CredentialIndex) -> CredentialRecord {
        withTable(credential.isInOverlay) { $0.credentials[credential.position] }
    }

    /// The application that a credential belongs to; nil when it was removed, and then the key is refused.
    public func application(of credential: CredentialIndex) -> ApplicationIndex? {
        let row = Int(record(credential).application)
        if overlay == nil {
            return base.applications[row].isPresent ? ApplicationIndex(row: row, inOverlay: false) : nil
        }
        return liveApplication(row: row, inOverlay: credential.isInOverlay)
    }

    /// The record of an application.
    public func record(_ application: ApplicationIndex) -> ApplicationRecord {
        withTable(application.isInOverlay) { $0.applications[application.position] }
    }

    /// The record of a subscription.
    public func record(_ subscription: SubscriptionIndex) -> SubscriptionRecord {
        withTable(subscription.isInOverlay) { $0.subscriptions[subscription.position] }
    }

    /// Limits of a subscription in the order of its plan.
    public func limitCount(_ subscription: SubscriptionIndex) -> Int {
        let table = table(subscription.isInOverlay)
        return Int(table.terms[Int(table.subscriptions[subscription.position].terms)].limits.count)
    }

    /// One limit of a subscription.
    ///
    /// - Precondition: `index` is less than `limitCount(subscription)`.
    public func limit(_ subscription: SubscriptionIndex, at index: Int) -> EntitlementContent.Limit {
        let table = table(subscription.isInOverlay)
        let range = table.terms[Int(table.subscriptions[subscription.position].terms)].limits
        precondition(index < Int(range.count), "the subscription has only \(range.count) limits")
        return table.limits[Int(range.first) + index]
    }

    /// The application's name; allocates.
    public func name(_ application: ApplicationIndex) -> String {
        let table = table(application.isInOverlay)
        return table.string(table.applications[application.position].name)
    }

    /// The application's name as bytes for a log or a field, without allocating.
    public func withName<Result>(_ application: ApplicationIndex, _ body: (borrowing Span<UInt8>) -> Result) -> Result {
        let table = table(application.isInOverlay)
        let arena = table.arena
        return body(arena.span.extracting(table.applications[application.position].name.range))
    }

    /// The first characters of a credential's key; allocates.
    public func start(_ credential: CredentialIndex) -> String {
        let table = table(credential.isInOverlay)
        return table.string(table.credentials[credential.position].start)
    }

    /// The name of a subscription's plan; allocates.
    public func plan(_ subscription: SubscriptionIndex) -> String {
        let table = table(subscription.isInOverlay)
        return table.string(table.terms[Int(table.subscriptions[subscription.position].terms)].plan)
    }

    /// Whether there is a subscription of this id. O(log n).
    public func holds(subscription id: RecordID) -> Bool {
        if changes.subscriptionOwners[id] != nil { return true }
        guard let row = base.subscription(id: id), let owner = base.application(ofSubscription: row) else {
            return false
        }
        return !Self.isSet(deadApplications, owner)
    }

    /// Credentials at hand, dead ones left out.
    public var credentialCount: Int {
        base.credentials.count - deadCredentials.reduce(0) { $0 + $1.nonzeroBitCount }
            + (overlay?.credentials.count ?? 0)
    }

    @inline(always)
    func table(_ inOverlay: Bool) -> EntitlementTable {
        if inOverlay, let overlay { return overlay }
        return base
    }

    /// Hands over the table of one level; see ``GateTables/withLevel(_:_:)``.
    @inline(always)
    private func withTable<Result>(_ inOverlay: Bool, _ body: (EntitlementTable) -> Result) -> Result {
        if inOverlay, let overlay { return body(overlay) }
        return body(base)
    }

    @inline(always)
    static func isSet(_ bits: [UInt64], _ row: Int) -> Bool {
        let word = row >> 6
        return word < bits.count && bits[word] & (1 << UInt64(row & 63)) != 0
    }

    /// Follows a credential's application to where it lives now: its own table, or the other one by id.
    private func liveApplication(row: Int, inOverlay: Bool) -> ApplicationIndex? {
        guard let overlay else { return nil }
        let record = table(inOverlay).applications[row]
        if record.isPresent, inOverlay || !Self.isSet(deadApplications, row) {
            return ApplicationIndex(row: row, inOverlay: inOverlay)
        }
        if !inOverlay {
            guard let moved = overlay.application(id: record.id), overlay.applications[moved].isPresent else {
                return nil
            }
            return ApplicationIndex(row: moved, inOverlay: true)
        }
        guard let stayed = base.application(id: record.id), base.applications[stayed].isPresent,
            !Self.isSet(deadApplications, stayed)
        else { return nil }
        return ApplicationIndex(row: stayed, inOverlay: false)
    }
}
