internal import DocumentTree

/// Tries the rules that a ruleset defines itself on their fixtures.
///
/// A fixture is linted with all of these rules that are on, and with its own in any case: a bad document must be bad in one
/// way, so that a reader sees what the rule is about, and nobody's fixture hides a finding of somebody else.
public struct RuleTest: Sendable {
    let ruleset: Ruleset
    let fixtures: [String: [RuleFixture]]

    /// - Parameters:
    ///   - ruleset: the ruleset; the rules it inherits are off.
    ///   - fixtures: documents for its rules; see ``RuleFixture``.
    public init(_ ruleset: Ruleset, fixtures: [RuleFixture]) {
        var own = ruleset
        for index in own.rules.indices where own.rules[index].origin != ruleset.sourceName {
            own.rules[index].isEnabled = false
        }
        self.ruleset = own
        self.fixtures = Dictionary(grouping: fixtures, by: \.folder)
    }

    /// The rules that the ruleset defines.
    public var rules: [Rule] { ruleset.rules.filter { $0.origin == ruleset.sourceName } }

    /// Runs the fixtures.
    ///
    /// - Parameter mutates: whether rules are also weakened one part at a time, to see whether the fixtures notice.
    /// - Returns: a row for each rule, in the ruleset's order, and the folders that belong to none.
    public func run(mutates: Bool = false) -> RuleTestReport {
        let folders = Set(rules.map { RuleFixture.folder(of: $0.name) })
        return RuleTestReport(
            rows: rules.map { row(of: $0, mutates: mutates) },
            strayFolders: fixtures.keys.filter { !folders.contains($0) }.sorted(),
            mutates: mutates
        )
    }

    private func row(of rule: Rule, mutates: Bool) -> RuleTestReport.Row {
        let cases = fixtures[RuleFixture.folder(of: rule.name)] ?? []
        var row = RuleTestReport.Row(rule: rule.name, fixtureCount: cases.count)
        for verdict in [RuleFixture.Verdict.bad, .good] where !cases.contains(where: { $0.verdict == verdict }) {
            row.failures.append("there is no \(verdict.rawValue).yaml in \(RuleFixture.folder(of: rule.name))/")
        }
        var documents: [(fixture: RuleFixture, document: Document)] = []
        for fixture in cases {
            do throws(UnreadableDocument) {
                documents.append((fixture, try Document.read(fixture.text, name: fixture.name, syntax: .yaml)))
            } catch {
                row.failures.append("\(fixture.name): \(error.findings.first?.message ?? "cannot be read")")
            }
        }
        var all = ruleset
        for index in all.rules.indices where all.rules[index].name == rule.name { all.rules[index].isEnabled = true }
        for (fixture, document) in documents {
            row.failures += Self.failures(
                of: fixture,
                document,
                rule: rule.name,
                Linter(all, ignoresUnknownFormat: true)
            )
        }
        guard mutates, row.failures.isEmpty else { return row }
        for mutant in RuleMutant.all(of: rule) {
            row.mutantCount += 1
            let linter = Linter(alone(mutant.rule), ignoresUnknownFormat: true)
            let isNoticed = documents.contains { fixture, document in
                Self.ownFailure(of: fixture, linter.lint(document).findings.filter { $0.code == rule.name }) != nil
            }
            if !isNoticed { row.survivors.append(mutant.label) }
        }
        return row
    }

    private func alone(_ rule: Rule) -> Ruleset {
        var result = ruleset
        result.rules = [rule]
        result.rules[0].isEnabled = true
        return result
    }

    private static func failures(
        of fixture: RuleFixture,
        _ document: Document,
        rule: String,
        _ linter: Linter
    ) -> [String] {
        let findings = linter.lint(document).findings
        var failures: [String] = []
        if let failure = ownFailure(of: fixture, findings.filter { $0.code == rule }) {
            failures.append("\(fixture.name): \(failure)")
        }
        let others = findings.filter { $0.code != rule }
        for finding in others where !fixture.others.contains(finding.code) {
            failures.append(
                "\(fixture.name), line \(finding.range.start.line + 1): also found by `\(finding.code)`: \(finding.message)"
            )
        }
        for name in fixture.others.sorted() where !others.contains(where: { $0.code == name }) {
            failures.append("\(fixture.name): `\(name)` finds nothing, though `# also:` names it")
        }
        return failures
    }

    /// What the rule's own findings lack or have too many of; nil where they are as expected.
    private static func ownFailure(of fixture: RuleFixture, _ findings: [Finding]) -> String? {
        if fixture.verdict == .good {
            return findings.first.map { "found on line \($0.range.start.line + 1): \($0.message)" }
        }
        guard !findings.isEmpty else { return "nothing was found" }
        guard !fixture.firingLines.isEmpty else { return nil }
        let counts = Dictionary(findings.map { ($0.range.start.line, 1) }, uniquingKeysWith: +)
        let isAsMarked = counts.allSatisfy { line, count in
            guard let marked = fixture.firingLines[line] else { return false }
            return marked == nil || marked == count
        }
        guard !isAsMarked || counts.count != fixture.firingLines.count else { return nil }
        func list(_ lines: some Sequence<Int>) -> String {
            lines.sorted().map { String($0 + 1) }.joined(separator: ", ")
        }
        return "\(findings.count) findings on the lines \(list(counts.keys)) do not fit the marks on the lines "
            + list(fixture.firingLines.keys)
    }
}
