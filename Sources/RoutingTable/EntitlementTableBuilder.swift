/// Collects records in any order and lays them out as columns.
struct EntitlementTableBuilder {
    /// What a table consists of.
    struct Columns {
        var arena: [UInt8] = []
        var applications: [ApplicationRecord] = []
        var credentials: [CredentialRecord] = []
        var digests: [Digest32] = []
        var subscriptions: [SubscriptionRecord] = []
        var subscriptionsByID: [UInt32] = []
        var terms: [TermsRecord] = []
        var limits: [EntitlementContent.Limit] = []
        var slices: [ByteSlice] = []
        var apiNames: [String] = []
        var pins: [PinRecord] = []
        var pinTargets: [PinTarget] = []
    }

    private struct PendingSubscription {
        var record: SubscriptionRecord
        var application: RecordID
        var api: UInt32
    }

    private struct PendingApplication {
        var id: RecordID
        var name: ByteSlice
        var isPresent: Bool
    }

    private var columns = Columns()
    private var applications: [PendingApplication] = []
    private var applicationRows: [RecordID: Int] = [:]
    private var subscriptions: [PendingSubscription] = []
    private var termsRows: [EntitlementTerms: UInt32] = [:]
    private var apiRows: [String: UInt32] = [:]
    private var pinTargetRows: [PinTarget: UInt32] = [:]
    private var shared = ByteArena()

    mutating func reserve(credentials: Int) {
        columns.credentials.reserveCapacity(credentials)
        columns.digests.reserveCapacity(credentials)
    }

    mutating func add(_ application: EntitlementContent.Application) throws(InvalidContent) {
        let row = row(of: application.id)
        guard !applications[row].isPresent else {
            throw InvalidContent("application \(application.id)", "the id is there twice")
        }
        applications[row].isPresent = true
        applications[row].name = append(application.name)
    }

    /// Adds a credential. One whose application is unknown is kept: the application may lie in the other level, or be
    /// gone, and then the credential is refused.
    mutating func add(_ credential: EntitlementContent.Credential) throws(InvalidContent) {
        let application = row(of: credential.applicationID)
        columns.credentials.append(
            CredentialRecord(
                id: credential.id,
                startsAt: credential.startsAt ?? .min,
                expiresAt: credential.expiresAt ?? .max,
                start: append(credential.start),
                pins: try add(credential.pins, api: nil),
                application: UInt32(application)
            )
        )
        columns.digests.append(credential.sha256)
    }

    mutating func add(_ subscription: EntitlementContent.Subscription) throws(InvalidContent) {
        let terms = try add(EntitlementTerms(subscription), at: "subscription \(subscription.id)")
        try add(subscription, terms: terms)
    }

    /// Adds a subscription whose terms were added before: `operations`, `limits` and `plan` of the value are not read.
    mutating func add(
        _ subscription: EntitlementContent.Subscription,
        terms: UInt32
    ) throws(InvalidContent) {
        let place = "subscription \(subscription.id)"
        _ = row(of: subscription.applicationID)
        var major: Int32?
        if let wide = subscription.major {
            guard let narrow = Int32(exactly: wide), narrow >= 0 else {
                throw InvalidContent(place, "major \(wide) is not a whole number from 0 on")
            }
            major = narrow
        }
        let api = columns.terms[Int(terms)].api
        let record = SubscriptionRecord(
            id: subscription.id,
            startsAt: subscription.startsAt ?? .min,
            endsAt: subscription.endsAt ?? .max,
            major: major,
            state: subscription.state,
            terms: terms,
            pins: try add(subscription.pins, api: subscription.api)
        )
        subscriptions.append(PendingSubscription(record: record, application: subscription.applicationID, api: api))
    }

    /// Sorts everything and hands the columns over.
    consuming func finish() throws(InvalidContent) -> Columns {
        sortCredentials()
        try sortSubscriptions()
        // Texts of terms were collected apart, so that equal ones are stored once; they follow the others.
        let base = UInt32(columns.arena.count)
        columns.arena += shared.bytes
        columns.slices = columns.slices.map { ByteSlice(offset: $0.offset + base, count: $0.count) }
        columns.terms = columns.terms.map { terms in
            TermsRecord(
                api: terms.api,
                plan: ByteSlice(offset: terms.plan.offset + base, count: terms.plan.count),
                operations: terms.operations,
                limits: terms.limits
            )
        }
        return columns
    }

    private mutating func sortCredentials() {
        let byID = applications.indices.sorted { applications[$0].id < applications[$1].id }
        var places = [UInt32](repeating: 0, count: applications.count)
        for (place, row) in byID.enumerated() { places[row] = UInt32(place) }
        for row in columns.credentials.indices {
            let old = columns.credentials[row]
            columns.credentials[row] = CredentialRecord(
                id: old.id,
                startsAt: old.startsAt,
                expiresAt: old.expiresAt,
                start: old.start,
                pins: old.pins,
                application: places[Int(old.application)]
            )
        }
        applications = byID.map { applications[$0] }
        var isSorted = true
        for row in columns.credentials.indices.dropFirst()
        where columns.credentials[row].id < columns.credentials[row - 1].id {
            isSorted = false
            break
        }
        guard !isSorted else { return }
        let order = columns.credentials.indices.sorted { columns.credentials[$0].id < columns.credentials[$1].id }
        columns.credentials = order.map { columns.credentials[$0] }
        columns.digests = order.map { columns.digests[$0] }
    }

    private mutating func sortSubscriptions() throws(InvalidContent) {
        let names = columns.apiNames
        subscriptions.sort { left, right in
            if left.application != right.application { return left.application < right.application }
            if left.api != right.api { return names[Int(left.api)].precedesBytewise(names[Int(right.api)]) }
            if left.record.major != right.record.major {
                return (left.record.major ?? -1) < (right.record.major ?? -1)
            }
            return left.record.id < right.record.id
        }
        for row in columns.credentials.indices.dropFirst()
        where columns.credentials[row].id == columns.credentials[row - 1].id {
            throw InvalidContent("credential \(columns.credentials[row].id)", "the id is there twice")
        }
        var next = 0
        for application in applications {
            let first = next
            while next < subscriptions.count, subscriptions[next].application == application.id { next += 1 }
            columns.applications.append(
                ApplicationRecord(
                    id: application.id,
                    name: application.name,
                    subscriptions: TableRange(first: UInt32(first), count: UInt32(next - first)),
                    isPresent: application.isPresent
                )
            )
        }
        columns.subscriptions = subscriptions.map(\.record)
        let byID = columns.subscriptions.indices.sorted { columns.subscriptions[$0].id < columns.subscriptions[$1].id }
        for (left, right) in zip(byID, byID.dropFirst())
        where columns.subscriptions[left].id == columns.subscriptions[right].id {
            throw InvalidContent("subscription \(columns.subscriptions[left].id)", "the id is there twice")
        }
        columns.subscriptionsByID = byID.map { UInt32($0) }
    }

    private mutating func row(of application: RecordID) -> Int {
        if let row = applicationRows[application] { return row }
        let row = applications.count
        applicationRows[application] = row
        applications.append(PendingApplication(id: application, name: .empty, isPresent: false))
        return row
    }

    private mutating func api(_ name: String) -> UInt32 {
        if let row = apiRows[name] { return row }
        let row = UInt32(columns.apiNames.count)
        columns.apiNames.append(name)
        apiRows[name] = row
        return row
    }

    private mutating func append(_ text: String) -> ByteSlice {
        let offset = UInt32(columns.arena.count)
        columns.arena += text.utf8
        return ByteSlice(offset: offset, count: UInt32(columns.arena.count) - offset)
    }

    private mutating func add(_ pins: [EntitlementContent.Pin], api: String?) throws(InvalidContent) -> TableRange {
        let first = UInt32(columns.pins.count)
        for pin in pins {
            let target = PinTarget(api: self.api(api ?? pin.api), version: pin.version)
            let row: UInt32
            if let known = pinTargetRows[target] {
                row = known
            } else {
                row = UInt32(columns.pinTargets.count)
                columns.pinTargets.append(target)
                pinTargetRows[target] = row
            }
            columns.pins.append(PinRecord(target: row, isHard: pin.isHard, expiresAt: pin.expiresAt ?? .max))
        }
        return TableRange(first: first, count: UInt32(pins.count))
    }

    /// Adds what subscriptions have in common, once.
    mutating func add(_ terms: EntitlementTerms, at place: String) throws(InvalidContent) -> UInt32 {
        if let row = termsRows[terms] { return row }
        try terms.check(at: place)
        let api = self.api(terms.api)
        var operations: TableRange?
        if let names = terms.operations {
            let first = UInt32(columns.slices.count)
            for name in names { columns.slices.append(shared.add(name)) }
            operations = TableRange(first: first, count: UInt32(names.count))
        }
        let firstLimit = UInt32(columns.limits.count)
        columns.limits += terms.limits
        let row = UInt32(columns.terms.count)
        columns.terms.append(
            TermsRecord(
                api: api,
                plan: shared.add(terms.plan),
                operations: operations,
                limits: TableRange(first: firstLimit, count: UInt32(terms.limits.count))
            )
        )
        termsRows[terms] = row
        return row
    }
}

/// What subscriptions of one plan have in common.
struct EntitlementTerms: Hashable {
    var api: String
    var plan: String
    /// Ascending and distinct.
    var operations: [String]?
    var limits: [EntitlementContent.Limit]

    init(api: String, plan: String, operations: [String]?, limits: [EntitlementContent.Limit]) {
        self.api = api
        self.plan = plan
        self.operations = operations
        self.limits = limits
    }

    init(_ subscription: EntitlementContent.Subscription) {
        self.init(
            api: subscription.api,
            plan: subscription.plan,
            operations: subscription.operations.map { Set($0).sorted { $0.precedesBytewise($1) } },
            limits: subscription.limits
        )
    }

    func check(at place: String) throws(InvalidContent) {
        guard limits.count <= RoutingLimits.limitsPerSubscriptionMax else {
            throw InvalidContent(
                place,
                "\(limits.count) limits are more than \(RoutingLimits.limitsPerSubscriptionMax)"
            )
        }
        var names: Set<String> = []
        for limit in limits {
            guard names.insert(limit.name).inserted else {
                throw InvalidContent(place, "limit `\(limit.name)` is there twice")
            }
            if case .seconds(0) = limit.window {
                throw InvalidContent(place, "limit `\(limit.name)` has a window of no time")
            }
            if case .calendar = limit.window, limit.algorithm == .gcra {
                throw InvalidContent(place, "limit `\(limit.name)`: GCRA needs a window in seconds")
            }
        }
    }
}
