import CatalogStore
import Lifecycle
import Manifest

/// Subscriptions: asked for like anybody's, and decided by people where the plan says so.
extension ManifestRun {
    mutating func apply(_ item: ManifestItem<SubscriptionSpec>) async throws -> ManifestChange {
        let spec = item.spec
        let known = try await known(item)
        if let known, known.state == .rejected {
            // Asking again until somebody gives in is not what a manifest is for.
            return ManifestChange(
                .subscription,
                item,
                isNew: false,
                note: "it was rejected; ask again under another name, or by hand"
            )
        }
        guard let known, known.state.isOpen else { return try await request(item) }
        guard known.application == spec.application.name, spec.major == nil || spec.major == known.major else {
            throw GovernanceError.invalid(
                "",
                "the subscription \(known.id) of this name is of `\(known.application)`"
                    + (known.major.map { " to major \($0)" } ?? ""),
                mend: "give this one another name; what a subscription is for does not change"
            )
        }
        var fields: [String] = []
        if known.plan != spec.plan.name {
            _ = try await work.changeSubscriptionPlan(known.id, to: spec.plan.name)
            fields.append("plan")
        }
        fields += try await setTerms(item, known)
        if try await setPin(item, known) { fields.append("pin") }
        if try await setPause(item, known) { fields.append("state") }
        return Self.change(item, isNew: false, fields: fields, state: known.state)
    }

    /// The subscription of the manifest's name, else the open one that somebody asked for by hand for the same things.
    private func known(_ item: ManifestItem<SubscriptionSpec>) async throws -> Subscription? {
        let organization = work.actor.organization
        let teams = work.actor.teams(for: .readApplications)
        let named = try await work.transaction.subscriptions.findNamed(
            item.name,
            in: organization,
            consumerTeams: teams
        )
        if let named, named.state.isOpen || named.state == .rejected { return named }
        let applications = work.transaction.applications
        let plans = work.transaction.plans
        guard
            let application = try await applications.find(item.spec.application.name, in: organization, teams: teams),
            let plan = try await plans.find(
                item.spec.plan.name,
                in: organization,
                teams: work.actor.teams(for: .readCatalog)
            )
        else { return named }
        let environment = try await work.environment(item.spec.environment?.name ?? Environment.standardName)
        let api = try await work.api(plan.api)
        let line = try await work.majorLine(of: api, for: draft(item), in: environment, isPinPublished: false)
        return try await work.transaction.subscriptions.findOpen(
            application: application.id,
            api: api.id,
            environment: environment,
            major: line.major
        )
    }

    private func draft(_ item: ManifestItem<SubscriptionSpec>) -> SubscriptionDraft {
        SubscriptionDraft(
            application: item.spec.application.name,
            plan: item.spec.plan.name,
            environment: item.spec.environment?.name ?? Environment.standardName,
            scope: item.spec.major.map { .major($0) } ?? .latest,
            pin: item.spec.pin?.version,
            comment: item.spec.comment ?? "",
            startsAt: item.spec.startsAt.map { Moment(unixSeconds: $0) },
            endsAt: item.spec.endsAt.map { Moment(unixSeconds: $0) },
            name: item.name,
            managedBy: Governance.manifestKeeper
        )
    }

    private func request(_ item: ManifestItem<SubscriptionSpec>) async throws -> ManifestChange {
        let made = try await work.requestSubscription(draft(item), isPinPublished: false)
        _ = try await setPin(item, made)
        _ = try await setPause(item, made)
        return Self.change(item, isNew: true, fields: ["request"], state: made.state)
    }

    /// Dates, comment, name and keeper. Who was granted something until a date does not grant themselves more.
    private func setTerms(_ item: ManifestItem<SubscriptionSpec>, _ known: Subscription) async throws -> [String] {
        let wanted = draft(item)
        var differences = Differences()
        differences.compare("startsAt", known.startsAt, wanted.startsAt)
        differences.compare("endsAt", known.endsAt, wanted.endsAt)
        differences.compare("comment", known.comment, item.spec.comment ?? known.comment)
        differences.compare("name", known.name, item.name)
        differences.compare("managed-by", known.managedBy, Governance.manifestKeeper)
        guard !differences.isEmpty else { return [] }
        let isProvider = work.actor.may(.decideSubscription, team: known.providerTeamID)
        if !isProvider { try work.actor.require(.requestSubscription, team: known.consumerTeamID) }
        let plan = try await work.plan(item.spec.plan.name)
        if !isProvider, known.state != .pending, plan.approval == .manual, wanted.isWider(than: known) {
            throw GovernanceError(
                .approvalNotPermitted,
                "the dates reach further than what was approved",
                mend: "ask the API's team, or ask for a new subscription",
                places: [GovernanceError.Place("these dates need an approval", pointer: "/endsAt")]
            )
        }
        try await work.transaction.subscriptions.changeTerms(
            known.id,
            startsAt: wanted.startsAt,
            endsAt: wanted.endsAt,
            comment: item.spec.comment ?? known.comment,
            name: item.name,
            managedBy: Governance.manifestKeeper,
            at: work.now
        )
        try await work.report(
            "subscription.updated",
            work.subject(of: known),
            [
                "fields": .list(differences.fields), "startsAt": .init(wanted.startsAt?.description),
                "endsAt": .init(wanted.endsAt?.description),
            ]
        )
        return differences.fields
    }

    private func setPin(_ item: ManifestItem<SubscriptionSpec>, _ known: Subscription) async throws -> Bool {
        guard let spec = item.spec.pin else {
            guard known.pin != nil else { return false }
            _ = try await work.unpinSubscription(known.id)
            return true
        }
        let pin = VersionPin(spec, api: known.api)
        guard known.pin != pin else { return false }
        _ = try await work.pinSubscription(known.id, PinDraft(pin), isPublished: false)
        return true
    }

    /// `paused` and `accepted` speak for the side that applies; the other side's pause stays.
    private func setPause(_ item: ManifestItem<SubscriptionSpec>, _ known: Subscription) async throws -> Bool {
        guard known.state == .accepted || known.state == .paused, item.spec.state != .pending else { return false }
        let sides = try work.sides(of: known, nil)
        let wantsPause = item.spec.state == .paused
        let events: [SubscriptionEvent] =
            wantsPause
            ? (known.state == .paused ? [] : sides.suffix(1).map { .pause($0) })
            : sides.filter { known.life.pausedBy.contains($0) }.map { .resume($0) }
        guard !events.isEmpty else { return false }
        _ = try await work.step(known, by: events, reason: "by manifest")
        return true
    }

    private static func change(
        _ item: ManifestItem<SubscriptionSpec>,
        isNew: Bool,
        fields: [String],
        state: SubscriptionState
    ) -> ManifestChange {
        let awaits = state == .pending && item.spec.state != .pending
        return ManifestChange(
            .subscription,
            item,
            isNew: isNew,
            fields: fields,
            awaits: awaits,
            note: awaits ? "the request awaits the decision of the API's team" : nil
        )
    }
}

extension SubscriptionDraft {
    /// Whether it would begin earlier or end later.
    fileprivate func isWider(than subscription: Subscription) -> Bool {
        let beginsEarlier =
            switch (startsAt, subscription.startsAt) {
            case (_, nil): false
            case (nil, .some): true
            case (let wanted?, let granted?): wanted < granted
            }
        let endsLater =
            switch (endsAt, subscription.endsAt) {
            case (_, nil): false
            case (nil, .some): true
            case (let wanted?, let granted?): wanted > granted
            }
        return beginsEarlier || endsLater
    }
}
