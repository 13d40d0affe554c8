import Testing

@testable import RoutingTable

@Suite("GateTables")
struct GateTablesTests {
    private static let orders = APIIndex(rawValue: 0)

    /// Versions 2.0.0, 1.1.0 and 1.0.0 (rows 0, 1, 2), each with `list` and `get`.
    private static func snapshot(_ change: (inout RoutingContent.API) -> Void = { _ in }) throws -> RoutingSnapshot {
        let operations = [Samples.operation("list", "GET", "/o"), Samples.operation("get", "GET", "/o/{id}")]
        var api = Samples.api(versions: [
            Samples.version("1.0.0", major: 1, key: 1, operations: operations),
            Samples.version("1.1.0", major: 1, key: 2, operations: operations),
            Samples.version("2.0.0", major: 2, key: 3, operations: operations),
        ])
        change(&api)
        return try Samples.snapshot([
            api, Samples.api("other", basePath: "/other", versions: [Samples.version("1.0.0", major: 1, key: 1)]),
        ])
    }

    private static func entitlements(
        _ subscriptions: [EntitlementContent.Subscription],
        pins: [EntitlementContent.Pin] = []
    ) throws -> EntitlementSet {
        var credential = Samples.credential(1, of: 1)
        credential.pins = pins
        return try EntitlementSet(
            content: EntitlementContent(
                environment: "live",
                applications: [.init(id: Samples.id(1), name: "shop")],
                credentials: [credential],
                subscriptions: subscriptions
            ),
            sequence: 1
        )
    }

    private static func subscription(
        _ number: Int = 1,
        major: Int? = nil,
        pin: EntitlementContent.Pin? = nil
    ) -> EntitlementContent.Subscription {
        var subscription = Samples.subscription(number, of: 1, major: major)
        subscription.pins = pin.map { [$0] } ?? []
        return subscription
    }

    /// The decision in words.
    private static func choose(
        _ tables: GateTables,
        _ selector: String?,
        now: Int64 = 1_000,
        isAnonymous: Bool = false
    ) -> String {
        var credential: CredentialIndex?
        var application: ApplicationIndex?
        if !isAnonymous, case .known(let key, let owner) = tables.identify(Samples.key(1), now: now) {
            (credential, application) = (key, owner)
        }
        let wish = selector.map { text -> VersionSelector in
            let bytes = Array(text.utf8)
            return tables.snapshot.versionSelector(api: orders, text: bytes.span)
        }
        let decision = tables.chooseVersion(
            api: orders,
            selector: wish,
            credential: credential,
            application: application,
            now: now
        )
        func name(_ version: VersionIndex) -> String {
            tables.snapshot.string(tables.snapshot.versions[version.position].name)
        }
        return switch decision {
        case .chosen(let version, let source): "\(name(version)) by \(source)"
        case .unknown: "unknown"
        case .unspecified: "unspecified"
        case .pinConflict(let version): "pinned to \(name(version))"
        case .notGranted(let version): "not granted \(name(version))"
        case .gone(let version): "gone \(name(version))"
        case .suspended(let version): "suspended \(name(version))"
        }
    }

    @Test("without a word the latest version is taken, with one the version or the latest of the major")
    func requestAndDefault() throws {
        let tables = GateTables(
            snapshot: try Self.snapshot(),
            entitlements: try Self.entitlements([Self.subscription()])
        )
        #expect(Self.choose(tables, nil) == "2.0.0 by apiDefault")
        #expect(Self.choose(tables, nil, isAnonymous: true) == "2.0.0 by apiDefault")
        #expect(Self.choose(tables, "1") == "1.1.0 by request")
        #expect(Self.choose(tables, "1.0.0") == "1.0.0 by request")
        #expect(Self.choose(tables, "9") == "unknown")
    }

    @Test("the default may be a version, or none")
    func defaults() throws {
        let rights = try Self.entitlements([Self.subscription()])
        let exact = try Self.snapshot { $0.versioning.default = .exact("1.0.0") }
        #expect(Self.choose(GateTables(snapshot: exact, entitlements: rights), nil) == "1.0.0 by apiDefault")
        let none = try Self.snapshot { $0.versioning.default = .none }
        #expect(Self.choose(GateTables(snapshot: none, entitlements: rights), nil) == "unspecified")
        #expect(Self.choose(GateTables(snapshot: none, entitlements: rights), "2") == "2.0.0 by request")
    }

    @Test("latest leaves out deprecated versions, and when all are deprecated takes the greatest that is served")
    func latestAndDeprecation() throws {
        let rights = try Self.entitlements([Self.subscription()])
        let newest = try Self.snapshot { $0.versions[2].deprecatedAt = 500 }
        #expect(Self.choose(GateTables(snapshot: newest, entitlements: rights), nil) == "1.1.0 by apiDefault")
        #expect(Self.choose(GateTables(snapshot: newest, entitlements: rights), nil, now: 499) == "2.0.0 by apiDefault")
        let all = try Self.snapshot { api in
            for index in api.versions.indices { api.versions[index].deprecatedAt = 500 }
            api.versions[2].sunsetAt = 900
        }
        let tables = GateTables(snapshot: all, entitlements: rights)
        #expect(Self.choose(tables, nil) == "1.1.0 by apiDefault")
        #expect(Self.choose(tables, nil, now: 899) == "2.0.0 by apiDefault")
        #expect(Self.choose(tables, "2") == "gone 2.0.0")
        #expect(Self.choose(tables, "2", now: 899) == "2.0.0 by request")
    }

    @Test("retired and suspended versions are named, not hidden")
    func goneAndSuspended() throws {
        let rights = try Self.entitlements([Self.subscription()])
        let snapshot = try Self.snapshot { api in
            api.versions[2].isSuspended = true
            api.versions[0].state = .retired
        }
        let tables = GateTables(snapshot: snapshot, entitlements: rights)
        #expect(Self.choose(tables, nil) == "suspended 2.0.0")
        #expect(Self.choose(tables, "1.0.0") == "gone 1.0.0")
        #expect(Self.choose(tables, "1") == "1.1.0 by request")
    }

    @Test("only what is granted is chosen, and what is not is named")
    func grants() throws {
        let tables = GateTables(
            snapshot: try Self.snapshot(),
            entitlements: try Self.entitlements([Self.subscription(major: 1)])
        )
        #expect(Self.choose(tables, nil) == "1.1.0 by apiDefault")
        #expect(Self.choose(tables, "2") == "not granted 2.0.0")
        #expect(Self.choose(tables, "2.0.0") == "not granted 2.0.0")
        let open = try Self.snapshot { $0.access = .open }
        let free = GateTables(snapshot: open, entitlements: try Self.entitlements([Self.subscription(major: 1)]))
        #expect(Self.choose(free, nil) == "2.0.0 by apiDefault")
        let application = try #require(
            tables.entitlements.credential(Samples.key(1)).flatMap { tables.entitlements.application(of: $0) }
        )
        #expect(tables.grantedVersions(of: application, api: Self.orders, now: 0) == ["1.1.0", "1.0.0"])
    }

    @Test("a soft pin stands in for silence and narrows a major; a hard one wins or conflicts")
    func pins() throws {
        let snapshot = try Self.snapshot()
        func tables(_ pin: EntitlementContent.Pin, onKey: Bool) throws -> GateTables {
            let rights = try Self.entitlements([Self.subscription(pin: onKey ? nil : pin)], pins: onKey ? [pin] : [])
            return GateTables(snapshot: snapshot, entitlements: rights)
        }
        let soft = EntitlementContent.Pin(api: "orders", version: "1.0.0")
        let hard = EntitlementContent.Pin(api: "orders", version: "1.0.0", isHard: true)
        for (onKey, source) in [(true, "credentialPin"), (false, "subscriptionPin")] {
            let gentle = try tables(soft, onKey: onKey)
            #expect(Self.choose(gentle, nil) == "1.0.0 by \(source)")
            #expect(Self.choose(gentle, "1") == "1.0.0 by \(source)")
            #expect(Self.choose(gentle, "1.1.0") == "1.1.0 by request")
            #expect(Self.choose(gentle, "2") == "2.0.0 by request")
            let strict = try tables(hard, onKey: onKey)
            #expect(Self.choose(strict, nil) == "1.0.0 by \(source)")
            #expect(Self.choose(strict, "1") == "1.0.0 by \(source)")
            #expect(Self.choose(strict, "1.0.0") == "1.0.0 by request")
            #expect(Self.choose(strict, "1.1.0") == "pinned to 1.0.0")
            #expect(Self.choose(strict, "2") == "pinned to 1.0.0")
        }
    }

    @Test("a key's pin comes before the subscription's; pins of other APIs, expired or leading nowhere do not count")
    func pinOrder() throws {
        let snapshot = try Self.snapshot()
        func choose(_ pins: [EntitlementContent.Pin], _ subscriptionPin: EntitlementContent.Pin?) throws -> String {
            let rights = try Self.entitlements([Self.subscription(pin: subscriptionPin)], pins: pins)
            return Self.choose(GateTables(snapshot: snapshot, entitlements: rights), nil)
        }
        let subscriptionPin = EntitlementContent.Pin(api: "orders", version: "1.1.0")
        #expect(try choose([.init(api: "orders", version: "1.0.0")], subscriptionPin) == "1.0.0 by credentialPin")
        #expect(try choose([.init(api: "other", version: "1.0.0")], subscriptionPin) == "1.1.0 by subscriptionPin")
        #expect(try choose([.init(api: "orders", version: "1.0.0", expiresAt: 1_000)], nil) == "2.0.0 by apiDefault")
        #expect(try choose([.init(api: "orders", version: "7")], nil) == "2.0.0 by apiDefault")
        #expect(try choose([.init(api: "orders", version: "7", isHard: true)], nil) == "unknown")
        let blind = try Self.snapshot { $0.versioning.usesPins = false }
        let rights = try Self.entitlements([Self.subscription(pin: subscriptionPin)])
        #expect(Self.choose(GateTables(snapshot: blind, entitlements: rights), nil) == "2.0.0 by apiDefault")
    }

    @Test("the subscription that counts is live, to the major before to all, and says why otherwise")
    func subscriptions() throws {
        func decide(_ subscriptions: [EntitlementContent.Subscription], now: Int64 = 100) throws -> SubscriptionDecision
        {
            let tables = GateTables(snapshot: try Self.snapshot(), entitlements: try Self.entitlements(subscriptions))
            guard case .known(_, let application) = tables.identify(Samples.key(1), now: now) else { return .none }
            return tables.subscription(of: application, version: VersionIndex(rawValue: 0), now: now)
        }
        func isGranted(_ decision: SubscriptionDecision) -> Bool {
            if case .granted = decision { true } else { false }
        }
        var paused = Self.subscription()
        paused.state = .paused
        var ended = Self.subscription()
        ended.endsAt = 100
        var early = Self.subscription()
        early.startsAt = 101
        #expect(isGranted(try decide([Self.subscription()])))
        #expect(isGranted(try decide([Self.subscription(major: 2)])))
        #expect(try decide([]) == .none)
        #expect(try decide([Self.subscription(major: 1)]) == .otherMajor)
        guard case .paused = try decide([paused]) else { throw Unexpected() }
        guard case .ended = try decide([ended]) else { throw Unexpected() }
        guard case .notYetValid = try decide([early]) else { throw Unexpected() }
        #expect(isGranted(try decide([ended], now: 99)))
        #expect(isGranted(try decide([early], now: 101)))
        var other = Self.subscription(2)
        other.api = "other"
        #expect(try decide([other]) == .none)
        var spare = Self.subscription(2, major: 2)
        spare.plan = "silver"
        let tables = GateTables(
            snapshot: try Self.snapshot(),
            entitlements: try Self.entitlements([Self.subscription(), spare])
        )
        guard case .known(_, let application) = tables.identify(Samples.key(1), now: 0),
            case .granted(let chosen) = tables.subscription(of: application, version: VersionIndex(rawValue: 0), now: 0)
        else { throw Unexpected() }
        #expect(tables.entitlements.plan(chosen) == "silver")
        #expect(tables.entitlements.limitCount(chosen) == 2)
        #expect(tables.entitlements.limit(chosen, at: 1).name == "month")
    }

    @Test("a pass-through API is called under any live subscription to it")
    func passthrough() throws {
        var legacy = Samples.api("orders", versions: [])
        legacy.passthrough = RoutingContent.Passthrough(upstream: "orders-v1", deny: ["/admin/"])
        let snapshot = try Samples.snapshot([legacy])
        func decide(_ subscriptions: [EntitlementContent.Subscription]) throws -> SubscriptionDecision {
            let tables = GateTables(snapshot: snapshot, entitlements: try Self.entitlements(subscriptions))
            guard case .known(_, let application) = tables.identify(Samples.key(1), now: 0) else { throw Unexpected() }
            return tables.subscription(of: application, api: Self.orders, now: 0)
        }
        guard case .granted = try decide([Self.subscription(major: 4)]) else { throw Unexpected() }
        var paused = Self.subscription()
        paused.state = .paused
        guard case .paused = try decide([paused]) else { throw Unexpected() }
        #expect(try decide([]) == .none)
        let denied = snapshot.apis[0].deniedPrefixes.positions.map { snapshot.string(snapshot.slices[$0]) }
        #expect(denied == ["/admin"])
    }

    private struct Unexpected: Error {}

    @Test("a key's dates are kept to the second")
    func identity() throws {
        var content = Samples.entitlements(1)
        content.credentials[0].startsAt = 10
        content.credentials[0].expiresAt = 20
        let tables = GateTables(
            snapshot: try Self.snapshot(),
            entitlements: try EntitlementSet(content: content, sequence: 1)
        )
        func state(_ now: Int64) -> String {
            switch tables.identify(Samples.key(0), now: now) {
            case .known: "known"
            case .unknown: "unknown"
            case .expired: "expired"
            case .notYetValid: "early"
            }
        }
        #expect([9, 10, 19, 20].map(state) == ["early", "known", "known", "expired"])
        content.applications = []
        let orphan = GateTables(
            snapshot: tables.snapshot,
            entitlements: try EntitlementSet(content: content, sequence: 2)
        )
        #expect(orphan.identify(Samples.key(0), now: 15) == .unknown)
    }

    @Test("a plan grants operations by id in every version, and a new snapshot or delta is bound anew")
    func permits() throws {
        var limited = Self.subscription()
        limited.operations = ["list", "nothing"]
        let rights = try Self.entitlements([limited])
        let tables = GateTables(snapshot: try Self.snapshot(), entitlements: rights)
        #expect(Self.permitted(tables) == ["list", "list", "list"])
        let delta = EntitlementDelta(
            environment: "live",
            fromSequence: 1,
            toSequence: 2,
            changes: [.putSubscription(Self.subscription())]
        )
        let all = GateTables(snapshot: tables.snapshot, entitlements: try rights.applying(delta), reusing: tables)
        #expect(all.grants.base === tables.grants.base)
        #expect(Self.permitted(all).count == 6)
        let renamed = try Self.snapshot { $0.versions[0].operations[0].id = "nothing" }
        let bound = GateTables(snapshot: renamed, entitlements: rights, reusing: tables)
        #expect(Self.permitted(bound) == ["list", "list", "nothing"])
    }

    /// Ids of the operations of `orders` that the first subscription grants.
    private static func permitted(_ tables: GateTables) -> [String] {
        guard case .known(_, let application) = tables.identify(Samples.key(1), now: 0) else { return [] }
        let snapshot = tables.snapshot
        return snapshot.apis[0].operations.positions.compactMap { position in
            let version = snapshot.operations[position].version
            guard case .granted(let subscription) = tables.subscription(of: application, version: version, now: 0),
                tables.permits(subscription, operation: OperationIndex(rawValue: UInt32(position)))
            else { return nil }
            return snapshot.string(snapshot.operations[position].id)
        }
    }
}
