import Foundation

/// How long requests take when a proxy is not at its limit: at 70 % of what each can do, its share measured right before.
enum PacedBench {
    static let share = 0.7
    /// Enough that a slow answer keeps no request from being sent.
    static let connections = 64
    /// A machine that others share stops for some 10 ms now and then, which is the p99 of the whole round that it falls into, whoever is
    /// measured. So there are many, and their median counts.
    static let rounds = 9

    static func run(_ bed: ProxyBed) throws -> [Figure] {
        let contenders = try [bed.nginx(.plain), bed.gatehouse(.plain), bed.gatehouse(.full)]
        print("\nat 70 % of capacity, requests sent at even times     req/s       p50       p99     p99.9       max")
        var p99 = Array(repeating: [Double](), count: contenders.count)
        for _ in 1...rounds {
            for (place, contender) in contenders.enumerated() {
                let rate = try Wrk.run(contender.address, seconds: 2).requestsPerSecond * share
                let result = try OpenLoopClient.Result(
                    ChildProcess.output(
                        Bench.program,
                        [
                            "open-loop", String(contender.port), contender.path, String(Int(rate)),
                            String(GatewayBench.seconds),
                        ],
                        cores: [1]
                    )
                )
                p99[place].append(result.p99)
                print(Table.padded(contender.name, 48), String(format: "%9.0f", rate), result.columns)
            }
        }
        let medians = p99.map { Median.of($0) }
        return [
            Figure("p99 at 70 %, plain, × nginx plain", medians[1] / medians[0], most: 1.5),
            Figure("p99 at 70 %, all options, × nginx plain", medians[2] / medians[0], most: 1.5),
        ]
    }
}
