/// RFC 9535 filters. "Nothing" of §2.4.1 is nil here.
extension JSONPathEvaluator {
    /// A value of §2.4.1: a node or a primitive; containers stay nodes so that nothing is copied.
    private enum Value {
        case null
        case boolean(Bool)
        case number(Double)
        case string(String)
        case container(NodeID)
    }

    mutating func isTrue(_ filter: JSONPathFilter, for node: NodeID) throws(JSONPathEvaluationFailure) -> Bool {
        switch filter {
        case .or(let parts):
            for part in parts where try isTrue(part, for: node) { return true }
            return false
        case .and(let parts):
            for part in parts where try !isTrue(part, for: node) { return false }
            return true
        case .not(let inner):
            return try !isTrue(inner, for: node)
        case .exists(let query):
            return try !nodes(of: query, for: node).isEmpty
        case .test(let function):
            return try test(function, for: node)
        case .compare(let left, let comparison, let right):
            return try compare(value(of: left, for: node), comparison, value(of: right, for: node))
        }
    }

    private mutating func nodes(
        of query: JSONPathQuery,
        for node: NodeID
    ) throws(JSONPathEvaluationFailure) -> [NodeID] {
        try select(query.steps, from: query.isRelative ? node : root)
    }

    private mutating func value(
        of operand: JSONPathOperand,
        for node: NodeID
    ) throws(JSONPathEvaluationFailure) -> Value? {
        switch operand {
        case .literal(.null): return .null
        case .literal(.boolean(let value)): return .boolean(value)
        case .literal(.number(let value)): return .number(value)
        case .literal(.string(let value)): return .string(value)
        case .query(let query): return try nodes(of: query, for: node).first.flatMap(value)
        case .function(let function): return try value(of: function, for: node)
        case .logical: return nil
        }
    }

    private func value(_ node: NodeID) -> Value? {
        switch document.kind(node) {
        case .mapping, .sequence: .container(node)
        case .string: document.string(node).map(Value.string)
        case .integer, .number: document.number(node).map(Value.number)
        case .boolean: document.boolean(node).map(Value.boolean)
        case .null: .null
        }
    }

    /// §2.3.5.2.2.
    private func compare(_ left: Value?, _ comparison: JSONPathComparison, _ right: Value?) -> Bool {
        switch comparison {
        case .equal: isEqual(left, right)
        case .notEqual: !isEqual(left, right)
        case .less: isLess(left, right)
        case .greater: isLess(right, left)
        case .lessOrEqual: isLess(left, right) || isEqual(left, right)
        case .greaterOrEqual: isLess(right, left) || isEqual(left, right)
        }
    }

    private func isEqual(_ left: Value?, _ right: Value?) -> Bool {
        switch (left, right) {
        case (nil, nil), (.null, .null): true
        case (.boolean(let left), .boolean(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        case (.container(let left), .container(let right)):
            document.node(left).hasSameValue(as: document.node(right))
        default: false
        }
    }

    private func isLess(_ left: Value?, _ right: Value?) -> Bool {
        switch (left, right) {
        case (.number(let left), .number(let right)): left < right
        case (.string(let left), .string(let right)):
            left.unicodeScalars.lexicographicallyPrecedes(right.unicodeScalars)
        default: false
        }
    }

    /// `length`, `count` and `value`, RFC 9535 §2.4.4, §2.4.5 and §2.4.8.
    private mutating func value(
        of function: JSONPathFunction,
        for node: NodeID
    ) throws(JSONPathEvaluationFailure) -> Value? {
        guard let argument = function.arguments.first else { return nil }
        switch (function.name, argument) {
        case (.count, .query(let query)):
            return .number(Double(try nodes(of: query, for: node).count))
        case (.value, .query(let query)):
            let selected = try nodes(of: query, for: node)
            return selected.count == 1 ? value(selected[0]) : nil
        case (.length, _):
            switch try value(of: argument, for: node) {
            case .string(let text): return .number(Double(text.unicodeScalars.count))
            case .container(let container): return .number(Double(document.childCount(container)))
            default: return nil
            }
        default:
            return nil
        }
    }

    /// `match` and `search`, RFC 9535 §2.4.6 and §2.4.7: false unless both arguments are strings.
    private mutating func test(
        _ function: JSONPathFunction,
        for node: NodeID
    ) throws(JSONPathEvaluationFailure) -> Bool {
        guard case .string(let text) = try value(of: function.arguments[0], for: node) else { return false }
        let program: RegexMatcher.Program?
        if let compiled = function.program {
            program = compiled
        } else if case .string(let pattern) = try value(of: function.arguments[1], for: node) {
            let translated = JSONPathIRegexp.translated(pattern, isWhole: function.name == .match)
            program = patterns.program(translated, by: function.engine)
        } else {
            program = nil
        }
        return try program.map { (program) throws(JSONPathEvaluationFailure) in try run(program, on: text) } ?? false
    }

    func run(_ program: RegexMatcher.Program, on text: String) throws(JSONPathEvaluationFailure) -> Bool {
        do throws(RegexBudgetExceeded) {
            return try program(text)
        } catch {
            throw .regularExpression(pattern: error.pattern)
        }
    }
}

/// Patterns that came out of the document, compiled once per evaluation.
final class PatternCache {
    private var programs: [String: RegexMatcher.Program?] = [:]

    /// The program; nil for a pattern that is not one (RFC 9535 §2.4.6: it matches nothing).
    func program(_ pattern: String, by engine: RegexMatcher) -> RegexMatcher.Program? {
        if let known = programs[pattern] { return known }
        if programs.count >= JSONPathLimits.regularExpressionsKept { programs.removeAll(keepingCapacity: true) }
        do throws(RegexRejected) {
            let program = try engine.compile(pattern, "u")
            programs[pattern] = program
            return program
        } catch {
            programs[pattern] = .some(nil)
            return nil
        }
    }
}
