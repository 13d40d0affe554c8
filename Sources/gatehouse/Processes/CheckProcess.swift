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
    let logger: Logger

    /// The longest sleep; a signal that was lost costs no more.
    static let pollInterval = Duration.seconds(60)
    /// The pause while the database cannot be reached.
    static let pause = Duration.seconds(1)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await enqueueMissing()
            while !Task.isCancelled {
                let seen = signal.count
                await checkAll()
                guard !Task.isCancelled else { return }
                await signal.wait(after: seen, timeout: Self.pollInterval)
            }
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
            do {
                guard try await engine.governance().checkNext() else { return }
            } catch {
                logger.warning("a check failed and is tried again later", metadata: ["cause": "\(error)"])
                // Only the end of the process cuts the sleep short, and the loop sees it.
                try? await Task.sleep(for: Self.pause)
            }
        }
    }
}
