import CatalogStore
public import Lifecycle

/// What a provider answers to a request.
public enum SubscriptionDecision: String, Sendable, Hashable, CaseIterable {
    case approve
    case reject

    var event: SubscriptionEvent { self == .approve ? .accept : .reject }
}

extension Governance {
    /// Approves or rejects a request, once. Who asked does not decide, whatever their roles.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `approval-not-permitted`, `already-decided`.
    public func decideSubscription(
        _ actor: Actor,
        _ id: SubscriptionID,
        _ decision: SubscriptionDecision,
        comment: String? = nil
    ) async throws(GovernanceError) -> Subscription {
        try await change(actor) { work in
            try await work.decideSubscription(id, decision, comment: comment)
        }
    }
}

extension UnitOfWork {
    func decideSubscription(
        _ id: SubscriptionID,
        _ decision: SubscriptionDecision,
        comment: String?
    ) async throws -> Subscription {
        try require(comment, at: "/comment", isAtMost: Subscription.commentCharactersMax)
        // Locked: of two who decide at once the second finds the first one's decision.
        let current = try await subscription(id, isLocking: true)
        try actor.require(.decideSubscription, team: current.providerTeamID)
        guard current.state == .pending else { throw Self.decided(current) }
        guard let decider = actor.member, decider != current.requestedBy else {
            throw GovernanceError(
                .approvalNotPermitted,
                actor.member == nil
                    ? "a decision is taken by a member"
                    : "`\(actor.name)` asked for this subscription and does not decide on it",
                mend: "ask somebody else of the API's team"
            )
        }
        var life = current.life
        do throws(SubscriptionTransitionRefused) {
            _ = try life.apply(decision.event)
        } catch {
            throw Self.refused(error)
        }
        try await transaction.subscriptions.move(
            id,
            by: decision.event,
            to: life,
            decidedBy: decider,
            decisionComment: comment,
            at: now
        )
        try await report(
            decision == .approve ? "subscription.accepted" : "subscription.rejected",
            subject(of: current),
            ["plan": .text(current.plan), "comment": .init(comment)]
        )
        return try await subscription(id)
    }

    private static func decided(_ subscription: Subscription) -> GovernanceError {
        let who = subscription.decidedByName.map { " by `\($0)`" } ?? ""
        return GovernanceError(
            .alreadyDecided,
            "the request is \(subscription.state.rawValue)\(who), not pending",
            mend: subscription.state.isTerminal
                ? "the application may ask again" : "pause or close the subscription instead",
            facts: ["state": subscription.state.rawValue]
        )
    }

    static func refused(_ error: SubscriptionTransitionRefused) -> GovernanceError {
        let allowed = error.allowed.map { "`\($0)`" }.joined(separator: ", ")
        return GovernanceError(
            .illegalTransition,
            "a subscription that is \(error.state.rawValue) has no step `\(error.event.name)`",
            mend: allowed.isEmpty ? "ask for a new subscription" : "from here there are \(allowed)",
            facts: ["state": error.state.rawValue]
        )
    }
}
