internal import DocumentTree

/// `aliases`: names for expressions, plain or by format.
extension RulesetReader {
    func readAliases(_ node: Node) {
        guard node.isMapping else {
            problems.add("invalid-alias-definition", "`aliases` is a mapping of names to expressions", at: node)
            return
        }
        for (name, value) in node.entries {
            guard name.first?.isLetter == true,
                name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") })
            else {
                problems.addKey(
                    "invalid-alias-definition",
                    "`\(name)` cannot be the name of an alias",
                    help: "start with a letter; letters, digits, `_` and `-` may follow",
                    at: value
                )
                continue
            }
            if let alias = readAlias(value) { aliases[name] = alias }
        }
    }

    private func readAlias(_ node: Node) -> Alias? {
        if node.kind == .string || node.isSequence {
            return expressions(node).map { Alias(scopes: [.init(formats: nil, expressions: $0)]) }
        }
        guard node.isMapping, let targets = node["targets"], targets.isSequence else {
            problems.add(
                "invalid-alias-definition",
                "an alias is an expression, a list of them, or a mapping with `targets`",
                help: "write `targets: [{formats: [oas3], given: [...]}]`",
                at: node
            )
            return nil
        }
        var scopes: [Alias.Scope] = []
        for target in targets.elements {
            guard target.isMapping, let given = target["given"], let list = expressions(given) else {
                problems.add("invalid-alias-definition", "a target of an alias has `formats` and `given`", at: target)
                continue
            }
            scopes.append(.init(formats: target["formats"].map(readFormats), expressions: list))
        }
        return Alias(scopes: scopes)
    }

    private func expressions(_ node: Node) -> [String]? {
        let nodes = node.isSequence ? Array(node.elements) : [node]
        var found: [String] = []
        for element in nodes {
            guard let text = element.string, text.hasPrefix("$") || text.hasPrefix("#") else {
                problems.add(
                    "invalid-alias-definition",
                    "an alias stands for expressions that start with `$` or `#`",
                    at: element
                )
                return nil
            }
            found.append(text)
        }
        return found
    }
}
