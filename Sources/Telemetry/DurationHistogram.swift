/// A log-linear histogram of durations: four buckets a decade (1, 2.5, 5 and 7.5) from 100 µs to 10 s.
///
/// The borders from 5 ms on are those of OpenTelemetry's `http.server.request.duration`, so dashboards made for it fit.
/// A histogram is a run of ``cells`` counters inside a ``CellBank``: one per bucket, one for what is above the last
/// border, and the sum in nanoseconds.
public enum DurationHistogram {
    /// Upper borders in nanoseconds, ascending; a duration equal to a border counts in its bucket (Prometheus `le`).
    public static let bordersNanoseconds: [UInt64] = {
        var borders: [UInt64] = []
        var decade: UInt64 = 100_000
        while decade < 10_000_000_000 {
            borders += [decade, decade * 5 / 2, decade * 5, decade * 15 / 2]
            decade *= 10
        }
        return borders + [decade]
    }()

    /// Counters that one histogram takes in a bank.
    public static let cells = 23

    /// The bucket of a duration, 0 … 21, where 21 is above the last border.
    @inline(__always)
    public static func bucket(ofNanoseconds duration: UInt64) -> Int {
        var decade: UInt64 = 100_000
        var bucket = 0
        while bucket < 20 {
            if duration <= decade { return bucket }
            if duration <= decade &* 5 / 2 { return bucket + 1 }
            if duration <= decade &* 5 { return bucket + 2 }
            if duration <= decade &* 15 / 2 { return bucket + 3 }
            decade &*= 10
            bucket += 4
        }
        return duration <= decade ? 20 : 21
    }

    /// Counts one duration in the histogram whose cells start at `base`.
    @inline(__always)
    public static func record(nanoseconds: UInt64, in bank: CellBank, at base: Int) {
        bank.add(1, at: base + bucket(ofNanoseconds: nanoseconds))
        bank.add(nanoseconds, at: base + 22)
    }

    /// The state of a histogram, summed over banks.
    public struct Reading: Hashable, Sendable {
        /// Counts per bucket, not cumulative; the last is above the last border.
        public var counts: [UInt64]
        /// Sum of all durations in nanoseconds.
        public var sumNanoseconds: UInt64
        /// How many durations were counted.
        public var count: UInt64 { counts.reduce(0, &+) }

        /// A histogram of nothing, or of what was counted elsewhere (22 counts).
        public init(counts: [UInt64] = Array(repeating: 0, count: 22), sumNanoseconds: UInt64 = 0) {
            self.counts = counts
            self.sumNanoseconds = sumNanoseconds
        }

        /// Counts one duration: for histograms that no event loop writes. One below zero counts as zero.
        public mutating func record(_ duration: Duration) {
            let (seconds, attoseconds) = duration.components
            let nanoseconds = UInt64(max(0, seconds)) &* 1_000_000_000 &+ UInt64(max(0, attoseconds / 1_000_000_000))
            counts[DurationHistogram.bucket(ofNanoseconds: nanoseconds)] &+= 1
            sumNanoseconds &+= nanoseconds
        }
    }

    /// Sums the histogram at `base` over the banks of all loops.
    public static func read(at base: Int, in banks: [CellBank]) -> Reading {
        var reading = Reading()
        for bank in banks {
            for bucket in 0..<22 { reading.counts[bucket] &+= bank.value(at: base + bucket) }
            reading.sumNanoseconds &+= bank.value(at: base + 22)
        }
        return reading
    }
}
