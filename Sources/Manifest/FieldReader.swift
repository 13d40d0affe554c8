internal import DocumentTree

/// Reads the fields of one mapping and notes everything that is wrong, so that one pass tells all.
///
/// What was asked for is what the mapping may have: `finish` reports every other key. Fields that begin with `x-` are not
/// exempt: labels and annotations are the place for one's own.
struct FieldReader {
    /// The mapping.
    let node: Node
    /// How messages call it, for example `Plan.spec`.
    let name: String
    private(set) var findings: [Finding] = []
    private var known: [String] = []
    private let isEmpty: Bool

    /// - Parameters:
    ///   - node: the mapping.
    ///   - name: how messages call it.
    ///   - ignoringFields: read as if the mapping were empty, for a part that was left out; the node is then only a place.
    init(_ node: Node, name: String, ignoringFields: Bool = false) {
        self.node = node
        self.name = name
        isEmpty = ignoringFields
        if !node.isMapping { findings.append(Self.wrongType(node, "`\(name)`", expected: "a mapping")) }
    }

    /// A field's value when it is there and not null; asking makes the field known.
    mutating func value(_ key: String) -> Node? {
        if !known.contains(key) { known.append(key) }
        guard !isEmpty, let value = node[key], !value.isNull else { return nil }
        return value
    }

    /// Whether a known field is there, null included.
    func has(_ key: String) -> Bool { node[key] != nil }

    mutating func note(_ finding: Finding) {
        findings.append(finding)
    }

    mutating func missing(_ key: String, help: String? = nil) {
        guard node.isMapping else { return }
        let message = "`\(name)` lacks `\(key)`"
        findings.append(Finding(code: ManifestCode.missingField, message: message, help: help, at: node))
    }

    mutating func invalid(_ value: Node, _ message: String, help: String? = nil) {
        findings.append(Finding(code: ManifestCode.invalidValue, message: message, help: help, at: value))
    }

    // MARK: Scalars

    mutating func text(_ key: String) -> String? {
        guard let value = value(key) else { return nil }
        guard let text = value.string else { return wrong(value, key, "text") }
        return text
    }

    /// Text that YAML may take for a number, such as a version `10` or `1.0`: the digits as written.
    mutating func looseText(_ key: String) -> String? {
        guard let value = value(key) else { return nil }
        switch value.kind {
        case .string, .integer, .number: return value.scalarText
        default: return wrong(value, key, "text")
        }
    }

    mutating func reference(_ key: String) -> ManifestReference? {
        guard let value = value(key) else { return nil }
        guard let text = value.string else { return wrong(value, key, "a name") }
        return ManifestReference(text, place: ManifestPlace(value))
    }

    mutating func requiredReference(_ key: String) -> ManifestReference? {
        if value(key) == nil { missing(key) }
        return reference(key)
    }

    mutating func boolean(_ key: String) -> Bool? {
        guard let value = value(key) else { return nil }
        guard let boolean = value.boolean else { return wrong(value, key, "true or false") }
        return boolean
    }

    mutating func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = value(key) else { return nil }
        guard let integer = value.integer else { return wrong(value, key, "a whole number") }
        guard range.contains(integer) else {
            invalid(value, "`\(name).\(key)` is \(integer), expected \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return integer
    }

    mutating func enumeration<Value>(_ key: String, _ type: Value.Type) -> Value?
    where Value: RawRepresentable<String> & CaseIterable {
        guard let value = value(key) else { return nil }
        return enumeration(value, label: "`\(name).\(key)`", type)
    }

    mutating func enumeration<Value>(_ value: Node, label: String, _ type: Value.Type) -> Value?
    where Value: RawRepresentable<String> & CaseIterable {
        let names = Value.allCases.map(\.rawValue)
        let expected = names.map { "`\($0)`" }.joined(separator: ", ")
        guard let text = value.string else {
            findings.append(Self.wrongType(value, label, expected: "one of \(expected)"))
            return nil
        }
        guard let result = Value(rawValue: text) else {
            let help = NearestName.suggestion(for: text, among: names)
            invalid(value, "\(label) is `\(text)`, expected one of \(expected)", help: help)
            return nil
        }
        return result
    }

    /// A fixed ISO 8601 duration in milliseconds.
    mutating func milliseconds(_ key: String) -> Int? {
        guard let value = value(key) else { return nil }
        guard let text = value.string else { return wrong(value, key, "an ISO 8601 duration such as `PT5S`") }
        guard let milliseconds = ISODuration(text)?.fixedMilliseconds, (1...86_400_000).contains(milliseconds) else {
            invalid(value, "`\(name).\(key)` is `\(text)`, expected an ISO 8601 duration from `PT0.001S` to `P1D`")
            return nil
        }
        return milliseconds
    }

    /// A time in seconds since the Unix epoch.
    mutating func time(_ key: String) -> Int64? {
        guard let value = value(key) else { return nil }
        guard let text = value.scalarText, let seconds = ManifestTime.seconds(text) else {
            let shown = value.scalarText.map { "`\($0)`" } ?? value.kind.noun
            invalid(value, "`\(name).\(key)` is \(shown), expected a time such as `2026-07-01T00:00:00Z`")
            return nil
        }
        return seconds
    }

    // MARK: Collections

    mutating func texts(_ key: String) -> [String]? {
        guard let value = value(key) else { return nil }
        guard value.isSequence else { return wrong(value, key, "a list of text") }
        var texts: [String] = []
        for element in value.elements {
            if let text = element.string {
                texts.append(text)
            } else {
                findings.append(Self.wrongType(element, "an element of `\(name).\(key)`", expected: "text"))
            }
        }
        return texts
    }

    mutating func integers(_ key: String, in range: ClosedRange<Int>) -> [Int]? {
        guard let value = value(key) else { return nil }
        guard value.isSequence else { return wrong(value, key, "a list of whole numbers") }
        var integers: [Int] = []
        for element in value.elements {
            if let integer = element.integer, range.contains(integer) {
                integers.append(integer)
            } else {
                invalid(
                    element,
                    "an element of `\(name).\(key)` is no number from \(range.lowerBound) to \(range.upperBound)"
                )
            }
        }
        return integers
    }

    mutating func textMap(_ key: String) -> [String: String] {
        guard let value = value(key) else { return [:] }
        guard value.isMapping else {
            findings.append(Self.wrongType(value, "`\(name).\(key)`", expected: "a mapping of text to text"))
            return [:]
        }
        var map: [String: String] = [:]
        for (entry, element) in value.entries {
            if let text = element.scalarText, element.kind != .null {
                map[entry] = text
            } else {
                findings.append(Self.wrongType(element, "`\(name).\(key).\(entry)`", expected: "text"))
            }
        }
        return map
    }

    /// Reads the mapping under a key; nil when it is absent.
    mutating func nested<Value>(_ key: String, _ body: (inout FieldReader) -> Value) -> Value? {
        guard let value = value(key) else { return nil }
        return read(value, name: "\(name).\(key)", body)
    }

    /// Reads every mapping of a list; nil when it is absent.
    mutating func list<Value>(_ key: String, _ body: (inout FieldReader) -> Value?) -> [Value]? {
        guard let value = value(key) else { return nil }
        guard value.isSequence else { return wrong(value, key, "a list") }
        var values: [Value] = []
        for (index, element) in value.elements.enumerated() {
            if let item = read(element, name: "\(name).\(key)[\(index)]", body) { values.append(item) }
        }
        return values
    }

    private mutating func read<Value>(_ node: Node, name: String, _ body: (inout FieldReader) -> Value) -> Value {
        var reader = FieldReader(node, name: name)
        let value = body(&reader)
        findings += reader.finish()
        return value
    }

    // MARK: The end

    /// Everything noted, with a finding for each key that nobody asked for.
    func finish() -> [Finding] {
        var all = findings
        for (key, value) in node.entries where !known.contains(key) {
            let expected = known.map { "`\($0)`" }.joined(separator: ", ")
            all.append(
                Finding(
                    code: ManifestCode.unknownField,
                    message: "`\(name)` has no field `\(key)`, expected one of \(expected)",
                    help: NearestName.suggestion(for: key, among: known),
                    atKeyOf: value
                )
            )
        }
        return all
    }

    private mutating func wrong<Value>(_ value: Node, _ key: String, _ expected: String) -> Value? {
        findings.append(Self.wrongType(value, "`\(name).\(key)`", expected: expected))
        return nil
    }

    private static func wrongType(_ value: Node, _ label: String, expected: String) -> Finding {
        Finding(
            code: ManifestCode.wrongType,
            message: "\(label) is \(value.kind.noun), expected \(expected)",
            at: value
        )
    }
}

extension NodeKind {
    /// The kind in a sentence.
    fileprivate var noun: String {
        switch self {
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .string: "text"
        case .integer: "a whole number"
        case .number: "a number"
        case .boolean: "true or false"
        case .null: "null"
        }
    }
}
