import CatalogStore
import DocumentTree
public import Lifecycle
import PolicyEngine

/// One check: a document held against one ruleset. A function of the two and of the engine's version, nothing else.
enum DocumentCheck {
    /// Carries a check out. Ends in `error`, with its reason, where it could not be: a document or ruleset that cannot be read,
    /// a rule that could not be evaluated. Ends in `not_applicable`, and finds nothing, where no rule is for such a document.
    ///
    /// `startedAt` and `finished` are the times that the result carries.
    static func run(
        _ document: Result<Document, CheckFailure>,
        with ruleset: ReadyRuleset,
        startedAt: Moment,
        finished: () -> Moment
    ) -> CheckCache.Checked {
        let ending: (result: Lifecycle.LintResult, findings: [Finding], failure: String?)
        switch (document, ruleset.content) {
        case (.success(let document), .success(let content)): ending = run(document, with: content)
        case (.failure(let failure), _), (_, .failure(let failure)): ending = (.error, [], failure.reason)
        }
        let (result, findings, failure) = ending
        var numbers = [0, 0, 0, 0]
        for finding in findings { numbers[finding.severity.rawValue] += 1 }
        let counts = LintCounts(
            result: result,
            errors: numbers[0],
            warnings: numbers[1],
            informations: numbers[2],
            hints: numbers[3]
        )
        let evaluation = Evaluation(
            id: .make(at: startedAt),
            ruleset: ruleset.reference.text,
            counts: counts,
            failure: failure,
            startedAt: startedAt,
            finishedAt: finished()
        )
        guard case .success(let document) = document else { return (evaluation, []) }
        return (evaluation, [LintFinding](findings.prefix(SpecificationReading.findingsMax), in: document))
    }

    private static func run(_ document: Document, with ruleset: Ruleset) -> (Lifecycle.LintResult, [Finding], String?) {
        let formats = DocumentFormat.detect(document)
        let isForSuch = ruleset.formats.isEmpty || !ruleset.formats.isDisjoint(with: formats)
        guard isForSuch, ruleset.enabledRules.contains(where: { $0.applies(to: formats) }) else {
            return (.notApplicable, [], nil)
        }
        let report = Linter(ruleset).lint(document)
        if let broken = report.findings.first(where: { $0.code == notEvaluatedCode }) {
            return (.error, report.findings, broken.message)
        }
        let result: Lifecycle.LintResult = report.errorCount > 0 ? .fail : report.warningCount > 0 ? .warn : .pass
        return (result, report.findings, nil)
    }

    /// The linter's word for a rule that could not be evaluated.
    static let notEvaluatedCode = "rule-not-evaluated"
}

extension PolicyRuleset {
    /// As people write it: `house@3`, `spectral:oas`.
    public var text: String { revision.map { "\(name)@\($0)" } ?? name }
}
