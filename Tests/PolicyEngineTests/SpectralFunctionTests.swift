import DocumentTree
import Testing

@testable import PolicyEngine

/// Upstream's own cases for the functions. Known differences are listed as in ``SpectralRuleTests``.
@Suite("Functions, held against upstream's cases")
struct SpectralFunctionTests {
    @Test("every case gives the results that upstream's functions give", .enabled(if: !Fixtures.areAbsent))
    func cases() throws {
        var tally = SuiteTally("spectral-functions")
        for file in Fixtures.files(in: "spectral-functions") {
            let cases = try #require(try Fixtures.document(file))
            for test in cases.root.elements {
                tally.note(test["id"]?.string ?? "", difference: try difference(test, &tally))
            }
        }
        tally.conclude(cases: 329, known: KnownDifferences.functions)
    }

    private func difference(_ test: Node, _ tally: inout SuiteTally) throws -> String? {
        let expected = try #require(test["expected"])
        do {
            let ruleset = try Ruleset.read(document: self.ruleset(of: test))
            if expected["optionsErrors"] != nil { return "the options were taken" }
            return try expected["optionsValid"] != nil ? nil : difference(test, expected, ruleset, &tally)
        } catch let error as RulesetRejected {
            guard let errors = expected["optionsErrors"] else { return "refused: \(error.findings.map(\.message))" }
            return optionsDifference(errors, error.findings)
        }
    }

    private func difference(
        _ test: Node,
        _ expected: Node,
        _ ruleset: Ruleset,
        _ tally: inout SuiteTally
    ) throws -> String? {
        let document: Document
        if let yaml = test["inputYaml"]?.string {
            document = try Document.read(yaml, name: "input.yaml")
        } else if let input = test["input"] {
            document = try Document.read(JSONValue(input).text(), name: "input.json")
        } else {
            return "the case has no input"
        }
        let findings = try lint(document, ruleset, test)
        if let results = expected["results"], results.isSequence {
            let ranges = ExpectedFindings(expected: Array(results.elements), document: document).ranges(of: findings)
            tally.note(ranges: ranges.alike, of: ranges.all)
            return differs(results, document, findings)
        }
        if let count = expected["count"]?.integer, count != findings.count { return "found \(findings.map(\.message))" }
        guard let at = expected["at"] else { return nil }
        for (index, partial) in at.entries {
            guard let position = Int(index), position < findings.count else { return "has no result \(index)" }
            // A message given for `at` is how the message begins.
            guard findings[position].message.hasPrefix(partial["message"]?.string ?? "") else {
                return "found \(findings[position].message)"
            }
            if let path = partial["path"],
                path.elements.map({ $0.scalarText ?? "" }) != findings[position].path.map(\.description)
            {
                return "found at \(LintText.pointer(findings[position].path))"
            }
        }
        return nil
    }

    private func lint(_ document: Document, _ ruleset: Ruleset, _ test: Node) throws -> [Finding] {
        // The functions of OpenAPI look at the formats, which a bare schema does not have.
        let names = test["formats"]?.elements.compactMap(\.string) ?? []
        var formats = Set(names.compactMap(DocumentFormat.init(name:)))
        if formats.isEmpty { formats = test["options"]?["oasVersion"]?.integer == 2 ? [.oas2] : [.oas3, .oas3_1] }
        return Linter(ruleset, ignoresUnknownFormat: true).lint(document, formats: formats).findings
            .filter { $0.code == "my-rule" }
    }

    private func differs(_ results: Node, _ document: Document, _ findings: [Finding]) -> String? {
        // Upstream leaves some messages open between words.
        let found = findings.map(\.message)
        for (partial, message) in zip(results.elements, found) {
            guard let pattern = partial["message"]?["$stringMatching"]?.string else { continue }
            let words = pattern.dropFirst().dropLast()
            guard let end = words.firstIndex(of: ")"), message.hasSuffix(words[words.index(after: end)...]) else {
                return "found \(found)"
            }
        }
        switch ExpectedFindings(expected: Array(results.elements), document: document).agreement(with: findings) {
        case .full: return nil
        case .placesOnly(let reason), .none(let reason): return reason
        }
    }

    private func optionsDifference(_ errors: Node, _ findings: [Finding]) -> String? {
        let found = findings.map(\.message).sorted()
        let expected = errors.elements.map { $0["message"]?.string ?? "" }.sorted()
        guard found == expected else { return "expected \(expected), found \(found)" }
        for error in errors.elements {
            let path = error["path"]?.elements.map { $0.scalarText ?? "" } ?? []
            let isThere = findings.contains { finding in
                finding.message == error["message"]?.string && finding.code == error["code"]?.string
                    && finding.path.map(\.description) == path
            }
            if !isThere { return "expected at \(path), found at \(findings.map { LintText.pointer($0.path) })" }
        }
        return nil
    }

    /// `my-rule` around the case's function, as the fixtures describe it.
    private func ruleset(of test: Node) throws -> Document {
        var then: [(key: String, value: JSONValue)] = [("function", .string(test["function"]?.string ?? ""))]
        if let options = test["options"], !options.isNull { then.append(("functionOptions", JSONValue(options))) }
        if let field = test["rule"]?["then"]?["field"]?.string { then.append(("field", .string(field))) }
        let given = test["rule"]?["given"]?.string ?? "$"
        let rule: JSONValue = .object([("given", .string(given)), ("message", "{{error}}"), ("then", .object(then))])
        let ruleset: JSONValue = .object([("rules", .object([("my-rule", rule)]))])
        return try Document.read(ruleset.text(), name: "ruleset.json")
    }
}
