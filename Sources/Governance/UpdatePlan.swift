import CatalogStore
public import Lifecycle

/// What changes in a plan; nil leaves a member as it is.
public struct PlanChange: Sendable, Hashable {
    /// What a plan grants, where it changes.
    public enum Grant: Sendable, Hashable {
        case all
        case listed([String])
    }

    /// Text for people.
    public var title: String?
    /// Who decides on requests.
    public var approval: Plan.Approval?
    /// What is granted.
    public var operations: Grant?
    /// All limits, not only those that change.
    public var limits: [LimitDraft]?

    /// A change of what is given.
    public init(
        title: String? = nil,
        approval: Plan.Approval? = nil,
        operations: Grant? = nil,
        limits: [LimitDraft]? = nil
    ) {
        self.title = title
        self.approval = approval
        self.operations = operations
        self.limits = limits
    }
}

extension Governance {
    /// Changes a plan. Every subscription to it follows at the gateways at once. `edition` is the one that the caller saw; nil
    /// changes whatever is there.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `precondition-failed`, `validation-failed`.
    public func updatePlan(
        _ actor: Actor,
        _ name: String,
        _ planChange: PlanChange,
        ifEdition edition: Int64? = nil
    ) async throws(GovernanceError) -> Plan {
        try await change(actor, mayChangeNothing: true) { work in
            try await work.updatePlan(name, planChange, ifEdition: edition)
        }
    }

    /// Removes a plan that no subscription ever named.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `in-use`.
    public func deletePlan(_ actor: Actor, _ name: String) async throws(GovernanceError) -> Plan {
        try await change(actor) { work in try await work.deletePlan(name) }
    }

    /// A plan.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`.
    public func showPlan(_ actor: Actor, _ name: String) async throws(GovernanceError) -> Plan {
        try await read(actor) { work in try await work.plan(name) }
    }

    /// A page of plans, or of one API's, in the order in which they were made.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `cursor-invalid`.
    public func listPlans(
        _ actor: Actor,
        api: String? = nil,
        _ page: PageRequest = PageRequest()
    ) async throws(GovernanceError) -> Page<Plan> {
        try actor.requireAnywhere(.readCatalog)
        let after = try page.after(PlanID.self)
        return try await read(actor) { work in
            let rows = try await work.transaction.plans.list(
                in: actor.organization,
                teams: actor.teams(for: .readCatalog),
                api: api,
                after: after,
                limit: page.rowCount
            )
            return Page(surplus: rows, for: page, by: \.id)
        }
    }
}

extension UnitOfWork {
    func updatePlan(
        _ name: String,
        _ change: PlanChange,
        ifEdition edition: Int64?,
        managedBy: String?? = nil
    ) async throws -> Plan {
        let current = try await plan(name, isLocking: true)
        try actor.require(.managePlans, team: current.teamID)
        try require(edition: edition, is: current.edition)
        var terms = PlanStore.Terms(current)
        if let title = change.title { terms.title = title }
        if let approval = change.approval { terms.approval = approval }
        if let managedBy { terms.managedBy = managedBy }
        switch change.operations {
        case nil: break
        case .all: terms.operations = nil
        case .listed(let operations):
            terms.operations = try await checkedOperations(operations, of: try await api(current.api))
        }
        if let limits = change.limits { terms.limits = try LimitDraft.checked(limits, at: "/limits") }
        guard terms != PlanStore.Terms(current) else { return current }
        try await transaction.plans.update(
            current.id,
            to: terms,
            replacingLimits: terms.limits != current.limits,
            at: now
        )
        try await report(
            "plan.updated",
            subject(ofPlan: current.id, name, team: current.teamID),
            Self.detail(of: terms, api: current.api)
        )
        return try await plan(name)
    }

    func deletePlan(_ name: String) async throws -> Plan {
        let current = try await plan(name, isLocking: true)
        try actor.require(.managePlans, team: current.teamID)
        let count = try await transaction.plans.subscriptionCount(of: current.id)
        guard count == 0 else {
            throw GovernanceError(
                .inUse,
                "\(count) subscriptions name the plan `\(name)`",
                mend: "keep it: the record of who was granted what stays readable"
            )
        }
        try await transaction.plans.delete(current.id)
        try await report("plan.deleted", subject(ofPlan: current.id, name, team: current.teamID))
        return current
    }
}

extension PlanStore.Terms {
    init(_ plan: Plan) {
        self.init(
            title: plan.title,
            approval: plan.approval,
            operations: plan.operations,
            limits: plan.limits,
            managedBy: plan.managedBy
        )
    }
}
