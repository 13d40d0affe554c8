import Synchronization

/// Wakes whoever waits for routing or entitlements to change: gateways that long-poll, and the gateway in this process.
///
/// It carries no data and may wake too often: who wakes reads again. A change that nobody signals is found when the wait ends.
public final class ChangeSignal: Sendable {
    private struct State {
        var count: UInt64 = 0
        var nextID: UInt64 = 0
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var isOver = false
    }

    private let state = Mutex(State())

    public init() {}

    /// How many changes there were; read it before looking at the data, then wait for a higher one.
    public var count: UInt64 { state.withLock { $0.count } }

    /// Whether nobody shall wait any more.
    public var isOver: Bool { state.withLock { $0.isOver } }

    /// Something changed.
    public func fire() { wake() }

    /// The process ends: who waits is woken, and nobody waits from now on.
    public func end() { wake { $0.isOver = true } }

    private func wake(_ change: (inout State) -> Void = { _ in }) {
        let waiters = state.withLock { state in
            change(&state)
            state.count += 1
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume() }
    }

    /// Returns when the count is above `seen`, at the latest after `timeout`, at once when the task is cancelled.
    public func wait(after seen: UInt64, timeout: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait(after: seen) }
            group.addTask {
                // Cancelled as soon as the change comes: nothing to report.
                try? await Task.sleep(for: timeout)
            }
            await group.next()
            group.cancelAll()
        }
    }

    private func wait(after seen: UInt64) async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    guard state.count <= seen, !state.isOver, !Task.isCancelled else { return true }
                    state.waiters[id] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.removeValue(forKey: id) }
            waiter?.resume()
        }
    }
}
