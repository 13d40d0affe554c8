import Testing
import UpstreamRules
import UpstreamRulesTesting

@testable import RoutingTable

@Suite("Policies of upstreams in snapshots")
struct UpstreamPolicyTests {
    private func content(_ policy: UpstreamPolicy, priority: Int = 0) -> RoutingContent {
        RoutingContent(
            environment: "live",
            upstreams: [
                .init(
                    name: "u",
                    targets: [
                        .init(host: "a", port: 1), .init(scheme: .https, host: "b", port: 443, priority: priority),
                    ],
                    policy: policy
                ), .init(name: "v", targets: [.init(host: "a", port: 1)]),
            ]
        )
    }

    /// Policies that between them use every case there is.
    static let policies: [UpstreamPolicy] = {
        var list = [UpstreamPolicy(), .everything]
        for balance in [
            Balance.leastRequests, .latency, .hash(.header("x-user")), .hash(.application), .hash(.address),
        ] {
            var policy = UpstreamPolicy()
            policy.balance = balance
            list.append(policy)
        }
        var file = UpstreamPolicy()
        file.discovery = .file(name: "lists/u")
        file.check = ActiveCheck()
        return list + [file]
    }()

    @Test("a policy comes back as it went in", arguments: policies)
    func roundTrip(_ policy: UpstreamPolicy) throws {
        let bytes = try RoutingSnapshot.encode(content(policy, priority: 3), generation: 1, signer: nil)
        let read = try RoutingSnapshot.decodeContent(bytes, trust: .unsignedAllowed).content
        #expect(read == content(policy, priority: 3).canonical())
        let snapshot = try RoutingSnapshot.decode(bytes, trust: .unsignedAllowed)
        #expect(snapshot.upstreams[0].policy == policy)
        #expect(snapshot.targets[1].priority == 3)
        let again = try RoutingSnapshot.reissue(bytes, generation: 2, trust: .unsignedAllowed, signer: nil)
        #expect(try RoutingSnapshot.decodeContent(again, trust: .unsignedAllowed).content == read)
    }

    @Test("a snapshot that uses no policy has the format that earlier releases read, one that does says so")
    func formats() throws {
        #expect(content(UpstreamPolicy()).bodyFormat == 1)
        #expect(content(.everything).bodyFormat == 2)
        #expect(content(UpstreamPolicy(), priority: 1).bodyFormat == 2)
        let plain = try RoutingSnapshot.encode(content(UpstreamPolicy()), generation: 1, signer: nil)
        #expect(plain[8] == 1)
        let rich = try RoutingSnapshot.encode(content(.everything), generation: 1, signer: nil)
        #expect(rich[8] == 2)
        let body = try content(UpstreamPolicy()).encodedBody()
        let unknown = try Artifact.encode(.routing, environment: "live", number: 1, format: 3, body: body, signer: nil)
        #expect(throws: SnapshotRejected.formatUnsupported(found: 3, supported: 2)) {
            try RoutingSnapshot.decode(unknown, trust: .unsignedAllowed)
        }
        let rights = try Artifact.encode(.entitlements, environment: "l", number: 1, format: 2, body: [], signer: nil)
        #expect(throws: SnapshotRejected.formatUnsupported(found: 2, supported: 1)) {
            try EntitlementSet.decode(rights, trust: .unsignedAllowed)
        }
    }

    /// Changes to a policy that make it unusable, with a word of what is said.
    static let faults: [(String, @Sendable (inout UpstreamPolicy) -> Void)] = [
        (
            "check interval",
            {
                $0.check = ActiveCheck(); $0.check?.intervalMilliseconds = 99
            }
        ),
        ("is no path", { $0.check = ActiveCheck(path: "up") }),
        ("is no path", { $0.check = ActiveCheck(path: "/u p") }),
        (
            "expects 0 ranges",
            {
                $0.check = ActiveCheck(); $0.check?.expected = []
            }
        ),
        (
            "statuses from 300 to 200",
            {
                $0.check = ActiveCheck(); $0.check?.expected = [.init(300, 200)]
            }
        ),
        (
            "healthy threshold",
            {
                $0.check = ActiveCheck(); $0.check?.healthyThreshold = 0
            }
        ),
        ("share of ejected targets", { $0.ejection.sharePercentMax = 101 }),
        ("longest ejection below", { $0.ejection.longestMilliseconds = 1 }),
        ("bound on connections", { $0.bounds.connectionsMax = -1 }),
        ("waiting time", { $0.bounds.waitMilliseconds = 0 }),
        (
            "share of errors",
            {
                $0.breaker = Breaker(); $0.breaker?.errorPercent = 0
            }
        ),
        (
            "number of probes",
            {
                $0.breaker = Breaker(); $0.breaker?.probes = 0
            }
        ),
        ("number of retries", { $0.retry.retriesMax = 11 }),
        ("status 200", { $0.retry.statuses = [503, 200] }),
        ("DNS interval", { $0.discovery = .dns(intervalMilliseconds: 1) }),
        ("no file name", { $0.discovery = .file(name: "../x") }),
        ("no file name", { $0.tls.authorities = "/etc/passwd" }),
        ("without a key", { $0.tls.certificate = "c.pem" }),
        ("is no host", { $0.tls.serverName = "a b" }),
        ("not lower case", { $0.balance = .hash(.header("X-User")) }),
        ("without a name", { $0.balance = .hash(.cookie("")) }),
        ("slow start", { $0.slowStartMilliseconds = -1 }),
        ("total timeout", { $0.totalTimeoutMilliseconds = 90_000_000 }),
    ]

    @Test("values that no gateway could use are neither written nor read", arguments: 0..<faults.count)
    func faulty(_ number: Int) {
        let (word, change) = Self.faults[number]
        var policy = UpstreamPolicy()
        #expect(policy.fault == nil)
        change(&policy)
        #expect(policy.fault?.contains(word) == true, "\(policy.fault ?? "no fault")")
        #expect(throws: InvalidContent.self) {
            try RoutingSnapshot.encode(content(policy), generation: 1, signer: nil)
        }
    }

    @Test("damaged policies under a right checksum are refused or are other content, never a trap", arguments: 0..<6)
    func damage(seed: UInt64) throws {
        let body = try content(.everything).encodedBody()
        var generator = SeededGenerator(seed)
        var refused = 0
        for _ in 0..<300 {
            var damaged = body
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: damaged[Int.random(in: 0..<body.count, using: &generator)] = .random(in: 0...255, using: &generator)
            case 1: damaged.removeSubrange(Int.random(in: 0..<body.count, using: &generator)...)
            default:
                damaged.insert(
                    .random(in: 0...255, using: &generator),
                    at: Int.random(in: 0..<body.count, using: &generator)
                )
            }
            let bytes = try Artifact.encode(
                .routing,
                environment: "l",
                number: 1,
                format: 2,
                body: damaged,
                signer: nil
            )
            do {
                let snapshot = try RoutingSnapshot.decode(bytes, trust: .unsignedAllowed)
                #expect(snapshot.upstreams.allSatisfy { $0.policy.fault == nil })
            } catch {
                refused += 1
            }
        }
        #expect(refused > 100)
    }

    @Test("canonical texts differ exactly where policies do")
    func texts() {
        let texts = Self.policies.map(\.canonicalText)
        #expect(Set(texts).count == Self.policies.count)
        for (_, change) in Self.faults {
            var policy = UpstreamPolicy()
            change(&policy)
            #expect(policy.canonicalText != UpstreamPolicy().canonicalText)
        }
        var (first, second) = (UpstreamPolicy(), UpstreamPolicy())
        first.tls.authorities = "a\" \"b"
        second.tls.authorities = "a"
        second.tls.certificate = "b"
        #expect(first.canonicalText != second.canonicalText)
    }
}
