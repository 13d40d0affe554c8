import CatalogStore
import Lifecycle
import PolicyEngine
import Synchronization

/// What policies refused: it is written down although the transaction that it stopped leaves nothing behind.
struct PolicyRefusal: Sendable {
    /// Such as `specification.refused`.
    let action: String
    let subject: AuditEvent.Subject
    let assessments: [PolicyAssessment]
    /// SHA-256 of the document's bytes.
    let contentSHA256: [UInt8]
    /// The revision that was to be published; nil for a submission.
    let revision: RevisionID?
}

/// Carries a refusal out of the transaction that it ends.
final class RefusalSlot: Sendable {
    private let slot = Mutex<PolicyRefusal?>(nil)

    var refusal: PolicyRefusal? { slot.withLock { $0 } }

    func put(_ refusal: PolicyRefusal) { slot.withLock { $0 = refusal } }
}

extension GovernanceError {
    /// Places of findings that one problem names at most; the answer says how many there are.
    static let policyPlacesMax = 100

    /// Whether a policy said no.
    var isByPolicy: Bool {
        [.lintFailed, .policyNotEvaluated, .breakingChangeWithoutMajor, .namedApproverRequired].contains(code)
    }

    /// The problem that policies make of a document; nil where none of them blocks it.
    ///
    /// A check that could not be carried out blocks where findings would have been: it never passes for one that found nothing.
    init?(blockedBy assessments: [PolicyAssessment], subject: String, fileName: String) {
        let blocking = assessments.filter { $0.effect == .block }
        guard let first = blocking.first else { return nil }
        let reasons = BlockingReasons(blocking, fileName: fileName)
        let stage = first.stage == .submit ? "submitted" : "published"
        let names = blocking.map { "`\($0.policy)`" }.joined(separator: ", ")
        let who = blocking.count == 1 ? "the policy \(names) does" : "the policies \(names) do"
        self.init(
            reasons.code,
            "\(who) not let `\(subject)` be \(stage): \(reasons.what)",
            mend: reasons.mend,
            places: Array((reasons.failures + reasons.findings + reasons.changes).prefix(Self.policyPlacesMax)),
            facts: [
                "policies": blocking.map(\.policy).joined(separator: ", "), "findings": String(reasons.findings.count),
                "breakingChanges": String(reasons.changes.count),
            ]
        )
    }
}

/// Why policies block a document, sorted by what has to be done about it.
private struct BlockingReasons {
    var findings: [GovernanceError.Place] = []
    var changes: [GovernanceError.Place] = []
    var failures: [GovernanceError.Place] = []
    /// Who may approve what breaks callers; empty where nobody's approval lets it pass.
    var approvers: [String] = []

    init(_ blocking: [PolicyAssessment], fileName: String) {
        var seen: Set<String> = []
        for assessment in blocking {
            for ruleset in assessment.rulesets where ruleset.action == .block {
                for assessed in ruleset.findings where assessed.action == .block {
                    // Not something found, but a rule that could not look: told below with its reason.
                    if ruleset.outcome == .error, assessed.finding.rule == DocumentCheck.notEvaluatedCode { continue }
                    guard seen.insert(assessed.finding.fingerprint).inserted else { continue }
                    findings.append(GovernanceError.Place(assessed.finding, source: fileName))
                }
                guard ruleset.outcome == .error else { continue }
                let reason = ruleset.failure ?? "the reason is not known"
                failures.append(.init("the check with `\(ruleset.ruleset.text)` could not be carried out: \(reason)"))
            }
            guard let breaking = assessment.breakingChanges, breaking.action == .block else { continue }
            if breaking.rule.action == .approval { approvers += breaking.rule.approvers }
            if let failure = breaking.failure {
                failures.append(.init("it could not be compared with `\(breaking.base.version)`: \(failure)"))
            }
            for change in breaking.changes where seen.insert(change.fingerprint).inserted {
                changes.append(GovernanceError.Place(change, fileName: fileName, base: breaking.base))
            }
        }
    }

    var code: GovernanceError.Code {
        if !findings.isEmpty { return .lintFailed }
        if !changes.isEmpty { return approvers.isEmpty ? .breakingChangeWithoutMajor : .namedApproverRequired }
        return .policyNotEvaluated
    }

    var what: String {
        var parts: [String] = []
        if !findings.isEmpty { parts.append(Self.count(findings.count, "finding blocks", "findings block") + " it") }
        if !changes.isEmpty {
            parts.append(Self.count(changes.count, "change breaks", "changes break") + " callers without a major step")
        }
        if !failures.isEmpty { parts.append("a check could not be carried out") }
        return parts.joined(separator: ", and ")
    }

    var mend: String {
        switch code {
        case .lintFailed:
            "correct each place in `errors` and submit again, or ask for a waiver with `gatehouse waiver request`"
        case .namedApproverRequired:
            "have it approved by one of \(approvers.map { "`\($0)`" }.joined(separator: ", ")), or raise the major version"
        case .breakingChangeWithoutMajor: "take each change in `errors` back, or submit it under the next major version"
        default: "have the governance team look at what `errors` names, or submit a smaller document"
        }
    }

    private static func count(_ number: Int, _ one: String, _ many: String) -> String {
        "\(number) \(number == 1 ? one : many)"
    }
}

extension GovernanceError.Place {
    /// A stored finding's place, counted from one as people do, with the rule that found it.
    init(_ finding: LintFinding, source: String) {
        self.init(
            "`\(finding.rule)`: \(finding.message)",
            source: source,
            line: finding.startLine + 1,
            column: finding.startCharacter + 1,
            pointer: finding.pointer
        )
    }
}

extension GovernanceError.Place {
    /// Where a change stands: in the newer document, or in the older one for what is gone.
    init(_ change: SpecificationChange, fileName: String, base: ComparedRevision) {
        let place = change.revision ?? change.base
        self.init(
            "`\(change.id)`: \(change.text)",
            source: change.revision == nil ? "\(base.fileName) of \(base.version)" : fileName,
            line: place.map { $0.line + 1 },
            column: place.map { $0.character + 1 },
            pointer: place?.pointer
        )
    }
}

extension UnitOfWork {
    /// Stops what policies block.
    ///
    /// - Throws: ``GovernanceError``: `lint-failed`, `policy-not-evaluated`, `breaking-change-without-major`,
    ///   `named-approver-required`.
    func enforce(
        _ assessments: [PolicyAssessment],
        _ action: String,
        on subject: AuditEvent.Subject,
        _ document: AssessedDocument,
        of revision: RevisionID? = nil
    ) throws(GovernanceError) {
        let problem = GovernanceError(blockedBy: assessments, subject: subject.name, fileName: document.fileName)
        guard let problem else { return }
        refusals.put(
            PolicyRefusal(
                action: action,
                subject: subject,
                assessments: assessments,
                contentSHA256: document.sha256,
                revision: revision
            )
        )
        throw problem
    }

    /// Writes down what policies decided.
    func record(
        _ assessments: [PolicyAssessment],
        subject: String,
        contentSHA256: [UInt8],
        revision: RevisionID?
    ) async throws {
        for assessment in assessments {
            guard let outcome = assessment.outcome else { continue }
            try await transaction.policies.record(
                PolicyStore.Decision(
                    id: .make(at: now),
                    policy: assessment.policyID,
                    policyRevision: assessment.policyRevision,
                    stage: assessment.stage,
                    revision: revision,
                    subject: subject,
                    contentSHA256: contentSHA256,
                    rulesetSHA256s: assessment.rulesets.map(\.sha256),
                    engine: Linter.engineVersion,
                    mode: assessment.mode,
                    outcome: outcome,
                    action: assessment.action,
                    effect: assessment.effect,
                    waivers: assessment.waivers,
                    decidedAt: now,
                    baseSHA256: assessment.breakingChanges?.base.sha256,
                    breakingCount: assessment.breakingChanges?.count
                ),
                in: actor.organization
            )
        }
    }

    /// What policies decided, for the audit: `public-apis@3: warn (observe)`.
    static func summary(_ assessments: [PolicyAssessment]) -> AuditDetail.Value {
        .list(
            assessments.map { assessment in
                let outcome = assessment.outcome?.rawValue ?? "waiting"
                return "\(assessment.policy)@\(assessment.policyRevision): \(outcome), \(assessment.action.rawValue)"
                    + " (\(assessment.mode.rawValue))"
            }
        )
    }
}

extension Governance {
    /// Writes down what policies refused, and what their checks found.
    func record(_ refusal: PolicyRefusal, _ actor: Actor) async throws(GovernanceError) {
        var actor = actor
        // The act's own key stays free: the act did not happen.
        actor.idempotency = nil
        let recorder = actor
        _ = try await change(recorder, recordsRefusals: false) { work in
            let organization = recorder.organization
            for ruleset in refusal.assessments.flatMap(\.rulesets) {
                let key = EvaluationStore.Key(
                    contentSHA256: refusal.contentSHA256,
                    rulesetSHA256: ruleset.sha256,
                    engine: ruleset.engine
                )
                guard var result = work.checks.result(key) else { continue }
                result.evaluation.id = .make(at: work.now)
                _ = try await work.transaction.evaluations.store(
                    result.evaluation,
                    result.findings,
                    for: key,
                    in: organization
                )
            }
            try await work.record(
                refusal.assessments,
                subject: refusal.subject.name,
                contentSHA256: refusal.contentSHA256,
                revision: refusal.revision
            )
            work.audit(
                refusal.action,
                refusal.subject,
                [
                    "sha256": .text(Hexadecimal.text(refusal.contentSHA256)),
                    "policies": UnitOfWork.summary(refusal.assessments),
                ]
            )
            return true
        }
    }
}
