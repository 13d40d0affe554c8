internal import Glibc

/// Names one upstream address. Pools outlive snapshots, so that a swap closes no connection.
struct TargetKey: Hashable, Sendable {
    let host: String
    let port: Int
}

/// One loop's connections to one upstream address: the idle ones last in, first out, so that the warmest are used and
/// the others may grow old and be closed.
final class TargetPool {
    let key: TargetKey
    private unowned let loop: LoopContext
    private var idle: [UpstreamConnection] = []
    /// Those that are being connected, oldest first.
    private var connecting: [UpstreamConnection] = []
    /// Connections that are open or being opened.
    private(set) var openCount = 0
    /// The address that `key.host` is, where it is one and no name.
    private let literal: SocketAddress?

    init(_ key: TargetKey, loop: LoopContext) {
        self.key = key
        self.loop = loop
        literal = SocketAddress(literal: key.host, port: key.port)
    }

    var idleCount: Int { idle.count }
    var hasRoom: Bool { openCount < loop.limits.upstreamConnectionsMax }

    /// An idle connection, which then belongs to the caller.
    func take() -> UpstreamConnection? { idle.popLast() }

    /// Takes back a connection on which the last answer was complete; surplus ones are closed.
    func put(_ connection: UpstreamConnection) {
        guard idle.count < loop.limits.idleUpstreamConnectionsMax, !loop.isDraining else { return connection.close() }
        connection.moment = loop.now.monotonic
        idle.append(connection)
    }

    /// Opens a connection for `client`, which hears of the outcome.
    func connect(for client: ClientConnection, timeoutMilliseconds: Int) {
        let deadline = loop.now.monotonic &+ UInt64(timeoutMilliseconds) &* 1_000_000
        if let literal { return attempt([literal], for: client, until: deadline) }
        let loop = self.loop
        let key = self.key
        // Room is taken while the name is looked up, so that a slow resolver cannot let the pool grow past its bound.
        openCount += 1
        let waiting = loop.park(client)
        let ticket = client.connectTicket
        loop.core.resolver.resolve(key.host, port: key.port) { result in
            loop.reactor.execute {
                let pool = loop.pool(key)
                pool.openCount -= 1
                guard let client = loop.unpark(waiting), client.connectTicket == ticket else { return }
                switch result {
                case .success(let addresses): pool.attempt(addresses[...], for: client, until: deadline)
                case .failure: client.connectFailed(.refused, ticket: ticket)
                }
            }
        }
    }

    /// Connects to the first of `addresses` that can be tried; the others follow if it does not answer.
    func attempt(_ addresses: ArraySlice<SocketAddress>, for client: ClientConnection, until deadline: UInt64) {
        var rest = addresses
        while let address = rest.popFirst() {
            let descriptor = address.openSocket()
            guard descriptor >= 0 else { continue }
            SocketOption.sendAtOnce(descriptor)
            let status = unsafe address.withSockaddr { unsafe Glibc.connect(descriptor, $0, $1) }
            guard status == 0 || errno == EINPROGRESS else {
                _ = Glibc.close(descriptor)
                continue
            }
            openCount += 1
            connecting.append(
                UpstreamConnection(descriptor, for: client, until: deadline, others: rest, loop: loop, pool: self)
            )
            return
        }
        client.connectFailed(.refused, ticket: client.connectTicket)
    }

    /// A connection is through.
    func connected(_ connection: UpstreamConnection) { connecting.removeAll { $0 === connection } }

    /// A connection is closed: it leaves the pool, wherever it was.
    func remove(_ connection: UpstreamConnection) {
        openCount -= 1
        if let place = idle.lastIndex(where: { $0 === connection }) {
            idle.remove(at: place)
        } else {
            connected(connection)
        }
    }

    /// Closes connections that have been idle since before `moment`.
    func closeIdle(since moment: UInt64) {
        // Oldest first: what was put back last is at the end.
        while let oldest = idle.first, oldest.moment <= moment { oldest.close() }
    }

    /// Gives up on connections that should have been through by `moment`.
    func expireConnecting(at moment: UInt64) {
        while let late = connecting.first(where: { $0.moment <= moment }) { late.connectTimedOut() }
    }
}
