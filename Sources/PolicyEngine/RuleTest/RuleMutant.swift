internal import DocumentTree

/// A rule with one part taken away or weakened. A fixture that gives the same answer for it as for the rule does not test
/// that part.
struct RuleMutant {
    /// What was done, in words.
    let label: String
    let rule: Rule

    /// Weaker forms of one rule beyond which nothing is learned.
    static let countMax = 500

    /// One mutant for each expression of `given` (aliases written out), each entry of `then`, and each part of an option.
    static func all(of rule: Rule) -> [RuleMutant] {
        var mutants: [RuleMutant] = []
        for (position, given) in rule.given.enumerated() {
            // What an alias says for formats that the rule is not for is never looked at.
            if let formats = given.formats, let own = rule.formats, formats.isDisjoint(with: own) { continue }
            var mutated = rule
            mutated.given.remove(at: position)
            let formats = given.formats.map { " for " + $0.map(\.rawValue).sorted().joined(separator: ", ") } ?? ""
            mutants.append(RuleMutant(label: "without given `\(given.path.text)`\(formats)", rule: mutated))
        }
        for (position, action) in rule.then.enumerated() {
            let name = ["then[\(position)]", action.fieldText, action.functionName].compactMap { $0 }
            let label = name.joined(separator: " ")
            var mutated = rule
            mutated.then.remove(at: position)
            mutants.append(RuleMutant(label: "without \(label)", rule: mutated))
            guard let options = action.options else { continue }
            for variant in OptionVariant.all(of: options) {
                guard let function = function(action.functionName, variant.options) else { continue }
                mutated = rule
                mutated.then[position] = RuleAction(
                    field: action.field,
                    functionName: action.functionName,
                    function: function,
                    fieldText: action.fieldText,
                    options: variant.options
                )
                mutants.append(RuleMutant(label: "\(label): \(variant.label)", rule: mutated))
            }
        }
        return Array(mutants.prefix(countMax))
    }

    /// The function with other options; nil where it refuses them, which is no weaker form but none.
    private static func function(_ name: String, _ options: JSONValue) -> (any RuleFunction)? {
        guard let document = try? Document.read(options.text(), name: "options.json") else { return nil }
        let given = FunctionOptions(function: name, node: document.root.count == 0 ? nil : document.root)
        return try? FunctionTable.make(name, given)
    }
}
