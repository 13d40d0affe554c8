import Foundation
import Gateway
import Logging
import RoutingTable
import ServiceLifecycle

/// The data plane of this process: listens at once with the last good tables, drains when the process is told to end.
struct GatewayProcess: Service {
    /// How long requests in flight may take to finish after SIGTERM.
    static let grace = Duration.seconds(30)

    let server: GatewayServer
    let ports: GatewayPorts

    /// Starts listening.
    ///
    /// - Parameters:
    ///   - settings: addresses, folders and limits.
    ///   - trust: whose snapshots are taken.
    ///   - logger: for what was found on disk.
    ///   - prepare: puts tables in force that are at hand, before anybody is listened to: a caller who is there first would
    ///     hear that there is no route, or that a good key is unknown.
    /// - Throws: `Stop` that names the address or folder that cannot be used, and what `prepare` throws.
    init(
        _ settings: ProcessSettings,
        trust: SnapshotTrust,
        logger: Logger,
        prepare: (GatewayServer) throws -> Void = { _ in }
    ) async throws {
        var configuration = GatewayConfiguration(trust: trust)
        configuration.host = settings.gatewayListen.host
        configuration.port = settings.gatewayListen.port
        configuration.operationsHost = settings.metricsListen.host
        configuration.operationsPort = settings.metricsListen.port
        configuration.loops = settings.loops
        configuration.dataDirectory = settings.directory.gateway.path
        configuration.environment = settings.environment
        configuration.version = Release.version
        configuration.upstreamFiles = settings.upstreamFiles
        configuration.onNote = { logger.warning("\($0)") }
        if let path = settings.accessLog { configuration.accessLogDescriptor = try Self.openLog(path) }
        do throws(GatewayFailure) {
            server = try GatewayServer(configuration)
        } catch {
            throw Self.stop(error)
        }
        try prepare(server)
        do throws(GatewayFailure) {
            ports = try await server.start()
        } catch {
            throw Self.stop(error)
        }
        for note in server.notes { logger.warning("\(note)") }
    }

    func run() async throws {
        try await gracefulShutdown()
        await server.shutdown(grace: Self.grace)
    }

    /// Prints where it listens, for people and for scripts that asked for any port.
    func announce(_ settings: ProcessSettings) {
        Console.write("gateway        http://\(settings.gatewayListen.host):\(ports.gateway)\n")
        if let operations = ports.operations {
            Console.write("metrics        http://\(settings.metricsListen.host):\(operations)\n")
        }
    }

    private static func stop(_ failure: GatewayFailure) -> Stop {
        Stop(.usage, "the gateway does not start: \(failure); stop who uses it or choose another")
    }

    private static func openLog(_ path: String) throws -> Int32 {
        if path == "-" { return STDOUT_FILENO }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else {
            throw Stop(.usage, "cannot write the access log `\(path)`: \(String(cString: strerror(errno)))")
        }
        return descriptor
    }
}
