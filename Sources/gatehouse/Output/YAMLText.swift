import DocumentTree

/// A JSON value as block-style YAML. Strings that another reader could take for something else are quoted as JSON, which
/// YAML 1.2 reads alike.
struct YAMLText {
    private(set) var text = ""

    /// - Parameter value: the value; a top-level list becomes a YAML list.
    init(_ value: JSONValue) {
        write(value, indent: 0, afterKey: false)
    }

    private mutating func write(_ value: JSONValue, indent: Int, afterKey: Bool) {
        let pad = String(repeating: " ", count: indent)
        if let list = value.array {
            guard !list.isEmpty else { return text += afterKey ? " []\n" : "[]\n" }
            if afterKey { text += "\n" }
            for element in list {
                text += pad + "-"
                writeElement(element, indent: indent)
            }
        } else if let members = value.object {
            guard !members.isEmpty else { return text += afterKey ? " {}\n" : "{}\n" }
            if afterKey { text += "\n" }
            for (key, member) in members {
                text += pad + Self.scalar(key) + ":"
                write(member, indent: indent + 2, afterKey: true)
            }
        } else {
            text += (afterKey ? " " : "") + (value.string.map(Self.scalar) ?? value.text()) + "\n"
        }
    }

    private mutating func writeElement(_ element: JSONValue, indent: Int) {
        if let members = element.object, let first = members.first {
            text += " " + Self.scalar(first.0) + ":"
            write(first.1, indent: indent + 4, afterKey: true)
            for (key, member) in members.dropFirst() {
                text += String(repeating: " ", count: indent + 2) + Self.scalar(key) + ":"
                write(member, indent: indent + 4, afterKey: true)
            }
        } else {
            write(element, indent: indent + 2, afterKey: true)
        }
    }

    /// Plain only where no YAML version can read it as anything but this string.
    private static func scalar(_ string: String) -> String {
        let plain = string.wholeMatch(of: /[A-Za-z_\/][A-Za-z0-9_.\/-]*/) != nil
        let taken: Set<String> = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
        return plain && !taken.contains(string.lowercased()) ? string : JSONValue.string(string).text()
    }
}
