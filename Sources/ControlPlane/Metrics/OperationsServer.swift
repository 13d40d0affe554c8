import Governance
public import Hummingbird
public import Logging
import NIOCore
import ProblemDetails
import Telemetry

/// Health and metrics of a control plane on their own listener: `/livez`, `/healthz`, `/readyz` and `/metrics`, by GET and HEAD.
///
/// Nobody needs a token here, so the listener belongs on an address that only the operators reach.
public struct OperationsServer: Sendable {
    private let engine: ControlEngine
    private let metrics: ControlMetrics
    private let logger: Logger

    /// - Parameters:
    ///   - engine: ready means that its database answers.
    ///   - metrics: what `/metrics` says.
    ///   - logger: for the server's own notes.
    public init(engine: ControlEngine, metrics: ControlMetrics, logger: Logger) {
        self.engine = engine
        self.metrics = metrics
        self.logger = logger
    }

    /// An application that listens on an address; run it in a service group.
    ///
    /// - Parameters:
    ///   - host: an address of this machine.
    ///   - port: 0 picks any; `onListening` says which.
    ///   - onListening: called once with the bound port.
    /// - Returns: the application; a port in use is thrown by its `run()`.
    public func application(
        host: String,
        port: Int,
        onListening: @escaping @Sendable (Int) async -> Void
    ) -> some ApplicationProtocol {
        Application(
            router: router(),
            configuration: .init(address: .hostname(host, port: port), serverName: nil),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? port) },
            logger: logger
        )
    }

    private func router() -> Router<BasicRequestContext> {
        let router = Router(options: .autoGenerateHeadEndpoints)
        let (engine, metrics, logger) = (engine, metrics, logger)
        for path in ["/livez", "/healthz"] as [RouterPath] {
            router.get(path) { _, _ in Self.plain("ok\n") }
        }
        router.get("/readyz") { _, _ in
            do {
                _ = try await engine.governance().standardOrganization()
                return Self.plain("ok\n")
            } catch let problem as Problem {
                return Self.plain((problem.detail ?? "not ready") + "\n", .serviceUnavailable)
            } catch let error as GovernanceError {
                // Without the cause, which may name hosts.
                logger.info("not ready: \(error.what)", metadata: ["cause": "\(error.cause ?? "none")"])
                return Self.plain(error.what + "\n", .serviceUnavailable)
            }
        }
        router.get("/metrics") { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: PrometheusText.mediaType, .cacheControl: "no-store"],
                body: .init(byteBuffer: ByteBuffer(string: metrics.text))
            )
        }
        return router
    }

    private static func plain(_ text: String, _ status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status,
            headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text))
        )
    }
}
