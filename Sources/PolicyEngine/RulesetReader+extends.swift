internal import DocumentTree

/// `extends`: other rulesets, in order; what comes later counts.
extension RulesetReader {
    func readExtends(_ node: Node) {
        guard node.isSequence else {
            extend(node, mode: .recommended)
            return
        }
        for element in node.elements {
            guard element.isSequence else {
                extend(element, mode: .recommended)
                continue
            }
            guard element.count == 2, let name = element[0], let mode = element[1] else {
                problems.add(
                    "invalid-extend-definition",
                    "a pair in `extends` is a ruleset and one of off, recommended, all",
                    help: "write `[spectral:oas, recommended]`",
                    at: element
                )
                continue
            }
            guard let known = mode.scalarText.flatMap(ExtensionMode.init(rawValue:)) else {
                problems.add(
                    "invalid-extend-definition",
                    "`\(mode.scalarText ?? "this")` does not say which rules are on",
                    help: "use off, recommended or all",
                    at: mode
                )
                continue
            }
            extend(name, mode: known)
        }
    }

    private func extend(_ node: Node, mode: ExtensionMode) {
        guard let name = node.string else {
            problems.add(
                "invalid-extend-definition",
                "`extends` names a ruleset",
                help: "write `extends: gatehouse:recommended`",
                at: node
            )
            return
        }
        do throws(RulesetRejected) {
            guard let ruleset = try ruleset(named: name, at: node) else { return }
            inherit(ruleset, mode)
        } catch {
            for finding in error.findings {
                problems.add(
                    finding.code,
                    "`\(name)`, line \(finding.range.start.line + 1): \(finding.message)",
                    help: finding.help,
                    at: node
                )
            }
        }
    }

    private func ruleset(named name: String, at node: Node) throws(RulesetRejected) -> Ruleset? {
        if Ruleset.builtInNames.contains(name) { return try Ruleset.builtIn(name) }
        if name.hasPrefix("spectral:") || name.hasPrefix("gatehouse:") {
            problems.add(
                "unsupported-in-ruleset",
                "there is no built-in ruleset `\(name)`",
                help: "built-in rulesets: \(Ruleset.builtInNames.joined(separator: ", "))",
                at: node
            )
            return nil
        }
        if name.hasPrefix("http:") || name.hasPrefix("https:") || name.hasPrefix("//") {
            problems.add(
                "unsupported-in-ruleset",
                "the remote ruleset `\(name)` is not fetched",
                help: "save it as a file beside this one and extend the file",
                at: node
            )
            return nil
        }
        if Ruleset.isProgram(name) || name.hasPrefix("@") {
            problems.add(
                "unsupported-in-ruleset",
                "`\(name)` is a program and is not run",
                help: Ruleset.programAdvice,
                at: node
            )
            return nil
        }
        return try file(named: name, at: node)
    }

    private func file(named name: String, at node: Node) throws(RulesetRejected) -> Ruleset? {
        guard chain.count < LintLimits.extendsDepthMax else {
            problems.add(
                "invalid-extend-definition",
                "rulesets extend each other more than \(LintLimits.extendsDepthMax) deep",
                at: node
            )
            return nil
        }
        guard let document = source?(name, self.document.source.name) else {
            problems.add(
                "invalid-extend-definition",
                source == nil
                    ? "only built-in rulesets can be extended here, not `\(name)`"
                    : "the ruleset `\(name)` was not found",
                help: "built-in rulesets: \(Ruleset.builtInNames.joined(separator: ", "))",
                at: node
            )
            return nil
        }
        guard !chain.contains(document.source.name) else {
            problems.add(
                "invalid-extend-definition",
                "rulesets extend each other in a circle: "
                    + (chain + [document.source.name]).map { "`\($0)`" }.joined(separator: " → "),
                help: "take `\(name)` out of `extends`",
                at: node
            )
            return nil
        }
        return try RulesetReader(document, source: source, chain: chain).read(name: name)
    }

    private func inherit(_ ruleset: Ruleset, _ mode: ExtensionMode) {
        hashes.append(ruleset.contentHash)
        aliases.merge(ruleset.aliases) { _, later in later }
        inheritedFormats.formUnion(ruleset.formats)
        parserOptions = ruleset.parserOptions
        for inherited in ruleset.rules {
            var rule = inherited
            switch mode {
            case .off: rule.isEnabled = false
            case .all: rule.isEnabled = true
            case .recommended: break
            }
            put(rule)
        }
    }

    /// Adds a rule, or replaces the one of the same name where it stands.
    func put(_ rule: Rule) {
        changes.append(.put(rule))
        if let position = positions[rule.name] {
            rules[position] = rule
        } else {
            positions[rule.name] = rules.count
            rules.append(rule)
        }
    }
}
