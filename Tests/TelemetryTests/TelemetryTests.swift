import Testing

@testable import Telemetry

@Suite("CellBank")
struct CellBankTests {
    @Test("counts are kept apart by index and grow on demand")
    func counts() {
        let bank = CellBank()
        bank.add(1, at: 0)
        bank.add(2, at: 513)
        bank.add(3, at: 513)
        #expect(bank.value(at: 0) == 1)
        #expect(bank.value(at: 513) == 5)
        #expect(bank.value(at: 100_000) == 0)
    }

    @Test("an index beyond the bound counts in the last cell instead of trapping")
    func bounded() {
        let bank = CellBank()
        bank.add(1, at: CellBank.indexMax + 10)
        #expect(bank.value(at: CellBank.indexMax) == 1)
    }

    @Test("a reader sums while loops count, and the end is exact")
    func concurrentReader() async {
        let banks = [CellBank(), CellBank()]
        await withTaskGroup(of: Void.self) { group in
            for bank in banks {
                group.addTask { for index in 0..<100_000 { bank.add(1, at: index % 1024) } }
            }
            group.addTask {
                var last: UInt64 = 0
                for _ in 0..<1000 {
                    let sum = banks.reduce(0) { $0 + $1.value(at: 7) }
                    #expect(sum >= last)
                    last = sum
                }
            }
        }
        let total = (0..<1024).reduce(UInt64(0)) { sum, index in sum + banks.reduce(0) { $0 + $1.value(at: index) } }
        #expect(total == 200_000)
    }
}

@Suite("DurationHistogram")
struct DurationHistogramTests {
    @Test("every border counts in its own bucket, and one more nanosecond in the next")
    func borders() {
        let borders = DurationHistogram.bordersNanoseconds
        #expect(borders.count == 21)
        for (index, border) in borders.enumerated() {
            #expect(DurationHistogram.bucket(ofNanoseconds: border) == index)
            #expect(DurationHistogram.bucket(ofNanoseconds: border + 1) == index + 1)
        }
        #expect(DurationHistogram.bucket(ofNanoseconds: 0) == 0)
        #expect(DurationHistogram.bucket(ofNanoseconds: .max) == 21)
    }

    @Test("the borders from 5 ms on are OpenTelemetry's")
    func semanticConventions() {
        let seconds = DurationHistogram.bordersNanoseconds.map { Double($0) / 1e9 }
        for border in [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] {
            #expect(seconds.contains(border))
        }
    }

    @Test("readings of several loops add up")
    func reading() {
        let banks = [CellBank(), CellBank()]
        DurationHistogram.record(nanoseconds: 3_000_000, in: banks[0], at: 23)
        DurationHistogram.record(nanoseconds: 3_000_000, in: banks[1], at: 23)
        let reading = DurationHistogram.read(at: 23, in: banks)
        #expect(reading.count == 2)
        #expect(reading.sumNanoseconds == 6_000_000)
        #expect(DurationHistogram.read(at: 0, in: banks).count == 0)
    }
}

@Suite("SeriesRegistry")
struct SeriesRegistryTests {
    @Test("a label set keeps its number, and what exceeds the capacity shares number 0")
    func numbers() {
        let registry = SeriesRegistry(overflow: ["other"], capacity: 3)
        #expect(registry.number(["a"]) == 1)
        #expect(registry.number(["b"]) == 2)
        #expect(registry.number(["a"]) == 1)
        #expect(registry.number(["c"]) == 0)
        #expect(registry.all == [["other"], ["a"], ["b"]])
    }
}

@Suite("PrometheusText")
struct PrometheusTextTests {
    @Test("samples carry escaped labels under one HELP and TYPE")
    func samples() {
        var text = PrometheusText()
        text.begin("x_total", .counter, help: "two\nlines")
        text.sample("x_total", [("a", "say \"hi\" \\ now")], 3)
        text.sample("x_total", 4)
        #expect(
            text.text == """
                # HELP x_total two\\nlines
                # TYPE x_total counter
                x_total{a="say \\"hi\\" \\\\ now"} 3
                x_total 4

                """
        )
    }

    @Test("a histogram is cumulative and ends with +Inf, sum and count")
    func histogram() {
        let bank = CellBank()
        DurationHistogram.record(nanoseconds: 100_000, in: bank, at: 0)
        DurationHistogram.record(nanoseconds: 20_000_000_000, in: bank, at: 0)
        var text = PrometheusText()
        text.histogram("d", [("api", "a")], DurationHistogram.read(at: 0, in: [bank]))
        #expect(text.text.contains("d_bucket{api=\"a\",le=\"0.0001\"} 1\n"))
        #expect(text.text.contains("d_bucket{api=\"a\",le=\"10\"} 1\n"))
        #expect(text.text.contains("d_bucket{api=\"a\",le=\"+Inf\"} 2\n"))
        #expect(text.text.contains("d_count{api=\"a\"} 2\n"))
        #expect(text.text.contains("d_sum{api=\"a\"} 20.0001\n"))
    }
}

@Suite("UTCTime")
struct UTCTimeTests {
    @Test(
        "dates come out as RFC 9110 writes them",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (1_782_864_000, "Wed, 01 Jul 2026 00:00:00 GMT"),
            (4_102_444_799, "Thu, 31 Dec 2099 23:59:59 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
        ] as [(Int64, String)]
    )
    func httpDate(_ seconds: Int64, _ text: String) {
        #expect(UTCTime(seconds: seconds).httpDate == text)
    }

    @Test("date to seconds is the inverse of seconds to date for every day of 400 years")
    func inverse() {
        var seconds = UTCTime.seconds(year: 1900, month: 1, day: 1)
        let end = UTCTime.seconds(year: 2300, month: 1, day: 1)
        while seconds < end {
            let time = UTCTime(seconds: seconds)
            #expect(UTCTime.seconds(year: time.year, month: time.month, day: time.day) == seconds)
            seconds += 86_400
        }
    }

    @Test("log times have milliseconds")
    func rfc3339() {
        #expect(UTCTime.rfc3339(milliseconds: 1_782_864_000_007) == "2026-07-01T00:00:00.007Z")
        #expect(UTCTime.rfc3339(milliseconds: -1) == "1969-12-31T23:59:59.999Z")
    }

    @Test("an IMF-fixdate is read back, and nothing else is")
    func readsDates() {
        for seconds: Int64 in [0, 784_111_777, 951_782_400, 4_102_444_799] {
            #expect(UTCTime.seconds(httpDate: UTCTime(seconds: seconds).httpDate) == seconds)
        }
        for text in [
            "", "soon", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 8:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 CET",
        ] {
            #expect(UTCTime.seconds(httpDate: text) == nil, "\(text)")
        }
    }
}
