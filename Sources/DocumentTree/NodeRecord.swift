/// What a node is.
public enum NodeKind: UInt8, Sendable {
    /// Keys with values, in the order of the text.
    case mapping
    /// Values in order.
    case sequence
    /// Text.
    case string
    /// A number written without fraction and exponent.
    case integer
    /// Any other number.
    case number
    /// `true` or `false`.
    case boolean
    /// `null`, `~` or nothing at all.
    case null

    /// Whether a node of this kind has children rather than text.
    public var isContainer: Bool { self == .mapping || self == .sequence }
}

/// A node's place in its document's flat arrays; of use only together with that document.
public struct NodeID: Hashable, Sendable {
    /// The index.
    public let rawValue: Int32

    /// Names the node at an index that came out of a document.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    var index: Int { Int(rawValue) }
}

/// A key's place in its document's table of distinct keys: comparing two is comparing integers.
public struct KeyID: Hashable, Sendable {
    /// The index.
    public let rawValue: Int32

    init(rawValue: Int32) {
        self.rawValue = rawValue
    }
}

/// One node as stored: 60 bytes, no reference, so that a tree is a few large allocations.
///
/// INVARIANT: a node's descendants have the indices `own index + 1 ..< subtreeEnd`. The converse does not hold: entries
/// that lost to a merge or a duplicate stay in the array, unlinked.
struct NodeRecord: Sendable {
    /// -1 at the root.
    var parent: Int32 = -1
    /// -1 where there is none.
    var firstChild: Int32 = -1
    /// -1 at the last child.
    var nextSibling: Int32 = -1
    var childCount: Int32 = 0
    /// Where the children begin in the document's list of children; scalars: unused.
    var childrenStart: Int32 = 0
    /// Position among the siblings.
    var indexInParent: Int32 = 0
    /// Index into the table of keys; -1 in a sequence and at the root.
    var key: Int32 = -1
    var keyStart: Int32 = 0
    var keyEnd: Int32 = 0
    /// Bytes of the value in the source.
    var start: Int32 = 0
    var end: Int32 = 0
    /// Scalars: offset of the text in the source, or `~offset` in the side arena for decoded text.
    var textStart: Int32 = 0
    var textLength: Int32 = 0
    /// One past the index of the last descendant.
    var subtreeEnd: Int32 = 0
    /// Levels of containers below and including this one; 0 for a scalar.
    var height: UInt16 = 0
    var kind: NodeKind = .null
    /// Written with brackets or braces (JSON, YAML flow): the range ends where the bracket does.
    var isFlow = false
}
