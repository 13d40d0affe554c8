internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import RoutingTable
internal import Synchronization
internal import Telemetry

/// The data plane: listens, routes, enforces and forwards.
///
/// ```swift
/// let server = try GatewayServer(configuration)
/// let ports = try await server.start()          // serves the last good snapshot from disk at once, or 503
/// try server.activate(routingBytes: bytes)      // swaps in place: no connection closes, no request sees two tables
/// try server.apply(entitlementBytes: base)      // then deltas
/// await server.shutdown(grace: .seconds(10))
/// ```
public final class GatewayServer: Sendable {
    struct Running {
        var operations: (any Channel)?
        var loops: [LoopContext] = []
        var isStopped = false
        /// What a successor would be given: names and descriptors that stay open until the end.
        var passed: [(word: String, descriptor: Int32)] = []
        var isHandedOver = false
    }

    private let configuration: GatewayConfiguration
    let core: GatewayCore
    private let activation: Activation
    let store: SnapshotStore?
    /// One thread a loop.
    private let threads: NIOThreadPool
    /// Health, metrics and the side work: apart, so that reading metrics costs no request anything.
    private let sideGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    /// For what upstreams need and what blocks: names and files.
    private let upstreamThreads = NIOThreadPool(numberOfThreads: 2)
    private let driver: UpstreamDriver
    let running = Mutex(Running())
    private let startedAt = Moment.now().seconds
    /// What was found on disk that people should know: corrupt files, discarded counts.
    public let notes: [String]

    /// Opens the data directory and takes in what lies there. Nothing listens yet.
    ///
    /// - Throws: `GatewayFailure` when the data directory cannot be used.
    public init(_ configuration: GatewayConfiguration) throws(GatewayFailure) {
        precondition(configuration.loops >= 1, "a gateway has at least one event loop")
        self.configuration = configuration
        var notes: [String] = []
        var ledger: QuotaLedger?
        if let folder = configuration.dataDirectory {
            let opened = try Self.openLedger(in: folder, inherited: configuration.inherited.ledger)
            if opened.wasReplaced { notes.append("the quota ledger was not readable; counts begin anew") }
            if opened.discarded > 0 { notes.append("\(opened.discarded) counts of the quota ledger were not believed") }
            ledger = opened
        }
        let front = try Self.openFront(configuration.tls)
        notes += front?.notes ?? []
        store = configuration.dataDirectory.map { SnapshotStore(folder: $0) }
        core = GatewayCore(
            limits: configuration.limits,
            ledger: ledger,
            observers: try Self.makeObservers(configuration),
            entitlementAgeMaxSeconds: configuration.entitlementAgeMaxSeconds,
            upstreamFiles: UpstreamFiles(folder: configuration.upstreamFiles),
            loopCount: configuration.loops,
            front: front
        )
        activation = Activation(
            core: core,
            trust: configuration.trust,
            environment: configuration.environment,
            store: store
        )
        if let store { notes += store.restore(into: activation) }
        self.notes = notes
        threads = NIOThreadPool(numberOfThreads: configuration.loops)
        driver = UpstreamDriver(
            book: core.upstreams,
            files: UpstreamFiles(folder: configuration.upstreamFiles),
            limits: configuration.limits,
            eventLoop: sideGroup.next(),
            threads: upstreamThreads,
            resolve: configuration.resolve,
            tell: configuration.onNote
        )
    }

    private static func openFront(_ settings: TLSSettings?) throws(GatewayFailure) -> TLSFront? {
        guard let settings else { return nil }
        do throws(TLSFault) {
            return try TLSFront(settings, now: Moment.now().seconds)
        } catch { throw .certificates(reason: error.description) }
    }

    private static func openLedger(in folder: String, inherited: Int32?) throws(GatewayFailure) -> QuotaLedger {
        do throws(Disk.Failure) {
            try Disk.makeFolder(folder)
        } catch { throw .dataDirectory(reason: "\(error)") }
        do throws(QuotaLedger.Failure) {
            if let inherited { return try QuotaLedger(inheriting: inherited) }
            return try QuotaLedger(path: folder + "/quota.ledger", at: Moment.now())
        } catch {
            switch error {
            case .inUse: throw .dataDirectoryInUse(folder)
            case .system(let failure): throw .dataDirectory(reason: "\(failure)")
            }
        }
    }

    // MARK: Running

    /// Begins to listen.
    ///
    /// - Returns: the ports, which matter where 0 was asked for.
    /// - Throws: `GatewayFailure`, with nothing left listening.
    public func start() async throws(GatewayFailure) -> GatewayPorts {
        threads.start()
        upstreamThreads.start()
        core.resolver.start()
        do throws(GatewayFailure) {
            let (port, secure) = try await listenForCallers()
            var operations: Int?
            if let wanted = configuration.operationsPort { operations = try await listenForOperations(wanted) }
            scheduleSideWork()
            driver.start()
            return GatewayPorts(gateway: port, secure: secure, operations: operations)
        } catch {
            await shutdown(grace: .zero)
            throw error
        }
    }

    private func listenForCallers() async throws(GatewayFailure) -> (port: Int, secure: Int?) {
        let inherited = configuration.inherited
        let plain = try await sockets(inherited.gateway, configuration.host, configuration.port)
        var secure: [[ListeningSocket]] = []
        if let tls = configuration.tls { secure = try await sockets(inherited.secure, tls.host, tls.port) }
        for place in 0..<configuration.loops {
            let loop: LoopContext
            do throws(Disk.Failure) {
                loop = try LoopContext(core: core)
            } catch {
                throw Self.failure("\(configuration.host):\(configuration.port)", code: error.code)
            }
            for socket in plain[place] { loop.listen(socket) }
            if let front = core.front, !secure.isEmpty {
                for socket in secure[place] { loop.listenSecurely(socket, front) }
            }
            running.withLock { running in
                running.loops.append(loop)
                running.passed += plain[place].map { (word: HandoverWord.gateway, descriptor: $0.descriptor) }
                guard !secure.isEmpty else { return }
                running.passed += secure[place].map { (word: HandoverWord.secure, descriptor: $0.descriptor) }
            }
            threads.submit { _ in
                loop.reactor.run { loop.tick() }
            }
        }
        return (plain[0][0].address.port, secure.first?.first?.address.port)
    }

    /// The sockets of every loop for one address: those that were passed on, or new ones on a free port.
    private func sockets(
        _ inherited: [Int32],
        _ host: String,
        _ port: Int
    ) async throws(GatewayFailure) -> [[ListeningSocket]] {
        var wanted: SocketAddress?
        if inherited.isEmpty { wanted = try await freeAddress(host, port) }
        do throws(Disk.Failure) {
            guard var address = wanted else {
                return try ListeningSocket.spread(inherited, over: configuration.loops)
            }
            var sockets: [[ListeningSocket]] = []
            for _ in 0..<configuration.loops {
                let socket = try ListeningSocket(opening: address)
                // With port 0 the first loop gets a port, and the others share it.
                address = socket.address
                sockets.append([socket])
            }
            return sockets
        } catch {
            throw Self.failure("\(host):\(port)", code: error.code)
        }
    }

    /// An address that nobody listens on.
    private func freeAddress(_ host: String, _ port: Int) async throws(GatewayFailure) -> SocketAddress {
        try await probe(host, port)
        return try await address(of: host, port: port)
    }

    private func address(of host: String, port: Int) async throws(GatewayFailure) -> SocketAddress {
        if let literal = SocketAddress(literal: host, port: port) { return literal }
        let found: Result<[SocketAddress], ResolutionFailure> = await withCheckedContinuation { continuation in
            core.resolver.resolve(host, port: port) { continuation.resume(returning: $0) }
        }
        switch found {
        case .success(let addresses): return addresses[0]
        case .failure(let error): throw .cannotListen(address: "\(host):\(port)", reason: error.reason)
        }
    }

    private func listenForOperations(_ port: Int) async throws(GatewayFailure) -> Int {
        let socket = try await operationsSocket(port)
        let server = self
        let bootstrap = ServerBootstrap(group: sideGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(OperationsConnection(server: server))
                }
            }
        do {
            // The channel closes its own; this one is kept for a successor.
            let channel = try await bootstrap.withBoundSocket(socket.shared().descriptor).get()
            running.withLock {
                $0.operations = channel
                $0.passed.append((word: HandoverWord.operations, descriptor: socket.descriptor))
            }
            return channel.localAddress?.port ?? port
        } catch {
            throw Self.failure("\(configuration.operationsHost):\(port)", error)
        }
    }

    private func operationsSocket(_ port: Int) async throws(GatewayFailure) -> ListeningSocket {
        let name = "\(configuration.operationsHost):\(port)"
        let inherited = configuration.inherited.operations
        if inherited == nil { try await probe(configuration.operationsHost, port) }
        do throws(Disk.Failure) {
            if let inherited { return try ListeningSocket(inheriting: inherited) }
        } catch { throw Self.failure(name, code: error.code) }
        let address = try await address(of: configuration.operationsHost, port: port)
        do throws(Disk.Failure) {
            return try ListeningSocket(opening: address)
        } catch { throw Self.failure(name, code: error.code) }
    }

    /// Asks whether an address is free, without `SO_REUSEPORT`: with that option a second process of the same user could
    /// bind beside the first and take half of its connections unnoticed.
    private func probe(_ host: String, _ port: Int) async throws(GatewayFailure) {
        guard port != 0 else { return }
        do {
            let channel = try await ServerBootstrap(group: sideGroup)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .bind(host: host, port: port).get()
            try await channel.close().get()
        } catch {
            throw Self.failure("\(host):\(port)", error)
        }
    }

    private static func failure(_ address: String, _ error: any Error) -> GatewayFailure {
        guard let error = error as? IOError else { return .cannotListen(address: address, reason: "\(error)") }
        return failure(address, code: error.errnoCode)
    }

    private static func failure(_ address: String, code: Int32) -> GatewayFailure {
        if code == EADDRINUSE { return .addressInUse(address) }
        return .cannotListen(address: address, reason: Disk.text(of: code))
    }

    private func scheduleSideWork() {
        let core = core
        core.observers.log?.start()
        sideGroup.next().scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in core.ledger?.sync()
        }
        sideGroup.next().scheduleRepeatedTask(initialDelay: .milliseconds(250), delay: .milliseconds(250)) { _ in
            core.active.reap()
        }
        if core.front != nil {
            sideGroup.next().scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
                self.readCertificates(isForced: false)
            }
        }
    }

    /// Reads the files of certificates again, whether or not they look changed. Connections go on with what they began with;
    /// what is no good is refused, and ``GatewayConfiguration/onNote`` told. Returns at once.
    public func reloadCertificates() { readCertificates(isForced: true) }

    private func readCertificates(isForced: Bool) {
        guard let front = core.front else { return }
        let tell = configuration.onNote
        upstreamThreads.submit { state in
            // Shutting down: there is nobody left to tell.
            guard case .active = state else { return }
            for note in front.refresh(at: Moment.now().seconds, isForced: isForced) { tell(note) }
        }
    }

    /// Stops: accepts no more, answers what is under way and what still comes on connections in use with `Connection: close`,
    /// closes connections that are idle for a moment, and closes what is left after `grace`.
    public func shutdown(grace: Duration) async {
        let (operations, loops, kept) = running.withLock { running -> ((any Channel)?, [LoopContext], [Int32]) in
            guard !running.isStopped else { return (nil, [], []) }
            running.isStopped = true
            // Those of the loops are closed by them.
            let kept = running.passed.filter { $0.word == HandoverWord.operations }.map(\.descriptor)
            return (running.operations, running.loops, kept)
        }
        let limits = configuration.limits
        let idle = isHandedOver ? limits.handoverIdleMilliseconds : limits.drainIdleMilliseconds
        if let operations {
            // Already closed is as good as closed.
            try? await operations.close().get()
        }
        for descriptor in kept { _ = close(descriptor) }
        for loop in loops {
            loop.reactor.execute {
                loop.stopListening()
                loop.beginDraining(idleMilliseconds: idle)
            }
        }
        driver.stop()
        let clock = ContinuousClock()
        let end = clock.now.advanced(by: grace)
        while core.connectionCount.load(ordering: .relaxed) > 0, clock.now < end {
            // Cancelled means: no more patience.
            guard (try? await Task.sleep(for: .milliseconds(20))) != nil else { break }
        }
        for loop in loops {
            loop.reactor.execute {
                loop.closeAll()
                loop.reactor.stop()
            }
        }
        // Nobody is left who could act on a failure to stop threads.
        try? await threads.shutdownGracefully()
        await core.observers.log?.stop()
        await core.resolver.stop()
        try? await sideGroup.shutdownGracefully()
        try? await upstreamThreads.shutdownGracefully()
        core.ledger?.close()
    }

    // MARK: Tables

    /// Puts a routing snapshot in force; the same one again changes nothing. Decodes here: not for event loops.
    ///
    /// - Throws: `ActivationRefused`; what was in force stays.
    public func activate(routingBytes: [UInt8]) throws(ActivationRefused) { try activation.activate(routingBytes) }

    /// Applies entitlements, a base or a delta.
    ///
    /// - Throws: `ActivationRefused`; what was in force stays.
    public func apply(entitlementBytes: [UInt8]) throws(ActivationRefused) { try activation.apply(entitlementBytes) }

    /// Notes that the control plane had nothing newer than what is in force.
    public func confirmRouting() { activation.confirm(routing: true) }

    /// Notes that the control plane had no entitlements after the ones in force.
    public func confirmEntitlements() { activation.confirm(routing: false) }

    /// What is in force.
    public var status: GatewayStatus { activation.status }

    /// Whether a new base of the entitlements should be asked for, because the deltas on disk have grown long.
    public var wantsEntitlementBase: Bool { store?.wantsBase ?? false }

    /// Why the last artifact could not be kept on disk; nil when all is well.
    public var storeFailure: String? { store?.failure }

    // MARK: Reports

    /// Denials since the last call, oldest first, for whoever reports them.
    public func drainDenials() -> [Denial] { core.denials.drain() }

    /// The denial of one request, while it is remembered.
    public func denial(requestID: String) -> Denial? { core.denials.find(requestID) }

    /// All metrics as Prometheus text.
    public var metrics: String {
        let loops = running.withLock { $0.loops }
        let report = MetricsReport(
            loops: loops.map(\.metrics),
            pauses: loops.map(\.reactor.pauses),
            core: core,
            status: status,
            version: configuration.version,
            startedAt: startedAt
        )
        return report.text + configuration.moreMetrics()
    }
}
