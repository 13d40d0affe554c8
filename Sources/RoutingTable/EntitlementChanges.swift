/// What differs from the base: applications with all their subscriptions, and credentials. Values, so that a new step is
/// made from the last without touching it.
struct EntitlementChanges: Sendable {
    struct Account: Sendable {
        /// Nil when the application is gone.
        var application: EntitlementContent.Application?
        var subscriptions: [RecordID: EntitlementContent.Subscription] = [:]
    }

    /// The records that one step touched: those of the base among them count no more.
    struct Touched {
        var applications: Set<RecordID> = []
        var credentials: Set<RecordID> = []
    }

    /// Every application that was touched, gone ones included.
    var accounts: [RecordID: Account] = [:]
    /// Every credential that was touched; nil when it is gone.
    var credentials: [RecordID: EntitlementContent.Credential?] = [:]
    /// The application of each subscription in `accounts`.
    var subscriptionOwners: [RecordID: RecordID] = [:]

    var count: Int { accounts.count + subscriptionOwners.count + credentials.count }

    /// Brings one change in.
    mutating func apply(_ change: EntitlementDelta.Change, base: EntitlementTable, touched: inout Touched) {
        switch change {
        case .putApplication(let application):
            load(application.id, base: base, touched: &touched)
            accounts[application.id]?.application = application
        case .removeApplication(let id):
            load(id, base: base, touched: &touched)
            for subscription in accounts[id]?.subscriptions.keys ?? [:].keys { subscriptionOwners[subscription] = nil }
            accounts[id] = Account(application: nil)
        case .putSubscription(let subscription):
            remove(subscription: subscription.id, base: base, touched: &touched)
            load(subscription.applicationID, base: base, touched: &touched)
            accounts[subscription.applicationID]?.subscriptions[subscription.id] = subscription
            subscriptionOwners[subscription.id] = subscription.applicationID
        case .removeSubscription(let id):
            remove(subscription: id, base: base, touched: &touched)
        case .putCredential(let credential):
            credentials[credential.id] = .some(credential)
            touched.credentials.insert(credential.id)
        case .removeCredential(let id):
            credentials[id] = .some(nil)
            touched.credentials.insert(id)
        }
    }

    /// Makes sure that an application is here, with the subscriptions it has in the base.
    private mutating func load(_ id: RecordID, base: EntitlementTable, touched: inout Touched) {
        guard accounts[id] == nil else { return }
        touched.applications.insert(id)
        var account = Account()
        if let row = base.application(id: id) {
            let record = base.applications[row]
            if record.isPresent { account.application = base.applicationValue(row) }
            for position in record.subscriptions.positions {
                let subscription = base.subscriptionValue(position, application: id)
                account.subscriptions[subscription.id] = subscription
                subscriptionOwners[subscription.id] = id
            }
        }
        accounts[id] = account
    }

    private mutating func remove(subscription id: RecordID, base: EntitlementTable, touched: inout Touched) {
        if subscriptionOwners[id] == nil, let row = base.subscription(id: id),
            let owner = base.application(ofSubscription: row), accounts[base.applications[owner].id] == nil
        {
            load(base.applications[owner].id, base: base, touched: &touched)
        }
        guard let owner = subscriptionOwners.removeValue(forKey: id) else { return }
        accounts[owner]?.subscriptions[id] = nil
    }
}
