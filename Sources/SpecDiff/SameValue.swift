import DocumentTree

/// Compares content of two documents: numbers by value, mappings whatever the order of their keys.
enum SameValue {
    /// Whether two nodes mean the same JSON value; O(size of the smaller).
    static func areSame(_ left: NodeID, _ leftDocument: Document, _ right: NodeID, _ rightDocument: Document) -> Bool {
        switch (leftDocument.kind(left), rightDocument.kind(right)) {
        case (.null, .null): return true
        case (.boolean, .boolean): return leftDocument.boolean(left) == rightDocument.boolean(right)
        case (.string, .string):
            return leftDocument.withUTF8(left) { left in
                rightDocument.withUTF8(right) { $0.elementsEqual(left) }
            }
        case (.integer, .integer), (.integer, .number), (.number, .integer), (.number, .number):
            if leftDocument.textBytes(left) == rightDocument.textBytes(right) { return true }
            return leftDocument.node(left).hasSameValue(as: rightDocument.node(right))
        case (.sequence, .sequence):
            guard leftDocument.childCount(left) == rightDocument.childCount(right) else { return false }
            return zip(leftDocument.children(left), rightDocument.children(right)).allSatisfy {
                areSame($0, leftDocument, $1, rightDocument)
            }
        case (.mapping, .mapping):
            guard leftDocument.childCount(left) == rightDocument.childCount(right) else { return false }
            return leftDocument.children(left).allSatisfy { child in
                guard let key = leftDocument.key(child), let other = rightDocument.child(right, key: key) else {
                    return false
                }
                return areSame(child, leftDocument, other, rightDocument)
            }
        default: return false
        }
    }
}
