import Testing
import UpstreamRules

@testable import Gateway

@Suite("Balancing")
struct BalanceTests {
    @Test("turns are shared by weight, and spread: five, one, one never gives five in a row")
    func roundRobin() {
        var turn = SmoothRoundRobin(count: 3)
        let weights = [5, 1, 1]
        let order = (0..<7).compactMap { _ in turn.next { weights[$0] } }
        #expect(order == [0, 0, 1, 0, 2, 0, 0])
        var counts = [0, 0, 0]
        for _ in 0..<700 { if let next = turn.next(weight: { weights[$0] }) { counts[next] += 1 } }
        #expect(counts == [500, 100, 100])
    }

    @Test("a target that drops out leaves its turns to the others, and nobody means nobody")
    func roundRobinWithout() {
        var turn = SmoothRoundRobin(count: 3)
        for _ in 0..<5 { _ = turn.next { _ in 1 } }
        var counts = [0, 0, 0]
        for _ in 0..<100 { if let next = turn.next(weight: { $0 == 1 ? 0 : 1 }) { counts[next] += 1 } }
        #expect(counts[1] == 0)
        #expect(abs(counts[0] - counts[2]) <= 2, "what was owed from before aside")
        #expect(turn.next { _ in 0 } == nil)
    }

    @Test("of two drawn targets the better one is taken, the only one when there is one, none when there is none")
    func twoChoices() {
        var choices = TwoChoices(seed: 7)
        let load = [9, 0, 9]
        var counts = [0, 0, 0]
        for _ in 0..<3000 {
            guard let next = choices.next(count: 3, weight: { _ in 1 }, isBetter: { load[$1] < load[$0] }) else {
                continue
            }
            counts[next] += 1
        }
        // The idle one is in two of three pairs, and wins both.
        #expect((1900...2100).contains(counts[1]), "\(counts)")
        #expect(choices.next(count: 3, weight: { $0 == 2 ? 4 : 0 }, isBetter: { _, _ in true }) == 2)
        #expect(choices.next(count: 3, weight: { _ in 0 }, isBetter: { _, _ in true }) == nil)
    }

    @Test("with equal loads two choices keep to the weights")
    func twoChoicesByWeight() {
        var choices = TwoChoices(seed: 11)
        var counts = [0, 0, 0, 0]
        let weights = [1, 1, 1, 3]
        for _ in 0..<6000 {
            if let next = choices.next(count: 4, weight: { weights[$0] }, isBetter: { _, _ in false }) {
                counts[next] += 1
            }
        }
        #expect((2800...3200).contains(counts[3]), "\(counts)")
        #expect((850...1150).contains(counts[0]), "\(counts)")
    }

    private func owners(_ names: [String], weights: [Int], keys: Int = 20_000) -> [String] {
        let seeds = names.map { Rendezvous.number(of: $0.utf8) }
        return (0..<keys).map { key in
            let number = Rendezvous.number(of: "key-\(key)".utf8)
            let index = Rendezvous.choose(key: number, count: names.count, seed: { seeds[$0] }, weight: { weights[$0] })
            return index.map { names[$0] } ?? ""
        }
    }

    @Test("keys spread by weight within 5 %, and a lost target moves its own keys and no other")
    func rendezvous() {
        let names = (0..<5).map { "10.0.0.\($0):80" }
        let before = owners(names, weights: [1, 1, 1, 1, 2])
        for name in names {
            let share = before.count { $0 == name }
            let expected = name == names[4] ? 20_000 * 2 / 6 : 20_000 / 6
            #expect(abs(share - expected) < expected / 20, "\(name): \(share) of \(expected)")
        }
        let after = owners(names, weights: [1, 1, 0, 1, 2])
        let moved = zip(before, after).filter { $0.0 != $0.1 }
        #expect(moved.allSatisfy { $0.0 == names[2] })
        #expect(moved.count == before.count { $0 == names[2] })
        // What it left is spread over all others, not given to a neighbour.
        #expect(Set(moved.map(\.1)).count == 4)
    }

    @Test("a target that comes takes its share, and every key that moves moves to it")
    func rendezvousGrows() {
        let names = (0..<5).map { "10.0.0.\($0):80" }
        let before = owners(Array(names.prefix(4)), weights: [1, 1, 1, 1])
        let after = owners(names, weights: [1, 1, 1, 1, 1])
        let moved = zip(before, after).filter { $0.0 != $0.1 }
        #expect(moved.allSatisfy { $0.1 == names[4] })
        #expect(abs(moved.count - 4000) < 200, "\(moved.count)")
    }

    @Test("a peak is believed at once, and forgotten slowly")
    func latency() {
        var latency = PeakLatency()
        let second: UInt64 = 1_000_000_000
        #expect(latency.cost(inFlight: 0, at: second) == 0, "what is not known is tried")
        #expect(latency.cost(inFlight: 1, at: second) > 0, "but not by everybody")
        latency.observe(1_000_000, at: second)
        #expect(latency.average == 1_000_000)
        latency.observe(50_000_000, at: 2 * second)
        #expect(latency.average == 50_000_000)
        latency.observe(1_000_000, at: 2 * second + 1_000_000)
        #expect(latency.average > 49_000_000, "one fast answer does not make it fast")
        #expect(latency.cost(inFlight: 1, at: 2 * second) > latency.cost(inFlight: 0, at: 2 * second))
        #expect(latency.cost(inFlight: 0, at: 32 * second) < 5_000_000, "after a long silence it is worth a try")
        let back = 3 * second
        #expect(latency.cost(inFlight: 0, since: back, at: back) == 0, "what came back is known no more")
        latency.observe(2_000_000, since: back, at: back + 1)
        #expect(latency.average == 2_000_000, "and begins anew")
        #expect(latency.cost(inFlight: 0, since: back, at: back + 1) == 2_000_000)
    }

    @Test("a request is written for another target as it would have been written for it at first")
    func retarget() throws {
        let loop = try Self.loop.get()
        func target(_ path: String, _ authority: String) -> LoopTarget {
            LoopTarget(
                pool: TargetPool(TargetKey(host: "h", port: 1), loop: loop),
                weight: 1,
                priority: 0,
                path: Array(path.utf8),
                authority: Array(authority.utf8),
                state: nil
            )
        }
        func rewrite(_ text: String, _ old: LoopTarget, _ new: LoopTarget, rest: Bool, keepsHost: Bool) -> String {
            let writer = HeadWriter(capacity: 16)
            Retarget.rewrite(
                Array(text.utf8).span,
                to: writer,
                methodLength: 3,
                hasRest: rest,
                keepsHost: keepsHost,
                from: old,
                to: new
            )
            return String(decoding: (0..<writer.count).map { writer.span[$0] }, as: UTF8.self)
        }
        let (a, b, bare) = (target("/base", "a:1"), target("/other", "b:2"), target("", "c"))
        let request = "GET /base/x?q HTTP/1.1\r\nHost: a:1\r\nX: Host: a:1\r\n\r\nbody"
        #expect(
            rewrite(request, a, b, rest: true, keepsHost: false)
                == "GET /other/x?q HTTP/1.1\r\nHost: b:2\r\nX: Host: a:1\r\n\r\nbody"
        )
        #expect(
            rewrite(request, a, bare, rest: true, keepsHost: true)
                == "GET /x?q HTTP/1.1\r\nHost: a:1\r\nX: Host: a:1\r\n\r\nbody"
        )
        #expect(rewrite("GET /base HTTP/1.1\r\n", a, bare, rest: false, keepsHost: true) == "GET / HTTP/1.1\r\n")
        #expect(rewrite("GET / HTTP/1.1\r\n", bare, a, rest: false, keepsHost: true) == "GET /base HTTP/1.1\r\n")
        #expect(rewrite("GET /x HTTP/1.1\r\n", bare, a, rest: true, keepsHost: true) == "GET /base/x HTTP/1.1\r\n")
    }

    private static let loop = Result {
        try LoopContext(
            core: GatewayCore(
                limits: GatewayLimits(),
                ledger: nil,
                entitlementAgeMaxSeconds: nil
            )
        )
    }
}
