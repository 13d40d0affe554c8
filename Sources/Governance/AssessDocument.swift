import CatalogStore
import DocumentTree
import Lifecycle
import RoutingTable

/// A document that policies are asked about; it is read when a check needs it and not before.
struct AssessedDocument: Sendable {
    /// SHA-256 of its bytes.
    let sha256: [UInt8]
    /// What messages call it.
    let fileName: String
    let read: @Sendable () async throws -> Result<Document, CheckFailure>

    /// A document that was read already.
    init(_ document: Document, sha256: [UInt8]) {
        self.sha256 = sha256
        fileName = document.source.name
        read = { .success(document) }
    }

    /// The document of a revision, or of any stored specification.
    init(_ specification: SpecificationID, sha256: [UInt8], fileName: String, in work: UnitOfWork) {
        self.sha256 = sha256
        self.fileName = fileName
        read = {
            let content = try await work.transaction.specifications.load(specification, in: work.actor.organization)
            guard let content else { return .failure(CheckFailure("the document is not there")) }
            return Self.parse(content.bytes, fileName)
        }
    }

    static func parse(_ bytes: [UInt8], _ name: String) -> Result<Document, CheckFailure> {
        do throws(UnreadableDocument) {
            return .success(try Document.read(bytes, name: name))
        } catch {
            return .failure(CheckFailure(error.findings.first?.message ?? "the document cannot be read"))
        }
    }
}

extension UnitOfWork {
    /// Policies that an organization has at most: all of them are looked at for every submission.
    static let policiesMax = 200

    /// The policies that have something to say about an API with these labels.
    func policies(for labels: [String: String]) async throws -> [Policy] {
        try await transaction.policies.list(in: actor.organization, after: nil, limit: Self.policiesMax)
            .filter { $0.selects(labels) }
    }

    /// What the policies for an API say about a document at a stage, in the order of their names.
    ///
    /// `version`: the version that the document is to be, to see what it breaks; nil compares with nothing.
    /// `approvers`: names of those who approved the document as it is to run.
    /// `evaluates`: whether checks that were never made are made now and stored; otherwise they are told as waiting.
    func assess(
        _ document: AssessedDocument,
        of api: API,
        at stage: PolicyStage,
        version: APIVersion? = nil,
        approvers: Set<String> = [],
        evaluates: Bool = true
    ) async throws -> [PolicyAssessment] {
        let policies = try await policies(for: api.labels)
        guard !policies.isEmpty else { return [] }
        let waivers = try await transaction.waivers.inForce(for: api.id, at: now)
        var checked: [[UInt8]: CheckCache.Checked] = [:]
        var assessments: [PolicyAssessment] = []
        let isCompared = policies.contains { $0.terms.breakingChanges.action != .allow }
        let compared = isCompared ? try await comparison(of: document, as: version) : nil
        for policy in policies {
            var rulesets: [RulesetAssessment] = []
            for reference in policy.terms.rulesets {
                let ruleset = try await ready(reference)
                if checked[ruleset.sha256] == nil {
                    checked[ruleset.sha256] = try await check(document, with: ruleset, evaluates: evaluates)
                }
                rulesets.append(
                    RulesetAssessment(
                        ruleset,
                        checked[ruleset.sha256],
                        actions: policy.terms.stages[stage],
                        waivers: waivers,
                        at: now
                    )
                )
            }
            assessments.append(
                PolicyAssessment(
                    policyID: policy.id,
                    policy: policy.name,
                    policyRevision: policy.revision,
                    mode: policy.terms.mode,
                    stage: stage,
                    rulesets: rulesets,
                    breakingChanges: compared.flatMap { compared in
                        let rule = policy.terms.breakingChanges
                        guard rule.action != .allow else { return nil }
                        return BreakingAssessment(
                            rule,
                            compared.comparison,
                            base: compared.base,
                            version: compared.version,
                            stage: stage,
                            approvers: approvers,
                            waivers: waivers,
                            at: now
                        )
                    }
                )
            )
        }
        return assessments
    }

    /// What changes from what callers have today; nil where there is nothing, or nothing else.
    private func comparison(
        of document: AssessedDocument,
        as version: APIVersion?
    ) async throws -> (base: ComparedRevision, version: String, comparison: Comparison)? {
        guard let version, let base = try await base(of: version), base.sha256 != document.sha256 else { return nil }
        return (base, version.version, try await compare(AssessedDocument(base, in: self), document))
    }

    /// A ruleset that a policy names, read.
    func ready(_ reference: PolicyRuleset) async throws -> ReadyRuleset {
        guard let number = reference.revision else {
            if let known = checks.ruleset(reference.name) { return known }
            let ready = ReadyRuleset(builtIn: reference.name)
            checks.keep(ready, as: reference.name)
            return ready
        }
        guard let stored = try await transaction.rulesets.find(reference.name, in: actor.organization) else {
            throw GovernanceError.notFound("ruleset", reference.name)
        }
        return try await ready(reference, id: stored.id, number: number)
    }

    /// A revision of a stored ruleset, read.
    func ready(_ reference: PolicyRuleset, id: RulesetID, number: Int) async throws -> ReadyRuleset {
        let key = "\(id)@\(number)"
        if let known = checks.ruleset(key) { return known }
        guard let (bytes, _) = try await transaction.rulesets.load(number, of: id) else {
            throw GovernanceError.notFound("ruleset", reference.text)
        }
        let ready = ReadyRuleset(reference, id: id, bytes: bytes)
        checks.keep(ready, as: key)
        return ready
    }

    /// The result of a check: the stored one, else one made now.
    func check(
        _ document: AssessedDocument,
        with ruleset: ReadyRuleset,
        evaluates: Bool = true
    ) async throws -> CheckCache.Checked? {
        let key = ruleset.key(for: document.sha256)
        if let known = try await transaction.evaluations.find(key, in: actor.organization) {
            return (known, try await findings(of: known))
        }
        guard evaluates else { return nil }
        var result: CheckCache.Checked
        if let kept = checks.result(key) {
            result = kept
            // Kept results have no row yet: each row has an identifier of its own.
            result.evaluation.id = .make(at: now)
        } else {
            result = DocumentCheck.run(try await document.read(), with: ruleset, startedAt: now, finished: { now })
            checks.keep(result, as: key)
        }
        let stored = try await transaction.evaluations.store(
            result.evaluation,
            result.findings,
            for: key,
            in: actor.organization
        )
        result.evaluation = stored
        return result
    }

    func findings(of evaluation: Evaluation) async throws -> [LintFinding] {
        try await transaction.evaluations.findings(of: evaluation.id, limit: SpecificationReading.findingsMax)
    }
}

extension Governance {
    /// Makes the checks that policies for an API will ask for before the transaction that needs them: no connection and no lock
    /// waits for a large document. What changes in between is checked inside of it.
    func makeChecks(
        _ actor: Actor,
        for labels: @escaping @Sendable (UnitOfWork) async throws -> [String: String],
        of sha256: [UInt8],
        _ document: () async throws(GovernanceError) -> Result<Document, CheckFailure>
    ) async throws(GovernanceError) {
        let missing = try await read(actor) { work in
            var missing: [ReadyRuleset] = []
            for policy in try await work.policies(for: try await labels(work)) {
                for reference in policy.terms.rulesets {
                    let ruleset = try await work.ready(reference)
                    let key = ruleset.key(for: sha256)
                    guard work.checks.result(key) == nil,
                        try await work.transaction.evaluations.find(key, in: actor.organization) == nil
                    else { continue }
                    missing.append(ruleset)
                }
            }
            return missing
        }
        guard !missing.isEmpty else { return }
        let content = try await document()
        for ruleset in missing where checks.result(ruleset.key(for: sha256)) == nil {
            let result = DocumentCheck.run(content, with: ruleset, startedAt: clock.now, finished: { clock.now })
            checks.keep(result, as: ruleset.key(for: sha256))
        }
    }
}
