public import Lifecycle
import Postgres

/// Plans and their limits.
public struct PlanStore: Sendable {
    let transaction: Transaction

    /// What a plan says, apart from its place.
    public struct Terms: Sendable, Hashable {
        /// Text for people.
        public var title: String
        /// Who decides on requests.
        public var approval: Plan.Approval
        /// Sorted ids of operations; nil grants all.
        public var operations: [String]?
        /// The limits, in the order of the `RateLimit` field.
        public var limits: [PlanLimit]
        /// What keeps it; nil for people.
        public var managedBy: String?

        /// What a plan says.
        public init(
            title: String,
            approval: Plan.Approval,
            operations: [String]?,
            limits: [PlanLimit],
            managedBy: String?
        ) {
            self.title = title
            self.approval = approval
            self.operations = operations
            self.limits = limits
            self.managedBy = managedBy
        }
    }

    /// Adds a plan to an API.
    ///
    /// - Throws: ``CatalogError``.
    public func insert(
        _ id: PlanID,
        named name: String,
        for api: APIID,
        _ terms: Terms,
        in organization: OrganizationID,
        at now: Moment
    ) async throws(CatalogError) {
        try await transaction.execute(
            "plan/insert",
            [
                id, organization, api, name, terms.title, terms.approval.rawValue, terms.operations, terms.managedBy,
                now,
            ]
        )
        try await insert(terms.limits, of: id)
    }

    /// Replaces what a plan says. Every subscription to it follows at once.
    ///
    /// - Throws: ``CatalogError``.
    public func update(_ id: PlanID, to terms: Terms, replacingLimits: Bool, at now: Moment) async throws(CatalogError)
    {
        try await transaction.execute(
            "plan/update",
            [id, terms.title, terms.approval.rawValue, terms.operations, terms.managedBy, now]
        )
        guard replacingLimits else { return }
        try await transaction.execute("plan_limit/delete", [id])
        try await insert(terms.limits, of: id)
    }

    /// Removes a plan that no subscription ever named.
    ///
    /// - Throws: ``CatalogError``.
    public func delete(_ id: PlanID) async throws(CatalogError) {
        try await transaction.execute("plan_limit/delete", [id])
        try await transaction.execute("plan/delete", [id])
    }

    /// How many subscriptions, open or over, name the plan.
    ///
    /// - Throws: ``CatalogError``.
    public func subscriptionCount(of id: PlanID) async throws(CatalogError) -> Int {
        try await transaction.row("plan/count_subscriptions", [id])?.read("count") ?? 0
    }

    /// The plan of a name, nil where there is none that `teams` may see; nil teams means every team. With `isLocking` it is
    /// held until the transaction ends.
    ///
    /// - Throws: ``CatalogError``.
    public func find(
        _ name: String,
        in organization: OrganizationID,
        teams: Set<TeamID>?,
        isLocking: Bool = false
    ) async throws(CatalogError) -> Plan? {
        let query = isLocking ? "plan/lock" : "plan/find"
        guard let row = try await transaction.row(query, [organization, name, teams.map { Array($0) }]) else {
            return nil
        }
        return try Plan(row)
    }

    /// A page of plans in the order in which they were made.
    ///
    /// - Throws: ``CatalogError``.
    public func list(
        in organization: OrganizationID,
        teams: Set<TeamID>?,
        api: String?,
        after: PlanID?,
        limit: Int
    ) async throws(CatalogError) -> [Plan] {
        let rows = try await transaction.rows("plan/list", [organization, teams.map { Array($0) }, api, after, limit])
        var page: [Plan] = []
        for row in rows { page.append(try Plan(row)) }
        return page
    }

    private func insert(_ limits: [PlanLimit], of id: PlanID) async throws(CatalogError) {
        guard !limits.isEmpty else { return }
        try await transaction.execute(
            "plan_limit/insert",
            [
                id, limits.map(\.name), limits.map(\.kind.rawValue), limits.map { Int64(clamping: $0.amount) },
                limits.map(\.window.text), limits.map(\.alignment.rawValue), limits.map(\.algorithm.rawValue),
                limits.map { Int64(clamping: $0.burst) },
            ]
        )
    }
}

extension Transaction {
    /// Plans and their limits.
    public var plans: PlanStore { PlanStore(transaction: self) }
}

extension Plan {
    init(_ row: Row) throws(CatalogError) {
        let names: [String] = try row.read("limit_names")
        let kinds: [String] = try row.read("limit_kinds")
        let amounts: [Int64] = try row.read("limit_amounts")
        let windows: [String] = try row.read("limit_windows")
        let aligns: [String] = try row.read("limit_aligns")
        let algorithms: [String] = try row.read("limit_algorithms")
        let bursts: [Int64] = try row.read("limit_bursts")
        var limits: [PlanLimit] = []
        for index in names.indices {
            limits.append(
                try PlanLimit(
                    stored: names[index],
                    kind: kinds[index],
                    amount: amounts[index],
                    window: windows[index],
                    align: aligns[index],
                    algorithm: algorithms[index],
                    burst: bursts[index]
                )
            )
        }
        self.init(
            id: try row.read("id"),
            name: try row.read("slug"),
            apiID: try row.read("api_id"),
            api: try row.read("api"),
            teamID: try row.read("team_id"),
            title: try row.read("title"),
            approval: try row.word("approval"),
            operations: try row.read("operations"),
            limits: limits,
            managedBy: try row.read("managed_by"),
            createdAt: try row.read("created_at"),
            edition: try row.read("etag")
        )
    }
}

extension PlanLimit {
    /// A limit as its row says; the row was checked when it was written, so a fault here is ours.
    init(
        stored name: String,
        kind: String,
        amount: Int64,
        window: String,
        align: String,
        algorithm: String,
        burst: Int64
    ) throws(CatalogError) {
        guard let kind = Kind(rawValue: kind), let align = Alignment(rawValue: align),
            let algorithm = Algorithm(rawValue: algorithm)
        else { throw CatalogError.unexpected(reason: "limit `\(name)` has an unknown word") }
        do throws(InvalidLimit) {
            try self.init(
                name: name,
                kind: kind,
                amount: UInt64(clamping: amount),
                window: window,
                alignment: align,
                algorithm: algorithm,
                burst: UInt64(clamping: burst)
            )
        } catch {
            throw CatalogError.unexpected(reason: "limit `\(name)` is stored but not valid: \(error.faults)")
        }
    }
}

extension Row {
    /// One of the words of an enum.
    ///
    /// - Throws: ``CatalogError/unexpected(reason:)`` for a word that the enum does not have.
    func word<Word: RawRepresentable>(_ column: String) throws(CatalogError) -> Word where Word.RawValue == String {
        let text: String = try read(column)
        guard let word = Word(rawValue: text) else {
            throw CatalogError.unexpected(reason: "column `\(column)` holds `\(text)`, which is no \(Word.self)")
        }
        return word
    }

    /// One of the words of an enum, or nil for NULL.
    ///
    /// - Throws: ``CatalogError/unexpected(reason:)`` for a word that the enum does not have.
    func optionalWord<Word: RawRepresentable>(
        _ column: String
    ) throws(CatalogError) -> Word? where Word.RawValue == String {
        let text: String? = try read(column)
        return text == nil ? nil : try word(column) as Word
    }
}
