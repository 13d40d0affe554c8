import ControlPlane
import Governance
import Lifecycle
import Logging
import ServiceLifecycle

/// Makes the checks that wait in the database, one after another: what a changed ruleset or policy asks to be looked at again.
///
/// Everything that it knows is in the queue: it may be ended at any moment, and any number of control nodes share the work.
struct CheckProcess: Service {
    let engine: ControlEngine
    /// Fired when documents wait, and every few seconds for those whose pause is over.
    let signal: ChangeSignal
    let metrics: ControlMetrics
    let logger: Logger

    /// The longest sleep; a signal that was lost costs no more.
    static let pollInterval = Duration.seconds(60)
    /// How often the length of the queue is looked at.
    static let measureInterval = Duration.seconds(5)
    /// The pause while the database cannot be reached.
    static let pause = Duration.seconds(1)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await checkForever() }
                group.addTask { await measureForever() }
                await group.waitForAll()
            }
        }
    }

    private func checkForever() async {
        await enqueueMissing()
        while !Task.isCancelled {
            let seen = signal.count
            await checkAll()
            guard !Task.isCancelled else { return }
            await signal.wait(after: seen, timeout: Self.pollInterval)
        }
    }

    /// The queue is that of all nodes, so it is read from the database, whoever works on it.
    private func measureForever() async {
        while !Task.isCancelled {
            do {
                metrics.measured(try await engine.governance().checkQueue())
            } catch {
                metrics.measured(nil)
                logger.debug("the queue of checks is not measured", metadata: ["cause": "\(error)"])
            }
            // Only the end of the process cuts the sleep short, and the loop sees it.
            try? await Task.sleep(for: Self.measureInterval)
        }
    }

    /// What a newer engine or a change that no act announced leaves to do is found once at the start.
    private func enqueueMissing() async {
        while !Task.isCancelled {
            do {
                let governance = try engine.governance()
                try await governance.enqueueMissingChecks(try await governance.standardOrganization().id)
                return
            } catch {
                logger.debug("checks are not looked for yet", metadata: ["cause": "\(error)"])
            }
            // Only the end of the process cuts the sleep short, and the loop sees it.
            try? await Task.sleep(for: Self.pause)
        }
    }

    private func checkAll() async {
        while !Task.isCancelled {
            let start = ContinuousClock.now
            do {
                guard try await engine.governance().checkNext() else { return }
                metrics.checked(.done, after: .now - start)
                continue
            } catch let error as GovernanceError where error.code != .databaseUnavailable {
                metrics.checked(.failed, after: .now - start)
                logger.warning("a check failed and is tried again later", metadata: ["cause": "\(error)"])
            } catch {
                logger.warning("no check can be made now", metadata: ["cause": "\(error)"])
            }
            // Only the end of the process cuts the sleep short, and the loop sees it.
            try? await Task.sleep(for: Self.pause)
        }
    }
}
