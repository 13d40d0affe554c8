/// Spans on their way out, each a JSON object on a line of its own.
public struct SpanBatch: Sendable {
    /// How many there are.
    public var count: Int
    /// The lines.
    public var lines: [UInt8]

    /// Makes a batch of lines.
    public init(count: Int, lines: [UInt8]) {
        self.count = count
        self.lines = lines
    }

    /// The body of a request to `/v1/traces` in OTLP's JSON encoding: one resource, one scope, all spans.
    public func request(resource: [KeyValueList.Pair], version: String) -> [UInt8] {
        var json = JSONLine()
        json.begin()
        json.literal("\"resourceSpans\":[{\"resource\":{\"attributes\":[")
        for pair in resource { json.attribute(pair.key, pair.value) }
        json.literal("]},\"scopeSpans\":[{\"scope\":{\"name\":\"gatehouse\",\"version\":")
        json.string(version)
        json.literal("},\"spans\":[")
        var body = json.bytes
        body.reserveCapacity(body.count + lines.count + 8)
        let end = lines.last == UInt8(ascii: "\n") ? lines.count - 1 : lines.count
        for byte in lines[..<end] { body.append(byte == UInt8(ascii: "\n") ? UInt8(ascii: ",") : byte) }
        body.append(contentsOf: "]}]}]}".utf8)
        return body
    }
}

extension JSONLine {
    /// Adds an OTLP attribute whose value is a text.
    public mutating func attribute(_ key: String, _ value: String) {
        separate()
        literal("{\"key\":")
        string(key)
        literal(",\"value\":{\"stringValue\":")
        string(value)
        literal("}}")
    }

    /// Adds an OTLP attribute whose value is a text, unless that is empty.
    public mutating func attribute(_ key: StaticString, _ value: Span<UInt8>) {
        guard !value.isEmpty else { return }
        open(key)
        literal("\"stringValue\":")
        string(value)
        literal("}}")
    }

    /// Adds an OTLP attribute whose value is a text, unless that is empty.
    public mutating func attribute(_ key: StaticString, text value: String) {
        guard !value.isEmpty else { return }
        open(key)
        literal("\"stringValue\":")
        string(value)
        literal("}}")
    }

    /// Adds an OTLP attribute whose value is a whole number. 64 bits are text in the JSON encoding of Protocol Buffers.
    public mutating func attribute(_ key: StaticString, number value: UInt64) {
        open(key)
        literal("\"intValue\":\"")
        number(value)
        literal("\"}}")
    }

    private mutating func open(_ key: StaticString) {
        separate()
        literal("{\"key\":\"")
        literal(key)
        literal("\",\"value\":{")
    }
}
