import CLibYAML

/// YAML to documents, through libyaml's events.
///
/// libyaml counts in characters; ``CharacterCursor`` turns its marks into byte offsets, so that positions are exact in
/// every alphabet.
struct YAMLReader {
    let source: SourceText
    let limits: Limits
    let keepsAll: Bool
    var parser: UnsafeMutablePointer<yaml_parser_t>
    var cursor: CharacterCursor
    var builder: TreeBuilder
    var anchors: [String: Anchor] = [:]
    private var documents: [Document] = []
    private var documentCount = 0
    private var eventCount = 0
    /// The document that is being read is looked through for errors only.
    private var isSkipping = false

    /// What an alias may stand for.
    enum Anchor {
        /// A node of the tree.
        case node(Int32)
        /// A scalar that was used as a key: it is in no tree.
        case key(NodeRecord)
    }

    init(source: SourceText, limits: Limits, keepsAll: Bool) {
        self.source = source
        self.limits = limits
        self.keepsAll = keepsAll
        parser = .allocate(capacity: 1)
        cursor = CharacterCursor(source)
        builder = TreeBuilder(source: source, limits: limits)
    }

    /// Reads the whole stream.
    ///
    /// - Throws: the first thing that is not YAML, goes over a limit, or names an anchor that is not there.
    consuming func read() throws(UnreadableDocument) -> [Document] {
        let parser = parser
        defer { parser.deallocate() }
        parser.initialize(to: yaml_parser_t())
        guard yaml_parser_initialize(parser) != 0 else {
            throw UnreadableDocument(ReaderCode.parser, "out of memory", in: source, from: 0, to: 0)
        }
        defer { yaml_parser_delete(parser) }
        // The text has been checked to be UTF-8; naming the encoding keeps libyaml from guessing.
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        let (bytes, start) = (source.bytes, source.textStart)
        let result = bytes.withUnsafeBufferPointer { buffer -> Result<[Document], UnreadableDocument> in
            let text = UnsafeBufferPointer(rebasing: buffer[start...])
            yaml_parser_set_input_string(parser, text.baseAddress, text.count)
            do throws(UnreadableDocument) {
                try readEvents(buffer)
                return .success(documents)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private mutating func readEvents(_ buffer: UnsafeBufferPointer<UInt8>) throws(UnreadableDocument) {
        var isDone = false
        while !isDone {
            var event = yaml_event_t()
            guard yaml_parser_parse(parser, &event) != 0 else { throw syntaxError() }
            defer { yaml_event_delete(&event) }
            eventCount += 1
            // A node is at most three events: its key, its beginning and its end. Documents that are skipped build
            // no nodes.
            guard eventCount <= limits.nodesMax * 3 + limits.documentsMax * 2 + 2 else {
                throw builder.tooMuch(
                    "more than \(limits.nodesMax) nodes",
                    at: cursor.offset(of: event.start_mark.index)
                )
            }
            isDone = try handle(&event, buffer)
        }
    }

    /// Handles one event; true at the end of the stream.
    private mutating func handle(
        _ event: inout yaml_event_t,
        _ buffer: UnsafeBufferPointer<UInt8>
    ) throws(UnreadableDocument) -> Bool {
        let start = cursor.offset(of: event.start_mark.index)
        let end = cursor.offset(of: event.end_mark.index)
        switch event.type {
        case YAML_STREAM_END_EVENT:
            return true
        case YAML_DOCUMENT_START_EVENT:
            try beginDocument(at: start)
        case YAML_DOCUMENT_END_EVENT:
            endDocument()
        case _ where isSkipping:
            break
        case YAML_SCALAR_EVENT:
            try scalar(event, start, end, buffer)
        case YAML_SEQUENCE_START_EVENT:
            let data = event.data.sequence_start
            try refuseAsKey(start, end)
            noteTag(data.tag, isFor: .sequence, start, end)
            let isFlow = data.style == YAML_FLOW_SEQUENCE_STYLE
            let node = try builder.open(
                .sequence,
                isFlow: isFlow,
                start: contentStart(start, data.tag, data.anchor, isFlow, buffer)
            )
            remember(data.anchor, .node(node))
        case YAML_MAPPING_START_EVENT:
            let data = event.data.mapping_start
            try refuseAsKey(start, end)
            noteTag(data.tag, isFor: .mapping, start, end)
            let isFlow = data.style == YAML_FLOW_MAPPING_STYLE
            let node = try builder.open(
                .mapping,
                isFlow: isFlow,
                start: contentStart(start, data.tag, data.anchor, isFlow, buffer)
            )
            remember(data.anchor, .node(node))
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
            try builder.close(end: end)
        case YAML_ALIAS_EVENT:
            try alias(event, start, end, buffer)
        default:
            break
        }
        return false
    }

    // MARK: Documents

    private mutating func beginDocument(at start: Int) throws(UnreadableDocument) {
        documentCount += 1
        guard documentCount <= limits.documentsMax else {
            throw builder.tooMuch("more than \(limits.documentsMax) documents in one stream", at: start)
        }
        anchors = [:]
        isSkipping = !keepsAll && !documents.isEmpty
        if !isSkipping { builder = TreeBuilder(source: source, limits: limits) }
    }

    private mutating func endDocument() {
        guard !isSkipping, builder.isComplete else { return }
        let root = builder.records[0]
        // `---` followed by nothing, or by comments alone, is a document in YAML's eyes only.
        if root.kind == .null, root.textLength == 0 { return }
        let index = documentCount - 1
        documents.append(builder.finish(syntax: .yaml, indexInStream: index))
        builder = TreeBuilder(source: source, limits: limits)
    }

    // MARK: Nodes

    private mutating func scalar(
        _ event: yaml_event_t,
        _ start: Int,
        _ end: Int,
        _ buffer: UnsafeBufferPointer<UInt8>
    ) throws(UnreadableDocument) {
        let data = event.data.scalar
        let text = UnsafeBufferPointer(start: UnsafePointer(data.value), count: data.length)
        let isPlain = data.style == YAML_PLAIN_SCALAR_STYLE
        let scalarStart = contentStart(start, data.tag, data.anchor, true, buffer)
        var record = NodeRecord()
        record.kind = kind(of: text, data.tag, isPlain: isPlain, start, end)
        record.start = Int32(scalarStart)
        record.end = Int32(isBlock(data.style) ? trimmed(scalarStart, end, buffer) : end)
        (record.textStart, record.textLength) = locate(text, scalarStart, end, data.style, buffer)
        if ByteScan.first(0, in: text) != nil {
            builder.note(
                .other,
                .error,
                "U+0000 in a text: databases and HTTP cannot carry it",
                node: builder.currentContainer,
                from: start,
                to: end
            )
        }
        if builder.expectsKey {
            key(text, record, data.anchor, isPlain: isPlain)
        } else {
            remember(data.anchor, .node(try builder.scalar(record)))
        }
    }

    private mutating func key(
        _ text: UnsafeBufferPointer<UInt8>,
        _ record: NodeRecord,
        _ anchor: UnsafeMutablePointer<yaml_char_t>?,
        isPlain: Bool
    ) {
        let (start, end) = (Int(record.start), Int(record.end))
        if record.kind != .string {
            // Keys are strings in JSON; `200:` is so common that it is read as its text.
            let isNull = record.kind == .null
            let noun = isNull ? "null" : record.kind == .boolean ? "a boolean" : "a number"
            builder.note(
                .incompatibleValue,
                isNull ? .error : .warning,
                "mapping key must be a string rather than \(noun)",
                help: "put the key in quotes",
                node: builder.currentContainer,
                from: start,
                to: end
            )
        }
        let isMerge = isPlain && text.count == 2 && text[0] == UInt8(ascii: "<") && text[1] == UInt8(ascii: "<")
        builder.key(text, start: start, end: end, isMerge: isMerge)
        remember(anchor, .key(record))
    }

    private mutating func alias(
        _ event: yaml_event_t,
        _ start: Int,
        _ end: Int,
        _ buffer: UnsafeBufferPointer<UInt8>
    ) throws(UnreadableDocument) {
        let name = String(cString: event.data.alias.anchor)
        guard let anchor = anchors[name] else {
            throw UnreadableDocument(
                ReaderCode.parser,
                "unknown alias `*\(name)`: no anchor `&\(name)` stands before it",
                in: source,
                from: start,
                to: end
            )
        }
        var scalar: NodeRecord? = nil
        switch anchor {
        case .key(let record):
            scalar = record
        case .node(let node):
            guard !builder.frames.contains(where: { $0.node == node }) else {
                throw UnreadableDocument(
                    ReaderCode.parser,
                    "alias `*\(name)` stands inside of the node it names: a document cannot contain itself",
                    in: source,
                    from: start,
                    to: end
                )
            }
            if builder.expectsKey, !builder.records[Int(node)].kind.isContainer { scalar = builder.records[Int(node)] }
        }
        guard builder.expectsKey else {
            if var record = scalar {
                (record.start, record.end) = (Int32(start), Int32(end))
                try builder.scalar(record)
            } else if case .node(let node) = anchor {
                try builder.alias(of: node, start: start, end: end)
            }
            return
        }
        guard let scalar else { return try refuseAsKey(start, end) }
        let text = builder.text(of: scalar)
        text.withUnsafeBufferPointer { builder.key($0, start: start, end: end) }
    }

    /// A mapping or sequence as a key is nothing JSON could say.
    private func refuseAsKey(_ start: Int, _ end: Int) throws(UnreadableDocument) {
        guard builder.expectsKey else { return }
        throw UnreadableDocument(
            ReaderCode.parser,
            "mapping key must be a string, not a mapping or sequence",
            in: source,
            from: start,
            to: end
        )
    }

    private mutating func remember(_ name: UnsafeMutablePointer<yaml_char_t>?, _ anchor: Anchor) {
        guard let name else { return }
        anchors[String(cString: name)] = anchor
    }

    // MARK: Errors

    private mutating func syntaxError() -> UnreadableDocument {
        let state = parser.pointee
        let problem = state.problem.map { String(cString: $0) } ?? "not YAML"
        let context = state.context.map { String(cString: $0) + ": " } ?? ""
        let isReader = state.error == YAML_READER_ERROR
        // The reader counts bytes, scanner and parser count characters.
        let offset = isReader ? source.textStart + state.problem_offset : cursor.offset(of: state.problem_mark.index)
        return UnreadableDocument(
            ReaderCode.parser,
            "not YAML: \(context)\(problem)",
            in: source,
            from: offset,
            to: offset
        )
    }
}
