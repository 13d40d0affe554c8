/// The distinct terms of some subscriptions in a fixed order: written once, referred to by number.
struct TermsTable {
    private var numbers: [EntitlementTerms: Int] = [:]
    private var entries: [[UInt8]] = []

    init(_ subscriptions: [EntitlementContent.Subscription]) throws(InvalidContent) {
        var encoded: [(bytes: [UInt8], terms: EntitlementTerms)] = []
        var known: Set<EntitlementTerms> = []
        for subscription in subscriptions {
            let terms = EntitlementTerms(subscription)
            guard known.insert(terms).inserted else { continue }
            var writer = ByteWriter()
            try writer.terms(terms)
            encoded.append((writer.bytes, terms))
        }
        encoded.sort { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        for (number, entry) in encoded.enumerated() {
            numbers[entry.terms] = number
            entries.append(entry.bytes)
        }
    }

    func write(to writer: inout ByteWriter) {
        writer.count(entries.count)
        for entry in entries { writer.raw(entry) }
    }

    /// The number of a subscription's terms. Every subscription the table was made of has one.
    func number(of subscription: EntitlementContent.Subscription) -> Int? {
        numbers[EntitlementTerms(subscription)]
    }
}

extension ByteWriter {
    mutating func application(_ application: EntitlementContent.Application) throws(InvalidContent) {
        id(application.id)
        try text(application.name)
    }

    mutating func credential(_ credential: EntitlementContent.Credential) throws(InvalidContent) {
        id(credential.id)
        digest(credential.sha256)
        id(credential.applicationID)
        try text(credential.start)
        optional(credential.startsAt)
        optional(credential.expiresAt)
        try pins(credential.pins)
    }

    mutating func subscription(
        _ subscription: EntitlementContent.Subscription,
        terms: TermsTable
    ) throws(InvalidContent) {
        guard let number = terms.number(of: subscription) else {
            throw InvalidContent("subscription \(subscription.id)", "its terms were not collected")
        }
        id(subscription.id)
        id(subscription.applicationID)
        count(number)
        optional(subscription.major.map { Int64($0) })
        byte(subscription.state.rawValue)
        optional(subscription.startsAt)
        optional(subscription.endsAt)
        try pins(subscription.pins)
    }

    mutating func change(_ change: EntitlementDelta.Change, terms: TermsTable) throws(InvalidContent) {
        switch change {
        case .putApplication(let application):
            byte(0)
            try self.application(application)
        case .putCredential(let credential):
            byte(1)
            try self.credential(credential)
        case .putSubscription(let subscription):
            byte(2)
            try self.subscription(subscription, terms: terms)
        case .removeApplication(let id):
            byte(3)
            self.id(id)
        case .removeCredential(let id):
            byte(4)
            self.id(id)
        case .removeSubscription(let id):
            byte(5)
            self.id(id)
        }
    }

    fileprivate mutating func terms(_ terms: EntitlementTerms) throws(InvalidContent) {
        try text(terms.api)
        try text(terms.plan)
        flag(terms.operations != nil)
        if let operations = terms.operations { try texts(operations) }
        count(terms.limits.count)
        for limit in terms.limits {
            try text(limit.name)
            byte(limit.kind.rawValue)
            number(limit.amount)
            switch limit.window {
            case .seconds(let seconds):
                byte(0)
                number(UInt64(seconds))
            case .calendar(let unit):
                byte(1)
                byte(unit.rawValue)
            }
            byte(limit.algorithm.rawValue)
            number(limit.burst)
        }
    }

    private mutating func pins(_ pins: [EntitlementContent.Pin]) throws(InvalidContent) {
        guard pins.count <= RoutingLimits.pinsPerRecordMax else {
            throw InvalidContent("a list of pins", "\(pins.count) are more than \(RoutingLimits.pinsPerRecordMax)")
        }
        count(pins.count)
        for pin in pins {
            try text(pin.api)
            try text(pin.version)
            flag(pin.isHard)
            optional(pin.expiresAt)
        }
    }
}

extension ByteReader {
    mutating func application() throws(SnapshotRejected) -> EntitlementContent.Application {
        let id = try id()
        return EntitlementContent.Application(id: id, name: try text())
    }

    mutating func credential() throws(SnapshotRejected) -> EntitlementContent.Credential {
        let id = try id()
        let digest = try digest()
        let application = try self.id()
        let start = try text()
        let startsAt = try optional()
        let expiresAt = try optional()
        return EntitlementContent.Credential(
            id: id,
            sha256: digest,
            applicationID: application,
            start: start,
            startsAt: startsAt,
            expiresAt: expiresAt,
            pins: try pins()
        )
    }

    /// A subscription and the number of its terms.
    mutating func subscription(
        terms: [EntitlementTerms]
    ) throws(SnapshotRejected) -> (EntitlementContent.Subscription, Int) {
        let id = try id()
        let application = try self.id()
        let row = try number(upTo: max(terms.count - 1, 0), "terms")
        guard row < terms.count else { throw malformed("there are no terms") }
        let major = try optional()
        let state = try enumeration(EntitlementContent.SubscriptionState.self, "state of a subscription")
        let startsAt = try optional()
        let endsAt = try optional()
        let subscription = EntitlementContent.Subscription(
            id: id,
            applicationID: application,
            api: terms[row].api,
            major: major.map { Int($0) },
            plan: terms[row].plan,
            state: state,
            operations: terms[row].operations,
            startsAt: startsAt,
            endsAt: endsAt,
            pins: try pins(),
            limits: terms[row].limits
        )
        return (subscription, row)
    }

    mutating func change(terms: [EntitlementTerms]) throws(SnapshotRejected) -> EntitlementDelta.Change {
        switch try byte() {
        case 0: .putApplication(try application())
        case 1: .putCredential(try credential())
        case 2: .putSubscription(try subscription(terms: terms).0)
        case 3: .removeApplication(try id())
        case 4: .removeCredential(try id())
        case 5: .removeSubscription(try id())
        default: throw malformed("there is no such change")
        }
    }

    mutating func termsList() throws(SnapshotRejected) -> [EntitlementTerms] {
        let count = try count(upTo: RoutingLimits.subscriptionsMax, "terms")
        var list: [EntitlementTerms] = []
        for _ in 0..<count { list.append(try terms()) }
        return list
    }

    private mutating func terms() throws(SnapshotRejected) -> EntitlementTerms {
        let api = try text()
        let plan = try text()
        let operations: [String]? = try flag() ? try texts() : nil
        // One spelling, so that what is read and written again is the same bytes.
        if let operations, !zip(operations, operations.dropFirst()).allSatisfy({ $0.precedesBytewise($1) }) {
            throw malformed("a plan's operations are not in order")
        }
        let limitCount = try count(upTo: RoutingLimits.limitsPerSubscriptionMax, "limits")
        var limits: [EntitlementContent.Limit] = []
        for _ in 0..<limitCount {
            let name = try text()
            let kind = try enumeration(EntitlementContent.LimitKind.self, "kind of limit")
            let amount = try number()
            let window: EntitlementContent.LimitWindow
            switch try byte() {
            case 0: window = .seconds(UInt32(try number(upTo: Int(UInt32.max), "seconds")))
            case 1: window = .calendar(try enumeration(EntitlementContent.CalendarUnit.self, "calendar unit"))
            default: throw malformed("there is no such window")
            }
            let algorithm = try enumeration(EntitlementContent.LimitAlgorithm.self, "algorithm")
            limits.append(
                EntitlementContent.Limit(
                    name: name,
                    kind: kind,
                    amount: amount,
                    window: window,
                    algorithm: algorithm,
                    burst: try number()
                )
            )
        }
        return EntitlementTerms(api: api, plan: plan, operations: operations, limits: limits)
    }

    private mutating func pins() throws(SnapshotRejected) -> [EntitlementContent.Pin] {
        let count = try count(upTo: RoutingLimits.pinsPerRecordMax, "pins")
        var pins: [EntitlementContent.Pin] = []
        for _ in 0..<count {
            let api = try text()
            let version = try text()
            let isHard = try flag()
            pins.append(EntitlementContent.Pin(api: api, version: version, isHard: isHard, expiresAt: try optional()))
        }
        return pins
    }
}
