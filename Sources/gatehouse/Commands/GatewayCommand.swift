import ArgumentParser
import Foundation
import Gateway
import Logging
import RoutingTable
import ServiceLifecycle
import UnixSignals

struct GatewayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway",
        abstract: "The data plane alone.",
        discussion: """
            Example: gatehouse gateway --control-url https://control.example.com --control-token-file gateway.token \
            --snapshot-key signing.pub
            Example: gatehouse gateway --snapshot routes.snapshot --allow-unsigned
            """
    )
    @Option(help: "Control plane to pull from; the last good tables are kept on disk.")
    var controlUrl: String?
    @Option(help: "File with the token of a member with the role gateway.")
    var controlTokenFile: String?
    @Option(help: "File with the public key that this gateway trusts.")
    var snapshotKey: String?
    @Option(help: "Serve this routing snapshot, without a control plane; FILE.entitlements beside it is read too.")
    var snapshot: String?
    @Option(help: "Entitlements for --snapshot; default FILE.entitlements where there is one.")
    var entitlements: String?
    @Flag(help: "Serve a snapshot that was compiled offline and is not signed.")
    var allowUnsigned = false
    @Option(
        help: ArgumentHelp(
            "Unix socket for restarts without a refused connection: takes the sockets of the gateway that serves there, if one does, "
                + "and hands them to the next one.",
            valueName: "path"
        )
    )
    var takeOver: String?
    @OptionGroup var process: ProcessOptions

    func run() async throws {
        let settings = try process.resolved()
        let logger = Log.make(level: settings.logLevel)
        guard snapshot != nil || controlUrl != nil else {
            throw Stop(.usage, "nothing to serve: give --control-url or --snapshot")
        }
        try settings.directory.make()
        let gateway = try await GatewayProcess(
            settings,
            trust: try trust(settings),
            logger: logger,
            takeOver: takeOver,
            prepare: { server in
                if let snapshot { try load(snapshot, into: server) }
            }
        )
        // It ends without being told to when another process has taken over.
        var services = [
            ServiceGroupConfiguration.ServiceConfiguration(
                service: gateway,
                successTerminationBehavior: .gracefullyShutdownGroup
            )
        ]
        if snapshot == nil, let controlUrl {
            services.append(.init(service: try client(controlUrl, gateway.server, settings, logger)))
        }
        gateway.announce(settings)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services,
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        try await group.run()
    }

    private func trust(_ settings: ProcessSettings) throws -> SnapshotTrust {
        if let snapshotKey { return .key(try SigningKeyFile.publicKey(snapshotKey)) }
        if allowUnsigned, controlUrl == nil { return .unsignedAllowed }
        throw Stop(
            .usage,
            "say whom to trust: --snapshot-key with the control plane's signing.pub"
                + (controlUrl == nil ? ", or --allow-unsigned for a snapshot that was compiled offline" : "")
        )
    }

    private func load(_ file: String, into server: GatewayServer) throws {
        let beside = file + ".entitlements"
        let rights = entitlements ?? (FileManager.default.fileExists(atPath: beside) ? beside : nil)
        let routing = try InputFile.read(file)
        do throws(ActivationRefused) {
            try server.activate(routingBytes: routing)
        } catch {
            throw Stop(.usage, "`\(file)` is not served: \(error)")
        }
        guard let rights else { return }
        let granted = try InputFile.read(rights)
        do throws(ActivationRefused) {
            try server.apply(entitlementBytes: granted)
        } catch {
            throw Stop(.usage, "`\(rights)` is not served: \(error)")
        }
    }

    private func client(
        _ address: String,
        _ server: GatewayServer,
        _ settings: ProcessSettings,
        _ logger: Logger
    ) throws -> any Service {
        guard let controlTokenFile else {
            throw Stop(.usage, "--control-url needs --control-token-file, the token of a member with the role gateway")
        }
        let token = String(decoding: try InputFile.read(controlTokenFile), as: UTF8.self)
        return RemoteFeed(
            server: server,
            address: address,
            token: token.trimmingCharacters(in: .whitespacesAndNewlines),
            environment: settings.environment,
            logger: logger
        )
    }
}
