internal import NIOCore
internal import NIOPosix

/// Names one upstream address. Pools outlive snapshots, so that a swap closes no connection.
struct TargetKey: Hashable {
    let host: String
    let port: Int
}

/// One loop's connections to one upstream address: the idle ones last in, first out, so that the warmest are used and
/// the others may grow old and be closed.
final class TargetPool {
    let key: TargetKey
    private unowned let loop: LoopContext
    private var idle: [UpstreamConnection] = []
    /// Connections that are open or being opened.
    private(set) var openCount = 0

    init(_ key: TargetKey, loop: LoopContext) {
        self.key = key
        self.loop = loop
    }

    var idleCount: Int { idle.count }
    var hasRoom: Bool { openCount < loop.limits.upstreamConnectionsMax }

    /// An idle connection, which then belongs to the caller.
    func take() -> UpstreamConnection? { idle.popLast() }

    /// Takes back a connection on which the last answer was complete; surplus ones are closed.
    func put(_ connection: UpstreamConnection) {
        guard idle.count < loop.limits.idleUpstreamConnectionsMax, !loop.isDraining else {
            connection.close()
            return
        }
        connection.idleSince = loop.now.monotonic
        idle.append(connection)
    }

    /// Opens a connection for `client`, which hears of the outcome.
    func connect(for client: ClientConnection, timeoutMilliseconds: Int) {
        openCount += 1
        let loop = self.loop
        let bootstrap = ClientBootstrap(group: loop.eventLoop)
            .connectTimeout(.milliseconds(Int64(timeoutMilliseconds)))
            .channelOption(.writeBufferWaterMark, value: loop.waterMark)
        let future: EventLoopFuture<any Channel>
        if let address = try? SocketAddress(ipAddress: key.host, port: key.port) {
            // Not an address but a name: the other branch resolves it.
            future = bootstrap.connect(to: address)
        } else {
            future = bootstrap.connect(host: key.host, port: key.port)
        }
        future.assumeIsolated().whenComplete { result in
            switch result {
            case .success(let channel):
                let connection = UpstreamConnection(loop: loop, pool: self)
                do {
                    try channel.pipeline.syncOperations.addHandler(connection)
                } catch {
                    // Closed between connecting and here.
                    self.openCount -= 1
                    client.connectFailed(.refused)
                    return
                }
                client.connected(connection)
            case .failure(let error):
                self.openCount -= 1
                client.connectFailed(Self.isTimeout(error) ? .connectTimeout : .refused)
            }
        }
    }

    /// A connection is closed: it leaves the pool, wherever it was.
    func remove(_ connection: UpstreamConnection) {
        openCount -= 1
        if let place = idle.lastIndex(where: { $0 === connection }) { idle.remove(at: place) }
    }

    /// Closes connections that have been idle since before `moment`.
    func closeIdle(since moment: UInt64) {
        // Oldest first: what was put back last is at the end.
        while let oldest = idle.first, oldest.idleSince <= moment {
            idle.removeFirst()
            oldest.close()
        }
    }

    private static func isTimeout(_ error: any Error) -> Bool {
        if let error = error as? ChannelError, case .connectTimeout = error { return true }
        if let error = error as? NIOConnectionError {
            return error.connectionErrors.contains { isTimeout($0.error) }
        }
        return false
    }
}

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
