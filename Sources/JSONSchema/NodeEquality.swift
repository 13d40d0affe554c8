internal import DocumentTree

/// Equality of instances as JSON Schema defines it: numbers by value, objects without order (2020-12 core §4.2.2).
enum NodeEquality {
    /// Whether two nodes, perhaps of different documents, are the same JSON value.
    static func areEqual(_ left: Document, _ a: NodeID, _ right: Document, _ b: NodeID) -> Bool {
        if left === right, a == b { return true }
        let kind = left.kind(a)
        let other = right.kind(b)
        switch kind {
        case .integer, .number:
            guard other == .integer || other == .number else { return false }
            return DecimalNumber(left, a).isEqual(to: DecimalNumber(right, b))
        case .null: return other == .null
        case .boolean: return other == .boolean && left.boolean(a) == right.boolean(b)
        case .string:
            // Bytes, not characters: JSON strings that differ in normalization differ.
            return other == .string && left.textBytes(a) == right.textBytes(b)
        case .sequence:
            guard other == .sequence, left.childCount(a) == right.childCount(b) else { return false }
            return zip(left.children(a), right.children(b)).allSatisfy { areEqual(left, $0, right, $1) }
        case .mapping:
            guard other == .mapping, left.childCount(a) == right.childCount(b) else { return false }
            return left.children(a).allSatisfy { child in
                guard let key = left.key(child), let match = right.child(b, key: key) else { return false }
                return areEqual(left, child, right, match)
            }
        }
    }

    /// A number that is the same for equal nodes.
    static func hash(_ document: Document, _ node: NodeID) -> Int {
        var hasher = Hasher()
        switch document.kind(node) {
        case .integer, .number:
            hasher.combine(1)
            // Equal numbers have the same nearest double; `+ 0.0` makes one of the two zeros.
            hasher.combine((document.number(node) ?? 0) + 0.0)
        case .null: hasher.combine(2)
        case .boolean:
            hasher.combine(3)
            hasher.combine(document.boolean(node))
        case .string:
            hasher.combine(4)
            hasher.combine(document.textBytes(node))
        case .sequence:
            hasher.combine(5)
            for child in document.children(node) { hasher.combine(hash(document, child)) }
        case .mapping:
            var sum = 0
            for child in document.children(node) {
                var entry = Hasher()
                entry.combine(document.key(child))
                entry.combine(hash(document, child))
                sum &+= entry.finalize()
            }
            hasher.combine(6)
            hasher.combine(sum)
        }
        return hasher.finalize()
    }

    /// The indices of the first two equal items, the later first.
    static func firstDuplicate(_ document: Document, _ array: NodeID) -> (Int, Int)? {
        var seen: [Int: [(index: Int, node: NodeID)]] = [:]
        for (index, node) in document.children(array).enumerated() {
            let hash = hash(document, node)
            if let earlier = seen[hash]?.first(where: { areEqual(document, $0.node, document, node) }) {
                return (index, earlier.index)
            }
            seen[hash, default: []].append((index, node))
        }
        return nil
    }
}
