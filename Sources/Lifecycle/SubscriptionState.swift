/// Where a subscription stands. The same six words are in SQL, the HTTP API and the console.
///
/// The legal moves are rows (``SubscriptionTransition/table``); the lookup table `subscription_transition` in the catalog holds
/// exactly these rows, so that the database refuses what this type refuses.
public enum SubscriptionState: String, Hashable, Sendable, CaseIterable, Codable {
    /// Asked for under a plan with manual approval; nobody has decided yet. Grants nothing.
    case pending
    /// Decided in the consumer's favour. The only state that grants anything at the gate.
    case accepted
    /// Decided against the consumer. Terminal.
    case rejected
    /// Taken back by the consumer before a decision. Terminal.
    case withdrawn
    /// Held by the provider, the consumer or both. The gate answers 403 until every side resumes.
    case paused
    /// Ended for good. Terminal; a new subscription has to be requested.
    case closed

    /// Whether no move leads out of this state.
    public var isTerminal: Bool {
        switch self {
        case .rejected, .withdrawn, .closed: true
        case .pending, .accepted, .paused: false
        }
    }

    /// Whether a subscription in this state stands in the way of another one for the same application, API, environment
    /// and major version.
    public var isOpen: Bool { !isTerminal }
}

/// Who holds a paused subscription. A subscription flows again only when every side that paused it has resumed it.
public enum SubscriptionSide: String, Hashable, Sendable, CaseIterable, Codable {
    /// The team that owns the API.
    case provider
    /// The team that owns the application.
    case consumer
}

/// What can happen to a subscription.
public enum SubscriptionEvent: Hashable, Sendable {
    /// A provider (or an automatic plan) says yes.
    case accept
    /// A provider says no.
    case reject
    /// The consumer takes the request back.
    case withdraw
    /// One side stops the traffic for now.
    case pause(SubscriptionSide)
    /// One side lets the traffic flow again.
    case resume(SubscriptionSide)
    /// Either side ends the subscription for good.
    case close

    /// The event without its side, as SQL and messages name it.
    public var name: String {
        switch self {
        case .accept: "accept"
        case .reject: "reject"
        case .withdraw: "withdraw"
        case .pause: "pause"
        case .resume: "resume"
        case .close: "close"
        }
    }
}

/// A move that the life of a subscription does not have.
public struct SubscriptionTransitionRefused: Error, Hashable, Sendable {
    /// The state in which the event arrived.
    public let state: SubscriptionState
    /// The event that has no move from that state.
    public let event: SubscriptionEvent

    /// A refusal of `event` in `state`.
    public init(state: SubscriptionState, event: SubscriptionEvent) {
        self.state = state
        self.event = event
    }

    /// The events that would have been taken in this state, for the message.
    public var allowed: [String] {
        var names: [String] = []
        for move in SubscriptionTransition.table where move.from == state && !names.contains(move.event) {
            names.append(move.event)
        }
        return names
    }
}
