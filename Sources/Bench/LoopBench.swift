import Foundation
import Synchronization

/// What two event loops are worth against one, where client and upstream need the same two cores.
///
/// With two cores for all, a second loop cannot double what a client sees: client and upstream take their share of both. So the
/// gateway's own CPU time is compared, which leaves theirs out. One gateway of two loops is set beside two gateways of one loop each,
/// which share nothing and so are twice one loop by definition; load, connections, upstream and cores are the same for both. Twice the
/// ratio of what a request costs them is what two loops are worth: it shows what the loops of one process take from each other
/// (shared words, counts of references, the kernel's locks), and not how full the machine is.
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
        let apart = try [bed.gatehouse(.full, cores: cores, loops: 1), bed.gatehouse(.full, cores: cores, loops: 1)]
        print("\nall on both cores             CPU µs/req     req/s   share of the busier loop")
        var costs = (both: [Double](), apart: [Double]())
        for _ in 1...GatewayBench.rounds {
            costs.both.append(try measure("one gateway, two loops", both, loops: 2))
            costs.apart.append(try measure("two gateways, one loop", apart, loops: 1))
        }
        let worth = 2 * Median.of(costs.apart) / Median.of(costs.both)
        return [Figure("two event loops, × one, all options", worth, least: 1.8)]
    }

    /// CPU microseconds that a request costs the gateways together.
    private static func measure(_ name: String, _ gateways: [Contender], loops: Int) throws -> Double {
        _ = try load(gateways, loops: loops, seconds: 1)
        let before = try gateways.map { try $0.process.cpuNanosecondsByThread() }
        let loads = try load(gateways, loops: loops, seconds: GatewayBench.seconds)
        let after = try gateways.map { try $0.process.cpuNanosecondsByThread() }
        let spent = zip(before, after).flatMap { before, after in
            after.map { Double($0.value - (before[$0.key] ?? 0)) }
        }
        let requests = loads.reduce(0) { $0 + $1.requests }
        let cost = spent.reduce(0, +) / 1000 / requests
        print(
            Table.padded(name, 28),
            String(format: "%11.2f %9.0f", cost, loads.reduce(0) { $0 + $1.requestsPerSecond }),
            String(format: "%22.0f %%", (spent.max() ?? 0) / spent.reduce(0, +) * 100)
        )
        return cost
    }

    /// Loads all gateways at once.
    private static func load(_ gateways: [Contender], loops: Int, seconds: Int) throws -> [Wrk.Load] {
        let addresses = gateways.map(\.address)
        let outcomes = Mutex<[Result<Wrk.Load, any Error>]>([])
        DispatchQueue.concurrentPerform(iterations: addresses.count) { place in
            let outcome = Result {
                try Wrk.run(
                    addresses[place],
                    seconds: seconds,
                    connections: connectionsPerLoop * loops,
                    threads: loops,
                    cores: cores
                )
            }
            outcomes.withLock { $0.append(outcome) }
        }
        return try outcomes.withLock { $0 }.map { try $0.get() }
    }
}
