import CatalogStore
import DocumentTree
import Governance
import Lifecycle

/// Rulesets, policies, what they decided, and waivers as the API writes them (schemas of the same names).
extension JSONValue {
    init(_ ruleset: StoredRuleset) {
        self = .object([
            ("name", .string(ruleset.name)), ("title", .string(ruleset.title)), ("builtIn", .bool(false)),
            ("revision", .integer(Int64(ruleset.newest.number))),
            ("ruleCount", .integer(Int64(ruleset.newest.ruleCount))),
            ("sha256", .string(Hexadecimal.text(ruleset.newest.sha256))),
            ("managedBy", JSONValue(ruleset.managedBy)), ("createdAt", JSONValue(ruleset.createdAt)),
            ("updatedAt", JSONValue(ruleset.newest.createdAt)),
        ])
    }

    /// A ruleset that comes with the program has no revisions of its own.
    init(_ ruleset: BuiltInRuleset) {
        self = .object([
            ("name", .string(ruleset.name)), ("title", .string(ruleset.name)), ("builtIn", .bool(true)),
            ("revision", .null), ("ruleCount", .integer(Int64(ruleset.ruleCount))), ("sha256", .null),
            ("managedBy", .null), ("createdAt", .null), ("updatedAt", .null),
        ])
    }

    init(_ revision: RulesetRevision) {
        self = .object([
            ("revision", .integer(Int64(revision.number))), ("ruleCount", .integer(Int64(revision.ruleCount))),
            ("sha256", .string(Hexadecimal.text(revision.sha256))), ("message", .string(revision.message)),
            ("createdBy", JSONValue(revision.createdBy)), ("createdAt", JSONValue(revision.createdAt)),
        ])
    }

    init(_ policy: Policy) {
        let terms = policy.terms
        self = .object([
            ("name", .string(policy.name)), ("title", .string(terms.title)),
            ("description", .string(terms.description)), ("mode", .string(terms.mode.rawValue)),
            ("selector", JSONValue(terms.selector)), ("rulesets", .array(terms.rulesets.map { JSONValue($0) })),
            (
                "stages",
                .object([
                    ("submit", JSONValue(terms.stages.submit)), ("publish", JSONValue(terms.stages.publish)),
                ])
            ),
            (
                "breakingChanges",
                .object([
                    ("action", .string(terms.breakingChanges.action.rawValue)),
                    ("approvers", JSONValue(terms.breakingChanges.approvers)),
                ])
            ),
            ("revision", .integer(Int64(policy.revision))), ("managedBy", JSONValue(policy.managedBy)),
            ("createdAt", JSONValue(policy.createdAt)), ("updatedAt", JSONValue(policy.updatedAt)),
            ("etag", .string(String(policy.revision))),
        ])
    }

    init(_ selector: LabelSelector) {
        let expressions = selector.matchExpressions.map { requirement in
            JSONValue.object([
                ("key", .string(requirement.key)), ("operator", .string(requirement.comparison.rawValue)),
                ("values", JSONValue(requirement.values)),
            ])
        }
        self = .object([
            ("matchLabels", JSONValue(selector.matchLabels)), ("matchExpressions", .array(expressions)),
        ])
    }

    init(_ ruleset: PolicyRuleset) {
        self = .object([("name", .string(ruleset.name)), ("revision", JSONValue(ruleset.revision))])
    }

    init(_ actions: SeverityActions) {
        self = .object([
            ("error", .string(actions.error.rawValue)), ("warn", .string(actions.warn.rawValue)),
            ("info", .string(actions.info.rawValue)), ("hint", .string(actions.hint.rawValue)),
        ])
    }

    /// What one policy says; `source` is the document's name.
    init(_ assessment: PolicyAssessment, source: String) {
        self = .object([
            ("policy", .string(assessment.policy)), ("policyRevision", .integer(Int64(assessment.policyRevision))),
            ("mode", .string(assessment.mode.rawValue)), ("stage", .string(assessment.stage.rawValue)),
            ("outcome", JSONValue(assessment.outcome?.rawValue)), ("action", .string(assessment.action.rawValue)),
            ("effect", .string(assessment.effect.rawValue)),
            ("rulesets", .array(assessment.rulesets.map { JSONValue($0, source: source) })),
            ("breakingChanges", assessment.breakingChanges.map { JSONValue($0) } ?? .null),
        ])
    }

    private init(_ breaking: BreakingAssessment) {
        self = .object([
            ("rule", .string(breaking.rule.action.rawValue)), ("base", JSONValue(breaking.base)),
            ("majorStep", .bool(breaking.isMajorStep)), ("count", .integer(Int64(breaking.count))),
            ("action", .string(breaking.action.rawValue)), ("failure", JSONValue(breaking.failure)),
            ("approvers", JSONValue(breaking.rule.approvers)), ("approvedBy", JSONValue(breaking.approvedBy)),
            ("changes", .array(breaking.changes.map { JSONValue($0) })),
        ])
    }

    private init(_ assessment: RulesetAssessment, source: String) {
        self = .object([
            ("ruleset", JSONValue(assessment.ruleset)),
            ("rulesetSha256", .string(Hexadecimal.text(assessment.sha256))), ("engine", .string(assessment.engine)),
            ("outcome", JSONValue(assessment.outcome?.rawValue)), ("failure", JSONValue(assessment.failure)),
            ("action", .string(assessment.action.rawValue)),
            ("findingCount", .integer(Int64(assessment.findings.count))),
            (
                "findings",
                .array(assessment.findings.prefix(ControlLimits.findingsMax).map { JSONValue($0, source: source) })
            ),
        ])
    }

    private init(_ assessed: AssessedFinding, source: String) {
        let finding = assessed.finding
        self = .object([
            ("finding", JSONValue(finding, source: source)), ("pointer", .string(finding.pointer)),
            ("fingerprint", .string(finding.fingerprint)), ("action", .string(assessed.action.rawValue)),
            ("waiver", JSONValue(assessed.waiver?.id.description)),
            ("waivedUntil", JSONValue(assessed.waiver?.expiresAt)),
        ])
    }

    init(_ evaluation: PolicyEvaluation) {
        var counts: [(key: String, value: JSONValue)] = PolicyEvaluationItem.Change.allCases.map { change in
            (change.memberName, .integer(Int64(evaluation.counts[change] ?? 0)))
        }
        counts.append(("errors", .integer(Int64(evaluation.errorCount))))
        counts.append(("notApplicable", .integer(Int64(evaluation.notApplicableCount))))
        self = .object([
            ("policy", .string(evaluation.policy.name)),
            ("policyRevision", .integer(Int64(evaluation.policy.revision))),
            ("mode", .string(evaluation.policy.terms.mode.rawValue)),
            ("inForce", .array(evaluation.policy.terms.rulesets.map { JSONValue($0) })),
            ("candidate", .array(evaluation.candidates.map { JSONValue($0) })), ("counts", .object(counts)),
            ("items", .array(evaluation.items.items.map { JSONValue($0) })),
            ("nextCursor", JSONValue(evaluation.items.next)),
        ])
    }

    private init(_ item: PolicyEvaluationItem) {
        self = .object([
            ("api", .string(item.revision.api)), ("version", .string(item.revision.version)),
            ("revision", .integer(Int64(item.revision.number))), ("published", .bool(item.revision.isPublished)),
            ("change", .string(item.change.rawValue)), ("before", JSONValue(item.before)),
            ("after", JSONValue(item.after)),
        ])
    }

    private init(_ standing: PolicyStanding?) {
        guard let standing else {
            self = .null
            return
        }
        self = .object([
            ("outcome", .string(standing.outcome.rawValue)), ("action", .string(standing.action.rawValue)),
            ("blockingCount", .integer(Int64(standing.blockingCount))),
        ])
    }

    /// A waiver as it stands at a moment.
    init(_ waiver: Waiver, at now: Moment) {
        var pointer: String?
        var fingerprint: String?
        switch waiver.place {
        case .pointer(let text): pointer = text
        case .fingerprint(let text): fingerprint = text
        }
        self = .object([
            ("id", .string(waiver.id.description)), ("api", .string(waiver.api)), ("rule", .string(waiver.rule)),
            ("pointer", JSONValue(pointer)), ("fingerprint", JSONValue(fingerprint)),
            ("state", .string(waiver.state(at: now).rawValue)), ("reason", .string(waiver.reason)),
            ("requestedBy", .string(waiver.requestedBy)), ("requestedAt", JSONValue(waiver.requestedAt)),
            ("expiresAt", JSONValue(waiver.expiresAt)), ("decidedBy", JSONValue(waiver.decidedBy)),
            ("decidedAt", JSONValue(waiver.decidedAt)), ("comment", .string(waiver.decisionComment)),
            ("revokedAt", JSONValue(waiver.revokedAt)), ("revocationReason", JSONValue(waiver.revocationReason)),
        ])
    }
}

extension PolicyEvaluationItem.Change {
    /// As `counts` of the evaluation spells it.
    fileprivate var memberName: String {
        switch self {
        case .newlyFailing: "newlyFailing"
        case .fixed: "fixed"
        case .stillFailing: "stillFailing"
        case .stillPassing: "stillPassing"
        case .waiting: "waiting"
        }
    }
}
