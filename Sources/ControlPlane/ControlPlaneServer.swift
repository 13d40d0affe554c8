import Assets
import DocumentTree
import Governance
import HTTPTypes
public import Hummingbird
public import Logging
import ProblemDetails

/// The control plane's HTTP server: the API of `specs/gatehouse.yaml`, nothing else.
///
/// Every route but the few of ``AuthenticationMiddleware/open`` answers 401 without a token; every failure is a problem.
public struct ControlPlaneServer: Sendable {
    private let engine: ControlEngine
    private let changes: ChangeSignal
    private let metrics: ControlMetrics
    private let logger: Logger

    /// - Parameters:
    ///   - engine: gives the use cases once the database is there.
    ///   - changes: tells waiting gateways that routing or entitlements changed.
    ///   - metrics: counts every answer.
    ///   - logger: causes that are not for the outside go there, with the request's id.
    public init(engine: ControlEngine, changes: ChangeSignal, metrics: ControlMetrics, logger: Logger) {
        self.engine = engine
        self.changes = changes
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
    /// - Throws: ``MissingAsset`` where the binary lacks the API's description.
    public func application(
        host: String,
        port: Int,
        onListening: @escaping @Sendable (Int) async -> Void
    ) throws -> some ApplicationProtocol {
        Application(
            router: try router(),
            configuration: .init(address: .hostname(host, port: port), serverName: nil),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? port) },
            logger: logger
        )
    }

    /// The routes, one file a resource.
    func router() throws -> Router<ControlContext> {
        let router = Router(context: ControlContext.self)
        router.addMiddleware {
            MetricsMiddleware(metrics: metrics)
            RequestIDMiddleware()
            ProblemMiddleware(logger: logger)
            AuthenticationMiddleware(engine: engine)
        }
        let routes = RouteBuilder(router: router, engine: engine)
        try ServiceRoutes(engine: engine).add(to: routes)
        PeopleRoutes().add(to: routes)
        CatalogRoutes().add(to: routes)
        RevisionRoutes().add(to: routes)
        ReleaseRoutes().add(to: routes)
        PolicyRoutes().add(to: routes)
        WaiverRoutes().add(to: routes)
        PlanRoutes().add(to: routes)
        ApplicationRoutes().add(to: routes)
        CredentialRoutes().add(to: routes)
        SubscriptionRoutes().add(to: routes)
        ManifestRoutes().add(to: routes)
        GatewayRoutes(changes: changes).add(to: routes)
        SnapshotRoutes().add(to: routes)
        EvidenceRoutes().add(to: routes)
        return router
    }
}

/// Adds routes whose handlers get the use cases and the request's arguments.
struct RouteBuilder {
    let router: Router<ControlContext>
    let engine: ControlEngine

    /// What a handler is.
    typealias Handler = @Sendable (Governance, RequestArguments) async throws -> Response

    func get(_ path: RouterPath, _ handler: @escaping Handler) { add(.get, path, handler) }
    func post(_ path: RouterPath, _ handler: @escaping Handler) { add(.post, path, handler) }
    func put(_ path: RouterPath, _ handler: @escaping Handler) { add(.put, path, handler) }
    func patch(_ path: RouterPath, _ handler: @escaping Handler) { add(.patch, path, handler) }
    func delete(_ path: RouterPath, _ handler: @escaping Handler) { add(.delete, path, handler) }

    private func add(_ method: HTTPRequest.Method, _ path: RouterPath, _ handler: @escaping Handler) {
        let engine = engine
        router.on(path, method: method) { request, context in
            try await handler(engine.governance(), RequestArguments(request: request, context: context))
        }
    }
}
