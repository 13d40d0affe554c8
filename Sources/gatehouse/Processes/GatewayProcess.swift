import Foundation
import Gateway
import Logging
import RoutingTable
import ServiceLifecycle
import Telemetry

/// The data plane of this process: listens at once with the last good tables, drains when the process is told to end.
struct GatewayProcess: Service {
    /// How long requests in flight may take to finish after SIGTERM.
    static let grace = Duration.seconds(30)

    let server: GatewayServer
    let ports: GatewayPorts
    /// Where the process that takes over from this one asks for its sockets; nil hands nothing over.
    private let handover: HandoverPoint?
    let export: TraceExportSettings
    let logger: Logger

    /// Starts listening: with sockets of the service manager where it passes some, with those of the gateway that serves now where
    /// this one is to take its place, else with its own.
    ///
    /// - Parameters:
    ///   - settings: addresses, folders and limits.
    ///   - trust: whose snapshots are taken.
    ///   - logger: for what was found on disk.
    ///   - takeOver: path of the Unix socket at which a gateway hands its sockets on, this one too when it serves.
    ///   - moreMetrics: what else of this process belongs on its page of metrics.
    ///   - prepare: puts tables in force that are at hand, before anybody is listened to: a caller who is there first would
    ///     hear that there is no route, or that a good key is unknown.
    /// - Throws: `Stop` that names the address or folder that cannot be used, and what `prepare` throws.
    init(
        _ settings: ProcessSettings,
        trust: SnapshotTrust,
        logger: Logger,
        takeOver: String? = nil,
        moreMetrics: @escaping @Sendable () -> String = { "" },
        prepare: (GatewayServer) throws -> Void = { _ in }
    ) async throws {
        var configuration = GatewayConfiguration(trust: trust)
        configuration.host = settings.gatewayListen.host
        configuration.port = settings.gatewayListen.port
        configuration.tls = settings.tls
        configuration.operationsHost = settings.metricsListen.host
        configuration.operationsPort = settings.metricsListen.port
        configuration.loops = settings.loops
        configuration.dataDirectory = settings.directory.gateway.path
        configuration.environment = settings.environment
        configuration.version = Release.version
        configuration.upstreamFiles = settings.upstreamFiles
        configuration.moreMetrics = moreMetrics
        configuration.onNote = { logger.warning("\($0)") }
        configuration.accessLog = settings.observe.accessLog
        configuration.tracing = settings.observe.tracing
        export = settings.observe.export
        self.logger = logger
        Self.ignoreReopeningSignal()
        let succession = try await Self.succession(takeOver)
        do throws(GatewayFailure) {
            let process = ProcessInfo.processInfo
            let activated = try InheritedSockets.activated(
                by: process.environment,
                process: process.processIdentifier
            )
            configuration.inherited = succession?.sockets ?? activated ?? InheritedSockets()
            server = try GatewayServer(configuration)
        } catch {
            throw Self.stop(error)
        }
        try prepare(server)
        do throws(HandoverFailure) {
            try await succession?.claim(for: server)
        } catch {
            throw Stop(.conflict, "cannot take over: \(error); the gateway that serves now goes on")
        }
        do throws(GatewayFailure) {
            ports = try await server.start()
        } catch {
            throw Self.stop(error)
        }
        do throws(HandoverFailure) {
            // Gone before it could hear it: then nobody is left to wait for.
            do throws(HandoverFailure) { try succession?.confirm() } catch { logger.warning("\(error)") }
            if let takeOver {
                handover = try HandoverPoint(at: takeOver, of: server) { logger.warning("\($0)") }
            } else {
                handover = nil
            }
        } catch {
            throw Stop(.usage, "cannot hand over at `\(takeOver ?? "")`: \(error)")
        }
        if !ServiceNotice.ready.send(to: ProcessInfo.processInfo.environment) {
            logger.warning("the service manager cannot be told that this process is ready")
        }
        for note in server.notes { logger.warning("\(note)") }
    }

    /// Serves until the process is told to end, or until another has taken over.
    func run() async throws {
        try await observed {
            if ports.secure == nil {
                try await untilTold()
            } else {
                let server = server
                try await Hangup.calling({ server.reloadCertificates() }) { try await untilTold() }
            }
            if !server.isHandedOver { ServiceNotice.stopping.send(to: ProcessInfo.processInfo.environment) }
            await server.shutdown(grace: Self.grace)
        }
    }

    private func untilTold() async throws {
        guard let handover else { return try await gracefulShutdown() }
        await cancelWhenGracefulShutdown { _ = await handover.run() }
    }

    private static func succession(_ path: String?) async throws -> Succession? {
        guard let path else { return nil }
        do throws(HandoverFailure) {
            return try await Succession.begin(at: path)
        } catch {
            throw Stop(.conflict, "cannot take over at `\(path)`: \(error); the gateway that serves now goes on")
        }
    }

    /// Prints where it listens, for people and for scripts that asked for any port.
    func announce(_ settings: ProcessSettings) {
        Console.write("gateway        http://\(settings.gatewayListen.host):\(ports.gateway)\n")
        if let tls = settings.tls, let port = ports.secure {
            Console.write("gateway        https://\(tls.host):\(port)\n")
        }
        if let operations = ports.operations {
            Console.write("metrics        http://\(settings.metricsListen.host):\(operations)\n")
        }
    }

    private static func stop(_ failure: GatewayFailure) -> Stop {
        let advice =
            switch failure {
            case .addressInUse, .dataDirectoryInUse: "; stop who uses it or choose another"
            default: ""
            }
        return Stop(.usage, "the gateway does not start: \(failure)\(advice)")
    }
}
