internal import DocumentTree

/// `length`: characters of a text, items of a list, keys of an object, or the number itself lie within bounds.
struct Length: RuleFunction {
    private let min: Double?
    private let max: Double?
    private let minText: String
    private let maxText: String

    init(_ options: FunctionOptions) throws(OptionsRejected) {
        let examples = "{ \"min\": 2 }, { \"max\": 5 }, { \"min\": 0, \"max\": 10 }"
        guard let node = try options.mapping(keys: ["min", "max"], examples: examples) else {
            throw options.invalid(examples)
        }
        var rejected = OptionsRejected(problems: [])
        for option in ["min", "max"] where node[option] != nil && node[option]?.number == nil {
            rejected.problems.append(options.wrongType(option, expected: "number"))
        }
        guard rejected.problems.isEmpty else { throw rejected }
        min = node["min"]?.number
        max = node["max"]?.number
        minText = node["min"]?.scalarText ?? ""
        maxText = node["max"]?.scalarText ?? ""
    }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        guard let length = length(of: target.value, context.document) else { return [] }
        var complaints: [Complaint] = []
        if let min, length < min { complaints.append(Complaint(.property, "must be longer than \(minText)")) }
        if let max, length > max { complaints.append(Complaint(.property, "must be shorter than \(maxText)")) }
        return complaints
    }

    private func length(of value: TargetValue?, _ document: Document) -> Double? {
        switch value {
        case nil: nil
        case .key(let key): Double(key.utf16.count)
        case .node(let node):
            switch document.kind(node) {
            case .mapping, .sequence: Double(document.childCount(node))
            case .string: document.string(node).map { Double($0.utf16.count) }
            case .integer, .number: document.number(node)
            case .boolean, .null: nil
            }
        }
    }
}
