import DocumentTree

/// Writes JSON values as block YAML, for people to read and keep under version control. Reading it gives the same values.
///
/// Texts are plain only where no reader, of YAML 1.1 either, could take them for something else; all others are quoted as in
/// JSON, which is YAML too (YAML 1.2.2 §5.7).
enum YAMLText {
    /// One document after the other, each behind `---`.
    static func documents(_ values: [JSONValue]) -> String {
        var text = ""
        for value in values {
            text += "---\n"
            write(value, indent: 0, into: &text)
        }
        return text
    }

    private static func write(_ value: JSONValue, indent: Int, into text: inout String) {
        let margin = String(repeating: " ", count: indent)
        switch value {
        case .object(let members) where !members.isEmpty:
            for (key, member) in members {
                text += margin + scalar(key) + ":"
                nest(member, indent: indent, into: &text)
            }
        case .array(let elements) where !elements.isEmpty:
            for element in elements {
                // The first member of a mapping stands behind the dash: `- name: second`.
                var inner = ""
                write(element, indent: indent + 2, into: &inner)
                text += margin + "- " + inner.dropFirst(isNested(element) ? indent + 2 : 0)
            }
        default:
            text += leaf(value) + "\n"
        }
    }

    private static func nest(_ value: JSONValue, indent: Int, into text: inout String) {
        guard isNested(value) else {
            text += " " + leaf(value) + "\n"
            return
        }
        text += "\n"
        write(value, indent: indent + 2, into: &text)
    }

    private static func isNested(_ value: JSONValue) -> Bool {
        switch value {
        case .object(let members): !members.isEmpty
        case .array(let elements): !elements.isEmpty
        default: false
        }
    }

    private static func leaf(_ value: JSONValue) -> String {
        if case .string(let text) = value { return scalar(text) }
        return value.text()
    }

    private static func scalar(_ text: String) -> String {
        isPlain(text) ? text : escaped(JSONValue.string(text).text())
    }

    /// JSON leaves alone what YAML does not take unescaped: controls, byte order marks, and its own line ends, which it would
    /// fold (YAML 1.2.2 §5.1, §5.4).
    private static func escaped(_ quoted: String) -> String {
        var text = ""
        for scalar in quoted.unicodeScalars {
            switch scalar.value {
            case 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// Letters first, then nothing that has a meaning in YAML.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first) || first == UInt8(ascii: "/"), text.utf8.count <= 120 else {
            return false
        }
        let isSimple = text.utf8.allSatisfy { byte in
            isLetter(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "/")
        }
        return isSimple && !reserved.contains(text.lowercased())
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    private static let reserved: Set<String> = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]
}
