import CatalogStore
public import Lifecycle

/// A plan as somebody wrote it.
public struct PlanDraft: Sendable, Hashable {
    /// Unique in the organization.
    public var name: String
    /// The name of the API.
    public var api: String
    /// Nil for the name.
    public var title: String?
    /// Who decides on requests.
    public var approval: Plan.Approval
    /// Ids of operations; nil grants all.
    public var operations: [String]?
    /// Every one must admit a request.
    public var limits: [LimitDraft]
    /// What keeps the plan; nil for people.
    public var managedBy: String?

    /// A draft; its approval is manual unless said otherwise: nobody gets in by an oversight.
    public init(
        name: String,
        api: String,
        title: String? = nil,
        approval: Plan.Approval = .manual,
        operations: [String]? = nil,
        limits: [LimitDraft] = [],
        managedBy: String? = nil
    ) {
        self.name = name
        self.api = api
        self.title = title
        self.approval = approval
        self.operations = operations
        self.limits = limits
        self.managedBy = managedBy
    }
}

extension Governance {
    /// Makes a plan for an API.
    ///
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found` (the API), `name-taken`, `name-invalid`, `validation-failed` with
    ///   a place for each limit and each operation that no version of the API has.
    public func createPlan(_ actor: Actor, _ draft: PlanDraft) async throws(GovernanceError) -> Plan {
        try await change(actor) { work in try await work.createPlan(draft) }
    }
}

extension UnitOfWork {
    func createPlan(_ draft: PlanDraft) async throws -> Plan {
        let api = try await api(draft.api)
        try actor.require(.managePlans, team: api.teamID)
        let terms = PlanStore.Terms(
            title: draft.title ?? draft.name,
            approval: draft.approval,
            operations: try await checkedOperations(draft.operations, of: api),
            limits: try LimitDraft.checked(draft.limits, at: "/limits"),
            managedBy: draft.managedBy
        )
        let id = PlanID.make(at: now)
        try await transaction.plans.insert(id, named: draft.name, for: api.id, terms, in: actor.organization, at: now)
        try await report(
            "plan.created",
            subject(ofPlan: id, draft.name, team: api.teamID),
            Self.detail(of: terms, api: api.name)
        )
        return try await plan(draft.name)
    }

    func subject(ofPlan id: PlanID, _ name: String, team: TeamID) -> AuditEvent.Subject {
        AuditEvent.Subject("plan", id: id.value, name: name, team: team)
    }

    static func detail(of terms: PlanStore.Terms, api: String) -> AuditDetail {
        [
            "api": .text(api), "title": .text(terms.title), "approval": .text(terms.approval.rawValue),
            "operations": terms.operations.map { .list($0) } ?? nil, "limits": .list(terms.limits.map(\.summary)),
        ]
    }

    /// The listed operations, sorted and each once; every one exists in some version of the API.
    ///
    /// - Throws: ``GovernanceError`` `validation-failed` with a place for each unknown one and the nearest name;
    ///   ``CatalogError``.
    func checkedOperations(_ operations: [String]?, of api: SubscribableStore.API) async throws -> [String]? {
        guard let operations else { return nil }
        guard operations.count <= Plan.operationsMax else {
            throw GovernanceError.invalid(
                "/operations",
                "\(operations.count) operations are more than \(Plan.operationsMax)",
                mend: "leave `operations` out to grant all"
            )
        }
        let wanted = Set(operations)
        let known = try await knownOperations(of: api, wanted: wanted)
        let unknown = wanted.subtracting(known)
        guard unknown.isEmpty else {
            var places: [GovernanceError.Place] = []
            for (index, operation) in operations.enumerated() where unknown.contains(operation) {
                let nearest = NearestName.of(operation, among: known.sorted()).map { "; did you mean `\($0)`?" } ?? ""
                let text = "no version of `\(api.name)` has an operation `\(operation)`\(nearest)"
                places.append(GovernanceError.Place(text, pointer: "/operations/\(index)"))
            }
            throw GovernanceError(
                .validationFailed,
                places.count == 1 ? places[0].detail : "\(places.count) operations are in no version of `\(api.name)`",
                mend: known.isEmpty
                    ? "submit a specification first, or leave `operations` out to grant all"
                    : "use the operationIds of the specification, or `METHOD /path` where it has none",
                places: places
            )
        }
        return wanted.sorted()
    }
}

extension PlanLimit {
    /// The limit in one line, for the audit.
    var summary: String {
        let calendar = alignment == .calendar ? " by the calendar" : ""
        let spare = algorithm == .gcra ? " burst \(burst)" : ""
        return "\(name): \(kind.rawValue) \(amount) per \(window.text)\(calendar) by \(algorithm.rawValue)\(spare)"
    }
}
