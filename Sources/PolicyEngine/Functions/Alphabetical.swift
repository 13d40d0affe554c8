internal import DocumentTree

/// `alphabetical`: the keys of an object or the items of a list are in order.
struct Alphabetical: RuleFunction {
    private let keyedBy: String?

    init(_ options: FunctionOptions) throws(OptionsRejected) {
        let examples = "null (no options), { \"keyedBy\": \"my-key\" }"
        let node = try options.mapping(keys: ["keyedBy"], examples: examples, isOptional: true)
        guard let value = node?["keyedBy"] else {
            keyedBy = nil
            return
        }
        guard let key = value.string else {
            throw OptionsRejected(problems: [options.wrongType("keyedBy", expected: "string")])
        }
        keyedBy = key
    }

    /// What is compared: as a number where both sides are one, as text otherwise.
    private struct Item {
        let text: String
        let number: Double?
        let shown: String
        let place: NodeID
    }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        guard case .node(let id)? = target.value, context.document.kind(id).isContainer else { return [] }
        var items: [Item] = []
        for (place, node) in context.children(id) {
            guard let item = item(context.document.kind(id), place, node, context) else {
                return [Complaint(.property, "must be one of the allowed types: number, string")]
            }
            items.append(item)
        }
        for (left, right) in zip(items, items.dropFirst()) where !isOrdered(left, right) {
            if keyedBy != nil { return [Complaint("properties must follow the alphabetical order")] }
            return [
                Complaint(
                    .none,
                    "\(left.shown) must be placed after \(right.shown)",
                    at: Place(node: left.place, followsReference: false)
                )
            ]
        }
        return []
    }

    private func item(_ kind: NodeKind, _ place: NodeID, _ node: NodeID, _ context: LintContext) -> Item? {
        let document = context.document
        if kind == .mapping {
            let key = document.key(place) ?? ""
            return Item(text: key, number: Double(key), shown: LintText.quoted(key), place: place)
        }
        var compared = node
        if let keyedBy {
            guard document.kind(node) == .mapping else { return nil }
            guard let child = context.child(node, keyedBy) else {
                return Item(text: "", number: nil, shown: "undefined", place: place)
            }
            compared = child
        }
        switch document.kind(compared) {
        case .string, .integer, .number:
            let text = document.scalarText(compared) ?? ""
            return Item(text: text, number: Double(text), shown: LintText.value(document.node(compared)), place: place)
        default:
            return nil
        }
    }

    private func isOrdered(_ left: Item, _ right: Item) -> Bool {
        if let first = left.number, let second = right.number { return first <= second }
        return Collation.precedesOrEquals(left.text, right.text)
    }
}

/// The order in which people expect words: punctuation, digits, letters; case decides only between words that are the same
/// otherwise. An approximation of the Unicode collation's root order that needs no tables.
enum Collation {
    static func precedesOrEquals(_ left: String, _ right: String) -> Bool {
        let first = left.lowercased().unicodeScalars.map(weight)
        let second = right.lowercased().unicodeScalars.map(weight)
        if first != second { return first.lexicographicallyPrecedes(second) }
        // Lower case first, as the collation has it: the reverse of the order of code points.
        return !left.unicodeScalars.lexicographicallyPrecedes(right.unicodeScalars)
    }

    private static func weight(_ scalar: Unicode.Scalar) -> UInt32 {
        let rank: UInt32 = scalar.properties.isAlphabetic ? 2 : scalar.properties.numericType != nil ? 1 : 0
        return rank << 24 | scalar.value
    }
}
