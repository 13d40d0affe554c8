import CatalogStore
public import Lifecycle

extension Governance {
    /// Pauses a subscription for one side; the gate refuses with 403 until every side that paused it resumes it. Without a side
    /// it is the one that the actor is on, the provider's where both.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `illegal-transition`.
    public func pauseSubscription(
        _ actor: Actor,
        _ id: SubscriptionID,
        as side: SubscriptionSide? = nil,
        reason: String = ""
    ) async throws(GovernanceError) -> Subscription {
        try await change(actor, mayChangeNothing: true) { work in
            let current = try await work.subscription(id, isLocking: true)
            let sides = try work.sides(of: current, side)
            return try await work.step(current, by: sides.prefix(1).map { .pause($0) }, reason: reason)
        }
    }

    /// Resumes a subscription for one side, or for every side that the actor is on.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `illegal-transition`.
    public func resumeSubscription(
        _ actor: Actor,
        _ id: SubscriptionID,
        as side: SubscriptionSide? = nil,
        reason: String = ""
    ) async throws(GovernanceError) -> Subscription {
        try await change(actor, mayChangeNothing: true) { work in
            let current = try await work.subscription(id, isLocking: true)
            let sides = try work.sides(of: current, side)
            return try await work.step(current, by: sides.map { .resume($0) }, reason: reason)
        }
    }
}

extension UnitOfWork {
    /// The sides for which the actor may pause and close, the provider's first: the one asked for, or all.
    ///
    /// - Throws: ``GovernanceError`` `forbidden`.
    func sides(
        of subscription: Subscription,
        _ wanted: SubscriptionSide?
    ) throws(GovernanceError) -> [SubscriptionSide] {
        let teams: [(SubscriptionSide, TeamID)] = [
            (.provider, subscription.providerTeamID), (.consumer, subscription.consumerTeamID),
        ]
        let sides = teams.filter { side, team in
            (wanted ?? side) == side && actor.may(.pauseSubscription, team: team)
        }
        guard sides.isEmpty else { return sides.map(\.0) }
        throw Authorization.refusal(of: .pauseSubscription, to: actor)
    }

    /// Takes the steps of a subscription's life that `events` name; those that change nothing are left out.
    ///
    /// - Throws: ``GovernanceError`` `illegal-transition`; ``CatalogError``.
    func step(
        _ current: Subscription,
        by events: [SubscriptionEvent],
        reason: String
    ) async throws -> Subscription {
        try require(reason, at: "/reason", isAtMost: Subscription.commentCharactersMax)
        var life = current.life
        var hasChanged = false
        for event in events {
            do throws(SubscriptionTransitionRefused) {
                guard try life.apply(event) == .changed else { continue }
            } catch {
                throw Self.refused(error)
            }
            hasChanged = true
            let isEnd = life.state == .closed || life.state == .withdrawn
            try await transaction.subscriptions.move(
                current.id,
                by: event,
                to: life,
                closeReason: isEnd && !reason.isEmpty ? reason : nil,
                at: now
            )
            try await report(
                event.auditAction,
                subject(of: current),
                ["side": .init(event.side?.rawValue), "reason": .text(reason)]
            )
        }
        return hasChanged ? try await subscription(current.id) : current
    }
}

extension SubscriptionEvent {
    /// The side that acts, where the event has one.
    fileprivate var side: SubscriptionSide? {
        switch self {
        case .pause(let side), .resume(let side): side
        case .accept, .reject, .withdraw, .close: nil
        }
    }

    /// Noun and verb in the audit.
    fileprivate var auditAction: String {
        switch self {
        case .accept: "subscription.accepted"
        case .reject: "subscription.rejected"
        case .withdraw: "subscription.withdrawn"
        case .pause: "subscription.paused"
        case .resume: "subscription.resumed"
        case .close: "subscription.closed"
        }
    }
}
