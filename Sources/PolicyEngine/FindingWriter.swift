internal import DocumentTree

/// Turns a function's complaint into a finding: message, place, range.
enum FindingWriter {
    static func finding(
        _ complaint: Complaint,
        about target: Target,
        _ rule: Rule,
        _ context: LintContext
    ) -> Finding {
        let place = complaint.place ?? target.place
        let document = context.document
        let node = place.followsReference ? context.follow(place.node) : place.node
        let path = document.path(node)
        let property = property(path: path, missing: place.missing)
        let error = text(of: complaint, property: property, target: target, document)
        let values = MessageTemplate.Values(
            property: property,
            error: error,
            path: path,
            description: rule.description,
            value: document.node(node)
        )
        let message = rule.message.map { MessageTemplate.fill($0, values) } ?? rule.description ?? error
        return Finding(
            code: rule.name,
            severity: rule.severity,
            message: trimmed(message),
            help: rule.remediation,
            documentationURL: rule.documentationURL,
            source: document.sourceName(node),
            range: document.range(node),
            path: path
        )
    }

    /// The name a message calls the place by; for a missing member with the name of its owner in front.
    private static func property(path: [PathSegment], missing: [String]) -> String {
        guard let lastMissing = missing.last else { return path.last?.description ?? "" }
        guard let owner = path.last else { return LintText.dotted([.key(lastMissing)]) }
        return LintText.dotted([owner] + missing.map(PathSegment.key))
    }

    private static func text(
        of complaint: Complaint,
        property: String,
        target: Target,
        _ document: Document
    ) -> String {
        switch complaint.subject {
        case .none: return complaint.text
        case .property:
            return (property.isEmpty ? "The document " : "\"\(property)\" property ") + complaint.text
        case .value:
            switch target.value {
            case .node(let node): return "\(LintText.value(document.node(node))) \(complaint.text)"
            case .key(let key): return "\(LintText.quoted(key)) \(complaint.text)"
            case nil: return "undefined \(complaint.text)"
            }
        }
    }

    private static func trimmed(_ text: String) -> String {
        var scalars = Substring(text).unicodeScalars
        while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return String(scalars)
    }
}
