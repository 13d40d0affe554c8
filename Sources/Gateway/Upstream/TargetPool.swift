internal import Glibc
internal import Synchronization
internal import UpstreamRules

/// Names one upstream address. Pools outlive snapshots, so that a swap closes no connection.
struct TargetKey: Hashable, Sendable {
    let host: String
    let port: Int
    /// The upstream it belongs to where connections may not be shared with others: TLS, bounds, changing targets. Empty for
    /// plain ones.
    var owner = ""
    /// Whether to speak TLS, and to whom; nil speaks plainly.
    var serverName: String?
}

/// One loop's connections to one upstream address: the idle ones last in, first out, so that the warmest are used and
/// the others may grow old and be closed.
final class TargetPool {
    let key: TargetKey
    private unowned let loop: LoopContext
    private let shared: SharedUpstream?
    /// Nil unless TLS is spoken.
    private let tls: UpstreamTLS?
    /// Of the last session, and the files it was made with.
    private var ticket: (ticket: TLSTicket, generation: UInt64)?
    private var idle: [UpstreamConnection] = []
    /// Those that are being connected, oldest first.
    private var connecting: [UpstreamConnection] = []
    /// Connections that are open or being opened.
    private(set) var openCount = 0
    /// The target is gone: what is under way ends, and nothing is kept.
    private(set) var isRetired = false
    /// Serves those who wait for a connection.
    var onFree: (() -> Void)?
    /// The address that `key.host` is, where it is one and no name.
    private let literal: SocketAddress?

    init(_ key: TargetKey, loop: LoopContext, shared: SharedUpstream? = nil) {
        self.key = key
        self.loop = loop
        self.shared = shared
        tls = key.serverName == nil ? nil : shared?.tls
        literal = SocketAddress(literal: key.host, port: key.port)
    }

    /// Whether its connections were made under the same rules.
    func belongs(to upstream: SharedUpstream?) -> Bool { shared === upstream && !isRetired }

    var idleCount: Int { idle.count }
    var hasRoom: Bool { openCount < loop.limits.upstreamConnectionsMax }

    /// An idle connection, which then belongs to the caller.
    func take() -> UpstreamConnection? {
        guard let tls else { return idle.popLast() }
        // Made with a certificate or authorities that are no longer the ones in force: not used again.
        while let connection = idle.last, connection.tlsGeneration != tls.generation { connection.closeIdle() }
        return idle.popLast()
    }

    /// Takes back a connection on which the last answer was complete; surplus ones are closed. `loop`: this pool's, which the
    /// caller has at hand; the pool's own reference to it would be counted at each use.
    func put(_ connection: UpstreamConnection, _ loop: LoopContext) {
        guard idle.count < loop.limits.idleUpstreamConnectionsMax, !loop.isDraining, !isRetired else {
            return connection.closeIdle()
        }
        connection.moment = loop.now.monotonic
        idle.append(connection)
        onFree?()
    }

    // MARK: Connecting

    /// Opens a connection for `client`, which hears of the outcome.
    func connect(for client: ClientConnection, timeoutMilliseconds: Int) {
        let deadline = loop.now.monotonic &+ UInt64(timeoutMilliseconds) &* 1_000_000
        if let literal { return attempt([literal], for: client, until: deadline) }
        let loop = self.loop
        // Room is taken while the name is looked up, so that a slow resolver cannot let the pool grow past its bound.
        openCount += 1
        let waiting = loop.park(client, for: self)
        let ticket = client.connectTicket
        loop.core.resolver.resolve(key.host, port: key.port) { result in
            loop.reactor.execute {
                guard let (client, pool) = loop.unpark(waiting) else { return }
                pool.openCount -= 1
                guard client.connectTicket == ticket else { return pool.freePlace() }
                switch result {
                case .success(let addresses): pool.attempt(addresses[...], for: client, until: deadline)
                case .failure:
                    pool.freePlace()
                    client.connectFailed(.noAddress, ticket: ticket)
                }
            }
        }
    }

    /// Connects to the first of `addresses` that can be tried; the others follow if it does not answer. `error`: what the
    /// system said to the one before.
    func attempt(
        _ addresses: ArraySlice<SocketAddress>,
        for client: ClientConnection,
        until deadline: UInt64,
        after error: Int32 = 0
    ) {
        let secure: (stream: TLSStream, generation: UInt64)?
        do throws(TLSFault) {
            secure = try makeStream()
        } catch {
            freePlace()
            return client.connectFailed(.tlsCertificate, ticket: client.connectTicket, note: error.description)
        }
        var rest = addresses
        var last = error
        while let address = rest.popFirst() {
            let descriptor = address.openSocket()
            guard descriptor >= 0 else {
                last = errno
                continue
            }
            SocketOption.sendAtOnce(descriptor)
            let status = unsafe address.withSockaddr { unsafe Glibc.connect(descriptor, $0, $1) }
            guard status == 0 || errno == EINPROGRESS else {
                last = errno
                _ = Glibc.close(descriptor)
                continue
            }
            openCount += 1
            connecting.append(
                UpstreamConnection(
                    descriptor,
                    for: client,
                    until: deadline,
                    others: rest,
                    loop: loop,
                    pool: self,
                    tls: secure?.stream,
                    tlsGeneration: secure?.generation ?? 0
                )
            )
            return
        }
        freePlace()
        let loss: RequestState.UpstreamLoss = Unroutable.codes.contains(last) ? .unroutable : .refused
        client.connectFailed(loss, ticket: client.connectTicket)
    }

    /// What a connection to this address speaks TLS with; nil for a plain one.
    ///
    /// - Throws: where the upstream's files give nothing to speak it with.
    private func makeStream() throws(TLSFault) -> (stream: TLSStream, generation: UInt64)? {
        guard let name = key.serverName else { return nil }
        guard let context = tls?.context else {
            throw TLSFault(.certificate, "the TLS files of the upstream cannot be read")
        }
        let known = ticket?.generation == context.generation ? ticket?.ticket : nil
        guard let stream = TLSStream(context.tls, name: name, ticket: known, pipe: loop.reactor.pipe) else {
            throw TLSFault(.memory, "`\(name)` cannot be asked for")
        }
        return (stream, context.generation)
    }

    /// The next connection may begin where this one's session ended.
    func keepTicket(of stream: TLSStream, generation: UInt64) {
        guard let fresh = TLSTicket(of: stream) else { return }
        ticket = (fresh, generation)
    }

    /// A connection is through, with its handshake where it has one.
    func connected(_ connection: UpstreamConnection) { connecting.removeAll { $0 === connection } }

    // MARK: Closing

    /// A connection is closed: it leaves the pool, wherever it was. `isFollowed`: the next address is tried in its place.
    func remove(_ connection: UpstreamConnection, isFollowed: Bool) {
        openCount -= 1
        if let place = idle.lastIndex(where: { $0 === connection }) {
            idle.remove(at: place)
        } else {
            connected(connection)
        }
        if !isFollowed { freePlace() }
    }

    /// One connection fewer under the upstream's bound.
    private func freePlace() {
        guard let shared, shared.policy.bounds.connectionsMax > 0 else { return }
        shared.connections.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        onFree?()
    }

    /// Closes connections that have been idle since before `moment`.
    func closeIdle(since moment: UInt64) {
        // Oldest first: what was put back last is at the end.
        while let oldest = idle.first, oldest.moment <= moment { oldest.closeIdle() }
    }

    /// Closes the connection that has been idle for longest; false when none is idle.
    func closeOldest() -> Bool {
        guard let oldest = idle.first else { return false }
        oldest.closeIdle()
        return true
    }

    /// Gives up on connections that should have been through by `moment`.
    func expireConnecting(at moment: UInt64) {
        while let late = connecting.first(where: { $0.moment <= moment }) { late.connectTimedOut() }
    }

    /// The target is gone. Requests under way are answered, then their connections close.
    func retire() {
        isRetired = true
        closeIdle(since: .max)
    }
}
