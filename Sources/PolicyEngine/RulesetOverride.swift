internal import DocumentTree

/// One entry of `overrides`: what is different for some files, or for a part of them.
struct RulesetOverride: Sendable {
    /// The files, and the place in them where only a part is meant.
    struct Scope: Sendable {
        /// Relative to the folder of the ruleset.
        let glob: PathGlob
        let pointer: JSONPointer?
    }

    /// What happens to a rule.
    enum Change: Sendable {
        /// It is this one: a new rule, or an inherited one with other words, places or functions.
        case put(Rule)
        case weigh(String, RuleWeight)
    }

    let scopes: [Scope]
    /// In the order of the text.
    let changes: [Change]
    let duplicateKeys: Ruleset.ParserOptions.Weight?
    let incompatibleValues: Ruleset.ParserOptions.Weight?
}

/// `rule: severity`, `rule: true`, `rule: off`.
enum RuleWeight: Hashable, Sendable {
    case off
    /// On; nil for the severity that the rule has.
    case on(Severity?)

    func apply(to rule: inout Rule) {
        switch self {
        case .off: rule.isEnabled = false
        case .on(let severity):
            rule.isEnabled = true
            if let severity { rule.severity = severity }
        }
    }
}

/// What a rule weighs below one place of the document.
struct PlaceWeight: Sendable {
    let pointer: JSONPointer
    let weight: RuleWeight
}

extension Ruleset {
    /// Whether files differ in what holds for them, see ``applyingOverrides(toFile:)``.
    public var hasOverrides: Bool { !overrides.isEmpty }

    /// The ruleset as it holds for one file.
    ///
    /// Entries that name the file are applied in their order, so the last one counts. Those with a pointer change what a finding
    /// weighs below the place it names; the longest pointer counts, and among equal ones the last (as in Spectral). They are about
    /// the document itself, never about files that it refers to.
    ///
    /// - Parameter path: the file's path relative to the folder of the ruleset, with `/` between its names.
    /// - Returns: a ruleset without overrides.
    public func applyingOverrides(toFile path: String) -> Ruleset {
        guard hasOverrides else { return self }
        var result = self
        result.overrides = []
        var positions: [String: Int] = [:]
        for (position, rule) in rules.enumerated() { positions[rule.name] = position }
        for override in overrides {
            for scope in override.scopes where scope.glob.matches(path) {
                guard let pointer = scope.pointer else {
                    result.apply(override, &positions)
                    break
                }
                for case .weigh(let name, let weight) in override.changes {
                    result.placeWeights[name, default: []].append(PlaceWeight(pointer: pointer, weight: weight))
                }
            }
        }
        return result
    }

    private mutating func apply(_ override: RulesetOverride, _ positions: inout [String: Int]) {
        for change in override.changes {
            switch change {
            case .put(let rule):
                if let position = positions[rule.name] {
                    rules[position] = rule
                } else {
                    positions[rule.name] = rules.count
                    rules.append(rule)
                }
            case .weigh(let name, let weight):
                // A rule that another entry brings is none for this file.
                if let position = positions[name] { weight.apply(to: &rules[position]) }
            }
        }
        if let weight = override.duplicateKeys { parserOptions.duplicateKeys = weight }
        if let weight = override.incompatibleValues { parserOptions.incompatibleValues = weight }
    }

    /// Findings of one rule about the document, weighed as their places ask; nil for one that is off where it stands.
    func weighed(_ findings: [Finding], of rule: Rule, in document: Document) -> [Finding] {
        guard let weights = placeWeights[rule.name] else { return findings }
        return findings.compactMap { finding in
            var finding = finding
            let path = JSONPointer(finding.path).tokens
            var closest: PlaceWeight?
            for weight in weights
            where finding.source == document.source.name && path.starts(with: weight.pointer.tokens) {
                if weight.pointer.tokens.count >= closest?.pointer.tokens.count ?? 0 { closest = weight }
            }
            switch closest?.weight {
            case nil: return rule.isEnabled ? finding : nil
            case .off: return nil
            case .on(let severity):
                if let severity { finding.severity = severity }
                return finding
            }
        }
    }
}
