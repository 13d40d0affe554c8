/// JSON to a document: RFC 8259 and nothing beyond it, without recursion.
struct JSONReader {
    let source: SourceText
    var builder: TreeBuilder
    /// The byte that is read next.
    var index: Int
    /// Whether the innermost container waits for a value: after `[`, a comma in an array, or a key's colon.
    private var needsValue = false

    init(source: SourceText, limits: Limits) {
        self.source = source
        builder = TreeBuilder(source: source, limits: limits)
        index = source.textStart
    }

    /// Reads the one value of the text.
    ///
    /// - Throws: the first place where the text is not JSON, or the limit it goes over.
    mutating func read() throws(UnreadableDocument) -> Document {
        let bytes = source.bytes
        let result = bytes.withUnsafeBufferPointer { buffer -> Result<Void, UnreadableDocument> in
            do throws(UnreadableDocument) {
                try readText(buffer)
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try result.get()
        let finished = builder
        return finished.finish(syntax: .json, indexInStream: 0)
    }

    private mutating func readText(_ buffer: UnsafeBufferPointer<UInt8>) throws(UnreadableDocument) {
        skipBlanks(buffer)
        guard index < buffer.count else {
            throw UnreadableDocument(ReaderCode.empty, "the document is empty", in: source, from: 0, to: buffer.count)
        }
        try readValue(buffer)
        while !builder.frames.isEmpty { try readNext(buffer) }
        skipBlanks(buffer)
        guard index == buffer.count else { throw unexpected(buffer, "the end of the document") }
    }

    /// Reads one scalar, or the opening of a container.
    private mutating func readValue(_ buffer: UnsafeBufferPointer<UInt8>) throws(UnreadableDocument) {
        skipBlanks(buffer)
        guard index < buffer.count else { throw unexpected(buffer, "a value") }
        let start = index
        switch buffer[index] {
        case UInt8(ascii: "{"):
            index += 1
            try builder.open(.mapping, isFlow: true, start: start)
            skipBlanks(buffer)
            if index < buffer.count, buffer[index] == UInt8(ascii: "}") { return try close() }
            try readKey(buffer)
        case UInt8(ascii: "["):
            index += 1
            try builder.open(.sequence, isFlow: true, start: start)
            skipBlanks(buffer)
            if index < buffer.count, buffer[index] == UInt8(ascii: "]") { return try close() }
            needsValue = true
        case UInt8(ascii: "\""):
            var record = NodeRecord()
            record.kind = .string
            (record.textStart, record.textLength) = try readString(buffer)
            try add(&record, start)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            var record = NodeRecord()
            record.kind = try readNumber(buffer)
            try addLiteral(&record, start)
        case UInt8(ascii: "t"): try readWord("true", .boolean, buffer)
        case UInt8(ascii: "f"): try readWord("false", .boolean, buffer)
        case UInt8(ascii: "n"): try readWord("null", .null, buffer)
        default: throw unexpected(buffer, "a value")
        }
    }

    /// Reads what follows inside of the innermost container.
    private mutating func readNext(_ buffer: UnsafeBufferPointer<UInt8>) throws(UnreadableDocument) {
        if needsValue {
            needsValue = false
            return try readValue(buffer)
        }
        skipBlanks(buffer)
        let isMapping = builder.records[Int(builder.currentContainer)].kind == .mapping
        let closing = isMapping ? UInt8(ascii: "}") : UInt8(ascii: "]")
        guard index < buffer.count, buffer[index] == closing || buffer[index] == UInt8(ascii: ",") else {
            throw unexpected(buffer, isMapping ? "`,` or `}`" : "`,` or `]`")
        }
        if buffer[index] == closing { return try close() }
        index += 1
        skipBlanks(buffer)
        if isMapping { try readKey(buffer) } else { needsValue = true }
    }

    private mutating func readKey(_ buffer: UnsafeBufferPointer<UInt8>) throws(UnreadableDocument) {
        guard index < buffer.count, buffer[index] == UInt8(ascii: "\"") else {
            throw unexpected(buffer, "a key in double quotes")
        }
        let start = index
        let arenaEnd = builder.arena.count
        let (textStart, length) = try readString(buffer)
        if textStart >= 0 {
            let text = UnsafeBufferPointer(rebasing: buffer[Int(textStart)..<Int(textStart + length)])
            builder.key(text, start: start, end: index)
        } else {
            let text = Array(builder.arena[arenaEnd...])
            builder.arena.removeLast(builder.arena.count - arenaEnd)
            text.withUnsafeBufferPointer { builder.key($0, start: start, end: index) }
        }
        skipBlanks(buffer)
        guard index < buffer.count, buffer[index] == UInt8(ascii: ":") else { throw unexpected(buffer, "`:`") }
        index += 1
        needsValue = true
    }

    private mutating func close() throws(UnreadableDocument) {
        index += 1
        try builder.close(end: index)
    }

    private mutating func add(_ record: inout NodeRecord, _ start: Int) throws(UnreadableDocument) {
        record.start = Int32(start)
        record.end = Int32(index)
        try builder.scalar(record)
    }

    private mutating func addLiteral(_ record: inout NodeRecord, _ start: Int) throws(UnreadableDocument) {
        record.textStart = Int32(start)
        record.textLength = Int32(index - start)
        try add(&record, start)
    }

    private mutating func readWord(
        _ word: StaticString,
        _ kind: NodeKind,
        _ buffer: UnsafeBufferPointer<UInt8>
    ) throws(UnreadableDocument) {
        let start = index
        let end = index + word.utf8CodeUnitCount
        guard end <= buffer.count, word.withUTF8Buffer({ $0.elementsEqual(buffer[start..<end]) }) else {
            throw unexpected(buffer, "a value")
        }
        index = end
        var record = NodeRecord()
        record.kind = kind
        try addLiteral(&record, start)
    }

    /// RFC 8259 section 6: `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`.
    private mutating func readNumber(_ buffer: UnsafeBufferPointer<UInt8>) throws(UnreadableDocument) -> NodeKind {
        var kind = NodeKind.integer
        if buffer[index] == UInt8(ascii: "-") { index += 1 }
        let isZero = index < buffer.count && buffer[index] == UInt8(ascii: "0")
        let whole = skipDigits(buffer)
        guard whole > 0 else { throw unexpected(buffer, "a digit") }
        guard !isZero || whole == 1 else {
            index -= whole - 1
            throw unexpected(buffer, "a number without leading zeros")
        }
        if index < buffer.count, buffer[index] == UInt8(ascii: ".") {
            kind = .number
            index += 1
            guard skipDigits(buffer) > 0 else { throw unexpected(buffer, "a digit") }
        }
        if index < buffer.count, buffer[index] | 0x20 == UInt8(ascii: "e") {
            kind = .number
            index += 1
            if index < buffer.count, buffer[index] == UInt8(ascii: "+") || buffer[index] == UInt8(ascii: "-") {
                index += 1
            }
            guard skipDigits(buffer) > 0 else { throw unexpected(buffer, "a digit") }
        }
        return kind
    }

    private mutating func skipDigits(_ buffer: UnsafeBufferPointer<UInt8>) -> Int {
        let start = index
        while index < buffer.count, (0x30...0x39).contains(buffer[index]) { index += 1 }
        return index - start
    }

    private mutating func skipBlanks(_ buffer: UnsafeBufferPointer<UInt8>) {
        while index < buffer.count {
            switch buffer[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            default: return
            }
        }
    }

    func unexpected(_ buffer: UnsafeBufferPointer<UInt8>, _ wanted: String) -> UnreadableDocument {
        guard index < buffer.count else {
            return UnreadableDocument(
                ReaderCode.parser,
                "not JSON: expected \(wanted), found the end of the text",
                in: source,
                from: index,
                to: index
            )
        }
        let byte = buffer[index]
        let found = byte >= 0x20 && byte < 0x7F ? "`\(Unicode.Scalar(byte))`" : "byte 0x\(String(byte, radix: 16))"
        return UnreadableDocument(
            ReaderCode.parser,
            "not JSON: expected \(wanted), found \(found)",
            in: source,
            from: index,
            to: index + 1
        )
    }
}
