public import Lifecycle
import Postgres

/// Subscriptions of applications to APIs.
public struct SubscriptionStore: Sendable {
    let transaction: Transaction

    /// What is asked for.
    public struct Request: Sendable {
        /// The row's identifier.
        public var id: SubscriptionID
        /// The application.
        public var application: ApplicationID
        /// The API.
        public var api: APIID
        /// The plan.
        public var plan: PlanID
        /// Where.
        public var environment: EnvironmentID
        /// Nil for every version of the API.
        public var major: Int?
        /// Whether it is accepted at once, because the plan says so.
        public var isAutomatic: Bool
        /// The name in manifests; nil where it is asked for by hand.
        public var name: String?
        /// What keeps it; nil for people.
        public var managedBy: String?
        /// What the consumer writes, at most 2000 characters.
        public var comment: String
        /// The member who asks.
        public var requestedBy: MemberID
        /// Before this moment the gate refuses; nil: since ever.
        public var startsAt: Moment?
        /// From this moment on the gate refuses; nil: never.
        public var endsAt: Moment?

        /// A request to be stored.
        public init(
            id: SubscriptionID,
            application: ApplicationID,
            api: APIID,
            plan: PlanID,
            environment: EnvironmentID,
            major: Int?,
            isAutomatic: Bool,
            name: String?,
            managedBy: String?,
            comment: String,
            requestedBy: MemberID,
            startsAt: Moment?,
            endsAt: Moment?
        ) {
            self.id = id
            self.application = application
            self.api = api
            self.plan = plan
            self.environment = environment
            self.major = major
            self.isAutomatic = isAutomatic
            self.name = name
            self.managedBy = managedBy
            self.comment = comment
            self.requestedBy = requestedBy
            self.startsAt = startsAt
            self.endsAt = endsAt
        }
    }

    /// Who asks to see subscriptions: those of either side's teams are found, nil teams means every team.
    public struct Viewer: Sendable {
        /// The organization.
        public var organization: OrganizationID
        /// Teams whose applications' subscriptions are seen.
        public var consumerTeams: Set<TeamID>?
        /// Teams whose APIs' subscriptions are seen.
        public var providerTeams: Set<TeamID>?

        /// A viewer.
        public init(organization: OrganizationID, consumerTeams: Set<TeamID>?, providerTeams: Set<TeamID>?) {
            self.organization = organization
            self.consumerTeams = consumerTeams
            self.providerTeams = providerTeams
        }
    }

    /// Adds a subscription: pending, or accepted where the plan is automatic.
    ///
    /// - Throws: ``CatalogError``.
    public func insert(_ request: Request, in organization: OrganizationID, at now: Moment) async throws(CatalogError) {
        let state = request.isAutomatic ? SubscriptionState.accepted : .pending
        try await transaction.execute(
            "subscription/insert",
            [
                request.id, organization, request.application, request.api, request.plan, request.environment,
                request.major, state.rawValue, request.isAutomatic ? "accept" : "request", request.isAutomatic,
                request.name, request.managedBy, request.comment, request.requestedBy, request.startsAt, request.endsAt,
                now, request.isAutomatic ? now : nil,
            ]
        )
    }

    /// Writes a step of a subscription's life. Nil comments leave what is there.
    ///
    /// - Throws: ``CatalogError``.
    public func move(
        _ id: SubscriptionID,
        by event: SubscriptionEvent,
        to life: SubscriptionLife,
        decidedBy: MemberID? = nil,
        decisionComment: String? = nil,
        closeReason: String? = nil,
        at now: Moment
    ) async throws(CatalogError) {
        try await transaction.execute(
            "subscription/move",
            [
                id, event.name, life.state.rawValue, life.pausedBy.contains(.provider),
                life.pausedBy.contains(.consumer),
                decidedBy, decisionComment, closeReason, now,
            ]
        )
    }

    /// Puts an open subscription under another plan of the same API.
    ///
    /// - Throws: ``CatalogError``.
    public func changePlan(_ id: SubscriptionID, to plan: PlanID, at now: Moment) async throws(CatalogError) {
        try await transaction.execute("subscription/change_plan", [id, plan, now])
    }

    /// Changes dates, comment, name and keeper of an open subscription.
    ///
    /// - Throws: ``CatalogError``.
    public func changeTerms(
        _ id: SubscriptionID,
        startsAt: Moment?,
        endsAt: Moment?,
        comment: String,
        name: String?,
        managedBy: String?,
        at now: Moment
    ) async throws(CatalogError) {
        try await transaction.execute(
            "subscription/change_terms",
            [id, startsAt, endsAt, comment, name, managedBy, now]
        )
    }

    /// Withdraws and closes everything of an application that goes.
    ///
    /// - Returns: how many.
    /// - Throws: ``CatalogError``.
    public func end(
        of application: ApplicationID,
        reason: String,
        at now: Moment
    ) async throws(CatalogError) -> Int {
        try await transaction.rows("subscription/end_of_application", [application, reason, now]).count
    }

    /// A subscription that the viewer may see. With `isLocking` it is held until the transaction ends, so that two who decide
    /// take turns.
    ///
    /// - Throws: ``CatalogError``.
    public func find(
        _ id: SubscriptionID,
        for viewer: Viewer,
        isLocking: Bool = false
    ) async throws(CatalogError) -> Subscription? {
        try await one(
            isLocking ? "subscription/lock" : "subscription/find",
            [
                viewer.organization, id, viewer.consumerTeams.map { Array($0) }, viewer.providerTeams.map { Array($0) },
            ]
        )
    }

    /// The open subscription that stands in the way of another one for the same things.
    ///
    /// - Throws: ``CatalogError``.
    public func findOpen(
        application: ApplicationID,
        api: APIID,
        environment: EnvironmentID,
        major: Int?
    ) async throws(CatalogError) -> Subscription? {
        try await one("subscription/find_open", [application, api, environment, major])
    }

    /// The open subscription of a manifest's name, else the one that was asked for last under it.
    ///
    /// - Throws: ``CatalogError``.
    public func findNamed(
        _ name: String,
        in organization: OrganizationID,
        consumerTeams: Set<TeamID>?
    ) async throws(CatalogError) -> Subscription? {
        try await one("subscription/find_named", [organization, name, consumerTeams.map { Array($0) }])
    }

    /// The open subscriptions that somebody keeps.
    ///
    /// - Throws: ``CatalogError``.
    public func managed(
        by keeper: String,
        in organization: OrganizationID,
        consumerTeams: Set<TeamID>?
    ) async throws(CatalogError) -> [(id: SubscriptionID, name: String?)] {
        let rows = try await transaction.rows(
            "subscription/list_managed",
            [organization, keeper, consumerTeams.map { Array($0) }]
        )
        var list: [(id: SubscriptionID, name: String?)] = []
        for row in rows { list.append((try row.read("id"), try row.read("slug"))) }
        return list
    }

    /// A page of subscriptions, newest first.
    ///
    /// - Throws: ``CatalogError``.
    public func list(
        for viewer: Viewer,
        state: SubscriptionState?,
        api: String?,
        application: String?,
        before: SubscriptionID?,
        limit: Int
    ) async throws(CatalogError) -> [Subscription] {
        let rows = try await transaction.rows(
            "subscription/list",
            [
                viewer.organization, viewer.consumerTeams.map { Array($0) }, viewer.providerTeams.map { Array($0) },
                state?.rawValue, api, application, before, limit,
            ]
        )
        var page: [Subscription] = []
        for row in rows { page.append(try Subscription(row)) }
        return page
    }

    private func one(_ query: String, _ parameters: [any Parameter]) async throws(CatalogError) -> Subscription? {
        guard let row = try await transaction.row(query, parameters) else { return nil }
        return try Subscription(row)
    }
}

extension Transaction {
    /// Subscriptions of applications to APIs.
    public var subscriptions: SubscriptionStore { SubscriptionStore(transaction: self) }
}

extension Subscription {
    init(_ row: Row) throws(CatalogError) {
        let api: String = try row.read("api")
        var pausedBy: Set<SubscriptionSide> = []
        if try row.read("is_paused_by_provider", as: Bool.self) { pausedBy.insert(.provider) }
        if try row.read("is_paused_by_consumer", as: Bool.self) { pausedBy.insert(.consumer) }
        guard let life = SubscriptionLife(state: try row.word("state"), pausedBy: pausedBy) else {
            throw CatalogError.unexpected(reason: "a subscription's state and pauses contradict each other")
        }
        var pin: VersionPin?
        if let version = try row.read("pin_version", as: String?.self) {
            pin = VersionPin(
                api: api,
                version: version,
                mode: try row.word("pin_mode"),
                expiresAt: try row.read("pin_expires_at")
            )
        }
        self.init(
            id: try row.read("id"),
            applicationID: try row.read("application_id"),
            application: try row.read("application"),
            consumerTeamID: try row.read("consumer_team_id"),
            apiID: try row.read("api_id"),
            api: api,
            providerTeamID: try row.read("provider_team_id"),
            planID: try row.read("plan_id"),
            plan: try row.read("plan"),
            environmentID: try row.read("environment_id"),
            environment: try row.read("environment"),
            major: try row.read("major"),
            life: life,
            pin: pin,
            name: try row.read("slug"),
            managedBy: try row.read("managed_by"),
            comment: try row.read("comment"),
            decisionComment: try row.read("decision_comment"),
            requestedBy: try row.read("requested_by"),
            requestedByName: try row.read("requester"),
            decidedByName: try row.read("decider"),
            startsAt: try row.read("starts_at"),
            endsAt: try row.read("ends_at"),
            createdAt: try row.read("created_at"),
            decidedAt: try row.read("decided_at"),
            closedAt: try row.read("closed_at"),
            edition: try row.read("etag")
        )
    }
}
