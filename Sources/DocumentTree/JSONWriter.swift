/// Writes JSON (RFC 8259) in UTF-8: on one line, or indented by two spaces.
struct JSONWriter {
    private let isPretty: Bool
    private let sortsKeys: Bool
    private var depth = 0
    private(set) var bytes: [UInt8] = []

    init(pretty: Bool, sortsKeys: Bool = false) {
        isPretty = pretty
        self.sortsKeys = sortsKeys
    }

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: append("null")
        case .bool(let value): append(value ? "true" : "false")
        case .integer(let value): append(String(value))
        case .number(let value): writeNumber(value)
        case .string(let text): writeString(text)
        case .array(let elements):
            list(UInt8(ascii: "["), UInt8(ascii: "]"), elements) { writer, element in writer.write(element) }
        case .object(let members):
            let members = sortsKeys ? members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) } : members
            list(UInt8(ascii: "{"), UInt8(ascii: "}"), members) { writer, member in
                writer.writeKey(member.key)
                writer.write(member.value)
            }
        }
    }

    /// Writes a node without going through ``JSONValue``, so that numbers keep every digit.
    mutating func write(_ node: Node) {
        switch node.kind {
        case .null: append("null")
        case .boolean: append(node.boolean == true ? "true" : "false")
        case .integer, .number: writeNumber(node)
        case .string: writeString(node.string ?? "")
        case .sequence:
            list(UInt8(ascii: "["), UInt8(ascii: "]"), Array(node.elements)) { writer, element in writer.write(element)
            }
        case .mapping:
            var entries = Array(node.entries)
            if sortsKeys { entries.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) } }
            list(UInt8(ascii: "{"), UInt8(ascii: "}"), entries) { writer, entry in
                writer.writeKey(entry.key)
                writer.write(entry.value)
            }
        }
    }

    private mutating func list<Element>(
        _ opening: UInt8,
        _ closing: UInt8,
        _ elements: [Element],
        _ writeElement: (inout JSONWriter, Element) -> Void
    ) {
        bytes.append(opening)
        depth += 1
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            newLine()
            writeElement(&self, element)
        }
        depth -= 1
        if !elements.isEmpty { newLine() }
        bytes.append(closing)
    }

    private mutating func newLine() {
        guard isPretty else { return }
        bytes.append(0x0A)
        bytes.append(contentsOf: repeatElement(0x20, count: depth * 2))
    }

    private mutating func writeKey(_ key: String) {
        writeString(key)
        bytes.append(UInt8(ascii: ":"))
        if isPretty { bytes.append(0x20) }
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func writeNumber(_ value: Double) {
        // JSON has no word for infinity and NaN; `null` is what ECMA-262 JSON.stringify writes.
        append(value.isFinite ? value.description : "null")
    }

    private mutating func writeNumber(_ node: Node) {
        let text = node.scalarText ?? "0"
        if Self.isJSONNumber(text.utf8) { return append(text) }
        if let integer = node.integer { return append(String(integer)) }
        writeNumber(node.number ?? .nan)
    }

    /// RFC 8259 section 6; YAML also writes `+1`, `0x1F`, `.5`, `1.` and leading zeros.
    private static func isJSONNumber(_ text: String.UTF8View) -> Bool {
        var digits = text[...]
        func takeDigits() -> Int {
            let rest = digits.drop { (0x30...0x39).contains($0) }
            defer { digits = rest }
            return digits.count - rest.count
        }
        if digits.first == UInt8(ascii: "-") { digits = digits.dropFirst() }
        let startsWithZero = digits.first == 0x30
        let whole = takeDigits()
        guard whole > 0, !startsWithZero || whole == 1 else { return false }
        if digits.first == UInt8(ascii: ".") {
            digits = digits.dropFirst()
            guard takeDigits() > 0 else { return false }
        }
        if digits.first == UInt8(ascii: "e") || digits.first == UInt8(ascii: "E") {
            digits = digits.dropFirst()
            if digits.first == UInt8(ascii: "+") || digits.first == UInt8(ascii: "-") { digits = digits.dropFirst() }
            guard takeDigits() > 0 else { return false }
        }
        return digits.isEmpty
    }

    /// RFC 8259 section 7: quotation mark, backslash and control characters are escaped, nothing else.
    private mutating func writeString(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            // What stands between two escapes is copied in one piece.
            var copied = 0
            for index in utf8.indices where Self.needsEscape(utf8[index]) {
                bytes.append(contentsOf: utf8[copied..<index])
                writeEscape(utf8[index])
                copied = index + 1
            }
            bytes.append(contentsOf: utf8[copied...])
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F
    }

    private mutating func writeEscape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case 0x0A: append("\\n")
        case 0x0D: append("\\r")
        case 0x09: append("\\t")
        case 0x08: append("\\b")
        case 0x0C: append("\\f")
        default:
            let digits = String(byte, radix: 16)
            append("\\u00" + (digits.utf8.count == 1 ? "0" : "") + digits)
        }
    }
}

extension JSONValue {
    /// The value as JSON text.
    ///
    /// - Parameters:
    ///   - pretty: indented by two spaces, one member a line.
    ///   - sortsKeys: members in the order of their names' bytes: one text for one value, for hashing.
    /// - Returns: one JSON text (RFC 8259), without a line break at its end.
    public func text(pretty: Bool = false, sortsKeys: Bool = false) -> String {
        String(decoding: utf8(pretty: pretty, sortsKeys: sortsKeys), as: UTF8.self)
    }

    /// The value as JSON in UTF-8, see ``text(pretty:sortsKeys:)``.
    public func utf8(pretty: Bool = false, sortsKeys: Bool = false) -> [UInt8] {
        var writer = JSONWriter(pretty: pretty, sortsKeys: sortsKeys)
        writer.write(self)
        return writer.bytes
    }
}

extension Node {
    /// The node as JSON in UTF-8, numbers digit for digit, see ``JSONValue/text(pretty:sortsKeys:)`` for the
    /// parameters.
    ///
    /// Numbers that only YAML can write (`0x1F`, `.5`) are converted; infinity and NaN become `null`.
    public func json(pretty: Bool = false, sortsKeys: Bool = false) -> [UInt8] {
        var writer = JSONWriter(pretty: pretty, sortsKeys: sortsKeys)
        writer.write(self)
        return writer.bytes
    }

    /// The node as JSON text, see ``json(pretty:sortsKeys:)``.
    public func jsonText(pretty: Bool = false, sortsKeys: Bool = false) -> String {
        String(decoding: json(pretty: pretty, sortsKeys: sortsKeys), as: UTF8.self)
    }
}
