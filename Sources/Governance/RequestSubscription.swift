import CatalogStore
public import Lifecycle

/// A subscription as somebody asks for it.
public struct SubscriptionDraft: Sendable, Hashable {
    /// Which versions of the API are asked for.
    public enum Scope: Sendable, Hashable {
        /// The major line of the pin, else of the latest version that is not deprecated.
        case latest
        /// This major line.
        case major(Int)
    }

    /// The name of the application.
    public var application: String
    /// The name of the plan.
    public var plan: String
    /// The name of the environment.
    public var environment: String
    /// Which versions are asked for.
    public var scope: Scope
    /// A version to pin softly.
    public var pin: String?
    /// What the consumer writes, at most 2000 characters.
    public var comment: String
    /// Before this moment the gate refuses.
    public var startsAt: Moment?
    /// From this moment on the gate refuses.
    public var endsAt: Moment?
    /// The name in manifests.
    public var name: String?
    /// What keeps the subscription; nil for people.
    public var managedBy: String?

    /// A draft; for the latest major line of `live` unless said otherwise.
    public init(
        application: String,
        plan: String,
        environment: String = "live",
        scope: Scope = .latest,
        pin: String? = nil,
        comment: String = "",
        startsAt: Moment? = nil,
        endsAt: Moment? = nil,
        name: String? = nil,
        managedBy: String? = nil
    ) {
        self.application = application
        self.plan = plan
        self.environment = environment
        self.scope = scope
        self.pin = pin
        self.comment = comment
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.name = name
        self.managedBy = managedBy
    }
}

extension Governance {
    /// Asks for a subscription; under an automatic plan it is accepted at once.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found` (application, plan, environment, version),
    ///   `subscription-exists`, `version-deprecated`, `pin-not-granted`, `dates-out-of-order`, `validation-failed`.
    public func requestSubscription(
        _ actor: Actor,
        _ draft: SubscriptionDraft
    ) async throws(GovernanceError) -> Subscription {
        try await change(actor) { work in try await work.requestSubscription(draft, isPinPublished: true) }
    }

    /// A subscription that the actor's teams are a side of.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`.
    public func showSubscription(_ actor: Actor, _ id: SubscriptionID) async throws(GovernanceError) -> Subscription {
        try await read(actor) { work in try await work.subscription(id) }
    }

    /// A page of the subscriptions that the actor's teams are a side of, newest first.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `cursor-invalid`.
    public func listSubscriptions(
        _ actor: Actor,
        state: SubscriptionState? = nil,
        api: String? = nil,
        application: String? = nil,
        _ page: PageRequest = PageRequest()
    ) async throws(GovernanceError) -> Page<Subscription> {
        try actor.requireAnywhere(.readApplications)
        let before = try page.after(SubscriptionID.self)
        return try await read(actor) { work in
            let rows = try await work.transaction.subscriptions.list(
                for: work.viewer,
                state: state,
                api: api,
                application: application,
                before: before,
                limit: page.rowCount
            )
            return Page(surplus: rows, for: page, by: \.id)
        }
    }
}

extension UnitOfWork {
    /// `isPinPublished` says whether the pin has to name a version that is live; manifests are applied before that.
    func requestSubscription(_ draft: SubscriptionDraft, isPinPublished: Bool) async throws -> Subscription {
        let application = try await application(draft.application, for: .requestSubscription)
        guard let requester = actor.member else {
            throw GovernanceError(
                .forbidden,
                "a subscription is asked for by a member, so that somebody else can decide on it",
                mend: "use a member's token"
            )
        }
        let plan = try await plan(draft.plan)
        let environment = try await environment(draft.environment)
        try check(draft)
        let api = try await api(plan.api)
        let choice = try await majorLine(of: api, for: draft, in: environment, isPinPublished: isPinPublished)
        let request = SubscriptionStore.Request(
            id: .make(at: now),
            application: application.id,
            api: api.id,
            plan: plan.id,
            environment: environment,
            major: choice.major,
            isAutomatic: plan.approval == .automatic,
            name: draft.name,
            managedBy: draft.managedBy,
            comment: draft.comment,
            requestedBy: requester,
            startsAt: draft.startsAt,
            endsAt: draft.endsAt
        )
        // The constraint is the last word; asking first gives an answer that names what is in the way.
        let open = try await transaction.subscriptions.findOpen(
            application: application.id,
            api: api.id,
            environment: environment,
            major: choice.major
        )
        if let open { try await makeRoom(for: draft, after: open) }
        try await transaction.subscriptions.insert(request, in: actor.organization, at: now)
        if let pin = choice.pin {
            try await transaction.pins.put(
                .subscription(request.id),
                to: pin,
                of: api.id,
                mode: .soft,
                expiresAt: nil,
                reason: "asked for with the subscription",
                by: actor,
                at: now
            )
        }
        let subscription = try await subscription(request.id)
        try await report(
            request.isAutomatic ? "subscription.accepted" : "subscription.requested",
            subject(of: subscription),
            [
                "plan": .text(plan.name), "api": .text(api.name), "environment": .text(draft.environment),
                "major": choice.major.map { .number(Int64($0)) } ?? nil, "pin": .init(draft.pin),
                "comment": .text(draft.comment),
            ]
        )
        return subscription
    }

    func subject(of subscription: Subscription) -> AuditEvent.Subject {
        AuditEvent.Subject(
            "subscription",
            id: subscription.id.value,
            name: "\(subscription.application) → \(subscription.api)",
            team: subscription.consumerTeamID
        )
    }

    private func check(_ draft: SubscriptionDraft) throws(GovernanceError) {
        try require(draft.comment, at: "/comment", isAtMost: Subscription.commentCharactersMax)
        if let endsAt = draft.endsAt, endsAt <= max(now, draft.startsAt ?? now) {
            throw GovernanceError(
                .datesOutOfOrder,
                "the subscription would end before it starts",
                mend: "give a later `endsAt`",
                places: [.init("`endsAt` is \(endsAt)", pointer: "/endsAt")]
            )
        }
    }

    /// A subscription whose end has passed grants nothing any more and does not stand in the way.
    private func makeRoom(for draft: SubscriptionDraft, after open: Subscription) async throws {
        guard let endsAt = open.endsAt, endsAt <= now else { throw Self.exists(open) }
        let event: SubscriptionEvent = open.state == .pending ? .withdraw : .close
        _ = try await step(open, by: [event], reason: "it ended at \(endsAt)")
    }

    private static func exists(_ open: Subscription) -> GovernanceError {
        let line = open.major.map { "major \($0) of " } ?? ""
        return GovernanceError(
            .subscriptionExists,
            "`\(open.application)` has a subscription to \(line)`\(open.api)` that is \(open.state.rawValue): \(open.id)",
            mend: "change or close that one",
            facts: ["subscription": open.id.description, "state": open.state.rawValue]
        )
    }
}
