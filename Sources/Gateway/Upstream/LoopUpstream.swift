/// An upstream as one loop balances over it: smooth weighted round robin, the order in which nginx spreads requests.
final class LoopUpstream {
    struct Target {
        let pool: TargetPool
        let weight: Int
        /// Put before the specification's path.
        let path: [UInt8]
        /// The value of `Host`.
        let authority: [UInt8]
        /// `Host: …CRLF`
        let hostLine: [UInt8]
        var current = 0
    }

    private(set) var targets: [Target]
    private let totalWeight: Int
    let connectTimeoutMilliseconds: Int
    let headerTimeoutNanoseconds: UInt64
    let idleTimeoutNanoseconds: UInt64

    init(
        targets: [Target],
        connectTimeoutMilliseconds: Int,
        headerTimeoutMilliseconds: Int,
        idleTimeoutMilliseconds: Int
    ) {
        self.targets = targets
        totalWeight = targets.reduce(0) { $0 + $1.weight }
        self.connectTimeoutMilliseconds = connectTimeoutMilliseconds
        headerTimeoutNanoseconds = UInt64(headerTimeoutMilliseconds) * 1_000_000
        idleTimeoutNanoseconds = UInt64(idleTimeoutMilliseconds) * 1_000_000
    }

    /// The place of the next target; nil when all weights are zero.
    func next() -> Int? {
        if targets.count == 1 { return targets[0].weight > 0 ? 0 : nil }
        var best: Int?
        for index in targets.indices where targets[index].weight > 0 {
            targets[index].current += targets[index].weight
            if let leader = best, targets[leader].current >= targets[index].current { continue }
            best = index
        }
        if let best { targets[best].current -= totalWeight }
        return best
    }
}
