internal import Synchronization
internal import UpstreamRules

/// Requests of one loop that wait for a place at one upstream. Outlives snapshots and changes of the targets.
final class LoopLine: @unchecked Sendable {
    // SAFETY: touched from its loop's thread only; others reach it by `reactor.execute` and read `isWaited`, which is atomic.
    // Guarded by "a place that is freed on one loop goes to a request that waits on another".
    let reactor: Reactor
    private let shared: SharedUpstream
    private var line = WaitingLine<ClientConnection>()
    private let hasWaiting = Atomic<Bool>(false)
    private var isServing = false
    private var isScheduled = false
    private var wasFreedMeanwhile = false

    init(_ shared: SharedUpstream, reactor: Reactor) {
        self.shared = shared
        self.reactor = reactor
    }

    /// Whether anybody waits here; from any thread.
    var isWaited: Bool { hasWaiting.load(ordering: .sequentiallyConsistent) }

    /// Joins the line; nil when too many wait in the whole gateway.
    func join(_ client: ClientConnection) -> WaitingLine<ClientConnection>.Ticket? {
        guard SharedUpstream.take(shared.waiting, of: shared.policy.bounds.waitingMax) else { return nil }
        if line.isEmpty {
            shared.lines.withLock { lines in
                if !lines.contains(where: { $0 === self }) { lines.append(self) }
            }
        }
        let ticket = line.join(client)
        hasWaiting.store(true, ordering: .sequentiallyConsistent)
        // A place may have become free between the look that found none and the entry into the line.
        serveSoon()
        return ticket
    }

    /// Leaves the line.
    func leave(_ ticket: WaitingLine<ClientConnection>.Ticket) {
        guard line.leave(ticket) else { return }
        shared.waiting.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        hasWaiting.store(!line.isEmpty, ordering: .sequentiallyConsistent)
    }

    /// Lets those at the front go, in a turn of its own: whoever frees a place is in the middle of something.
    func serveSoon() {
        guard !line.isEmpty, !isScheduled else { return }
        isScheduled = true
        reactor.execute {
            self.isScheduled = false
            self.serve()
        }
    }

    /// Lets those at the front go, as long as there is a place for them.
    func serve() {
        guard !isServing else {
            wasFreedMeanwhile = true
            return
        }
        isServing = true
        defer { isServing = false }
        repeat {
            wasFreedMeanwhile = false
            while let client = line.first, client.goOn() {}
        } while wasFreedMeanwhile
    }

    /// The loop is done with the upstream, unless somebody still waits to be woken.
    func retire() {
        guard line.isEmpty else { return }
        shared.lines.withLock { $0.removeAll { $0 === self } }
    }
}
