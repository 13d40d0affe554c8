internal import DocumentTree

/// `xor`: exactly one of some properties is there. `or`: at least one is.
struct Xor: RuleFunction {
    private let properties: [String]
    private let name: String

    init(_ options: FunctionOptions) throws(OptionsRejected) {
        name = options.function
        let examples =
            "{ \"properties\": [\"id\", \"name\"] }, { \"properties\": [\"country\", \"street\"] }"
        guard let node = try options.mapping(keys: ["properties"], examples: examples), let list = node["properties"]
        else { throw options.invalid(examples) }
        let names = list.elements.map(\.string)
        guard list.isSequence, names.count >= 2, !names.contains(nil) else {
            throw OptionsRejected(
                "\"\(name)\" and its \"properties\" option require at least 2-item tuples, i.e. [\"id\", \"name\"]",
                at: ["properties"]
            )
        }
        properties = names.compactMap { $0 }
    }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        guard case .node(let node)? = target.value, context.document.kind(node) == .mapping else { return [] }
        let count = properties.count { context.document.child(node, key: $0) != nil }
        let quoted = properties.map(LintText.quoted)
        if name == "or" {
            guard count == 0 else { return [] }
            return [Complaint("at least one of \(quoted.joined(separator: ", ")) must be defined")]
        }
        guard count != 1 else { return [] }
        let list = quoted.dropLast().joined(separator: ", ") + " and " + (quoted.last ?? "")
        return [Complaint("\(list) must not be both defined or both undefined")]
    }
}
