/// One legal move of a subscription: a row of the table that Swift and SQL share.
public struct SubscriptionTransition: Hashable, Sendable {
    /// The state before.
    public let from: SubscriptionState
    /// The event's name (``SubscriptionEvent/name``).
    public let event: String
    /// The state after.
    public let to: SubscriptionState

    /// A row.
    public init(from: SubscriptionState, event: String, to: SubscriptionState) {
        self.from = from
        self.event = event
        self.to = to
    }

    /// Every legal move, in reading order. A test compares these rows with the lookup table `subscription_transition`.
    ///
    /// `paused → paused` by `pause` and `resume` is the other side joining or leaving a pause.
    public static let table: [SubscriptionTransition] = [
        SubscriptionTransition(from: .pending, event: "accept", to: .accepted),
        SubscriptionTransition(from: .pending, event: "reject", to: .rejected),
        SubscriptionTransition(from: .pending, event: "withdraw", to: .withdrawn),
        SubscriptionTransition(from: .accepted, event: "pause", to: .paused),
        SubscriptionTransition(from: .accepted, event: "close", to: .closed),
        SubscriptionTransition(from: .paused, event: "pause", to: .paused),
        SubscriptionTransition(from: .paused, event: "resume", to: .paused),
        SubscriptionTransition(from: .paused, event: "resume", to: .accepted),
        SubscriptionTransition(from: .paused, event: "close", to: .closed),
    ]
}

/// What an event did to a subscription.
public enum SubscriptionOutcome: Hashable, Sendable {
    /// State or pauses differ from before: write it, audit it, tell the gateways.
    case changed
    /// The event found its work done already (closing what is closed): nothing to write.
    case unchanged
}

/// The life of one subscription as a pure machine: events in, outcome out; no clock, no I/O.
///
/// INVARIANT: `state == .paused` exactly when `pausedBy` is not empty, except that a terminal state keeps no pauses.
public struct SubscriptionLife: Hashable, Sendable, Codable {
    /// Where the subscription stands.
    public private(set) var state: SubscriptionState
    /// The sides that hold it; empty unless ``state`` is ``SubscriptionState/paused``.
    public private(set) var pausedBy: Set<SubscriptionSide>

    /// A subscription at its beginning: pending under a manual plan, accepted at once under an automatic one.
    public init(automaticallyAccepted: Bool) {
        state = automaticallyAccepted ? .accepted : .pending
        pausedBy = []
    }

    /// A subscription as loaded; nil when `state` and `pausedBy` contradict each other (the invariant above).
    public init?(state: SubscriptionState, pausedBy: Set<SubscriptionSide>) {
        guard (state == .paused) == !pausedBy.isEmpty else { return nil }
        self.state = state
        self.pausedBy = pausedBy
    }

    /// Applies an event.
    ///
    /// A terminal state answers the event that leads to it with ``SubscriptionOutcome/unchanged`` (asking twice is
    /// harmless) and refuses every other one. Pausing or resuming twice by one side is unchanged too.
    ///
    /// - Throws: ``SubscriptionTransitionRefused`` when the state has no such move.
    public mutating func apply(_ event: SubscriptionEvent) throws(SubscriptionTransitionRefused) -> SubscriptionOutcome
    {
        switch (state, event) {
        case (.pending, .accept): state = .accepted
        case (.pending, .reject): state = .rejected
        case (.pending, .withdraw): state = .withdrawn

        case (.accepted, .pause(let side)), (.paused, .pause(let side)):
            guard pausedBy.insert(side).inserted else { return .unchanged }
            state = .paused

        case (.paused, .resume(let side)):
            guard pausedBy.remove(side) != nil else { return .unchanged }
            if pausedBy.isEmpty { state = .accepted }

        case (.accepted, .close), (.paused, .close):
            state = .closed
            pausedBy = []

        case (.accepted, .resume), (.rejected, .reject), (.withdrawn, .withdraw), (.closed, .close):
            return .unchanged

        default:
            throw SubscriptionTransitionRefused(state: state, event: event)
        }
        return .changed
    }
}
