/// Comparing content instead of identity.
extension Node {
    /// Whether two nodes mean the same JSON value: numbers by value, mappings whatever the order of their keys.
    ///
    /// Works across documents. Text is compared by its bytes. O(size of the smaller).
    public func hasSameValue(as other: Node) -> Bool {
        switch (kind, other.kind) {
        case (.null, .null):
            true
        case (.boolean, .boolean):
            boolean == other.boolean
        case (.string, .string):
            document.textBytes(id) == other.document.textBytes(other.id)
        case (.integer, .integer), (.integer, .number), (.number, .integer), (.number, .number):
            hasSameNumber(as: other)
        case (.sequence, .sequence):
            count == other.count && zip(elements, other.elements).allSatisfy { $0.hasSameValue(as: $1) }
        case (.mapping, .mapping):
            count == other.count
                && entries.allSatisfy { key, value in other[key].map(value.hasSameValue(as:)) ?? false }
        default:
            false
        }
    }

    private func hasSameNumber(as other: Node) -> Bool {
        if let left = integer, let right = other.integer { return left == right }
        // Integers beyond `Int` would collapse as doubles: equal digits, or not equal.
        if kind == .integer, other.kind == .integer { return scalarText == other.scalarText }
        guard let left = number, let right = other.number else { return false }
        return left == right
    }
}
