import Testing

@testable import Lifecycle

@Suite("PlanLimit")
struct PlanLimitTests {
    @Test(
        "a duration reads to its seconds and writes one canonical form",
        arguments: [
            ("PT1S", 1, "PT1S"), ("PT90S", 90, "PT1M30S"), ("PT1M", 60, "PT1M"), ("PT1H30M", 5_400, "PT1H30M"),
            ("P1D", 86_400, "P1D"), ("P1DT12H", 129_600, "P1DT12H"), ("P2W", 1_209_600, "P2W"), ("P7D", 604_800, "P1W"),
            ("PT24H", 86_400, "P1D"), ("P366D", 31_622_400, "P366D"),
        ] as [(String, UInt32, String)]
    )
    func durationsRead(text: String, seconds: UInt32, canonical: String) {
        let window = LimitWindow(text)
        #expect(window == .seconds(seconds))
        #expect(window?.text == canonical)
        #expect(LimitWindow(canonical) == window)
    }

    @Test(
        "what is no usable duration is refused",
        arguments: [
            "", "P", "PT", "1S", "PT0S", "P0D", "PT1", "P1S", "PT1D", "P1DT", "PT1S1M", "PT1M1M", "P1W1D", "P1WT1H",
            "PT1.5S",
            "pt1s", "P367D", "PT99999999999999999999S", "P2M", "P2Y", "P1M1D", "PT-1S", " PT1S", "P1Y1M", "PTT1S",
        ]
    )
    func otherTextsAreRefused(text: String) {
        #expect(LimitWindow(text) == nil)
    }

    @Test("months and years are calendar units, and so are the fixed lengths that have a word")
    func calendarUnits() {
        let units = ["PT1M", "PT1H", "P1D", "P7D", "P1M", "P1Y", "PT15M"].map { LimitWindow($0)?.calendarUnit }
        #expect(units == [.minute, .hour, .day, .week, .month, .year, nil])
        #expect(LimitWindow("P1M")?.fixedSeconds == nil)
    }

    @Test("a rate smooths by default and a quota counts windows by default")
    func defaultsFollowTheKind() throws {
        let rate = try PlanLimit(name: "second", kind: .rate, amount: 100, window: "PT1S", burst: 20)
        #expect(rate.algorithm == .gcra && rate.alignment == .none && rate.burst == 20)
        let quota = try PlanLimit(name: "month", kind: .quota, amount: 1_000_000, window: "P1M", alignment: .calendar)
        #expect(quota.algorithm == .fixedWindow && quota.burst == 0)
    }

    @Test("every fault is named, with the member it stands in")
    func faultsAreNamed() {
        let error = #expect(throws: InvalidLimit.self) {
            try PlanLimit(name: "Per Second", kind: .rate, amount: 0, window: "1s", algorithm: .gcra)
        }
        #expect(error?.faults.map(\.field) == ["name", "amount", "window", "burst"])
        #expect(error?.limit == "Per Second")
    }

    static let faulty: [(PlanLimit.Kind, UInt64, String, PlanLimit.Alignment?, PlanLimit.Algorithm?, UInt64?, String)] =
        [
            (.quota, 10, "P1M", nil, nil, nil, "align"),
            (.quota, 10, "PT15M", .calendar, nil, nil, "window"),
            (.quota, 10, "P1D", nil, .gcra, 1, "algorithm"),
            (.rate, 10, "PT1S", .calendar, .gcra, 1, "align"),
            (.rate, 10, "PT1S", nil, .gcra, 1_000_000_001, "burst"),
            (.rate, 10, "PT1S", nil, .gcra, nil, "burst"),
            (.rate, 10, "PT1S", nil, .fixedWindow, 9, "burst"),
            (.rate, 2_000_000_000, "PT1S", nil, .gcra, 1, "amount"),
            (.rate, 1, "P1D", nil, .gcra, 367, "burst"),
            (.rate, 1_000_000_000_001, "PT1S", nil, .fixedWindow, nil, "amount"),
        ]

    @Test("each rule refuses its case", arguments: faulty.indices)
    func eachRuleFires(index: Int) {
        let (kind, amount, window, alignment, algorithm, burst, field) = Self.faulty[index]
        let error = #expect(throws: InvalidLimit.self) {
            try PlanLimit(
                name: "limit",
                kind: kind,
                amount: amount,
                window: window,
                alignment: alignment,
                algorithm: algorithm,
                burst: burst
            )
        }
        #expect(error?.faults.map(\.field) == [field])
        #expect(error?.faults.allSatisfy { !$0.message.isEmpty && !$0.message.hasSuffix(".") } == true)
    }

    @Test("the near misses of those rules are accepted")
    func nearMissesPass() throws {
        _ = try PlanLimit(name: "m", kind: .quota, amount: 10, window: "P1M", alignment: .calendar)
        _ = try PlanLimit(name: "quarter-hour", kind: .quota, amount: 10, window: "PT15M")
        _ = try PlanLimit(name: "r", kind: .rate, amount: 1_000_000_000, window: "PT1S", burst: 1)
        _ = try PlanLimit(name: "r", kind: .rate, amount: 1, window: "P1D", burst: 366)
        _ = try PlanLimit(name: "even", kind: .rate, amount: 10, window: "PT1S", burst: 0)
        _ = try PlanLimit(name: "f", kind: .rate, amount: 10, window: "PT1S", algorithm: .fixedWindow, burst: 0)
        _ = try PlanLimit(name: "f", kind: .rate, amount: 1_000_000_000_000, window: "PT1S", algorithm: .fixedWindow)
        _ = try PlanLimit(
            name: "f",
            kind: .rate,
            amount: 60,
            window: "PT1M",
            alignment: .calendar,
            algorithm: .fixedWindow
        )
    }
}
