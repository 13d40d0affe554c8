internal import DocumentTree

/// `truthy`, `falsy`, `defined` and `undefined`: whether there is a value at all, in JavaScript's sense.
struct Presence: RuleFunction {
    enum Expectation: String {
        case truthy
        case falsy
        case defined
        case undefined
    }

    let expectation: Expectation

    init(_ expectation: Expectation, _ options: FunctionOptions) throws(OptionsRejected) {
        try options.requireNone()
        self.expectation = expectation
    }

    func check(_ target: Target, in context: LintContext) throws(NotEvaluated) -> [Complaint] {
        let isMet =
            switch expectation {
            case .truthy: isTruthy(target.value, context.document)
            case .falsy: !isTruthy(target.value, context.document)
            case .defined: target.value != nil
            case .undefined: target.value == nil
            }
        return isMet ? [] : [Complaint(.property, "must be \(expectation.rawValue)")]
    }

    private func isTruthy(_ value: TargetValue?, _ document: Document) -> Bool {
        switch value {
        case nil: false
        case .key(let key): !key.isEmpty
        case .node(let node):
            switch document.kind(node) {
            case .mapping, .sequence: true
            case .string: !document.textBytes(node).isEmpty
            case .integer, .number: document.number(node) != 0
            case .boolean: document.boolean(node) == true
            case .null: false
            }
        }
    }
}
