public import DocumentTree

/// Holds documents against a ruleset.
///
/// Rules look at the document with local references followed but never expanded: each real node is visited once, however many
/// references lead to it and however they circle, and a finding is reported where the node really stands.
public struct Linter: Sendable {
    /// The ruleset.
    public let ruleset: Ruleset
    /// Whether a document of a format that no rule knows is passed over in silence.
    public let ignoresUnknownFormat: Bool

    /// - Parameters:
    ///   - ruleset: the rules.
    ///   - ignoresUnknownFormat: whether `unrecognized-format` is left out.
    public init(_ ruleset: Ruleset, ignoresUnknownFormat: Bool = false) {
        self.ruleset = ruleset
        self.ignoresUnknownFormat = ignoresUnknownFormat
    }

    /// Lints one document. Never fails: what could not be evaluated is a finding.
    public func lint(_ document: Document) -> LintReport {
        lint(document, formats: DocumentFormat.detect(document))
    }

    /// Lints one document and says after each stage that it is done, for those who measure.
    ///
    /// What several rules share is worked out by the first that asks, so it is part of that rule's stage.
    ///
    /// - Parameters:
    ///   - document: the document.
    ///   - completed: called after each stage, in their order, on the caller's thread.
    /// - Returns: the report, the same as of ``lint(_:)``.
    public func lint(_ document: Document, completed: (LintStage) -> Void) -> LintReport {
        lint(document, formats: DocumentFormat.detect(document), completed: completed)
    }

    /// Lints a document as one of given formats.
    func lint(
        _ document: Document,
        formats: Set<DocumentFormat>,
        completed: (LintStage) -> Void = { _ in }
    ) -> LintReport {
        var findings = readerFindings(of: document)
        let references = ReferenceResolver(document).survey()
        findings += references.findings
        completed(.references)
        let linted = LintedDocument(document, formats: formats, references: references)
        completed(.index)
        var pass = LintPass(linted: linted)
        for rule in ruleset.rules where rule.applies(to: formats) {
            guard rule.isEnabled || ruleset.placeWeights[rule.name] != nil else { continue }
            findings += ruleset.weighed(pass.findings(of: rule), of: rule, in: document)
            completed(.rule(rule.name))
        }
        if let unknown = unknownFormat(document, formats) { findings.append(unknown) }
        let report = LintReport(
            rulesetName: ruleset.name,
            rulesetHash: ruleset.contentHash,
            formats: formats,
            findings: findings
        )
        completed(.order)
        return report
    }

    /// What the reader had to say, weighed as the ruleset's `parserOptions` wish.
    private func readerFindings(of document: Document) -> [Finding] {
        let duplicates = Set(document.duplicateKeyFindings)
        let incompatible = Set(document.incompatibleValueFindings)
        return document.findings.compactMap { finding in
            var finding = finding
            if duplicates.contains(finding) {
                guard let severity = ruleset.parserOptions.duplicateKeys.severity else { return nil }
                finding.severity = severity
            } else if incompatible.contains(finding) {
                guard let severity = ruleset.parserOptions.incompatibleValues.severity else { return nil }
                finding.severity = severity
            }
            return finding
        }
    }

    private func unknownFormat(_ document: Document, _ formats: Set<DocumentFormat>) -> Finding? {
        guard !ignoresUnknownFormat, !ruleset.formats.isEmpty, ruleset.formats.isDisjoint(with: formats) else {
            return nil
        }
        return Finding(
            code: "unrecognized-format",
            severity: .warning,
            message: "the document has none of the formats that the ruleset `\(ruleset.name)` is for: "
                + ruleset.formats.map(\.rawValue).sorted().joined(separator: ", "),
            help: "give `openapi` or `swagger` with a version at the top of the document",
            at: document.root
        )
    }
}

/// A part of the work of one lint.
public enum LintStage: Hashable, Sendable {
    /// What the reader found and where references lead.
    case references
    /// The tables that all rules look things up in.
    case index
    /// One rule.
    case rule(String)
    /// The findings brought into their order.
    case order
}

/// One lint on its way: what the expressions of several rules share is evaluated once.
private struct LintPass {
    let linted: LintedDocument
    private let resolved: JSONPathSession
    private let raw: JSONPathSession
    private var nodesLeft = LintLimits.nodesVisitedMax

    init(linted: LintedDocument) {
        self.linted = linted
        resolved = JSONPathSession(linted.resolved)
        raw = JSONPathSession(linted.raw)
    }

    mutating func findings(of rule: Rule) -> [Finding] {
        let context = LintContext(linted: linted, isResolved: rule.isResolved)
        var findings: [Finding] = []
        do throws(NotEvaluated) {
            for given in rule.given {
                if let formats = given.formats, formats.isDisjoint(with: linted.formats) { continue }
                for match in try matches(of: given.path, context) {
                    try check(match, rule, context, into: &findings)
                    guard findings.count < LintLimits.findingsPerRuleMax else {
                        findings.append(truncated(rule))
                        return findings
                    }
                }
            }
        } catch {
            findings.append(notEvaluated(rule, error.reason))
        }
        return findings
    }

    private mutating func matches(
        of path: JSONPath,
        _ context: LintContext
    ) throws(NotEvaluated) -> [JSONPathMatch] {
        do throws(JSONPathEvaluationFailure) {
            // One expression has its own limit, and all together have theirs.
            let allowed = min(nodesLeft, JSONPathLimits.nodesVisitedMax)
            var budget = allowed
            defer { nodesLeft -= allowed - budget }
            return try (context.isResolved ? resolved : raw).matches(of: path, budget: &budget)
        } catch {
            throw NotEvaluated(error, in: path)
        }
    }

    private func check(
        _ match: JSONPathMatch,
        _ rule: Rule,
        _ context: LintContext,
        into findings: inout [Finding]
    ) throws(NotEvaluated) {
        for action in rule.then {
            for target in try TargetFinder.targets(of: match, field: action.field, context) {
                for complaint in try action.function.check(target, in: context) {
                    findings.append(FindingWriter.finding(complaint, about: target, rule, context))
                }
            }
        }
    }

    /// A rule that cannot be evaluated must not pass for one that found nothing.
    private func notEvaluated(_ rule: Rule, _ reason: String) -> Finding {
        Finding(
            code: "rule-not-evaluated",
            severity: min(rule.severity, .warning),
            message: "the rule `\(rule.name)` could not be evaluated: \(reason)",
            help: "make the rule's pattern or expression simpler, or the document smaller",
            at: linted.document.root
        )
    }

    private func truncated(_ rule: Rule) -> Finding {
        Finding(
            code: "rule-findings-truncated",
            severity: min(rule.severity, .warning),
            message:
                "the rule `\(rule.name)` has more than \(LintLimits.findingsPerRuleMax) findings; the rest is not shown",
            at: linted.document.root
        )
    }
}

extension NotEvaluated {
    init(_ failure: JSONPathEvaluationFailure, in path: JSONPath) {
        switch failure {
        case .nodesVisited(let max):
            reason = "the expression `\(path.text)` visits more than \(max) nodes"
        case .regularExpression(let pattern):
            reason = "the pattern `\(pattern)` in `\(path.text)` needs more steps than a match may take"
        }
    }
}
