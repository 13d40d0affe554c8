public import Governance
public import ProblemDetails
import Synchronization

/// Whether the use cases can be had: not before the database was reached and migrated once.
///
/// The control plane listens from its first moment and answers 503 until then, so that a database that is down at the start
/// is waited for, not died of.
public final class ControlEngine: Sendable {
    private enum State: Sendable {
        case waiting(reason: String)
        case ready(Governance)
    }

    private let state = Mutex<State>(.waiting(reason: "starting"))

    public init() {}

    /// The use cases.
    ///
    /// - Throws: `database-unavailable` until they are there.
    public func governance() throws(Problem) -> Governance {
        switch state.withLock({ $0 }) {
        case .ready(let governance): return governance
        case .waiting(let reason):
            throw Problem(
                .databaseUnavailable,
                detail: "the catalog is not there yet: \(reason); try again in a moment"
            )
        }
    }

    /// The database is reached and migrated.
    public func becameReady(_ governance: Governance) {
        state.withLock { $0 = .ready(governance) }
    }

    /// Why it is not, for `/readyz`; without hosts and secrets.
    public func isWaiting(_ reason: String) {
        state.withLock { state in
            if case .waiting = state { state = .waiting(reason: reason) }
        }
    }
}
