internal import DocumentTree

/// `enumeration`: a primitive value is one of a list.
struct Enumeration: RuleFunction {
    private let values: [Node]

    init(_ options: FunctionOptions) throws(OptionsRejected) {
        let examples =
            "{ \"values\": [\"Berlin\", \"London\", \"Paris\"] }, { \"values\": [2, 3, 5, 8, 13, 21] }"
        guard let node = try options.mapping(keys: ["values"], examples: examples), let list = node["values"] else {
            throw options.invalid(examples)
        }
        guard list.isSequence, list.elements.allSatisfy({ !$0.kind.isContainer }) else {
            throw OptionsRejected(
                "\"enumeration\" and its \"values\" option support only arrays of primitive values, "
                    + "i.e. [\"Berlin\", \"London\", \"Paris\"]",
                at: ["values"]
            )
        }
        values = Array(list.elements)
    }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        let isListed: Bool
        switch target.value {
        case nil: return []
        case .key(let key): isListed = values.contains { $0.string == key }
        case .node(let id):
            let node = context.node(id)
            guard !node.kind.isContainer else { return [] }
            isListed = values.contains { $0.hasSameValue(as: node) }
        }
        guard !isListed else { return [] }
        let list = values.map(LintText.value).joined(separator: ", ")
        return [Complaint(.value, "must be equal to one of the allowed values: \(list)")]
    }
}
