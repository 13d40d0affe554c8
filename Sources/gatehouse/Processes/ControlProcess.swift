import CatalogStore
import ControlPlane
import Foundation
import Governance
import Hummingbird
import Lifecycle
import Logging
import Postgres
import RoutingTable
import ServiceLifecycle
import UnixSignals

/// The control plane of this process: its HTTP API and what keeps the catalog behind it.
struct ControlProcess {
    let engine = ControlEngine()
    let changes = ChangeSignal()
    /// What this process counts of itself, from its first moment.
    let metrics: ControlMetrics
    private let checks = ChangeSignal()
    private let settings: ProcessSettings
    private let connection: ConnectionConfiguration
    private let governance: Governance
    private let pool: ConnectionPool
    private let logger: Logger

    init(_ settings: ProcessSettings, connection: ConnectionString, key: SigningKey, logger: Logger) {
        self.settings = settings
        self.logger = logger
        self.connection = ConnectionConfiguration(connection)
        let pool = ConnectionPool(PoolConfiguration(connection))
        self.pool = pool
        metrics = ControlMetrics { pool.counts }
        governance = Governance(catalog: Catalog(pool: pool), signingKey: key)
    }

    /// Health and metrics on a listener of their own: for a process without a gateway, whose listener has both.
    func operations() -> any Service {
        let listen = settings.metricsListen
        let server = OperationsServer(engine: engine, metrics: metrics, logger: logger)
        let application = server.application(host: listen.host, port: listen.port) { port in
            Console.write("metrics        http://\(listen.host):\(port)\n")
        }
        return ListeningService(address: "\(listen.host):\(listen.port)", server: application)
    }

    /// Runs until SIGTERM or SIGINT, then ends everything in reverse order.
    ///
    /// - Parameter last: started after the control plane and ended before it.
    /// - Throws: `Stop` where the address cannot be had or the catalog cannot be used.
    func run(before last: [any Service]) async throws {
        let settings = settings
        let (host, port) = (settings.controlListen.host, settings.controlListen.port)
        let server = ControlPlaneServer(engine: engine, changes: changes, metrics: metrics, logger: logger)
        let application = try server.application(host: host, port: port) { port in
            Console.write("control plane  http://\(host):\(port)\n")
        }
        let catalog = CatalogProcess(
            connection: connection,
            directory: settings.directory,
            governance: governance,
            engine: engine,
            changes: changes,
            checks: checks,
            logger: logger
        )
        let checker = CheckProcess(engine: engine, signal: checks, metrics: metrics, logger: logger)
        let changes = changes
        // Gateways wait half a minute for news; the process shall not wait for them.
        let listener = ListeningService(address: "\(host):\(port)", server: application, onShutdown: { changes.end() })
        let upkeep = Upkeep(engine: engine, pool: pool, logger: logger)
        var configuration = ServiceGroupConfiguration(
            services: ([upkeep, catalog, checker, listener] + last).map {
                .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup)
            },
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        configuration.maximumGracefulShutdownDuration = .seconds(60)
        let group = ServiceGroup(configuration: configuration)
        try await group.run()
        await pool.close()
    }
}

/// Closes idle connections and forgets what is past its time: old refusals, idempotency keys, entitlement logs.
struct Upkeep: Service {
    let engine: ControlEngine
    let pool: ConnectionPool
    let logger: Logger

    /// How often what is past its time is forgotten.
    static let interval = Duration.seconds(600)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await pool.run() }
                group.addTask { await tidyForever() }
                await group.waitForAll()
            }
        }
    }

    private func tidyForever() async {
        while !Task.isCancelled {
            // Only the end of the process cuts the sleep short, and the loop sees it.
            try? await Task.sleep(for: Self.interval)
            guard !Task.isCancelled else { return }
            do {
                let governance = try engine.governance()
                try await governance.tidy(try await governance.standardOrganization().id)
                try await EntitlementFeed(governance).trim()
                try await governance.enqueueMissingChecks(try await governance.standardOrganization().id)
            } catch {
                logger.info("nothing was tidied", metadata: ["cause": "\(error)"])
            }
        }
    }
}
