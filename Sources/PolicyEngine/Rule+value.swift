public import DocumentTree

extension Rule {
    /// The rule as a value that says all of it: what it is about, where it looks, what it asks, how to put a finding right.
    public var value: JSONValue {
        var members: [(key: String, value: JSONValue)] = [
            ("name", .string(name)), ("severity", .string(LintResult.word(severity))), ("enabled", .bool(isEnabled)),
            ("recommended", .bool(isRecommended)), ("resolved", .bool(isResolved)),
        ]
        if let formats {
            members.append(("formats", .array(formats.map(\.rawValue).sorted().map(JSONValue.string))))
        }
        for (key, text) in [
            ("description", description), ("message", message), ("remediation", remediation),
            ("documentationUrl", documentationURL),
        ] {
            if let text { members.append((key, .string(text))) }
        }
        if !tags.isEmpty { members.append(("tags", .array(tags.map(JSONValue.string)))) }
        members.append(("origin", .string(origin)))
        members.append(("given", .array(given.map { .string($0.path.text) }.uniqued())))
        members.append(("then", .array(then.map(\.value))))
        return .object(members)
    }
}

extension RuleAction {
    fileprivate var value: JSONValue {
        var members: [(key: String, value: JSONValue)] = []
        if let fieldText { members.append(("field", .string(fieldText))) }
        members.append(("function", .string(functionName)))
        if let options { members.append(("functionOptions", options)) }
        return .object(members)
    }
}

extension [JSONValue] {
    /// Each value once, in order: an alias may give one expression for several formats.
    fileprivate func uniqued() -> [JSONValue] {
        var seen: Set<JSONValue> = []
        return filter { seen.insert($0).inserted }
    }
}
