import Foundation
import Telemetry
import Testing

@testable import Gateway
@testable import RoutingTable

/// Waits on a thread of its own until something holds; false when it does not within a minute.
private func waitFor(_ condition: @escaping @Sendable () -> Bool) async -> Bool {
    await offPool {
        let end = Date.now.addingTimeInterval(60)
        while Date.now < end {
            if condition() { return true }
            usleep(5_000)
        }
        return condition()
    }
}

@Suite("From one generation to the next")
struct GenerationTests {
    private static func view() throws -> GateView {
        let content = Sample.orders(port: 1)
        let snapshot = try RoutingSnapshot(content: content, generation: 1)
        let rights = try EntitlementSet(content: Sample.rights(), sequence: 1)
        return GateView(
            tables: GateTables(snapshot: snapshot, entitlements: rights),
            routes: RouteView(snapshot: snapshot, series: SeriesBook(), activatedAt: 0)
        )
    }

    private static func add(_ numbers: Range<UInt64>, after sequence: UInt64) -> EntitlementDelta {
        EntitlementDelta(
            environment: "live",
            fromSequence: sequence,
            toSequence: sequence + 1,
            changes: numbers.map { number in
                .putCredential(
                    .init(id: Sample.id(10_000 + number), sha256: digest(number), applicationID: Sample.id(1))
                )
            }
        )
    }

    private static func digest(_ number: UInt64) -> Digest32 { Digest32.sha256(of: Array("grown \(number)".utf8)) }

    @Test("a view dies by the reaper alone, and only when nobody holds it")
    func reaper() throws {
        let active = ActiveView()
        weak var last: GateView?
        try {
            let first = try Self.view()
            last = first
            active.store(first)
        }()
        var held = active.load().view
        active.store(try Self.view())
        #expect(active.reap() == 1)
        #expect(held === last)
        held = nil
        // Nothing went with the last reference of a reader.
        #expect(last != nil)
        #expect(active.reap() == 0)
        #expect(last == nil)
        #expect(active.load().view != nil)
    }

    @Test("loops let go of old tables without being asked for anything")
    func idleLoops() async throws {
        let gateway = try await TestGateway(Sample.orders(port: 1), Sample.rights()) { $0.loops = 2 }
        for generation in 2...6 {
            let content = Sample.orders(port: generation)
            let bytes = try RoutingSnapshot.encode(content, generation: UInt64(generation), signer: nil)
            try gateway.server.activate(routingBytes: bytes)
        }
        let server = gateway.server
        #expect(await waitFor { server.metrics.contains("\ngatehouse_tables_retired 0\n") })
        await gateway.stop()
    }

    @Test("levels are merged beside, and what comes meanwhile is in the outcome")
    func merge() async throws {
        let core = GatewayCore(
            limits: GatewayLimits(),
            ledger: nil,
            entitlementAgeMaxSeconds: nil
        )
        let activation = Activation(core: core, trust: .unsignedAllowed, environment: nil, store: nil)
        try activation.activate(RoutingSnapshot.encode(Sample.orders(port: 1), generation: 1, signer: nil))
        try activation.apply(EntitlementSet.encode(Sample.rights(), sequence: 1, signer: nil))
        let count = UInt64(RoutingLimits.overlayRecordsMin) + 1
        try activation.apply(Self.add(0..<count, after: 1).encode(signer: nil))
        try activation.apply(Self.add(count..<(count + 1), after: 2).encode(signer: nil))
        let removal = EntitlementDelta(
            environment: "live",
            fromSequence: 3,
            toSequence: 4,
            changes: [.removeCredential(Sample.id(10_000))]
        )
        try activation.apply(removal.encode(signer: nil))
        #expect(await waitFor { !activation.isMerging })
        let rights = try #require(core.active.load().view?.tables.entitlements)
        #expect(rights.sequence == 4)
        #expect(!rights.wantsMerge)
        #expect(rights.credential(Self.digest(0)) == nil)
        for number in [1, count - 1, count] { #expect(rights.credential(Self.digest(number)) != nil) }
        #expect(rights.credentialCount == Sample.rights().credentials.count + Int(count))
    }

    @Test("the counters of a subscription outlive a step, and go with the subscription")
    func limitSets() throws {
        let rights = try EntitlementSet(content: Sample.rights(), sequence: 1)
        let book = BucketBook(ledger: nil)
        var table = LimitSetTable()
        func first(_ set: EntitlementSet) throws -> SubscriptionIndex {
            let snapshot = try RoutingSnapshot(content: Sample.orders(port: 1), generation: 1)
            let tables = GateTables(snapshot: snapshot, entitlements: set)
            let credential = try #require(set.credential(Sample.digest(Sample.key("gold"))))
            let application = try #require(set.application(of: credential))
            let api = try #require(snapshot.api(named: "orders"))
            guard case .granted(let index) = tables.subscription(of: application, api: api, now: Moment.now().seconds)
            else { throw NoSubscription() }
            return index
        }
        let index = try first(rights)
        let id = rights.record(index).id
        #expect(table.known(id, at: rights.sequence) == nil)
        let set = table.renewed(id, index, in: rights, book, at: Moment.now())
        #expect(table.known(id, at: rights.sequence) === set)
        let next = try rights.applying(Self.add(0..<1, after: 1))
        #expect(table.known(id, at: next.sequence) == nil, "whether it still holds is asked anew")
        #expect(table.renewed(id, try first(next), in: next, book, at: Moment.now()) === set)
        #expect(table.known(id, at: next.sequence) === set)
        for _ in 0..<LimitSetTable.shardCount { table.sweep(next) }
        #expect(table.count == 1)
        let gone = try next.applying(
            EntitlementDelta(
                environment: "live",
                fromSequence: 2,
                toSequence: 3,
                changes: [.removeSubscription(next.record(try first(next)).id)]
            )
        )
        for _ in 0..<LimitSetTable.shardCount { table.sweep(gone) }
        #expect(table.count == 0)
    }

    @Test("a loop notes how long it was away from its sockets")
    func pauses() async throws {
        let reactor = try Reactor(backlogBytesMax: 1024)
        let ended = Tally()
        Thread.detachNewThread {
            reactor.run { 10 }
            ended.add()
        }
        reactor.execute { usleep(30_000) }
        #expect(await waitFor { reactor.pauses.value(at: 3) >= 1 })
        #expect(reactor.pauses.value(at: 0) >= 30_000_000)
        #expect(reactor.pauses.value(at: 1) >= reactor.pauses.value(at: 3))
        reactor.execute { reactor.stop() }
        #expect(await waitFor { ended.value == 1 })
    }

    @Test("pauses and retired tables are metrics")
    func metrics() async throws {
        let gateway = try await TestGateway(Sample.orders(port: 1), Sample.rights())
        let text = gateway.server.metrics
        for name in [
            "gatehouse_loop_pause_seconds_max ", "gatehouse_loop_pauses_total{longer=\"0.005\"} ",
            "gatehouse_tables_retired ",
        ] {
            #expect(text.contains("\n" + name), "\(name)")
        }
        await gateway.stop()
    }
}

private struct NoSubscription: Error {}
