internal import DocumentTree

/// The text of a finding: a rule's `message` with its placeholders filled in.
struct MessageTemplate {
    /// What placeholders stand for.
    struct Values {
        let property: String
        let error: String
        let path: [PathSegment]
        let description: String?
        let value: Node?
    }

    /// Replaces `{{property}}`, `{{error}}`, `{{path}}`, `{{description}}` and `{{value}}`; any other name gives nothing, as
    /// rulesets in use expect. What is filled in is never looked through again.
    static func fill(_ template: String, _ values: Values) -> String {
        var result = ""
        var rest = Substring(template)
        while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
            result += rest[..<open.lowerBound]
            let name = rest[open.upperBound..<close.lowerBound].filter { $0 != " " }
            result += text(of: name, values)
            rest = rest[close.upperBound...]
        }
        return result + rest
    }

    private static func text(of name: String, _ values: Values) -> String {
        switch name {
        case "property": values.property
        case "error": values.error
        case "path": LintText.pointer(values.path)
        case "description": values.description ?? ""
        case "value": values.value.map { node in node.string ?? LintText.value(node) } ?? ""
        default: ""
        }
    }
}

extension Substring {
    /// Where two ASCII characters stand; without Foundation.
    fileprivate func firstRange(of pair: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(pair) { return start..<index(start, offsetBy: 2) }
            start = index(after: start)
        }
        return nil
    }
}
