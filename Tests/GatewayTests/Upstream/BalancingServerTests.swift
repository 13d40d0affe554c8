import Foundation
import RoutingTable
import Testing
import UpstreamRules

@testable import Gateway

@Suite("Balancing over real targets", .serialized)
struct BalancingServerTests {
    private func targets(_ count: Int) -> [SwitchableUpstream] {
        (0..<count).map { SwitchableUpstream(String(UnicodeScalar(UInt8(97 + $0)))) }
    }

    /// Requests by target's name.
    private func spread(
        _ upstreams: [SwitchableUpstream],
        weights: [Int] = [],
        clients: Int = 8,
        requests: Int = 150,
        fields: @escaping @Sendable (Int, Int) -> String = { _, _ in "" },
        _ policy: @escaping (inout UpstreamPolicy) -> Void
    ) async throws -> [String: Int] {
        let gateway = try await TestGateway(Sample.balanced(upstreams, weights: weights) { policy(&$0.policy) })
        let result = await gateway.load(clients: clients, requests: requests, fields: fields)
        await gateway.stop()
        #expect(result.statuses == [200: clients * requests])
        return result.byName
    }

    @Test("round robin: 3 to 2 to 1 exactly")
    func roundRobin() async throws {
        let counts = try await spread(targets(3), weights: [3, 2, 1]) { $0.balance = .roundRobin }
        print("figure: round robin 3:2:1 over 1200 requests:", counts.sorted { $0.key < $1.key })
        #expect(counts == ["a": 600, "b": 400, "c": 200])
    }

    @Test("least requests: a target that takes ten times as long gets a small part, equal ones an equal one")
    func leastRequests() async throws {
        let upstreams = targets(3)
        for upstream in upstreams { upstream.become(.slow(2)) }
        upstreams[2].become(.slow(40))
        let counts = try await spread(upstreams) { $0.balance = .leastRequests }
        print("figure: least requests, c 20 times slower, 1200 requests:", counts.sorted { $0.key < $1.key })
        #expect((counts["c"] ?? 0) < 200)
        let (a, b) = (Double(counts["a"] ?? 0), Double(counts["b"] ?? 0))
        #expect(abs(a - b) < 0.2 * (a + b))
    }

    @Test("latency: a slow target is left, and nearly all goes to the fast ones")
    func latency() async throws {
        let upstreams = targets(3)
        for upstream in upstreams { upstream.become(.slow(2)) }
        upstreams[2].become(.slow(40))
        let counts = try await spread(upstreams) { $0.balance = .latency }
        print("figure: latency (peak EWMA), c 20 times slower, 1200 requests:", counts.sorted { $0.key < $1.key })
        #expect((counts["c"] ?? 0) < 120)
        let (a, b) = (Double(counts["a"] ?? 0), Double(counts["b"] ?? 0))
        #expect(min(a, b) > 0.15 * (a + b))
    }

    @Test("consistent hash: the same key meets the same target on every loop, and a lost target moves its keys alone")
    func hash() async throws {
        let upstreams = targets(4)
        let gateway = try await TestGateway(
            Sample.balanced(upstreams) { $0.policy.balance = .hash(.header("x-user")) }
        ) { $0.loops = 2 }
        func owners() -> [Int: Set<String>] {
            var owners: [Int: Set<String>] = [:]
            for _ in 0..<2 {
                let connections = (0..<4).map { _ in gateway.connect() }
                for key in 0..<200 {
                    for connection in connections.prefix(2) {
                        let head = "GET / HTTP/1.1\r\nHost: h\r\nX-User: user-\(key)\r\n\r\n"
                        if let body = connection.exchange(head)?.body { owners[key, default: []].insert(body) }
                    }
                }
            }
            return owners
        }
        let before = owners()
        #expect(before.values.allSatisfy { $0.count == 1 })
        let shares = Dictionary(grouping: before.values.compactMap(\.first)) { $0 }.mapValues(\.count)
        print("figure: consistent hash, 200 keys over 4 targets:", shares.sorted { $0.key < $1.key })
        #expect(shares.count == 4)
        #expect(shares.values.allSatisfy { (25...75).contains($0) })
        upstreams[1].die()
        let after = owners()
        let moved = before.keys.filter { before[$0] != after[$0] }
        print("figure: keys moved when 1 of 4 went: \(moved.count) of 200, its own: \(shares["b"] ?? 0)")
        #expect(moved.allSatisfy { before[$0] == ["b"] })
        #expect(after.values.allSatisfy { !$0.contains("b") })
        await gateway.stop()
    }

    @Test("keys come from a cookie, the client's address and the application as well; without a key it goes in turn")
    func keys() async throws {
        func names(_ key: HashKey, _ fields: String) async throws -> Set<String> {
            let upstreams = targets(3)
            let gateway = try await TestGateway(Sample.balanced(upstreams) { $0.policy.balance = .hash(key) })
            let seen = Set((0..<12).compactMap { _ in gateway.get("/", fields)?.body })
            await gateway.stop()
            return seen
        }
        #expect(try await names(.cookie("sid"), "Cookie: a=b; sid=7").count == 1)
        #expect(try await names(.cookie("sid"), "Cookie: a=b; xsid=7").count == 3)
        #expect(try await names(.address, "X: y").count == 1)
        #expect(try await names(.application, "X: y").count == 3, "nobody is known here")
        let upstreams = targets(3)
        var content = Sample.orders(port: 1)
        content.upstreams[0].targets = upstreams.map { .init(host: "127.0.0.1", port: $0.port) }
        content.upstreams[0].policy.balance = .hash(.application)
        let gateway = try await TestGateway(content, Sample.rights())
        let gold = Set(
            (0..<8).compactMap { _ in gateway.get("/orders/items", "X-API-Key: " + Sample.key("gold"))?.body }
        )
        #expect(gold.count == 1)
        await gateway.stop()
    }

    @Test("a second group is used only while nothing of the first can be")
    func priorities() async throws {
        let upstreams = targets(3)
        let gateway = try await TestGateway(
            Sample.balanced(upstreams) {
                $0.targets[2].priority = 1
                $0.policy.ejection.consecutiveFailures = 1
                $0.policy.ejection.sharePercentMax = 100
                $0.policy.ejection.baseMilliseconds = 600
            }
        )
        func seen(_ count: Int) -> Set<String> { Set((0..<count).compactMap { _ in gateway.get("/")?.body }) }
        #expect(seen(10) == ["a", "b"])
        upstreams[0].die()
        #expect(seen(10) == ["b"])
        upstreams[1].die()
        #expect(seen(10) == ["c"])
        upstreams[0].comeBack()
        #expect(await eventually { gateway.get("/")?.body == "a" })
        await gateway.stop()
    }

    @Test("a target that is new gets little at first and its share after the slow start")
    func slowStart() async throws {
        let upstreams = targets(2)
        let gateway = try await TestGateway(
            Sample.balanced(upstreams) {
                $0.policy.slowStartMilliseconds = 3_000
                $0.targets.removeLast()
            }
        )
        #expect(gateway.get("/")?.body == "a")
        let both = Sample.balanced(upstreams) { $0.policy.slowStartMilliseconds = 3_000 }
        try gateway.server.activate(routingBytes: RoutingSnapshot.encode(both, generation: 2, signer: nil))
        func share() -> Int { (0..<60).count { _ in gateway.get("/")?.body == "b" } }
        let early = share()
        pause(milliseconds: 3_000)
        let late = share()
        print("figure: slow start of 3 s: \(early) of 60 requests at the start, \(late) of 60 after it")
        #expect(early < 20)
        #expect((28...32).contains(late))
        await gateway.stop()
    }
}
