internal import RoutingTable

/// Listens to the phases. The gateway's own listener does nothing and costs nothing; ``Explainer`` writes everything down.
protocol PhaseLog {
    /// A phase was passed.
    func passed(_ step: Explanation.Phase, _ text: @autoclosure () -> String)
}

/// Writes nothing.
struct SilentLog: PhaseLog {
    @inline(__always)
    func passed(_ step: Explanation.Phase, _ text: @autoclosure () -> String) {}
}

/// Where the phases get a subscription's counters from.
protocol LimitKeeper {
    /// The counters; nil where nothing is counted.
    func limitSet(for subscription: SubscriptionIndex, in view: GateView, at now: Moment) -> LimitSet?
    /// Whether some requests are refused because of overload.
    var isShedding: Bool { get }
    /// Whether one of this priority is served.
    func admits(_ priority: RequestPriority) -> Bool
}

/// Counts nothing: an explanation must not spend.
struct NoLimits: LimitKeeper {
    func limitSet(for subscription: SubscriptionIndex, in view: GateView, at now: Moment) -> LimitSet? { nil }
    var isShedding: Bool { false }
    func admits(_ priority: RequestPriority) -> Bool { true }
}
