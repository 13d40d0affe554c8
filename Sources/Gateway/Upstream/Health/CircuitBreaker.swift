internal import UpstreamRules

/// Spares an upstream that mostly fails: closed, then open for a while, then half open for a few probes.
///
/// Pure: requests ask, outcomes are told; the time comes with every call.
struct CircuitBreaker {
    enum State: Equatable {
        case closed
        /// Nothing is let through before this monotonic time.
        case open(until: UInt64)
        /// So many probes were let through, so many came back well.
        case halfOpen(sent: Int, succeeded: Int)
    }

    private let policy: Breaker
    private var window: ErrorWindow
    private(set) var state = State.closed
    /// When the last probe was let through: one that never comes back must not keep the breaker half open for good.
    private var probedAt: UInt64 = 0

    init(_ policy: Breaker) {
        self.policy = policy
        window = ErrorWindow(milliseconds: policy.windowMilliseconds)
    }

    /// Whether a request may go.
    mutating func admit(at now: UInt64) -> Bool {
        switch state {
        case .closed: return true
        case .open(let until):
            guard now >= until else { return false }
            state = .halfOpen(sent: 1, succeeded: 0)
            probedAt = now
            return true
        case .halfOpen(let sent, let succeeded):
            if sent < policy.probes {
                state = .halfOpen(sent: sent + 1, succeeded: succeeded)
            } else {
                guard now >= probedAt + UInt64(policy.openMilliseconds) * 1_000_000 else { return false }
                state = .halfOpen(sent: 1, succeeded: 0)
            }
            probedAt = now
            return true
        }
    }

    /// A request ended.
    ///
    /// - Returns: whether this opened the breaker.
    mutating func record(isFailure: Bool, at now: UInt64) -> Bool {
        switch state {
        case .closed:
            window.record(isFailure: isFailure, at: now)
            guard isFailure, window.isBad(percent: policy.errorPercent, requestsMin: policy.requestsMin, at: now)
            else { return false }
            open(at: now)
            return true
        // What was under way when it opened.
        case .open: return false
        case .halfOpen(let sent, let succeeded):
            guard !isFailure else {
                open(at: now)
                return true
            }
            guard succeeded + 1 >= policy.probes else {
                state = .halfOpen(sent: sent, succeeded: succeeded + 1)
                return false
            }
            state = .closed
            window.reset()
            return false
        }
    }

    private mutating func open(at now: UInt64) {
        state = .open(until: now + UInt64(policy.openMilliseconds) * 1_000_000)
        window.reset()
    }
}
