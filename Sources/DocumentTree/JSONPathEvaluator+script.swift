/// JavaScript filters of the Spectral dialect.
///
/// A member of `undefined` is `undefined` instead of an error, so that `@.a.b === 1` is false where there is no `a`.
extension JSONPathEvaluator {
    /// A JavaScript value; objects and arrays are nodes.
    enum ScriptValue {
        case undefined
        case null
        case boolean(Bool)
        case number(Double)
        case string(String)
        case node(NodeID)
        case pattern(JSONPathPattern)
        /// `x.constructor`, known by its name.
        case constructor(String)
        /// The array that `match` answers with.
        case matchResult
    }

    mutating func isTrue(_ script: JSONPathScript, for entry: Entry) throws(JSONPathEvaluationFailure) -> Bool {
        switch script {
        case .and(let left, let right):
            guard try isTrue(left, for: entry) else { return false }
            return try isTrue(right, for: entry)
        case .or(let left, let right):
            if try isTrue(left, for: entry) { return true }
            return try isTrue(right, for: entry)
        case .not(let inner): return try !isTrue(inner, for: entry)
        default: return isTruthy(try value(of: script, for: entry))
        }
    }

    mutating func value(
        of script: JSONPathScript,
        for entry: Entry
    ) throws(JSONPathEvaluationFailure) -> ScriptValue {
        switch script {
        case .undefined: return .undefined
        case .null: return .null
        case .boolean(let value): return .boolean(value)
        case .number(let value): return .number(value)
        case .string(let value): return .string(value)
        case .regularExpression(let pattern): return .pattern(pattern)
        case .current: return value(entry.node)
        case .root: return value(root)
        case .parent: return parent(of: entry).map { value($0.node) } ?? .undefined
        case .property: return property(of: entry)
        case .parentProperty: return parent(of: entry).map { property(of: $0) } ?? .undefined
        case .path: return .string(path(of: entry))
        case .type(let kind): return .boolean(test(kind, entry.node))
        case .member(let base, let name): return member(name, of: try value(of: base, for: entry))
        case .element(let base, let key):
            let object = try value(of: base, for: entry)
            return member(text(of: try value(of: key, for: entry)), of: object)
        case .call(let base, let method, let arguments):
            let object = try value(of: base, for: entry)
            let argument = try arguments.first.map { (script) throws(JSONPathEvaluationFailure) in
                try value(of: script, for: entry)
            }
            return try call(method, on: object, argument ?? .undefined)
        case .not, .and, .or: return try logical(script, for: entry)
        case .negative(let inner): return .number(-number(of: try value(of: inner, for: entry)))
        case .typeof(let inner): return .string(typeName(of: try value(of: inner, for: entry)))
        case .conditional(let condition, let consequence, let alternative):
            return try value(of: isTrue(condition, for: entry) ? consequence : alternative, for: entry)
        case .binary(let symbol, let left, let right):
            return try binary(symbol, value(of: left, for: entry), value(of: right, for: entry))
        }
    }

    /// `&&` and `||` answer with one of their operands.
    private mutating func logical(
        _ script: JSONPathScript,
        for entry: Entry
    ) throws(JSONPathEvaluationFailure) -> ScriptValue {
        switch script {
        case .not(let inner): return .boolean(try !isTrue(inner, for: entry))
        case .and(let left, let right):
            let first = try value(of: left, for: entry)
            return isTruthy(first) ? try value(of: right, for: entry) : first
        case .or(let left, let right):
            let first = try value(of: left, for: entry)
            return isTruthy(first) ? first : try value(of: right, for: entry)
        default: return .undefined
        }
    }

    private func value(_ node: NodeID) -> ScriptValue {
        switch document.kind(node) {
        case .mapping, .sequence: .node(node)
        case .string: document.string(node).map(ScriptValue.string) ?? .undefined
        case .integer, .number: document.number(node).map(ScriptValue.number) ?? .undefined
        case .boolean: document.boolean(node).map(ScriptValue.boolean) ?? .undefined
        case .null: .null
        }
    }

    private func property(of entry: Entry) -> ScriptValue {
        if entry.place == root { return .undefined }
        if let key = document.key(entry.place) { return .string(key) }
        return .number(Double(document.indexInParent(entry.place)))
    }

    /// The path as the field's engines write it: `$['paths']['/pets'][0]`.
    private func path(of entry: Entry) -> String {
        var parts: [String] = []
        var current: Entry? = entry
        while let step = current, step.place != root {
            parts.append(document.key(step.place).map { "['\($0)']" } ?? "[\(document.indexInParent(step.place))]")
            current = parent(of: step)
        }
        return "$" + parts.reversed().joined()
    }

    // MARK: Members

    private func member(_ name: String, of value: ScriptValue) -> ScriptValue {
        switch value {
        case .node(let node): return member(name, of: node)
        case .string(let text):
            if name == "length" { return .number(Double(text.utf16.count)) }
            return name == "constructor" ? .constructor("String") : .undefined
        case .number: return name == "constructor" ? .constructor("Number") : .undefined
        case .boolean: return name == "constructor" ? .constructor("Boolean") : .undefined
        case .constructor(let constructor): return name == "name" ? .string(constructor) : .undefined
        case .undefined, .null, .pattern, .matchResult: return .undefined
        }
    }

    private func member(_ name: String, of node: NodeID) -> ScriptValue {
        if document.kind(node) == .sequence {
            if name == "length" { return .number(Double(document.childCount(node))) }
            if name == "constructor" { return .constructor("Array") }
            return JSONPathText.arrayIndex(name).flatMap { document.child(node, at: $0) }.map { value(follow($0)) }
                ?? .undefined
        }
        if let child = document.child(node, key: name) { return value(follow(child)) }
        return name == "constructor" ? .constructor("Object") : .undefined
    }

    func test(_ kind: JSONPathTypeTest, _ node: NodeID) -> Bool {
        let actual = document.kind(node)
        return switch kind {
        case .null: actual == .null
        case .boolean: actual == .boolean
        case .number: actual == .integer || actual == .number
        case .integer: document.number(node).map { $0.rounded() == $0 } ?? false
        case .string: actual == .string
        case .scalar: !actual.isContainer
        case .array: actual == .sequence
        case .object: actual == .mapping
        case .undefined, .function, .other: false
        case .nonFinite: document.number(node).map { !$0.isFinite } ?? false
        }
    }

    // MARK: Methods

    private func call(
        _ method: JSONPathScript.Method,
        on object: ScriptValue,
        _ argument: ScriptValue
    ) throws(JSONPathEvaluationFailure) -> ScriptValue {
        switch (method, object) {
        case (.test, .pattern(let pattern)):
            return .boolean(try run(pattern.program, on: text(of: argument)))
        case (.hasOwnProperty, .node(let node)):
            return .boolean(document.child(node, key: text(of: argument)) != nil)
        case (.includes, .node(let node)), (.indexOf, .node(let node)):
            let position = document.kind(node) == .sequence ? self.position(of: argument, in: node) : nil
            return method == .includes ? .boolean(position != nil) : .number(Double(position ?? -1))
        case (.toString, .number), (.toString, .boolean), (.toString, .node):
            return .string(text(of: object))
        case (_, .string(let subject)):
            return try call(method, on: subject, argument)
        default:
            return .undefined
        }
    }

    private func position(of value: ScriptValue, in node: NodeID) -> Int? {
        document.children(node).firstIndex { isStrictlyEqual(self.value(follow($0)), value) }
    }

    private func call(
        _ method: JSONPathScript.Method,
        on subject: String,
        _ argument: ScriptValue
    ) throws(JSONPathEvaluationFailure) -> ScriptValue {
        switch method {
        case .match:
            guard case .pattern(let pattern) = argument else { return .null }
            return try run(pattern.program, on: subject) ? .matchResult : .null
        case .search:
            guard case .pattern(let pattern) = argument else { return .number(-1) }
            return .number(try run(pattern.program, on: subject) ? 0 : -1)
        case .includes: return .boolean(JSONPathText.offset(of: text(of: argument), in: subject) != nil)
        case .indexOf: return .number(Double(JSONPathText.offset(of: text(of: argument), in: subject) ?? -1))
        case .startsWith: return .boolean(subject.utf8.starts(with: text(of: argument).utf8))
        case .endsWith: return .boolean(subject.utf8.reversed().starts(with: text(of: argument).utf8.reversed()))
        case .toLowerCase: return .string(subject.lowercased())
        case .toUpperCase: return .string(subject.uppercased())
        case .trim: return .string(JSONPathText.trimmed(subject))
        case .toString: return .string(subject)
        case .test, .hasOwnProperty: return .undefined
        }
    }
}

/// Text functions as JavaScript has them.
enum JSONPathText {
    /// The element that a name means in a list: `list['0']` is the first, `list['+0']`, `list['00']` and `list['-1']` are
    /// nothing (ECMA-262 §6.1.7, array index).
    static func arrayIndex(_ name: String) -> Int? {
        let digits = name.utf8
        guard let first = digits.first, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        if first == 0x30, digits.count > 1 { return nil }
        return Int(name)
    }

    /// ECMA-262 §7.1.4.1: what a text is as a number; NaN where it is none.
    static func number(_ text: String) -> Double {
        let trimmed = trimmed(text)
        return trimmed.isEmpty ? 0 : Double(trimmed) ?? .nan
    }

    /// Where `part` begins in `text`, in UTF-16 units.
    static func offset(of part: String, in text: String) -> Int? {
        let needle = Array(part.utf16)
        let units = Array(text.utf16)
        guard needle.count <= units.count else { return nil }
        return (0...(units.count - needle.count)).first { start in
            units[start..<(start + needle.count)].elementsEqual(needle)
        }
    }

    /// Without white space at both ends.
    static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }
}
