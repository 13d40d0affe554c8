import Testing
import UpstreamRules

@testable import Gateway

/// Seconds as the machines count them.
private func at(_ seconds: Double) -> UInt64 { UInt64(seconds * 1e9) }

@Suite("Health of targets and upstreams")
struct HealthTests {
    private func ejection(_ change: (inout Ejection) -> Void = { _ in }) -> EjectionTrack {
        var policy = Ejection()
        change(&policy)
        return EjectionTrack(policy)
    }

    @Test("five failures in a row eject, four do not, and a success between them begins anew")
    func consecutive() {
        var track = ejection()
        for second in 1...4 { #expect(track.fail(at: at(Double(second)), others: 0, of: 3) == nil) }
        track.succeed(at: at(4.5))
        for second in 5...8 { #expect(track.fail(at: at(Double(second)), others: 0, of: 3) == nil) }
        #expect(track.fail(at: at(9), others: 0, of: 3) == at(19))
        #expect(track.fail(at: at(10), others: 0, of: 3) == nil, "what was under way does not prolong it")
    }

    @Test("ejections double, up to the longest, and quiet windows halve them again")
    func growing() {
        var track = ejection {
            $0.consecutiveFailures = 1
            $0.longestMilliseconds = 30_000
        }
        #expect(track.fail(at: at(1), others: 0, of: 3) == at(11))
        #expect(track.fail(at: at(12), others: 0, of: 3) == at(32))
        #expect(track.fail(at: at(33), others: 0, of: 3) == at(63), "40 s are above the longest")
        #expect(track.fail(at: at(63 + 100), others: 0, of: 3) == at(173), "ten quiet windows forget all")
    }

    @Test("no more than the stated share is out at a time: of three, one at 50 %; of one, none")
    func share() {
        var first = ejection { $0.consecutiveFailures = 1 }
        #expect(first.fail(at: at(1), others: 1, of: 3) == nil)
        #expect(first.fail(at: at(2), others: 0, of: 3) != nil)
        var only = ejection { $0.consecutiveFailures = 1 }
        #expect(only.fail(at: at(1), others: 0, of: 1) == nil)
        var all = ejection {
            $0.consecutiveFailures = 1
            $0.sharePercentMax = 100
        }
        #expect(all.fail(at: at(1), others: 0, of: 1) != nil)
    }

    @Test("a share of errors ejects once enough requests were seen, and old ones do not count")
    func ratio() {
        func track() -> EjectionTrack {
            ejection {
                $0.consecutiveFailures = 0
                $0.errorPercent = 50
                $0.requestsMin = 10
            }
        }
        var bad = track()
        for step in 0..<9 {
            if step % 2 == 0 {
                #expect(bad.fail(at: at(1), others: 0, of: 4) == nil)
            } else {
                bad.succeed(at: at(1))
            }
        }
        #expect(bad.fail(at: at(1), others: 0, of: 4) != nil)
        var old = track()
        for _ in 0..<9 { _ = old.fail(at: at(1), others: 0, of: 4) }
        #expect(old.fail(at: at(30), others: 0, of: 4) == nil, "nine of the ten are out of the window")
        var good = track()
        for _ in 0..<12 { good.succeed(at: at(1)) }
        for _ in 0..<11 { #expect(good.fail(at: at(1), others: 0, of: 4) == nil) }
    }

    @Test("checks turn a target over at their thresholds, not before")
    func checks() {
        var policy = ActiveCheck(path: "/")
        policy.healthyThreshold = 2
        policy.unhealthyThreshold = 3
        var track = CheckTrack(policy)
        #expect(track.isHealthy)
        let early = [false, false, true, false, false].map { track.record(isGood: $0) }
        #expect(early == [nil, nil, nil, nil, nil])
        #expect(track.record(isGood: false) == false)
        #expect(track.record(isGood: true) == nil)
        #expect(track.record(isGood: false) == nil)
        let late = [true, true].map { track.record(isGood: $0) }
        #expect(late == [nil, true])
        policy.expected = [.init(200, 204), .init(404, 404)]
        #expect([199, 200, 204, 205, 404].map { CheckTrack.expects($0, policy) } == [false, true, true, false, true])
    }

    @Test("intervals vary within the jitter and not beyond")
    func jitter() {
        var policy = ActiveCheck()
        policy.intervalMilliseconds = 1_000
        policy.jitterPercent = 20
        let intervals = (0..<1_000).map { CheckTrack.intervalNanoseconds(policy, random: Rendezvous.mix($0) >> 1) }
        #expect(intervals.allSatisfy { (800_000_000...1_200_000_000).contains($0) })
        #expect((intervals.max() ?? 0) - (intervals.min() ?? 0) > 350_000_000)
        policy.jitterPercent = 0
        #expect(CheckTrack.intervalNanoseconds(policy, random: 99) == 1_000_000_000)
    }

    private func breaker(_ change: (inout Breaker) -> Void = { _ in }) -> CircuitBreaker {
        var policy = Breaker()
        policy.requestsMin = 4
        policy.probes = 2
        change(&policy)
        return CircuitBreaker(policy)
    }

    @Test("the breaker opens at its share of errors, and not below or on too few requests")
    func opens() {
        var few = breaker()
        for _ in 0..<3 { #expect(few.record(isFailure: true, at: at(1)) == false) }
        #expect(few.admit(at: at(1)) == true)
        #expect(few.record(isFailure: true, at: at(1)) == true)
        #expect(few.admit(at: at(1)) == false)
        var mostlyWell = breaker()
        for step in 0..<40 { #expect(mostlyWell.record(isFailure: step % 3 == 2, at: at(1)) == false) }
        #expect(mostlyWell.admit(at: at(1)) == true)
    }

    @Test("half open lets the probes through and no more; all well closes, one failure opens again")
    func halfOpen() {
        var breaker = breaker()
        for _ in 0..<4 { _ = breaker.record(isFailure: true, at: at(1)) }
        #expect(breaker.admit(at: at(5.9)) == false)
        let probes = (0..<3).map { _ in breaker.admit(at: at(6)) }
        #expect(probes == [true, true, false])
        #expect(breaker.record(isFailure: false, at: at(6.1)) == false)
        #expect(breaker.record(isFailure: true, at: at(6.2)) == true)
        #expect(breaker.admit(at: at(7)) == false)
        let again = (0..<2).map { _ in breaker.admit(at: at(11.3)) }
        #expect(again == [true, true])
        for _ in 0..<2 { _ = breaker.record(isFailure: false, at: at(11.4)) }
        #expect(breaker.state == .closed)
        #expect(breaker.admit(at: at(11.5)) == true)
    }

    @Test("probes that never come back do not keep the breaker half open")
    func lostProbes() {
        var breaker = breaker()
        for _ in 0..<4 { _ = breaker.record(isFailure: true, at: at(1)) }
        _ = (breaker.admit(at: at(6)), breaker.admit(at: at(6)))
        #expect(breaker.admit(at: at(10.9)) == false)
        #expect(breaker.admit(at: at(11)) == true)
    }

    @Test("retries stay below their share of the requests plus the minimum a second")
    func budget() {
        var policy = Retry()
        policy.budgetPercent = 20
        policy.perSecondMin = 0
        var strict = RetryBudget(policy, loops: 1)
        #expect(strict.takeRetry(at: at(100)) == false)
        for _ in 0..<100 { strict.countRequest(at: at(100)) }
        let taken1 = (0..<50).count { _ in strict.takeRetry(at: at(101)) }
        #expect(taken1 == 20)
        let taken2 = (0..<50).count { _ in strict.takeRetry(at: at(109)) }
        #expect(taken2 == 0)
        let taken3 = (0..<50).count { _ in strict.takeRetry(at: at(115)) }
        #expect(taken3 == 0, "requests of long ago allow nothing")
        policy.perSecondMin = 10
        var lenient = RetryBudget(policy, loops: 2)
        let taken4 = (0..<50).count { _ in lenient.takeRetry(at: at(100)) }
        #expect(taken4 == 5, "the minimum is shared by the loops")
        let taken5 = (0..<50).count { _ in lenient.takeRetry(at: at(101)) }
        #expect(taken5 == 5)
    }

    @Test("a line serves first come first served, and those who left are not served")
    func line() {
        var line = WaitingLine<String>()
        let tickets = ["a", "b", "c"].map { line.join($0) }
        #expect(line.leave(tickets[1]) == true)
        #expect(line.leave(tickets[1]) == false)
        #expect(line.first == "a")
        #expect(line.leave(tickets[0]) == true)
        #expect(line.first == "c")
        let last = line.join("d")
        #expect(line.leave(last) == true)
        #expect(line.leave(tickets[2]) == true)
        #expect(line.isEmpty)
    }
}
