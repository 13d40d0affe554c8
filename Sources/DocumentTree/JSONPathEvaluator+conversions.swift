/// ECMA-262's conversions and comparisons, as far as filters need them.
extension JSONPathEvaluator {
    func isTruthy(_ value: ScriptValue) -> Bool {
        switch value {
        case .undefined, .null: false
        case .boolean(let value): value
        case .number(let value): value != 0 && !value.isNaN
        case .string(let value): !value.isEmpty
        case .node, .pattern, .constructor, .matchResult: true
        }
    }

    func binary(
        _ symbol: JSONPathScript.Operator,
        _ left: ScriptValue,
        _ right: ScriptValue
    ) throws(JSONPathEvaluationFailure) -> ScriptValue {
        switch symbol {
        case .strictEqual: return .boolean(isStrictlyEqual(left, right))
        case .strictNotEqual: return .boolean(!isStrictlyEqual(left, right))
        case .equal: return .boolean(isLooselyEqual(left, right))
        case .notEqual: return .boolean(!isLooselyEqual(left, right))
        case .less:
            return .boolean(
                compare(left, right) {
                    $0 < $1
                } texts: {
                    $0 < $1
                }
            )
        case .greater:
            return .boolean(
                compare(left, right) {
                    $0 > $1
                } texts: {
                    $0 > $1
                }
            )
        case .lessOrEqual:
            return .boolean(
                compare(left, right) {
                    $0 <= $1
                } texts: {
                    $0 <= $1
                }
            )
        case .greaterOrEqual:
            return .boolean(
                compare(left, right) {
                    $0 >= $1
                } texts: {
                    $0 >= $1
                }
            )
        case .isIn: return .boolean(isIn(left, right))
        case .matches:
            guard case .pattern(let pattern) = right else { return .boolean(false) }
            return .boolean(try run(pattern.program, on: text(of: left)))
        case .add:
            if isText(left) || isText(right) { return .string(text(of: left) + text(of: right)) }
            return .number(number(of: left) + number(of: right))
        case .subtract: return .number(number(of: left) - number(of: right))
        case .multiply: return .number(number(of: left) * number(of: right))
        case .divide: return .number(number(of: left) / number(of: right))
        case .remainder: return .number(number(of: left).truncatingRemainder(dividingBy: number(of: right)))
        }
    }

    private func isText(_ value: ScriptValue) -> Bool {
        switch value {
        case .string, .node: true
        default: false
        }
    }

    func isStrictlyEqual(_ left: ScriptValue, _ right: ScriptValue) -> Bool {
        switch (left, right) {
        case (.undefined, .undefined), (.null, .null): true
        case (.boolean(let left), .boolean(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        case (.node(let left), .node(let right)): left == right
        case (.constructor(let left), .constructor(let right)): left == right
        default: false
        }
    }

    /// ECMA-262 §7.2.13: `==` with its conversions; a list compares as its elements joined by commas.
    private func isLooselyEqual(_ left: ScriptValue, _ right: ScriptValue) -> Bool {
        switch (left, right) {
        case (.undefined, .null), (.null, .undefined): true
        case (.undefined, _), (.null, _), (_, .undefined), (_, .null): isStrictlyEqual(left, right)
        case (.node, .node): isStrictlyEqual(left, right)
        case (.node, .string), (.string, .node): text(of: left).utf8.elementsEqual(text(of: right).utf8)
        case (.string, .string), (.constructor, .constructor): isStrictlyEqual(left, right)
        default: number(of: left) == number(of: right)
        }
    }

    private func compare(
        _ left: ScriptValue,
        _ right: ScriptValue,
        numbers: (Double, Double) -> Bool,
        texts: (String, String) -> Bool
    ) -> Bool {
        if case .string(let left) = left, case .string(let right) = right { return texts(left, right) }
        return numbers(number(of: left), number(of: right))
    }

    private func isIn(_ key: ScriptValue, _ object: ScriptValue) -> Bool {
        guard case .node(let node) = object else { return false }
        if document.kind(node) == .mapping { return document.child(node, key: text(of: key)) != nil }
        return JSONPathText.arrayIndex(text(of: key)).map { $0 < document.childCount(node) } ?? false
    }

    /// ECMA-262 §7.1.4 ToNumber.
    func number(of value: ScriptValue) -> Double {
        switch value {
        case .undefined, .pattern, .constructor, .matchResult: return .nan
        case .null: return 0
        case .boolean(let value): return value ? 1 : 0
        case .number(let value): return value
        case .string(let text): return JSONPathText.number(text)
        case .node(let node):
            guard document.kind(node) == .sequence else { return .nan }
            return number(of: .string(text(of: value)))
        }
    }

    /// ECMA-262 §7.1.17 ToString.
    func text(of value: ScriptValue) -> String {
        switch value {
        case .undefined: return "undefined"
        case .null: return "null"
        case .boolean(let value): return value ? "true" : "false"
        case .number(let value):
            return Int(exactly: value).map(String.init) ?? "\(value)"
        case .string(let text): return text
        case .node(let node):
            guard document.kind(node) == .sequence else { return "[object Object]" }
            return document.children(node).map { document.scalarText(follow($0)) ?? "" }.joined(separator: ",")
        case .pattern(let pattern): return "/\(pattern.source)/"
        case .constructor(let name): return "function \(name)"
        case .matchResult: return ""
        }
    }

    func typeName(of value: ScriptValue) -> String {
        switch value {
        case .undefined: "undefined"
        case .boolean: "boolean"
        case .number: "number"
        case .string: "string"
        case .constructor: "function"
        case .null, .node, .pattern, .matchResult: "object"
        }
    }
}
