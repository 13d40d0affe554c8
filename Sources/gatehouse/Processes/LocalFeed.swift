import ControlPlane
import Foundation
import Gateway
import Governance
import Lifecycle
import Logging
import ServiceLifecycle

/// Carries routing and entitlements from the catalog to the gateway in the same process, and its reports back: the very bytes
/// that a gateway elsewhere would pull.
struct LocalFeed: Service {
    let engine: ControlEngine
    let changes: ChangeSignal
    let server: GatewayServer
    let environment: String
    let logger: Logger

    /// Looks again after this long even when nobody signaled.
    static let pollInterval = Duration.seconds(1)
    /// How often refusals and the served generation are reported.
    static let reportInterval = Duration.milliseconds(250)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await pullForever() }
                group.addTask { await reportForever() }
                await group.waitForAll()
            }
        }
    }

    private func pullForever() async {
        var feed: EntitlementFeed?
        // Said once, not every second.
        var refused: Int64?
        while !Task.isCancelled, !changes.isOver {
            let seen = changes.count
            do {
                let governance = try engine.governance()
                let organization = try await governance.standardOrganization().id
                let source = feed ?? EntitlementFeed(governance)
                feed = source
                try await pullRouting(governance, organization, &refused)
                try await pullEntitlements(source, organization)
            } catch {
                logger.debug("the gateway is not fed", metadata: ["cause": "\(error)"])
            }
            await changes.wait(after: seen, timeout: Self.pollInterval)
        }
    }

    private func pullRouting(
        _ governance: Governance,
        _ organization: OrganizationID,
        _ refused: inout Int64?
    ) async throws {
        let known = server.status.generation.map { Int64($0) }
        guard
            let artifact = try await governance.pullRouting(.gate(organization), environment: environment, known: known)
        else {
            return server.confirmRouting()
        }
        do throws(ActivationRefused) {
            try server.activate(routingBytes: artifact.bytes)
            logger.info("routing generation \(artifact.generation) is served")
        } catch {
            guard refused != artifact.generation else { return }
            refused = artifact.generation
            logger.error(
                """
                routing generation \(artifact.generation) is refused: \(error). Where the catalog was served from another data \
                directory before, the signing.key of that one belongs into this one
                """
            )
        }
    }

    private func pullEntitlements(_ feed: EntitlementFeed, _ organization: OrganizationID) async throws {
        while true {
            let known = server.status.sequence
            let step = try await feed.step(in: organization, environment: environment, after: known ?? 0)
            let bytes: [UInt8]
            switch step {
            case .nothing: return server.confirmEntitlements()
            case .base(_, let artifact): bytes = artifact
            case .delta(_, _, let artifact): bytes = artifact
            }
            do throws(ActivationRefused) {
                try server.apply(entitlementBytes: bytes)
            } catch {
                return logger.error("entitlements are refused: \(error)")
            }
            // A catalog in which nobody was ever granted anything answers 0 with its base, time and again.
            if server.status.sequence == known { return server.confirmEntitlements() }
        }
    }

    private func reportForever() async {
        var last: (generation: UInt64?, sequence: UInt64?) = (nil, nil)
        var reportedAt = ContinuousClock.now - .seconds(60)
        while !Task.isCancelled {
            let status = server.status
            let denials = server.drainDenials()
            let isNews = !denials.isEmpty || status.generation != last.generation || status.sequence != last.sequence
            if isNews || ContinuousClock.now - reportedAt > .seconds(5) {
                do {
                    try await GatewayReports(engine: engine, environment: environment).send(status, denials)
                    last = (status.generation, status.sequence)
                    reportedAt = .now
                } catch {
                    logger.debug("the gateway's report is not taken", metadata: ["cause": "\(error)"])
                }
            }
            // Only the end of the process cuts the sleep short, and the loop sees it.
            try? await Task.sleep(for: Self.reportInterval)
        }
    }
}

extension Lifecycle.Actor {
    /// The gateway in this process: it may pull and report, nothing else.
    static func gate(_ organization: OrganizationID) -> Lifecycle.Actor {
        Lifecycle.Actor(
            organization: organization,
            member: nil,
            name: "gateway in the control plane's process",
            authentication: .system,
            grants: [RoleGrant(.gateway)]
        )
    }
}
