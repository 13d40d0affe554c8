import RoutingTable
import Testing

@testable import Gateway

private let second: UInt64 = 1_000_000_000
private func moment(_ nanoseconds: UInt64, wall: UInt64? = nil) -> Moment {
    Moment(monotonic: nanoseconds, wall: wall ?? nanoseconds)
}

private func limit(
    _ name: String = "l",
    kind: EntitlementContent.LimitKind = .rate,
    amount: UInt64,
    window: EntitlementContent.LimitWindow = .seconds(1),
    algorithm: EntitlementContent.LimitAlgorithm = .gcra,
    burst: UInt64 = 0
) -> EntitlementContent.Limit {
    EntitlementContent.Limit(name: name, kind: kind, amount: amount, window: window, algorithm: algorithm, burst: burst)
}

@Suite("Limits")
struct LimitTests {
    private let subscription = RecordID(high: 1, low: 1)

    @Test("GCRA admits the burst at once and then one per spacing")
    func gcra() {
        let set = BucketBook(ledger: nil).limitSet(
            for: subscription,
            [limit(amount: 10, burst: 3)],
            at: moment(5 * second)
        )
        var now = 5 * second
        #expect((0..<5).map { _ in set.reserve(at: moment(now)) } == [true, true, true, false, false])
        now += second / 10
        #expect(set.reserve(at: moment(now)))
        #expect(!set.reserve(at: moment(now)))
        #expect(set.retryAfterSeconds == 1)
        #expect(set.violated == ["l"])
    }

    @Test("GCRA never admits more than burst plus rate times time, whatever the arrivals")
    func gcraBound() {
        let set = BucketBook(ledger: nil).limitSet(for: subscription, [limit(amount: 7, burst: 5)], at: moment(0))
        var generator = SystemRandomNumberGenerator()
        var now: UInt64 = second
        let start = now
        var admitted: UInt64 = 0
        for _ in 0..<20_000 {
            now += UInt64.random(in: 0..<(second / 20), using: &generator)
            if set.reserve(at: moment(now)) { admitted += 1 }
            #expect(Double(admitted) <= 5 + 7 * Double(now - start) / Double(second) + 0.000_001)
        }
        #expect(Double(admitted) > 6.5 * Double(now - start) / Double(second), "the allowance is also really given")
    }

    @Test("a clock that went back neither blocks for the length of the jump nor refunds")
    func clockBack() {
        let kept = limit(kind: .quota, amount: 10, window: .seconds(10), algorithm: .gcra, burst: 2)
        let set = BucketBook(ledger: nil).limitSet(for: subscription, [kept], at: moment(0))
        let later = 100_000 * second
        #expect(set.reserve(at: moment(0, wall: later)))
        #expect(set.reserve(at: moment(0, wall: later)))
        #expect(!set.reserve(at: moment(0, wall: later)))
        let back = later - 3600 * second
        #expect(!set.reserve(at: moment(0, wall: back)))
        #expect(set.reserve(at: moment(0, wall: back + 2 * second)))
    }

    @Test("a fixed window admits its amount, and again in the next window")
    func fixedWindow() {
        let rule = limit(kind: .quota, amount: 3, window: .seconds(60), algorithm: .fixedWindow)
        let start = 1_000_020 * second
        let set = BucketBook(ledger: nil).limitSet(for: subscription, [rule], at: moment(start))
        #expect((0..<4).map { _ in set.reserve(at: moment(start)) } == [true, true, true, false])
        #expect(set.retryAfterSeconds == 60)
        #expect(set.violatesQuota)
        #expect(!set.reserve(at: moment(start + 59 * second)))
        #expect(set.reserve(at: moment(start + 60 * second)))
    }

    @Test("a window's count is carried when the clock is set back by more than a window")
    func windowClockBack() {
        let rule = limit(kind: .quota, amount: 3, window: .seconds(60), algorithm: .fixedWindow)
        let start = 1_000_020 * second
        let set = BucketBook(ledger: nil).limitSet(for: subscription, [rule], at: moment(start))
        for _ in 0..<3 { #expect(set.reserve(at: moment(start + 7200 * second))) }
        #expect(!set.reserve(at: moment(start)))
        #expect(!set.reserve(at: moment(start + 59 * second)))
        #expect(set.reserve(at: moment(start + 60 * second)), "and the next window is a new one")
    }

    @Test("a refused request spends nothing in the other limits")
    func allOrNothing() {
        let set = BucketBook(ledger: nil).limitSet(
            for: subscription,
            [
                limit("month", kind: .quota, amount: 100, window: .calendar(.month), algorithm: .fixedWindow),
                limit("second", amount: 1, burst: 1),
            ],
            at: moment(second)
        )
        #expect(set.reserve(at: moment(second)))
        for _ in 0..<50 { #expect(!set.reserve(at: moment(second))) }
        #expect(set.violated == ["second"])
        #expect(set.reserve(at: moment(3 * second)))
        #expect(set.readings[0].remaining == 98)
    }

    @Test("limits are exact under parallel load")
    func parallel() async {
        let book = BucketBook(ledger: nil)
        let limits = [
            limit("a", kind: .quota, amount: 5_000, window: .calendar(.year), algorithm: .fixedWindow),
            limit("b", amount: 1, window: .seconds(4_000), burst: 7_000),
        ]
        let admitted = Tally()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let set = book.limitSet(for: RecordID(high: 9, low: 9), limits, at: moment(second))
                    for _ in 0..<2_000 where set.reserve(at: moment(second)) {
                        admitted.add()
                    }
                }
            }
        }
        #expect(admitted.value == 5_000)
        let set = book.limitSet(for: RecordID(high: 9, low: 9), [limits[1]], at: moment(second))
        #expect(set.reserve(at: moment(second)))
        #expect(set.readings[0].remaining == 1_999, "what the other limit refused was not spent here")
    }

    @Test("an amount of zero admits nothing, and the greatest amount does not overflow")
    func extremes() {
        let book = BucketBook(ledger: nil)
        let none = book.limitSet(for: subscription, [limit("z", amount: 0, burst: 5)], at: moment(second))
        #expect(!none.reserve(at: moment(second)))
        let all = book.limitSet(for: subscription, [limit("m", amount: .max, burst: .max)], at: moment(second))
        #expect(all.reserve(at: moment(second)))
    }

    @Test("RateLimit fields follow the draft")
    func fields() {
        let set = BucketBook(ledger: nil).limitSet(
            for: subscription,
            [
                limit("second", amount: 100, burst: 20),
                limit("hour", kind: .quota, amount: 1000, window: .calendar(.hour), algorithm: .fixedWindow),
            ],
            at: moment(3600 * second)
        )
        #expect(set.reserve(at: moment(3600 * second)))
        let lines = HeadWriter(capacity: 16)
        set.appendFields(to: lines)
        #expect(
            String(decoding: lines.span.indices.map { lines.span[$0] }, as: UTF8.self)
                == "RateLimit: \"second\";r=19;t=1, \"hour\";r=999;t=3600\r\n"
                + "RateLimit-Policy: \"second\";q=100;w=1, \"hour\";q=1000;w=3600\r\n"
        )
    }
}

@Suite("CalendarWindow")
struct CalendarWindowTests {
    @Test("months begin on the first, weeks on Monday, days at midnight")
    func calendar() {
        let wednesday: Int64 = 1_782_864_000 + 3_600  // 2026-07-01T01:00:00Z
        let month = CalendarWindow.bounds(.calendar(.month), at: wednesday)
        #expect((month.start, month.end) == (1_782_864_000, 1_782_864_000 + 31 * 86_400))
        let week = CalendarWindow.bounds(.calendar(.week), at: wednesday)
        #expect(week.start == 1_782_864_000 - 2 * 86_400)
        #expect(week.end - week.start == 7 * 86_400)
        let year = CalendarWindow.bounds(.calendar(.year), at: wednesday)
        #expect(year.end - year.start == 365 * 86_400)
        #expect(CalendarWindow.bounds(.calendar(.month), at: month.end).number == month.number + 1)
    }
}

@Suite("QuotaLedger")
struct QuotaLedgerTests {
    private let quota = limit(kind: .quota, amount: 10, window: .calendar(.day), algorithm: .fixedWindow)
    private let subscription = RecordID(high: 7, low: 7)

    @Test("counts survive a restart")
    func restart() throws {
        let folder = TemporaryFolder()
        let now = Moment.now()
        for round in 0..<3 {
            let ledger = try QuotaLedger(path: folder.path + "/q", slotCount: 16, at: now)
            let set = BucketBook(ledger: ledger).limitSet(for: subscription, [quota], at: now)
            for _ in 0..<3 { #expect(set.reserve(at: now)) }
            #expect(set.readings[0].remaining == UInt64(10 - 3 * (round + 1)))
            #expect(ledger.discarded == 0)
            ledger.close()
        }
    }

    @Test("a second process on the same ledger is refused")
    func locked() throws {
        let folder = TemporaryFolder()
        let first = try QuotaLedger(path: folder.path + "/q", slotCount: 16, at: .now())
        #expect(throws: QuotaLedger.Failure.inUse(path: folder.path + "/q")) {
            try QuotaLedger(path: folder.path + "/q", slotCount: 16, at: .now())
        }
        withExtendedLifetime(first) {}
    }

    @Test("a file that is no ledger is put aside, damaged slots are emptied, and old windows are free again")
    func damaged() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/q"
        try Disk.replace(path, with: Array("not a ledger".utf8))
        let now = Moment.now()
        do {
            let ledger = try QuotaLedger(path: path, slotCount: 2, at: now)
            #expect(ledger.wasReplaced)
            #expect(Disk.exists(path + ".corrupt"))
            let book = BucketBook(ledger: ledger)
            for low in 1...3 {
                let set = book.limitSet(for: RecordID(high: 0, low: UInt64(low)), [quota], at: now)
                #expect(set.reserve(at: now))
            }
            #expect(book.overflowCount == 1, "the third quota is counted in memory only")
            ledger.close()
        }
        var bytes = try Disk.read(path, bytesMax: 1 << 20)
        bytes[4096] ^= 1
        try Disk.replace(path, with: bytes)
        do {
            let ledger = try QuotaLedger(path: path, slotCount: 2, at: now)
            #expect(ledger.discarded == 1)
            ledger.close()
        }
        let tomorrow = Moment(monotonic: now.monotonic, wall: now.wall + 86_400 * second)
        let ledger = try QuotaLedger(path: path, slotCount: 2, at: tomorrow)
        let book = BucketBook(ledger: ledger)
        for low in 11...12 {
            _ = book.limitSet(for: RecordID(high: 0, low: UInt64(low)), [quota], at: tomorrow)
        }
        #expect(book.overflowCount == 0)
    }
}
