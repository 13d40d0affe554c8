/// How a document is written.
public enum Syntax: Hashable, Sendable {
    /// RFC 8259.
    case json
    /// YAML with the core schema of version 1.2.
    case yaml
}

/// A text as a tree: immutable flat arrays, every node with its exact place in the text.
///
/// Two ways lead in. ``Node`` is a handle for reading at leisure. Programs that visit every node (lint, schemas,
/// JSONPath) use ``NodeID`` and the functions below: each is an array access without reference counting.
///
/// Aliases are expanded and merge keys applied, so a tree is what JSON could have said. Where a key stands twice in one
/// mapping the later value counts and ``findings`` holds an error.
public final class Document: Sendable {
    /// The text that was read.
    public let source: SourceText
    /// How it is written.
    public let syntax: Syntax
    /// What the reader has to say about a document that it could read, in the order of the text: duplicate keys, keys
    /// that are not strings, foreign tags, characters that nothing can store.
    public let findings: [Finding]
    /// Those of ``findings`` that are about a key that stands twice (Spectral's `duplicateKeys`).
    public let duplicateKeyFindings: [Finding]
    /// Those of ``findings`` that are about values JSON cannot hold, as keys that are not strings (Spectral's
    /// `incompatibleValues`).
    public let incompatibleValueFindings: [Finding]
    /// Which document of its stream this is, from zero.
    public let indexInStream: Int

    let records: [NodeRecord]
    let keys: KeyTable
    /// Decoded text of scalars whose source differs from what it means.
    let arena: [UInt8]
    /// Children of all containers, one run each, see `NodeRecord.childrenStart`.
    let children: [Int32]
    /// Children of large mappings by (parent, key), open addressing, -1 = free.
    let largeMappingSlots: [Int32]
    /// The files of a document that was read with those it refers to, itself first; empty for one that stands alone.
    let fileTable: FileTable

    init(_ parts: DocumentParts) {
        source = parts.source
        syntax = parts.syntax
        indexInStream = parts.indexInStream
        records = parts.records
        keys = parts.keys
        arena = parts.arena
        children = parts.children
        largeMappingSlots = parts.largeMappingSlots
        fileTable = parts.fileTable
        findings = parts.findings.map(\.finding)
        duplicateKeyFindings = parts.findings.filter { $0.kind == .duplicateKey }.map(\.finding)
        incompatibleValueFindings = parts.findings.filter { $0.kind == .incompatibleValue }.map(\.finding)
    }

    // MARK: Reading

    /// Reads a text: JSON or YAML by the ending of its name, else by its first character.
    ///
    /// Of a YAML stream with several documents the first is read, and the rest only looked through for errors.
    ///
    /// - Parameters:
    ///   - bytes: the text; UTF-8, for YAML also UTF-16 with a byte order mark.
    ///   - name: how findings call the text; `.json`, `.yaml` and `.yml` decide the syntax.
    ///   - syntax: decides it over the name.
    ///   - limits: what the document may cost.
    /// - Returns: the tree, with ``findings`` about what could be read but should not be so.
    /// - Throws: ``UnreadableDocument`` with the place of the first thing that cannot be read.
    public static func read(
        _ bytes: [UInt8],
        name: String,
        syntax: Syntax? = nil,
        limits: Limits = .default
    ) throws(UnreadableDocument) -> Document {
        let documents = try readDocuments(bytes, name: name, syntax: syntax, limits: limits, keepsAll: false)
        guard let first = documents.first else { throw .empty(name: name) }
        return first
    }

    /// Reads a text, see ``read(_:name:syntax:limits:)-([UInt8],_,_,_)``.
    public static func read(
        _ text: String,
        name: String,
        syntax: Syntax? = nil,
        limits: Limits = .default
    ) throws(UnreadableDocument) -> Document {
        try read(Array(text.utf8), name: name, syntax: syntax, limits: limits)
    }

    /// Reads every document of a YAML stream (`---` between them); a JSON text is a stream of one. Empty documents
    /// are left out.
    ///
    /// All share one ``SourceText``, so positions are those of the whole stream.
    ///
    /// - Throws: ``UnreadableDocument`` as for a single document; a stream without any document is not an error.
    public static func readStream(
        _ bytes: [UInt8],
        name: String,
        syntax: Syntax? = nil,
        limits: Limits = .default
    ) throws(UnreadableDocument) -> [Document] {
        try readDocuments(bytes, name: name, syntax: syntax, limits: limits, keepsAll: true)
    }

    // MARK: Shape

    /// The node that holds all others.
    public var root: Node { Node(document: self, id: NodeID(rawValue: 0)) }
    /// The root's id.
    public var rootID: NodeID { NodeID(rawValue: 0) }
    /// How many nodes are stored; some may belong to no mapping any more (entries that lost to a merge).
    public var nodeCount: Int { records.count }

    /// A handle for a node.
    public func node(_ id: NodeID) -> Node { Node(document: self, id: id) }
    /// What the node is.
    public func kind(_ id: NodeID) -> NodeKind { records[id.index].kind }
    /// The node above; nil at the root.
    public func parent(_ id: NodeID) -> NodeID? { Self.link(records[id.index].parent) }
    /// How many children; 0 for a scalar.
    public func childCount(_ id: NodeID) -> Int { Int(records[id.index].childCount) }
    /// The first child.
    public func firstChild(_ id: NodeID) -> NodeID? { Self.link(records[id.index].firstChild) }
    /// The next child of the same parent.
    public func nextSibling(_ id: NodeID) -> NodeID? { Self.link(records[id.index].nextSibling) }
    /// The node's place among its siblings, from zero.
    public func indexInParent(_ id: NodeID) -> Int { Int(records[id.index].indexInParent) }

    /// The children in order.
    public func children(_ id: NodeID) -> ChildIDs {
        let record = records[id.index]
        let start = Int(record.childrenStart)
        return ChildIDs(ids: children[start..<start + Int(record.childCount)])
    }

    /// The child at a place, of sequences and mappings alike; nil outside; O(1).
    public func child(_ id: NodeID, at index: Int) -> NodeID? {
        let record = records[id.index]
        guard index >= 0, index < Int(record.childCount) else { return nil }
        return NodeID(rawValue: children[Int(record.childrenStart) + index])
    }

    /// The value under a key of a mapping; nil for another kind of node; O(1).
    public func child(_ id: NodeID, key: String) -> NodeID? {
        guard records[id.index].kind == .mapping, let number = keys.number(of: key) else { return nil }
        return child(id, keyNumber: number)
    }

    /// The value under a key of a mapping, for callers that looked the key up once.
    public func child(_ id: NodeID, key: KeyID) -> NodeID? {
        guard records[id.index].kind == .mapping else { return nil }
        return child(id, keyNumber: key.rawValue)
    }

    // MARK: Keys

    /// The number of a key; nil where no mapping of the document has it.
    public func keyID(_ key: String) -> KeyID? { keys.number(of: key).map(KeyID.init(rawValue:)) }
    /// The key under which the node stands in its mapping; nil in a sequence and at the root.
    public func key(_ id: NodeID) -> String? {
        let number = records[id.index].key
        return number < 0 ? nil : keys.texts[Int(number)]
    }
    /// The number of that key.
    public func keyID(of id: NodeID) -> KeyID? {
        let number = records[id.index].key
        return number < 0 ? nil : KeyID(rawValue: number)
    }
    /// The text of a key.
    public func text(of key: KeyID) -> String { keys.texts[Int(key.rawValue)] }

    private func child(_ id: NodeID, keyNumber: Int32) -> NodeID? {
        let record = records[id.index]
        if record.childCount > LargeMappings.threshold {
            return LargeMappings.find(parent: id.rawValue, key: keyNumber, in: largeMappingSlots, records)
        }
        var next = record.firstChild
        while next >= 0 {
            if records[Int(next)].key == keyNumber { return NodeID(rawValue: next) }
            next = records[Int(next)].nextSibling
        }
        return nil
    }

    private static func link(_ index: Int32) -> NodeID? { index < 0 ? nil : NodeID(rawValue: index) }
}

/// The ids of a node's children: a slice of the document's own array, nothing is copied.
public struct ChildIDs: RandomAccessCollection, Sendable {
    let ids: ArraySlice<Int32>

    public var startIndex: Int { 0 }
    public var endIndex: Int { ids.count }
    public subscript(position: Int) -> NodeID { NodeID(rawValue: ids[ids.startIndex + position]) }
}
