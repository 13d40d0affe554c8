internal import DocumentTree

// Keywords that apply further schemas to the same instance.
extension Evaluator {
    mutating func checkApplicator(_ keyword: Keyword, _ schema: Int32, _ node: NodeID, _ marks: inout Marks) -> Bool {
        switch keyword {
        case .dynamicReference(let target, let anchor):
            return evaluate(dynamicTarget(anchor, default: target), node, &marks)
        case .allOf(let targets): return checkAllOf(targets, node, &marks)
        case .anyOf(let targets): return checkAnyOf(targets, schema, node, &marks)
        case .oneOf(let targets): return checkOneOf(targets, schema, node, &marks)
        case .not(let target):
            let isValid = holds(target, node, &marks, keepsMarks: false)
            return !isValid || isHalted || fail("not", schema, node)
        case .conditional(let test, let then, let otherwise):
            // Which branch applies is known, so its violations stand for themselves.
            let isMet = holds(test, node, &marks, keepsMarks: true)
            guard let target = isMet ? then : otherwise else { return true }
            return evaluate(target, node, &marks)
        case .dependentSchemas(let entries):
            guard document.kind(node) == .mapping else { return true }
            var isValid = true
            for entry in entries where has(entry.key, node) {
                if !evaluate(entry.schema, node, &marks) { isValid = false }
            }
            return isValid
        default: preconditionFailure("the other keywords are checked by Evaluator.check")
        }
    }

    private mutating func checkAllOf(_ targets: [Int32], _ node: NodeID, _ marks: inout Marks) -> Bool {
        var isValid = true
        for target in targets where !evaluate(target, node, &marks) {
            isValid = false
            if !options.collectsAll || !isCollecting { break }
        }
        return isValid
    }

    private mutating func checkAnyOf(_ targets: [Int32], _ schema: Int32, _ node: NodeID, _ marks: inout Marks) -> Bool
    {
        let start = found.count
        var isValid = false
        for target in targets {
            var branch = Marks(isOn: marks.isOn)
            guard evaluate(target, node, &branch) else { continue }
            isValid = true
            marks.formUnion(branch)
            // Further branches can only add to what was looked at.
            if !marks.isOn { break }
        }
        if isValid {
            found.removeSubrange(start...)
            return true
        }
        return fail("anyOf", schema, node, causesFrom: start)
    }

    private mutating func checkOneOf(_ targets: [Int32], _ schema: Int32, _ node: NodeID, _ marks: inout Marks) -> Bool
    {
        let start = found.count
        var passing: [Int] = []
        for (index, target) in targets.enumerated() {
            var branch = Marks(isOn: marks.isOn)
            guard evaluate(target, node, &branch) else { continue }
            passing.append(index)
            marks.formUnion(branch)
            if passing.count > 1 { break }
        }
        if passing.isEmpty { return fail("oneOf", schema, node, causesFrom: start) }
        found.removeSubrange(start...)
        return passing.count == 1 || fail("oneOf", schema, node, .known(.passingSchemas(passing)))
    }

    /// Whether a schema holds, without noting anything down.
    private mutating func holds(_ target: Int32, _ node: NodeID, _ marks: inout Marks, keepsMarks: Bool) -> Bool {
        let saved = isCollecting
        isCollecting = false
        var branch = Marks(isOn: keepsMarks && marks.isOn)
        let isValid = evaluate(target, node, &branch)
        isCollecting = saved
        if isValid { marks.formUnion(branch) }
        return isValid
    }
}
