/// Puts nodes into the flat arrays as a reader meets them, and holds the limits.
///
/// Both readers drive it: ``open(_:isFlow:start:)``, ``key(_:start:end:)``, ``scalar(_:)``, ``close(end:)``. At the
/// end of a mapping it applies merge keys and finds keys that stand twice, see `TreeBuilder+mappings.swift`.
struct TreeBuilder {
    /// An open container.
    struct Frame {
        var node: Int32
        var lastChild: Int32 = -1
        /// The key that waits for its value; -1 for none.
        var key: Int32 = -1
        var keyStart: Int32 = 0
        var keyEnd: Int32 = 0
        /// Where the last thing inside ends.
        var contentEnd: Int32
        /// The key that waits is a merge key.
        var isMerge = false
        /// Children that stand for the entries of others, in their order.
        var merges: [Int32] = []
    }

    let source: SourceText
    let limits: Limits
    var records: [NodeRecord] = []
    var keys = KeyTable()
    var arena: [UInt8] = []
    var findings: [ReaderFinding] = []
    var frames: [Frame] = []
    /// Scratch of the search for duplicates, by key: the mapping in which it was last seen, and there under which node.
    var seenIn: [Int32] = []
    var seenAs: [Int32] = []
    private var aliases = 0
    private var aliasNodes = 0

    init(source: SourceText, limits: Limits) {
        self.source = source
        self.limits = limits
        // One node for about thirty bytes is what real specifications have.
        records.reserveCapacity(min(source.bytes.count / 24 + 16, limits.nodesMax))
    }

    /// Whether the next scalar is a key.
    var expectsKey: Bool {
        guard let frame = frames.last else { return false }
        return frame.key < 0 && records[Int(frame.node)].kind == .mapping
    }

    /// Whether the tree is complete.
    var isComplete: Bool { frames.isEmpty && !records.isEmpty }

    /// Begins a mapping or a sequence and returns its index.
    @discardableResult
    mutating func open(_ kind: NodeKind, isFlow: Bool, start: Int) throws(UnreadableDocument) -> Int32 {
        guard frames.count < limits.depthMax else {
            throw tooMuch("nested more than \(limits.depthMax) levels deep", at: start)
        }
        var record = NodeRecord()
        record.kind = kind
        record.isFlow = isFlow
        record.start = Int32(start)
        record.end = Int32(start)
        record.height = 1
        let index = try append(record)
        frames.append(Frame(node: index, contentEnd: Int32(start)))
        return index
    }

    /// Names the value that comes next.
    mutating func key(_ text: UnsafeBufferPointer<UInt8>, start: Int, end: Int, isMerge: Bool = false) {
        let number = keys.intern(text)
        let last = frames.count - 1
        frames[last].key = number
        frames[last].keyStart = Int32(start)
        frames[last].keyEnd = Int32(end)
        frames[last].isMerge = isMerge
        frames[last].contentEnd = Int32(end)
    }

    /// Adds a scalar, with kind, text and place filled in, and returns its index.
    @discardableResult
    mutating func scalar(_ record: NodeRecord) throws(UnreadableDocument) -> Int32 {
        let index = try append(record)
        noteEnd(record.end)
        return index
    }

    /// Ends the innermost container; `end` counts for bracketed ones, a block ends with its content.
    mutating func close(end: Int) throws(UnreadableDocument) {
        let frame = frames.removeLast()
        let node = Int(frame.node)
        records[node].end = records[node].isFlow ? Int32(end) : frame.contentEnd
        records[node].subtreeEnd = Int32(records.count)
        if records[node].kind == .mapping { settle(frame) }
        let (height, ownEnd) = (records[node].height, records[node].end)
        if let above = frames.last {
            let parent = Int(above.node)
            records[parent].height = max(records[parent].height, height + 1)
        }
        noteEnd(ownEnd)
    }

    /// Adds a copy of a complete subtree in the place of an alias and returns its index.
    ///
    /// The copy's root has the alias' place in the text, what lies below the place of the original.
    @discardableResult
    mutating func alias(of original: Int32, start: Int, end: Int) throws(UnreadableDocument) -> Int32 {
        let first = Int(original)
        let last = Int(records[first].subtreeEnd)
        aliases += 1
        aliasNodes += last - first
        guard aliases <= limits.aliasesMax else { throw tooMuch("more than \(limits.aliasesMax) aliases", at: start) }
        guard aliasNodes <= limits.aliasNodesMax, records.count + last - first <= limits.nodesMax else {
            throw tooMuch("aliases add more than \(limits.aliasNodesMax) nodes", at: start)
        }
        guard frames.count + Int(records[first].height) <= limits.depthMax else {
            throw tooMuch("nested more than \(limits.depthMax) levels deep", at: start)
        }
        var root = records[first]
        root.start = Int32(start)
        root.end = Int32(end)
        root.isFlow = true
        let index = try append(root)
        let shift = index - original
        if root.firstChild >= 0 { records[Int(index)].firstChild = root.firstChild + shift }
        for position in first + 1..<max(last, first + 1) {
            var record = records[position]
            record.parent += shift
            record.subtreeEnd += shift
            if record.firstChild >= 0 { record.firstChild += shift }
            if record.nextSibling >= 0 { record.nextSibling += shift }
            records.append(record)
        }
        records[Int(index)].childCount = root.childCount
        records[Int(index)].subtreeEnd = Int32(records.count)
        if let above = frames.last, root.height > 0 {
            let parent = Int(above.node)
            records[parent].height = max(records[parent].height, root.height + 1)
        }
        noteEnd(Int32(end))
        return index
    }

    /// Puts decoded text into the side arena and returns what a record says about it.
    mutating func store(_ text: UnsafeBufferPointer<UInt8>) -> (start: Int32, length: Int32) {
        let start = Int32(arena.count)
        arena.append(contentsOf: text)
        return (~start, Int32(text.count))
    }

    /// A scalar's text, wherever it is stored.
    func text(of record: NodeRecord) -> [UInt8] {
        let length = Int(record.textLength)
        if record.textStart >= 0 { return Array(source.bytes[Int(record.textStart)..<Int(record.textStart) + length]) }
        return Array(arena[Int(~record.textStart)..<Int(~record.textStart) + length])
    }

    /// Notes something about a node, or about a stretch of the text where the node is -1.
    mutating func note(
        _ kind: ReaderFinding.Kind = .other,
        _ severity: Severity,
        _ message: String,
        help: String? = nil,
        node: Int32,
        from start: Int,
        to end: Int
    ) {
        guard findings.count < limits.findingsMax else { return }
        let finding = Finding(
            code: ReaderCode.parser,
            severity: severity,
            message: message,
            help: help,
            source: source.name,
            range: source.range(fromByte: start, toByte: end)
        )
        findings.append(ReaderFinding(kind: kind, finding: finding, node: node))
    }

    /// The node that a finding about the next value should name: the innermost open container.
    var currentContainer: Int32 { frames.last?.node ?? -1 }

    /// The finished document; the builder is used up.
    consuming func finish(syntax: Syntax, indexInStream: Int) -> Document {
        var children: [Int32] = []
        children.reserveCapacity(records.count)
        for index in records.indices where records[index].kind.isContainer {
            records[index].childrenStart = Int32(children.count)
            var child = records[index].firstChild
            while child >= 0 {
                children.append(child)
                child = records[Int(child)].nextSibling
            }
        }
        let slots = LargeMappings.slots(for: records)
        for index in findings.indices where findings[index].node >= 0 {
            findings[index].finding.path = treePath(to: findings[index].node, records, keys)
        }
        findings.sort { Finding.precedes($0.finding, $1.finding) }
        return Document(
            DocumentParts(
                source: source,
                syntax: syntax,
                indexInStream: indexInStream,
                records: records,
                keys: keys,
                arena: arena,
                children: children,
                largeMappingSlots: slots,
                findings: findings
            )
        )
    }

    func tooMuch(_ message: String, at start: Int) -> UnreadableDocument {
        UnreadableDocument(ReaderCode.limit, message, in: source, from: start, to: start)
    }

    private mutating func noteEnd(_ end: Int32) {
        guard !frames.isEmpty else { return }
        frames[frames.count - 1].contentEnd = max(frames[frames.count - 1].contentEnd, end)
    }

    /// Adds a record under the innermost container, consuming the key that waits.
    private mutating func append(_ record: NodeRecord) throws(UnreadableDocument) -> Int32 {
        guard records.count < limits.nodesMax else {
            throw tooMuch("more than \(limits.nodesMax) nodes", at: Int(record.start))
        }
        let index = Int32(records.count)
        var record = record
        record.subtreeEnd = index + 1
        record.nextSibling = -1
        record.parent = -1
        record.key = -1
        if record.kind.isContainer { record.childCount = 0 }
        guard !frames.isEmpty else {
            records.append(record)
            return index
        }
        let last = frames.count - 1
        let parent = Int(frames[last].node)
        record.parent = frames[last].node
        record.indexInParent = records[parent].childCount
        record.key = frames[last].key
        record.keyStart = frames[last].keyStart
        record.keyEnd = frames[last].keyEnd
        records[parent].childCount += 1
        if frames[last].lastChild >= 0 {
            records[Int(frames[last].lastChild)].nextSibling = index
        } else {
            records[parent].firstChild = index
        }
        if frames[last].isMerge { frames[last].merges.append(index) }
        frames[last].isMerge = false
        frames[last].lastChild = index
        frames[last].key = -1
        records.append(record)
        return index
    }
}

/// The steps from the root to a node; O(depth).
func treePath(to node: Int32, _ records: [NodeRecord], _ keys: KeyTable) -> [PathSegment] {
    var path: [PathSegment] = []
    var index = node
    while records[Int(index)].parent >= 0 {
        let record = records[Int(index)]
        path.append(record.key >= 0 ? .key(keys.texts[Int(record.key)]) : .index(Int(record.indexInParent)))
        index = record.parent
    }
    path.reverse()
    return path
}
