internal import DocumentTree

/// Turns a match and a rule's `field` into the values that the function is asked about.
enum TargetFinder {
    static func targets(
        of match: JSONPathMatch,
        field: RuleField?,
        _ context: LintContext
    ) throws(NotEvaluated) -> [Target] {
        let document = context.document
        if match.isKey {
            let key = document.key(match.place) ?? String(document.indexInParent(match.place))
            return [Target(value: .key(key), place: Place(node: match.place, followsReference: false))]
        }
        // A field of a scalar is the scalar itself, as rulesets in use expect.
        guard let field, document.kind(match.node).isContainer else {
            return [Target(value: .node(match.node), place: Place(node: match.node))]
        }
        switch field {
        case .keys:
            let keys = document.children(match.node).map { child in
                let key = document.key(child) ?? String(document.indexInParent(child))
                return Target(value: .key(key), place: Place(node: child))
            }
            return keys.isEmpty ? [Target(value: nil, place: Place(node: match.node))] : keys
        case .members(let names):
            return [member(names, of: match.node, context)]
        case .expression(let path):
            return try expression(path, of: match.node, context)
        }
    }

    private static func member(_ names: [String], of start: NodeID, _ context: LintContext) -> Target {
        let document = context.document
        var node = start
        for (position, name) in names.enumerated() {
            guard let child = document.child(node, key: name) ?? element(name, of: node, document) else {
                return Target(value: nil, place: Place(node: node, missing: Array(names[position...])))
            }
            node = context.follow(child)
        }
        return Target(value: .node(node), place: Place(node: node))
    }

    private static func element(_ name: String, of node: NodeID, _ document: Document) -> NodeID? {
        guard document.kind(node) == .sequence else { return nil }
        return Int(name).flatMap { document.child(node, at: $0) }
    }

    private static func expression(
        _ path: JSONPath,
        of start: NodeID,
        _ context: LintContext
    ) throws(NotEvaluated) -> [Target] {
        let matches: [JSONPathMatch]
        do throws(JSONPathEvaluationFailure) {
            matches = try path.matches(in: context.document, from: start, index: context.index)
        } catch {
            throw NotEvaluated(error, in: path)
        }
        guard !matches.isEmpty else { return [Target(value: nil, place: Place(node: start))] }
        var targets: [Target] = []
        for match in matches { targets += try self.targets(of: match, field: nil, context) }
        return targets
    }
}
