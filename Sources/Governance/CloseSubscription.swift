import CatalogStore
public import Lifecycle

extension Governance {
    /// Withdraws a pending request or ends an accepted or paused subscription, for good. The gate refuses within a second.
    /// Closing what is closed changes nothing.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `illegal-transition`.
    public func closeSubscription(
        _ actor: Actor,
        _ id: SubscriptionID,
        reason: String = ""
    ) async throws(GovernanceError) -> Subscription {
        try await change(actor, mayChangeNothing: true) { work in
            try await work.closeSubscription(id, reason: reason)
        }
    }

    /// Puts an open subscription under another plan of the same API; the counters of limits that keep their names go on.
    ///
    /// The provider chooses freely. The consumer may choose a plan with automatic approval; a manual one has to be asked
    /// for with a new subscription, so that nobody is approved by moving over.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `plan-mismatch`, `illegal-transition`.
    public func changeSubscriptionPlan(
        _ actor: Actor,
        _ id: SubscriptionID,
        to plan: String
    ) async throws(GovernanceError) -> Subscription {
        try await change(actor, mayChangeNothing: true) { work in
            try await work.changeSubscriptionPlan(id, to: plan)
        }
    }
}

extension UnitOfWork {
    func closeSubscription(_ id: SubscriptionID, reason: String) async throws -> Subscription {
        let current = try await subscription(id, isLocking: true)
        switch current.state {
        case .pending, .withdrawn:
            // Whoever may ask may take back; a provider who does not want it rejects it.
            try actor.require(.requestSubscription, team: current.consumerTeamID)
            return try await step(current, by: [.withdraw], reason: reason)
        case .accepted, .paused, .closed, .rejected:
            _ = try sides(of: current, nil)
            return try await step(current, by: [.close], reason: reason)
        }
    }

    func changeSubscriptionPlan(_ id: SubscriptionID, to name: String) async throws -> Subscription {
        let current = try await subscription(id, isLocking: true)
        let target = try await plan(name)
        let isProvider = actor.may(.decideSubscription, team: current.providerTeamID)
        let isConsumer = actor.may(.requestSubscription, team: current.consumerTeamID)
        guard isProvider || (isConsumer && target.approval == .automatic) else {
            guard isConsumer else { throw Authorization.refusal(of: .requestSubscription, to: actor) }
            throw GovernanceError(
                .approvalNotPermitted,
                "the plan `\(name)` needs an approval",
                mend: "close this subscription and ask for one under `\(name)`, or ask the API's team to change it"
            )
        }
        guard current.state.isOpen else {
            throw GovernanceError(
                .illegalTransition,
                "the subscription is \(current.state.rawValue)",
                mend: "ask for a new subscription"
            )
        }
        guard target.apiID == current.apiID else {
            throw GovernanceError(
                .planMismatch,
                "the plan `\(name)` is of `\(target.api)`, the subscription of `\(current.api)`",
                mend: "choose a plan of `\(current.api)`"
            )
        }
        guard target.id != current.planID else { return current }
        try await transaction.subscriptions.changePlan(id, to: target.id, at: now)
        try await report(
            "subscription.plan_changed",
            subject(of: current),
            ["from": .text(current.plan), "to": .text(target.name)]
        )
        return try await subscription(id)
    }
}
