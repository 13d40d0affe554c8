internal import DocumentTree

/// How values, properties and paths are written in messages.
enum LintText {
    /// A value as messages show it: primitives as JSON, containers by their kind.
    static func value(_ node: Node) -> String {
        switch node.kind {
        case .mapping: "Object{}"
        case .sequence: "Array[]"
        case .string: quoted(node.string ?? "")
        case .integer, .number, .boolean: node.scalarText ?? ""
        case .null: "null"
        }
    }

    /// A text in JSON's quotes.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{0}"..<"\u{20}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// `paths./pets.get.parameters[0]`: a path for people.
    static func dotted(_ path: [PathSegment]) -> String {
        var result = ""
        for (position, segment) in path.enumerated() {
            switch segment {
            case .index(let index): result += "[\(index)]"
            case .key(let key):
                if key.isEmpty {
                    result += "['']"
                } else if key.unicodeScalars.contains(where: \.properties.isWhitespace) {
                    result += "['\(key)']"
                } else if Double(key) != nil {
                    result += "[\(key)]"
                } else {
                    result += position == 0 ? key : "." + key
                }
            }
        }
        return result
    }

    /// A severity in a report for people.
    static func name(_ severity: Severity) -> String {
        switch severity {
        case .error: "error"
        case .warning: "warning"
        case .information: "information"
        case .hint: "hint"
        }
    }

    /// A message on one line, and without anything that could move the cursor of a terminal.
    static func singleLine(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            result.unicodeScalars.append(scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) ? " " : scalar)
        }
        return result
    }

    /// `#/paths/~1pets`: a path as `{{path}}` shows it.
    static func pointer(_ path: [PathSegment]) -> String {
        "#" + path.map { "/" + JSONPointer.escape($0.description) }.joined()
    }
}
