internal import DocumentTree

/// Rulesets and policies.
extension SpecReader {
    static func ruleset(_ reader: inout FieldReader) -> RulesetSpec? {
        let title = reader.text("title")
        let message = reader.text("message")
        if reader.value("definition") == nil {
            reader.missing("definition", help: "write `definition: {file: NAME}`")
        }
        return definition(&reader).map { RulesetSpec(title: title, definition: $0, message: message) }
    }

    static func policy(_ reader: inout FieldReader) -> PolicySpec? {
        var spec = PolicySpec(title: reader.text("title"), description: reader.text("description"))
        spec.mode = reader.enumeration("mode", PolicySpec.Mode.self) ?? .observe
        _ = reader.nested("selector") { reader in
            spec.matchLabels = reader.textMap("matchLabels")
            spec.matchExpressions = reader.list("matchExpressions", requirement) ?? []
        }
        spec.rulesets = bindings(&reader)
        _ = reader.nested("stages") { reader in
            spec.submit = reader.nested("submit", actions) ?? PolicySpec.Actions()
            spec.publish = reader.nested("publish", actions) ?? PolicySpec.Actions()
        }
        _ = reader.nested("breakingChanges") { reader in
            let action = required(&reader, "action") { $0.enumeration("action", PolicySpec.BreakingAction.self) }
            spec.breakingAction = action ?? .allow
            spec.breakingApprovers = reader.texts("approvers") ?? []
        }
        return spec
    }

    /// `[spectral:oas, {name: house, revision: 3}]`.
    private static func bindings(_ reader: inout FieldReader) -> [PolicySpec.Binding] {
        guard let list = reader.value("rulesets") else { return [] }
        guard list.isSequence else {
            reader.invalid(list, "`\(reader.name).rulesets` is no list, expected names of rulesets")
            return []
        }
        var bindings: [PolicySpec.Binding] = []
        for (index, element) in list.elements.enumerated() {
            if let name = element.string {
                bindings.append(PolicySpec.Binding(name: name))
                continue
            }
            var nested = FieldReader(element, name: "\(reader.name).rulesets[\(index)]")
            let name = required(&nested, "name") { $0.text("name") }
            let revision = nested.integer("revision", in: 1...Int(Int32.max))
            for finding in nested.finish() { reader.note(finding) }
            if let name { bindings.append(PolicySpec.Binding(name: name, revision: revision)) }
        }
        return bindings
    }

    private static func requirement(_ reader: inout FieldReader) -> PolicySpec.Requirement? {
        let key = required(&reader, "key") { $0.text("key") }
        let comparison = required(&reader, "operator") { $0.enumeration("operator", PolicySpec.Comparison.self) }
        let values = reader.texts("values") ?? []
        guard let key, let comparison else { return nil }
        return PolicySpec.Requirement(key: key, comparison: comparison, values: values)
    }

    private static func actions(_ reader: inout FieldReader) -> PolicySpec.Actions {
        PolicySpec.Actions(
            error: reader.enumeration("error", PolicySpec.Action.self),
            warn: reader.enumeration("warn", PolicySpec.Action.self),
            info: reader.enumeration("info", PolicySpec.Action.self),
            hint: reader.enumeration("hint", PolicySpec.Action.self)
        )
    }
}
