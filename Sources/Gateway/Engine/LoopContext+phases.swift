internal import RoutingTable

// The loop's part in deciding: the phases that it keeps, and the counters they ask for.

extension LoopContext {
    /// Begins to decide about a request by ``view``; nothing where there is none.
    @inline(__always)
    func beginPhases() {
        phases?.begin(at: now, isStale: core.isStale(at: now))
    }

    /// Runs all phases. The outcome is what ``endPhases(_:)`` gives.
    @inline(__always)
    func runPhases(
        _ work: RequestScratch,
        _ bytes: Span<UInt8>,
        path: Span<UInt8>,
        host: Span<UInt8>,
        keyCache: inout KeyCache
    ) {
        phases?.run(
            &work.head,
            bytes,
            path: path,
            host: host,
            keyCache: &keyCache,
            scratch: &work.key,
            limits: self
        )
    }

    /// Changes the outcome over for a decision that is over.
    @inline(__always)
    func endPhases(_ decision: inout Decision) { phases?.exchangeDecision(with: &decision) }
}

extension LoopContext: LimitKeeper {
    /// The counters of a subscription, looked up once per entitlement step.
    @inline(__always)
    func limitSet(for subscription: SubscriptionIndex, in view: GateView, at now: Moment) -> LimitSet? {
        // Read through the view at each step: to hold the entitlements would count references that all loops share.
        let id = view.tables.entitlements.record(subscription).id
        if let set = limitSets.known(id, at: view.tables.entitlements.sequence) { return set }
        return renewLimitSet(id, subscription, view, now)
    }

    @inline(never)
    private func renewLimitSet(
        _ id: RecordID,
        _ subscription: SubscriptionIndex,
        _ view: GateView,
        _ now: Moment
    ) -> LimitSet {
        limitSets.renewed(id, subscription, in: view.tables.entitlements, core.buckets, at: now)
    }

    @inline(__always)
    var isShedding: Bool { shedder.isShedding }

    func admits(_ priority: RequestPriority) -> Bool {
        if shedder.admits(priority) { return true }
        metrics.countShed(priority)
        return false
    }
}
