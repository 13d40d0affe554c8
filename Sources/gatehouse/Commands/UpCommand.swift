import ArgumentParser
import CatalogStore
import ControlPlane
import Foundation
import Governance
import Logging
import Postgres
import RoutingTable
import ServiceLifecycle

struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Everything in one process: private PostgreSQL, control plane, gateway.",
        discussion: "Example: gatehouse up --data-dir /tmp/gatehouse"
    )
    @OptionGroup var process: ProcessOptions

    func run() async throws {
        let settings = try process.resolved()
        let logger = Log.make(level: settings.logLevel)
        try settings.directory.make()
        let key = try SigningKeyFile(directory: settings.directory).load()
        let database = try await DatabaseProcess(
            external: settings.database,
            directory: settings.directory,
            logger: logger
        )
        try await database.serving {
            let plane = ControlProcess(settings, connection: database.connectionString, key: key, logger: logger)
            let metrics = plane.metrics
            let gateway = try await GatewayProcess(
                settings,
                trust: .key(key.publicKey),
                logger: logger,
                moreMetrics: { metrics.text }
            )
            gateway.announce(settings)
            let feed = LocalFeed(
                engine: plane.engine,
                changes: plane.changes,
                server: gateway.server,
                environment: settings.environment,
                logger: logger
            )
            try await plane.run(before: [gateway, feed])
        }
    }
}

struct ControlCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "control",
        abstract: "The control plane alone; gateways elsewhere pull from it.",
        discussion: "Example: gatehouse control --database-url postgresql:///gatehouse --control-listen 0.0.0.0:8080"
    )
    @OptionGroup var process: ProcessOptions

    /// Beside that of a gateway on the same machine, which has 9090.
    static let metricsListen = "127.0.0.1:9091"

    func run() async throws {
        let settings = try process.resolved(defaults: ["metricsListen": Self.metricsListen])
        let logger = Log.make(level: settings.logLevel)
        try settings.directory.make()
        let key = try SigningKeyFile(directory: settings.directory).load()
        let database = try await DatabaseProcess(
            external: settings.database,
            directory: settings.directory,
            logger: logger
        )
        try await database.serving {
            let plane = ControlProcess(settings, connection: database.connectionString, key: key, logger: logger)
            try await plane.run(before: [plane.operations()])
        }
    }
}
