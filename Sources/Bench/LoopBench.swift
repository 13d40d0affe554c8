import Foundation

/// What two event loops are worth against one, where client and upstream need the same two cores.
///
/// With two cores for all, a second loop cannot double what a client sees: client and upstream take their share of both. So the
/// gateway's own CPU time is compared, which leaves theirs out. One gateway of two loops is set beside two gateways of one loop each,
/// which share nothing and so are twice one loop by definition. The two listen on one port, as the loops of one gateway do: client,
/// connections, upstream, cores and the way in which the kernel spreads connections are the same for both. (With a port and a client
/// for each, every loop would be woken by one thread of a client instead of by both, which is worth more than all that is measured
/// here.) Twice the ratio of what a request costs them is what two loops are worth: it shows what the loops of one process take from
/// each other (shared words, counts of references, the kernel's locks), and not how full the machine is.
enum LoopBench {
    private static let connectionsPerLoop = 64
    private static let cores = [0, 1]

    static func run(_ bed: ProxyBed) throws -> [Figure] {
        guard ProcessInfo.processInfo.activeProcessorCount >= cores.count else {
            print("\ntwo loops: needs two cores")
            return [Figure("two event loops, × one, all options", nil, least: 1.8)]
        }
        try bed.moveUpstream(to: cores)
        defer { try? bed.moveUpstream(to: [1]) }
        let both = try [bed.gatehouse(.full, cores: cores, loops: 2)]
        let port = try SharedPort(2)
        let apart = try (0..<2).map { try bed.gatehouse(.full, cores: cores, loops: 1, on: (port, $0)) }
        print("\nall on both cores             CPU µs/req     req/s   share of the busier loop")
        var costs = (both: [Double](), apart: [Double]())
        for _ in 1...GatewayBench.rounds {
            costs.both.append(try measure("one gateway, two loops", both))
            costs.apart.append(try measure("two gateways, one loop", apart))
        }
        let worth = 2 * Median.of(costs.apart) / Median.of(costs.both)
        return [Figure("two event loops, × one, all options", worth, least: 1.8)]
    }

    /// CPU microseconds that a request costs the gateways together.
    private static func measure(_ name: String, _ gateways: [Contender]) throws -> Double {
        _ = try load(gateways[0], seconds: 1)
        let before = try gateways.map { try $0.process.cpuNanosecondsByThread() }
        let load = try load(gateways[0], seconds: GatewayBench.seconds)
        let after = try gateways.map { try $0.process.cpuNanosecondsByThread() }
        let spent = zip(before, after).flatMap { before, after in
            after.map { Double($0.value - (before[$0.key] ?? 0)) }
        }
        let cost = spent.reduce(0, +) / 1000 / load.requests
        print(
            Table.padded(name, 28),
            String(format: "%11.2f %9.0f", cost, load.requestsPerSecond),
            String(format: "%22.0f %%", (spent.max() ?? 0) / spent.reduce(0, +) * 100)
        )
        return cost
    }

    private static func load(_ gateway: Contender, seconds: Int) throws -> Wrk.Load {
        try Wrk.run(
            gateway.address,
            seconds: seconds,
            connections: connectionsPerLoop * cores.count,
            threads: cores.count,
            cores: cores
        )
    }
}
