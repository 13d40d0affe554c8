public import Lifecycle
import Postgres

/// What checks of documents found, by document, ruleset and engine; and the documents that wait for a check.
public struct EvaluationStore: Sendable {
    let transaction: Transaction

    /// What a check depends on, all of it.
    public struct Key: Sendable, Hashable {
        /// SHA-256 of the document's bytes.
        public var contentSHA256: [UInt8]
        /// What identifies the ruleset with all that it extends.
        public var rulesetSHA256: [UInt8]
        /// The policy engine's version.
        public var engine: String

        /// Every field as it stands.
        public init(contentSHA256: [UInt8], rulesetSHA256: [UInt8], engine: String) {
            self.contentSHA256 = contentSHA256
            self.rulesetSHA256 = rulesetSHA256
            self.engine = engine
        }
    }

    /// The result of a check; nil where it was never made.
    ///
    /// - Throws: ``CatalogError``.
    public func find(_ key: Key, in organization: OrganizationID) async throws(CatalogError) -> Evaluation? {
        try Row.read(
            try await transaction.row(
                "evaluation/find",
                [organization, key.contentSHA256, key.rulesetSHA256, key.engine]
            ),
            Evaluation.init
        )
    }

    /// The results of checks of several documents with several rulesets; what was never checked is not among them.
    ///
    /// - Throws: ``CatalogError``.
    public func find(
        contents: Set<[UInt8]>,
        rulesets: Set<[UInt8]>,
        engine: String,
        in organization: OrganizationID
    ) async throws(CatalogError) -> [Key: Evaluation] {
        guard !contents.isEmpty, !rulesets.isEmpty else { return [:] }
        var found: [Key: Evaluation] = [:]
        let parameters: [any Parameter] = [organization, Array(contents), Array(rulesets), engine]
        for row in try await transaction.rows("evaluation/list", parameters) {
            let key = Key(
                contentSHA256: try row.read("content_sha256"),
                rulesetSHA256: try row.read("ruleset_sha256"),
                engine: engine
            )
            found[key] = try Evaluation(row)
        }
        return found
    }

    /// Stores the result of a check, or finds the one that somebody else stored first: they are the same.
    ///
    /// - Throws: ``CatalogError``.
    public func store(
        _ evaluation: Evaluation,
        _ findings: [LintFinding],
        for key: Key,
        in organization: OrganizationID
    ) async throws(CatalogError) -> Evaluation {
        let counts = evaluation.counts
        let written = try await transaction.execute(
            "evaluation/insert",
            [
                evaluation.id, organization, key.contentSHA256, key.rulesetSHA256, key.engine, evaluation.ruleset,
                counts.result.rawValue, counts.errors, counts.warnings, counts.informations, counts.hints,
                evaluation.failure, evaluation.startedAt, evaluation.finishedAt,
            ]
        )
        guard written == 1 else {
            guard let known = try await find(key, in: organization) else {
                throw CatalogError.unexpected(reason: "an evaluation is neither new nor stored")
            }
            return known
        }
        if !findings.isEmpty {
            try await transaction.execute("evaluation_finding/insert", [evaluation.id, try StoredJSON.text(findings)])
        }
        return evaluation
    }

    /// The findings of a check in the order of the document.
    ///
    /// - Throws: ``CatalogError``.
    public func findings(of evaluation: EvaluationID, limit: Int) async throws(CatalogError) -> [LintFinding] {
        try await transaction.rows("evaluation_finding/list", [evaluation, limit]).read(LintFinding.init)
    }

    // MARK: The queue

    /// A check that waits.
    public struct Task: Sendable, Hashable {
        /// Its identifier.
        public var id: EvaluationTaskID
        /// The tenant it belongs to.
        public var organization: OrganizationID
        /// The document.
        public var specification: SpecificationID
        /// The ruleset.
        public var ruleset: PolicyRuleset
        /// The stored ruleset's identifier; nil for a built-in one.
        public var rulesetID: RulesetID?
        /// How often it was tried in vain.
        public var attempts: Int
    }

    /// How long the queue is.
    public struct Queue: Sendable, Hashable {
        /// Checks that wait, of all tenants.
        public var waiting: Int64
        /// Those among them that were tried in vain.
        public var failing: Int64
        /// Since when the oldest waits; nil where none does.
        public var oldest: Moment?
    }

    /// Measures the queue.
    ///
    /// - Throws: ``CatalogError``.
    public func queue() async throws(CatalogError) -> Queue {
        guard let row = try await transaction.row("evaluation_task/measure", []) else {
            throw CatalogError.unexpected(reason: "the queue of checks cannot be measured")
        }
        return Queue(
            waiting: try row.read("waiting"),
            failing: try row.read("failing"),
            oldest: try row.read("oldest")
        )
    }

    /// Lets documents wait for a check with a ruleset; `id` is nil for a built-in one.
    ///
    /// - Throws: ``CatalogError``.
    public func enqueue(
        _ specifications: Set<SpecificationID>,
        for ruleset: PolicyRuleset,
        id: RulesetID?,
        in organization: OrganizationID,
        at now: Moment
    ) async throws(CatalogError) {
        guard !specifications.isEmpty else { return }
        let documents = specifications.sorted()
        try await transaction.execute(
            "evaluation_task/insert",
            [
                documents.map { _ in EvaluationTaskID.make(at: now) }, organization, documents,
                id == nil ? ruleset.name : nil, id, ruleset.revision, now,
            ]
        )
        try await transaction.notify(.evaluations, "")
    }

    /// The next check that waits, held until the transaction ends; another worker at the same time gets another one.
    ///
    /// - Throws: ``CatalogError``.
    public func take(at now: Moment) async throws(CatalogError) -> Task? {
        guard let row = try await transaction.row("evaluation_task/take", [now]) else { return nil }
        let builtIn: String? = try row.read("built_in")
        let stored: String? = try row.read("ruleset")
        guard let name = builtIn ?? stored else {
            throw CatalogError.unexpected(reason: "a check waits for no ruleset")
        }
        return Task(
            id: try row.read("id"),
            organization: try row.read("org_id"),
            specification: try row.read("spec_content_id"),
            ruleset: PolicyRuleset(name, revision: try row.read("revision_number")),
            rulesetID: try row.read("ruleset_id"),
            attempts: try row.read("attempts")
        )
    }

    /// Ends the waiting of a check.
    ///
    /// - Throws: ``CatalogError``.
    public func finish(_ task: EvaluationTaskID) async throws(CatalogError) {
        try await transaction.execute("evaluation_task/delete", [task])
    }

    /// Counts a try in vain and waits until `moment` for the next.
    ///
    /// - Throws: ``CatalogError``.
    public func postpone(_ task: EvaluationTaskID, until moment: Moment) async throws(CatalogError) {
        try await transaction.execute("evaluation_task/postpone", [task, moment])
    }
}

/// How a check of a document with a ruleset ended, without its findings.
public struct Evaluation: Sendable, Hashable, Codable {
    /// Its identifier.
    public var id: EvaluationID
    /// The ruleset's name when it was made.
    public var ruleset: String
    /// How it ended, and the findings in numbers.
    public var counts: LintCounts
    /// Why the check could not be carried out; nil unless it ended in an error.
    public var failure: String?
    /// When it began.
    public var startedAt: Moment
    /// When it ended.
    public var finishedAt: Moment

    /// Every field as it stands.
    public init(
        id: EvaluationID,
        ruleset: String,
        counts: LintCounts,
        failure: String?,
        startedAt: Moment,
        finishedAt: Moment
    ) {
        self.id = id
        self.ruleset = ruleset
        self.counts = counts
        self.failure = failure
        self.startedAt = startedAt
        self.finishedAt = finishedAt
    }

    fileprivate init(_ row: Row) throws(CatalogError) {
        self.init(
            id: try row.read("id"),
            ruleset: try row.read("ruleset"),
            counts: try LintCounts(row, result: "outcome"),
            failure: try row.read("failure"),
            startedAt: try row.read("started_at"),
            finishedAt: try row.read("finished_at")
        )
    }
}

extension Transaction {
    /// Results of checks, and the checks that wait.
    public var evaluations: EvaluationStore { EvaluationStore(transaction: self) }
}
