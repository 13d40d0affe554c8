import Foundation
import RoutingTable
import Testing
import UpstreamRules

@testable import Gateway

@Suite("Every balancer when one of three targets fails", .serialized)
struct BalancerFaultTests {
    enum Balancer: String, CaseIterable, Sendable {
        case roundRobin = "round robin"
        case leastRequests = "least requests"
        case hash = "consistent hash"
        case latency

        var rule: Balance {
            switch self {
            case .roundRobin: .roundRobin
            case .leastRequests: .leastRequests
            case .hash: .hash(.header("x-k"))
            case .latency: .latency
            }
        }

        /// Whether a slow target is given less.
        var leavesSlow: Bool { self == .leastRequests || self == .latency }
    }

    private static let clients = 6
    private static let requests = 60

    /// One stage: a load of GETs, none of which may fail, and who answered them.
    private func stage(
        _ name: String,
        _ balancer: Balancer,
        _ gateway: TestGateway,
        _ middle: @escaping @Sendable () -> Void = {}
    ) async -> [String: Int] {
        let result = await gateway.load(
            clients: Self.clients,
            requests: Self.requests,
            fields: { client, number in "X-K: \(client)-\(number)\r\n" },
            step: { step in if step == 3 { middle() } }
        )
        let shares = result.byName.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        print("figure: \(balancer.rawValue), \(name): \(shares); \(result.statuses)")
        #expect(result.statuses == [200: Self.clients * Self.requests], "\(balancer.rawValue), \(name)")
        return result.byName
    }

    /// Waits until a target is asked again.
    private func returns(_ upstream: SwitchableUpstream, _ gateway: TestGateway) async -> Bool {
        await until {
            _ = upstream.takeCount()
            for number in 0..<30 { _ = gateway.get("/again", "X-K: again-\(number)") }
            return upstream.takeCount() > 0
        }
    }

    @Test(
        "it dies, comes back, hangs, answers again, slows: no idempotent request fails, and shares follow",
        .timeLimit(.minutes(5)),
        arguments: Balancer.allCases
    )
    func faults(_ balancer: Balancer) async throws {
        let upstreams = ["a", "b", "c"].map { SwitchableUpstream($0) }
        let b = upstreams[1]
        for upstream in upstreams { upstream.become(.slow(1)) }
        let content = Sample.balanced(upstreams) {
            $0.policy.balance = balancer.rule
            $0.policy.ejection.baseMilliseconds = 300
            $0.policy.ejection.consecutiveFailures = 2
            $0.policy.retry.tryTimeoutMilliseconds = 2_000
            $0.policy.retry.afterTimeout = true
            $0.policy.retry.perSecondMin = 50
        }
        let gateway = try await TestGateway(content) { $0.loops = 2 }
        let total = Self.clients * Self.requests
        let healthy = await stage("all well", balancer, gateway)
        // Who goes by latency leans away from a target whose first answers a busy machine made late, and for seconds.
        let part = balancer == .latency ? total / 60 : total / 6
        for name in ["a", "b", "c"] { #expect((healthy[name] ?? 0) > part, "\(name) has a part") }
        let dying = await stage("b dies", balancer, gateway) { b.die() }
        #expect((dying["b"] ?? 0) < healthy["b"] ?? 0)
        let gone = await stage("b is gone", balancer, gateway)
        #expect(gone["b"] == nil)
        b.comeBack()
        #expect(await returns(b, gateway))
        let back = await stage("b is back", balancer, gateway)
        #expect((back["b"] ?? 0) > total / 12)
        _ = await stage("b hangs", balancer, gateway) { b.become(.hang) }
        b.become(.slow(1))
        #expect(await returns(b, gateway))
        await gateway.stop()
        b.become(.slow(40))
        let another = try await TestGateway(content) { $0.loops = 2 }
        let slow = await stage("b takes 40 times as long", balancer, another)
        if balancer.leavesSlow {
            #expect((slow["b"] ?? 0) < total / 5)
        } else {
            #expect((slow["b"] ?? 0) > total / 6, "turns and keys know no time")
        }
        await another.stop()
    }
}
