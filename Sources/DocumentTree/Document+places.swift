/// Where nodes stand: in the text and in the tree.
extension Document {
    /// The node's place as findings show it.
    ///
    /// Scalars and bracketed collections have their exact range. A collection under a key begins right after the
    /// key's colon, the root at the start of the text, and a block collection or block scalar ends with its last
    /// character that is not blank: the ranges that Spectral reports, so that reports of both can be compared.
    public func range(_ id: NodeID) -> SourceRange {
        let record = records[id.index]
        var start = Int(record.start)
        if record.kind.isContainer {
            if record.parent < 0 {
                start = rootStart(id) ?? start
            } else if record.key >= 0, record.keyEnd < record.start {
                start = Int(record.keyEnd) + 1
            }
        }
        return place(id, fromByte: start, toByte: Int(record.end))
    }

    /// The exact bytes of the value in ``SourceText/bytes``, quotes and brackets included.
    public func byteRange(_ id: NodeID) -> Range<Int> {
        let record = records[id.index]
        return Int(record.start)..<Swift.max(Int(record.start), Int(record.end))
    }

    /// The place of the key under which the node stands, quotes included; nil in a sequence and at the root.
    public func keyRange(_ id: NodeID) -> SourceRange? {
        let record = records[id.index]
        guard record.key >= 0 else { return nil }
        return place(id, fromByte: Int(record.keyStart), toByte: Int(record.keyEnd))
    }

    /// The line on which the node's key, or else its value, stands, from zero.
    public func line(_ id: NodeID) -> Int {
        let record = records[id.index]
        return source.position(atByte: Int(record.key >= 0 ? record.keyStart : record.start)).line - firstLine(id)
    }

    /// The steps from the root to the node; O(depth).
    public func path(_ id: NodeID) -> [PathSegment] { treePath(to: id.rawValue, records, keys) }

    /// The pointer from the root to the node; O(depth).
    public func pointer(_ id: NodeID) -> JSONPointer { JSONPointer(path(id)) }

    /// The node a pointer names; nil where there is none.
    ///
    /// An index into a sequence is decimal without leading zeros (RFC 6901 section 4); `-` names nothing.
    public func resolve(_ pointer: JSONPointer) -> Node? { resolve(pointer, from: rootID) }

    /// The node a pointer names below another.
    func resolve(_ pointer: JSONPointer, from start: NodeID) -> Node? {
        var id = start
        for token in pointer.tokens {
            guard let next = step(id, token) else { return nil }
            id = next
        }
        return node(id)
    }

    /// The deepest node on a pointer's way that exists: where to show an error about something that is missing.
    public func nearest(_ pointer: JSONPointer) -> Node {
        var id = rootID
        for token in pointer.tokens {
            guard let next = step(id, token) else { break }
            id = next
        }
        return node(id)
    }

    /// The node a path names; nil where there is none.
    public func resolve(_ path: [PathSegment]) -> Node? {
        var id = rootID
        for segment in path {
            let next =
                switch segment {
                case .key(let key): child(id, key: key)
                case .index(let index): kind(id) == .sequence ? child(id, at: index) : nil
                }
            guard let next else { return nil }
            id = next
        }
        return node(id)
    }

    /// All nodes that hang together with one, itself first, parents before children, in the order of the text.
    public func subtree(of id: NodeID) -> Subtree { Subtree(document: self, root: id) }

    private func step(_ id: NodeID, _ token: String) -> NodeID? {
        switch kind(id) {
        case .mapping: child(id, key: token)
        case .sequence: Self.arrayIndex(token).flatMap { child(id, at: $0) }
        default: nil
        }
    }

    /// RFC 6901 section 4: `0`, or digits that do not start with `0`; an index beyond `Int` names nothing.
    private static func arrayIndex(_ token: String) -> Int? {
        let digits = token.utf8
        guard let first = digits.first, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        if first == 0x30, digits.count > 1 { return nil }
        return Int(token)
    }
}

/// A walk over a node and everything below it, without recursion.
public struct Subtree: Sequence, Sendable {
    let document: Document
    let root: NodeID

    /// The walk.
    public func makeIterator() -> Iterator {
        Iterator(document: document, root: root.rawValue, upcoming: root.rawValue)
    }

    /// The walk's state: the node that comes next.
    public struct Iterator: IteratorProtocol {
        let document: Document
        let root: Int32
        var upcoming: Int32

        public mutating func next() -> NodeID? {
            guard upcoming >= 0 else { return nil }
            let current = upcoming
            let record = document.records[Int(current)]
            if record.firstChild >= 0 {
                upcoming = record.firstChild
            } else {
                upcoming = following(current)
            }
            return NodeID(rawValue: current)
        }

        private func following(_ index: Int32) -> Int32 {
            var index = index
            while index != root {
                let record = document.records[Int(index)]
                if record.nextSibling >= 0 { return record.nextSibling }
                index = record.parent
            }
            return -1
        }
    }
}
