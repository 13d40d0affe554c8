/// A node of a document: a cheap handle that knows its place.
///
/// Two handles are equal where they name the same node of the same document; ``hasSameValue(as:)`` compares content.
public struct Node: Hashable, Sendable {
    /// The document the node belongs to.
    public let document: Document
    /// The node's place in that document's arrays.
    public let id: NodeID

    /// Makes a handle of a document and an id that came out of it.
    public init(document: Document, id: NodeID) {
        self.document = document
        self.id = id
    }

    public static func == (left: Node, right: Node) -> Bool {
        left.id == right.id && left.document === right.document
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(id)
        hasher.combine(ObjectIdentifier(document))
    }

    /// What the node is.
    public var kind: NodeKind { document.kind(id) }
    /// Whether it is a mapping.
    public var isMapping: Bool { kind == .mapping }
    /// Whether it is a sequence.
    public var isSequence: Bool { kind == .sequence }
    /// Whether it is null.
    public var isNull: Bool { kind == .null }
    /// The text of a string.
    public var string: String? { document.string(id) }
    /// The value of an integer that fits `Int`.
    public var integer: Int? { document.integer(id) }
    /// The value of an integer or a number.
    public var number: Double? { document.number(id) }
    /// The value of a boolean.
    public var boolean: Bool? { document.boolean(id) }
    /// The text of any scalar as written; nil for containers.
    public var scalarText: String? { document.scalarText(id) }

    /// How many children.
    public var count: Int { document.childCount(id) }
    /// The value under a key of a mapping; nil for another kind.
    public subscript(_ key: String) -> Node? { document.child(id, key: key).map(document.node) }
    /// The element at a place of a sequence; nil outside and for another kind.
    public subscript(_ index: Int) -> Node? {
        kind == .sequence ? document.child(id, at: index).map(document.node) : nil
    }
    /// The entries of a mapping in the order of the text; none for another kind.
    public var entries: NodeEntries { NodeEntries(parent: self) }
    /// The elements of a sequence; none for another kind.
    public var elements: NodeElements { NodeElements(parent: self) }
    /// The keys of a mapping in the order of the text.
    public var keys: [String] { entries.map(\.key) }

    /// The key under which the node stands; nil in a sequence and at the root.
    public var key: String? { document.key(id) }
    /// The node above; nil at the root.
    public var parent: Node? { document.parent(id).map(document.node) }
    /// The place in the text, see ``Document/range(_:)``.
    public var range: SourceRange { document.range(id) }
    /// The place of the key.
    public var keyRange: SourceRange? { document.keyRange(id) }
    /// The pointer from the root.
    public var pointer: JSONPointer { document.pointer(id) }
    /// The steps from the root.
    public var path: [PathSegment] { document.path(id) }
}

/// The entries of a mapping.
public struct NodeEntries: Sequence, Sendable {
    let parent: Node

    /// The walk over the entries.
    public func makeIterator() -> Iterator {
        Iterator(document: parent.document, upcoming: parent.isMapping ? parent.document.firstChild(parent.id) : nil)
    }

    /// How many entries.
    public var underestimatedCount: Int { parent.isMapping ? parent.count : 0 }

    /// The walk's state.
    public struct Iterator: IteratorProtocol {
        let document: Document
        var upcoming: NodeID?

        public mutating func next() -> (key: String, value: Node)? {
            guard let current = upcoming else { return nil }
            upcoming = document.nextSibling(current)
            return (document.key(current) ?? "", document.node(current))
        }
    }
}

/// The elements of a sequence.
public struct NodeElements: Sequence, Sendable {
    let parent: Node

    /// The walk over the elements.
    public func makeIterator() -> Iterator {
        Iterator(document: parent.document, upcoming: parent.isSequence ? parent.document.firstChild(parent.id) : nil)
    }

    /// How many elements.
    public var underestimatedCount: Int { parent.isSequence ? parent.count : 0 }

    /// The walk's state.
    public struct Iterator: IteratorProtocol {
        let document: Document
        var upcoming: NodeID?

        public mutating func next() -> Node? {
            guard let current = upcoming else { return nil }
            upcoming = document.nextSibling(current)
            return document.node(current)
        }
    }
}
