internal import DocumentTree

/// Rulesets and policies.
extension ManifestWriter {
    static func members(_ spec: RulesetSpec) -> [Member] {
        let definition: JSONValue
        switch spec.definition {
        case .file(let file): definition = .object([("file", .string(file.name))])
        case .inline(let inline): definition = .object([("inline", inline.value)])
        }
        return text("title", spec.title) + [("definition", definition)] + text("message", spec.message)
    }

    static func members(_ spec: PolicySpec) -> [Member] {
        var members = text("title", spec.title) + text("description", spec.description)
        members.append(("mode", .string(spec.mode.rawValue)))
        var selector = map("matchLabels", spec.matchLabels)
        if !spec.matchExpressions.isEmpty {
            let expressions = spec.matchExpressions.map { requirement in
                JSONValue.object(
                    [("key", .string(requirement.key)), ("operator", .string(requirement.comparison.rawValue))]
                        + list("values", requirement.values)
                )
            }
            selector.append(("matchExpressions", .array(expressions)))
        }
        if !selector.isEmpty { members.append(("selector", .object(selector))) }
        let rulesets = spec.rulesets.map { binding in
            binding.revision == nil
                ? JSONValue.string(binding.name)
                : .object([("name", .string(binding.name))] + integer("revision", binding.revision))
        }
        members.append(("rulesets", .array(rulesets)))
        let stages = stage("submit", spec.submit) + stage("publish", spec.publish)
        if !stages.isEmpty { members.append(("stages", .object(stages))) }
        guard spec.breakingAction != .allow else { return members }
        let rule = [("action", JSONValue.string(spec.breakingAction.rawValue))]
        members.append(("breakingChanges", .object(rule + list("approvers", spec.breakingApprovers))))
        return members
    }

    private static func stage(_ key: String, _ actions: PolicySpec.Actions) -> [Member] {
        let members =
            text("error", actions.error?.rawValue) + text("warn", actions.warn?.rawValue)
            + text("info", actions.info?.rawValue) + text("hint", actions.hint?.rawValue)
        return members.isEmpty ? [] : [(key, .object(members))]
    }
}
