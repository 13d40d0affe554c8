import DocumentTree
import Governance
import HTTPTypes
import Hummingbird
import Lifecycle
import ProblemDetails
import RoutingTable
import Synchronization

/// What gateways pull and report, under `/v1/environments/{environment}`.
struct GatewayRoutes {
    let changes: ChangeSignal

    func add(to routes: RouteBuilder) {
        let changes = changes
        routes.get("/v1/environments/{environment}/routing") { governance, arguments in
            try await Self.routing(governance, arguments, changes)
        }
        let shared = SharedFeed()
        routes.get("/v1/environments/{environment}/entitlements") { governance, arguments in
            try await Self.entitlements(shared.feed(of: governance), arguments, changes)
        }
        addReports(to: routes)
        routes.get("/v1/environments/{environment}/signing-key") { governance, arguments in
            guard try arguments.actor.mayAnywhere(.readCatalog) || arguments.actor.mayAnywhere(.pullGatewayState) else {
                throw Problem(.forbidden, detail: "ask an administrator for a role that reads the catalog")
            }
            return Answer.json(["algorithm": "Ed25519", "publicKey": .string(governance.signingKey.publicKeyText)])
        }
    }

    /// Long poll: answers at once where the client's tag is not the active generation, else waits for a change, or for the end of
    /// the process.
    private static func routing(
        _ governance: Governance,
        _ arguments: RequestArguments,
        _ changes: ChangeSignal
    ) async throws -> Response {
        let environment = try arguments.path("environment")
        let known = arguments.request.headers[.ifNoneMatch].flatMap { Int64($0.filter(\.isNumber)) }
        let end = ContinuousClock.now + .seconds(try arguments.wait)
        while true {
            let seen = changes.count
            if let artifact = try await governance.pullRouting(arguments.actor, environment: environment, known: known)
            {
                return Answer.bytes(artifact.bytes, etag: String(artifact.generation))
            }
            let rest = ContinuousClock.now.duration(to: end)
            guard rest > .zero, !changes.isOver, !Task.isCancelled else { return Response(status: .notModified) }
            await changes.wait(after: seen, timeout: rest)
        }
    }

    private static func entitlements(
        _ feed: EntitlementFeed,
        _ arguments: RequestArguments,
        _ changes: ChangeSignal
    ) async throws -> Response {
        let environment = try arguments.path("environment")
        let after = UInt64(try arguments.queryNumber("after", 0...Int.max, default: 0))
        let end = ContinuousClock.now + .seconds(try arguments.wait)
        while true {
            let seen = changes.count
            switch try await feed.step(arguments.actor, environment: environment, after: after) {
            case .base(_, let artifact), .delta(_, _, let artifact):
                return Answer.bytes(artifact)
            case .nothing:
                break
            }
            let rest = ContinuousClock.now.duration(to: end)
            guard rest > .zero, !changes.isOver, !Task.isCancelled else { return Answer.nothing }
            await changes.wait(after: seen, timeout: rest)
        }
    }
}

/// The feed of this process: gateways that ask for the same step share its bytes.
private final class SharedFeed: Sendable {
    private let feed = Mutex<EntitlementFeed?>(nil)

    /// The use cases are the same for the life of the process, so the first ones make the feed.
    func feed(of governance: Governance) -> EntitlementFeed {
        feed.withLock { feed in
            let made = feed ?? EntitlementFeed(governance)
            feed = made
            return made
        }
    }
}

extension RequestArguments {
    /// How many seconds the client is willing to wait.
    var wait: Int {
        get throws(Problem) { try queryNumber("wait", 0...ControlLimits.waitSecondsMax, default: 0) }
    }
}
