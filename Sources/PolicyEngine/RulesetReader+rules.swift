internal import DocumentTree

/// `rules`: definitions, and changes to inherited rules.
extension RulesetReader {
    func readRules(_ node: Node) {
        guard node.isMapping else {
            problems.add("invalid-ruleset-definition", "`rules` is a mapping of names to rules", at: node)
            return
        }
        for (name, value) in node.entries {
            switch value.kind {
            case .mapping: readDefinition(value, name)
            case .sequence: readPair(value, name)
            default: change(name, to: value)
            }
        }
    }

    /// `[severity, options]`: an inherited rule with other options for its functions.
    private func readPair(_ node: Node, _ name: String) {
        guard let severity = node[0], node.count <= 2 else {
            problems.add(
                "invalid-rule-definition",
                "a list for the rule `\(name)` holds a severity and options",
                help: "write `\(name): [error, {…}]`",
                at: node
            )
            return
        }
        change(name, to: severity)
        guard let options = node[1] else { return }
        guard let position = positions[name] else {
            if isOverride { noteUnknownRule(name, at: options) }
            return
        }
        var rule = rules[position]
        rule.then = rule.then.map { action in
            guard let function = makeFunction(action.functionName, options, at: options) else { return action }
            return RuleAction(
                field: action.field,
                functionName: action.functionName,
                function: function,
                fieldText: action.fieldText,
                options: options.isNull ? nil : JSONValue(options)
            )
        }
        put(rule)
    }

    /// `rule: severity`, `rule: true|false|off` for an inherited rule.
    private func change(_ name: String, to node: Node) {
        guard let position = positions[name] else {
            // Whether another override has the rule is known when all are read.
            if isOverride, let weight = readWeight(node) {
                changes.append(.weigh(name, weight))
                weighed.append((name, node))
            } else {
                noteUnknownRule(name, at: node)
            }
            return
        }
        guard let weight = readWeight(node) else { return }
        weight.apply(to: &rules[position])
        changes.append(.weigh(name, weight))
    }

    func noteUnknownRule(_ name: String, at node: Node) {
        let meant = RulesetProblems.suggestion(for: name, among: rules.map(\.name))
        problems.addKey(
            "invalid-rule-definition",
            "the rule `\(name)` is changed but not inherited",
            help: meant.map { "did you mean `\($0)`?" }
                ?? "extend a ruleset that has it, or define it with `given` and `then`",
            at: node
        )
    }

    /// A severity, or `true` and `false`; nil with a problem noted for anything else.
    func readWeight(_ node: Node) -> RuleWeight? {
        if let isEnabled = node.boolean { return isEnabled ? .on(nil) : .off }
        return readSeverity(node).map { severity in severity.map { .on($0) } ?? .off }
    }

    private static let keys = [
        "description", "message", "severity", "given", "then", "formats", "recommended", "resolved", "documentationUrl",
        "tags", "type", "extensions", "enabled",
    ]

    private func readDefinition(_ node: Node, _ name: String) {
        for (key, value) in node.entries where !Self.keys.contains(key) && !key.hasPrefix("x-") {
            let meant = RulesetProblems.suggestion(for: key, among: Self.keys)
            problems.addKey(
                "invalid-rule-definition",
                "a rule has no key `\(key)`",
                help: meant.map { "did you mean `\($0)`?" } ?? "known keys: \(Self.keys.joined(separator: ", "))",
                at: value
            )
        }
        guard var rule = base(of: node, name) else { return }
        readTexts(node, into: &rule)
        if let value = node["severity"], let severity = readSeverity(value) {
            rule.isEnabled = severity != nil
            if let severity { rule.severity = severity }
        }
        if let isRecommended = boolean(of: node["recommended"], "recommended") {
            rule.isRecommended = isRecommended
            if !isRecommended { rule.isEnabled = false }
        }
        if let isEnabled = boolean(of: node["enabled"], "enabled") { rule.isEnabled = isEnabled }
        if let isResolved = boolean(of: node["resolved"], "resolved") { rule.isResolved = isResolved }
        if let formats = node["formats"] { rule.formats = readFormats(formats) }
        if let given = node["given"] { rule.given = readGiven(given) }
        if let then = node["then"] { rule.then = readThen(then) }
        put(rule)
    }

    /// The rule to start from: the inherited one where only some keys are given, an empty one where all are.
    private func base(of node: Node, _ name: String) -> Rule? {
        let isComplete = node["given"] != nil && node["then"] != nil
        if !isComplete, let position = positions[name] {
            var inherited = rules[position]
            inherited.isEnabled = true
            return inherited
        }
        for key in ["given", "then"] where node[key] == nil {
            problems.addKey(
                "invalid-rule-definition",
                "the rule `\(name)` has no `\(key)`",
                help: "a rule needs `given` (where) and `then` (what)",
                at: node
            )
        }
        guard isComplete else { return nil }
        return Rule(
            name: name,
            documentationURL: documentationURL.map { $0 + "#" + name.lowercased() },
            severity: .warning,
            isRecommended: true,
            isEnabled: true,
            isResolved: true,
            formats: formats,
            tags: [],
            origin: document.source.name,
            given: [],
            then: []
        )
    }

    private func readTexts(_ node: Node, into rule: inout Rule) {
        if let description = text(of: node["description"], "description") { rule.description = description }
        if let message = text(of: node["message"], "message") { rule.message = message }
        if let url = text(of: node["documentationUrl"], "documentationUrl") { rule.documentationURL = url }
        if let remediation = text(of: node["x-remediation"] ?? node["extensions"]?["remediation"], "remediation") {
            rule.remediation = remediation
        }
        if let tags = node["tags"] { rule.tags = tags.elements.compactMap(\.string) }
    }

    // MARK: given and then

    private func readGiven(_ node: Node) -> [Given] {
        let nodes = node.isSequence ? Array(node.elements) : [node]
        var found: [Given] = []
        for element in nodes {
            guard let text = element.string, text.hasPrefix("$") || text.hasPrefix("#") else {
                problems.add(
                    "invalid-given-definition",
                    "`given` is an expression that starts with `$`, or an alias that starts with `#`",
                    help: "write `given: $.paths[*]`",
                    at: element
                )
                continue
            }
            found += expressions(of: text, at: element)
        }
        return found
    }

    private func expressions(of text: String, at node: Node) -> [Given] {
        let expansions: [Alias.Expansion]
        do throws(Alias.Failure) {
            expansions = try Alias.expand(text, with: aliases)
        } catch {
            note(error, at: node)
            return []
        }
        return expansions.compactMap { expansion in
            do throws(JSONPathSyntaxError) {
                let path = try JSONPath(expansion.text, dialect: .spectral, regularExpressions: PatternEngine.matcher)
                return Given(path: path, formats: expansion.formats)
            } catch {
                problems.add(
                    "invalid-given-definition",
                    "`\(expansion.text)` is not an expression: \(error.reason) (at character \(error.offset + 1))",
                    at: node
                )
                return nil
            }
        }
    }

    private func note(_ failure: Alias.Failure, at node: Node) {
        switch failure {
        case .undefined(let name):
            let meant = RulesetProblems.suggestion(for: name, among: aliases.keys.sorted())
            problems.add(
                "undefined-alias",
                "there is no alias `\(name)`",
                help: meant.map { "did you mean `#\($0)`?" } ?? "define it under `aliases`",
                at: node
            )
        case .circular(let chain):
            problems.add("invalid-alias-definition", "the alias leads back to itself: \(chain)", at: node)
        case .malformed(let text):
            problems.add(
                "invalid-given-definition",
                "`\(text)` names no alias",
                help: "write `#Name` or `$…`",
                at: node
            )
        case .tooMany:
            problems.add(
                "invalid-alias-definition",
                "the alias stands for more than \(LintLimits.expressionsPerGivenMax) expressions",
                at: node
            )
        }
    }

    private func readThen(_ node: Node) -> [RuleAction] {
        let nodes = node.isSequence ? Array(node.elements) : [node]
        return nodes.compactMap(readAction)
    }

    private func readAction(_ node: Node) -> RuleAction? {
        guard node.isMapping else {
            problems.add(
                "invalid-then-definition",
                "`then` has a `function`",
                help: "write `then: {function: truthy}`",
                at: node
            )
            return nil
        }
        for (key, value) in node.entries where !["field", "function", "functionOptions"].contains(key) {
            problems.addKey(
                "invalid-then-definition",
                "`then` has no key `\(key)`",
                help: "known keys: field, function, functionOptions",
                at: value
            )
        }
        guard let name = node["function"]?.string else {
            problems.add("invalid-then-definition", "`then` names a `function`", at: node["function"] ?? node)
            return nil
        }
        guard let function = readFunction(name, node) else { return nil }
        var action = RuleAction(field: nil, functionName: name, function: function)
        if let field = node["field"] {
            guard let read = readField(field) else { return nil }
            action = RuleAction(field: read, functionName: name, function: function, fieldText: field.scalarText)
        }
        action.options = node["functionOptions"].flatMap { $0.isNull ? nil : JSONValue($0) }
        return action
    }

    private func readField(_ node: Node) -> RuleField? {
        guard let text = node.scalarText, !text.isEmpty else {
            problems.add("invalid-then-definition", "`field` is a member, `@key` or an expression", at: node)
            return nil
        }
        if text == "@key" { return .keys }
        guard text.hasPrefix("$") else { return .members(RuleField.members(of: text)) }
        do throws(JSONPathSyntaxError) {
            return .expression(try JSONPath(text, dialect: .spectral, regularExpressions: PatternEngine.matcher))
        } catch {
            problems.add("invalid-then-definition", "`\(text)` is not an expression: \(error.reason)", at: node)
            return nil
        }
    }

    private func readFunction(_ name: String, _ node: Node) -> (any RuleFunction)? {
        guard FunctionTable.names.contains(name) else {
            let meant = RulesetProblems.suggestion(for: name, among: FunctionTable.names)
            problems.add(
                "undefined-function",
                "there is no function `\(name)`",
                help: meant.map { "did you mean `\($0)`?" }
                    ?? "functions of your own in JavaScript are not run; say it with `pattern`, `schema` or another of: "
                    + FunctionTable.names.joined(separator: ", "),
                at: node["function"] ?? node
            )
            return nil
        }
        return makeFunction(name, node["functionOptions"], at: node)
    }

    /// A function with its options. What is wrong with them is told where it stands, or where it is missing.
    private func makeFunction(_ name: String, _ options: Node?, at owner: Node) -> (any RuleFunction)? {
        let given = options.flatMap { $0.isNull ? nil : $0 }
        do throws(OptionsRejected) {
            return try FunctionTable.make(name, FunctionOptions(function: name, node: given))
        } catch {
            for problem in error.problems {
                let names = options == nil ? ["functionOptions"] + problem.path : problem.path
                problems.add("invalid-function-options", problem.message, below: options ?? owner, names)
            }
            return nil
        }
    }
}
