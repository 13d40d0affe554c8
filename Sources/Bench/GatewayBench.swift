import BenchProgram
import Foundation

/// What a proxied request costs the gateway, beside nginx and HAProxy doing the like, all in one run: `make bench-gateway`.
///
/// The proxies run on core 0, the load and the upstream on core 1. CPU time comes from the kernel's account of a proxy's threads,
/// so that it depends little on who else uses the machine; requests a second and latency do. Rounds are interleaved (A B C A B C),
/// so that a noisy moment hits all alike, and only ratios of one run are worth quoting.
enum GatewayBench {
    /// What can be measured, in the order it is.
    enum Part: String, CaseIterable {
        /// Every contender under as much load as it takes.
        case rows
        /// Latency at 70 % of what each can do.
        case pace
        /// Two event loops against one.
        case loops
        /// Memory of 10,000 idle connections.
        case idle
    }

    static let rounds = 3
    /// Length of one measurement.
    static let seconds = Int(ProcessInfo.processInfo.environment["BENCH_SECONDS"] ?? "") ?? 4

    static func run(_ arguments: [String]) throws {
        let binary = arguments.first ?? ".build/release/gatehouse"
        let parts = try arguments.dropFirst().map { name in
            guard let part = Part(rawValue: name) else { throw Failure("there is no part `\(name)`") }
            return part
        }
        try FileLimit.raise(to: IdleBench.earlier + IdleBench.connections + 1_000)
        let bed = try ProxyBed(binary: binary)
        defer { bed.remove() }
        var figures: [Figure] = []
        for part in parts.isEmpty ? Part.allCases : parts {
            switch part {
            case .rows: figures += try rows(bed)
            case .pace: figures += try PacedBench.run(bed)
            case .loops: figures += try LoopBench.run(bed)
            case .idle: figures += try IdleBench.run(bed)
            }
        }
        print("\nfigure                                                        measured      goal")
        for figure in figures { print(figure.line) }
    }

    private static func rows(_ bed: ProxyBed) throws -> [Figure] {
        let contenders = try [
            bed.nginx(.plain), bed.nginx(.keyed), bed.haproxy(.plain), bed.haproxy(.keyed), bed.gatehouse(.plain),
            bed.gatehouse(.oneLimit), bed.gatehouse(.full),
        ]
        var samples = Array(repeating: [Wrk.Sample](), count: contenders.count)
        for round in 1...rounds {
            for (place, contender) in contenders.enumerated() {
                samples[place].append(try measure(contender))
            }
            print("round \(round) of \(rounds) done")
        }
        let base = Median.of(samples[0].map(\.cpuMicroseconds))
        print(
            "\nmedian of \(rounds) rounds of \(seconds) s              CPU µs/req  × nginx     req/s       p50       p99      MiB"
        )
        var ratios: [String: Double] = [:]
        for (contender, taken) in zip(contenders, samples) {
            let cost = Median.of(taken.map(\.cpuMicroseconds))
            ratios[contender.name] = cost / base
            let memory = try contender.process.memoryKibibytes().peak
            print(
                Table.padded(contender.name, 40),
                String(format: "%8.2f %8.2f %9.0f", cost, cost / base, Median.of(taken.map(\.requestsPerSecond))),
                String(format: "%6.0f µs %6.0f µs", Median.of(taken.map(\.p50)), Median.of(taken.map(\.p99))),
                String(format: "%8.1f", Double(memory) / 1024)
            )
        }
        return [
            Figure("CPU, plain, × nginx plain", ratios[ProxyBed.Gate.plain.name], most: 1.03),
            Figure(
                "CPU, key, grant, pin, two limits, metrics, log, × nginx plain",
                ratios[ProxyBed.Gate.full.name],
                most: 1.10
            ),
        ]
    }

    /// One round of one contender, after a second that fills its pools.
    private static func measure(_ contender: Contender) throws -> Wrk.Sample {
        _ = try Wrk.run(contender.address, seconds: 1)
        let before = try contender.process.cpuNanoseconds()
        let load = try Wrk.run(contender.address, seconds: seconds)
        return Wrk.Sample(load, cpuNanoseconds: try contender.process.cpuNanoseconds() - before)
    }
}

/// A measured number beside what it should be.
struct Figure {
    let line: String

    /// `most` or `least` is the goal; a value that was not measured says so.
    init(_ name: String, _ value: Double?, most: Double? = nil, least: Double? = nil, digits: Int = 2) {
        let goal =
            (most.map { "<= " + Table.number($0, digits) } ?? least.map { ">= " + Table.number($0, digits) }) ?? ""
        guard let value else {
            line = "\(Table.padded(name, 62)) not taken   \(goal)"
            return
        }
        let holds = value <= most ?? .infinity && value >= least ?? -.infinity
        line =
            "\(Table.padded(name, 62)) \(Table.padded(Table.number(value, digits), 9)) \(goal)\(holds ? "" : "   missed")"
    }
}

/// Text in columns.
enum Table {
    static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    static func number(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
}

/// The middle of several measurements.
enum Median {
    static func of(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }
}
