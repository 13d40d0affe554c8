internal import DocumentTree
internal import RegularExpression

// Keywords that look at one value: type, numbers, strings, counts.
extension Evaluator {
    mutating func checkType(_ set: TypeSet, _ schema: Int32, _ node: NodeID) -> Bool {
        let kind = document.kind(node)
        let fits: Bool
        switch kind {
        case .mapping: fits = set.contains(.object)
        case .sequence: fits = set.contains(.array)
        case .string: fits = set.contains(.string)
        case .boolean: fits = set.contains(.boolean)
        case .null: fits = set.contains(.null)
        case .integer: fits = !set.isDisjoint(with: [.integer, .number])
        case .number:
            // 1.0 is an integer (2020-12 core §4.2.3); draft 4 left it open, and JavaScript knows no difference.
            fits = set.contains(.number) || (set.contains(.integer) && DecimalNumber(document, node).isIntegral)
        }
        return fits || fail("type", schema, node, .fromSchema)
    }

    mutating func checkValue(_ keyword: Keyword, _ schema: Int32, _ node: NodeID) -> Bool {
        let kind = document.kind(node)
        switch keyword {
        case .enumeration(let list): return contains(list, node) || fail("enum", schema, node, .fromSchema)
        case .constant(let list): return contains(list, node) || fail("const", schema, node, .fromSchema)
        case .limit, .multipleOf:
            return (kind != .integer && kind != .number) || checkNumber(keyword, schema, node)
        case .length, .pattern:
            return kind != .string || checkString(keyword, schema, node)
        case .format(let name, let check):
            return check.accepts(document, node) || fail("format", schema, node, .known(.format(name)))
        case .itemCount(let limit):
            return kind != .sequence || limit.admits(document.childCount(node))
                || fail(limit.keyword, schema, node, .known(.count(limit: limit.limit)))
        case .uniqueItems: return kind != .sequence || checkUniqueItems(schema, node)
        case .propertyCount(let limit):
            return kind != .mapping || limit.admits(document.childCount(node))
                || fail(limit.keyword, schema, node, .known(.count(limit: limit.limit)))
        case .dependentRequired(let dependencies, let name):
            return kind != .mapping || checkDependencies(dependencies, name, schema, node)
        case .broken(let name, let reason): return abstain(name, schema, node, reason)
        default: preconditionFailure("the other keywords are checked by Evaluator.check")
        }
    }

    private func contains(_ list: ValueList, _ node: NodeID) -> Bool {
        if document.kind(node) == .string { return list.strings.contains(document.textBytes(node)) }
        return list.values.contains { NodeEquality.areEqual(list.document, $0, document, node) }
    }

    private mutating func checkNumber(_ keyword: Keyword, _ schema: Int32, _ node: NodeID) -> Bool {
        let value = DecimalNumber(document, node)
        switch keyword {
        case .limit(let rule):
            let isBeyond = rule.isLower ? value.isLess(than: rule.limit) : rule.limit.isLess(than: value)
            if !isBeyond, !(rule.isExclusive && value.isEqual(to: rule.limit)) { return true }
            let sign = (rule.isLower ? ">" : "<") + (rule.isExclusive ? "" : "=")
            return fail(rule.keyword, schema, node, .known(.comparison(sign, limit: rule.text)))
        case .multipleOf(let divisor, let text):
            return value.isMultiple(of: divisor) || fail("multipleOf", schema, node, .known(.multipleOf(text)))
        default: return true
        }
    }

    private mutating func checkString(_ keyword: Keyword, _ schema: Int32, _ node: NodeID) -> Bool {
        switch keyword {
        case .length(let rule):
            // Characters are code points (2020-12 validation §6.3.1): every byte but those that continue one.
            let length = document.withUTF8(node) { $0.reduce(0) { $0 + ($1 & 0xC0 != 0x80 ? 1 : 0) } }
            return rule.admits(length) || fail(rule.keyword, schema, node, .known(.count(limit: rule.limit)))
        case .pattern(let number):
            let pattern = program.patterns[Int(number)]
            do {
                if try pattern.expression.matches(document.string(node) ?? "") { return true }
            } catch {
                return abstain("pattern", schema, node, "the pattern did not come to an end on this text")
            }
            return fail("pattern", schema, node, .known(.pattern(pattern.text)))
        default: return true
        }
    }

    private mutating func checkUniqueItems(_ schema: Int32, _ node: NodeID) -> Bool {
        let count = document.childCount(node)
        if count < 2 { return true }
        guard count <= options.limits.uniqueItemsMax else {
            return abstain("uniqueItems", schema, node, "there are more than \(options.limits.uniqueItemsMax) items")
        }
        guard let (later, earlier) = NodeEquality.firstDuplicate(document, node) else { return true }
        return fail("uniqueItems", schema, node, .known(.duplicateItems(later, earlier)))
    }

    // MARK: Objects without subschemas

    mutating func checkRequired(_ names: [Int32], _ schema: Int32, _ node: NodeID) -> Bool {
        guard document.kind(node) == .mapping else { return true }
        var isValid = true
        for name in names where !has(name, node) {
            isValid = fail("required", schema, node, .known(.missingProperty(program.keys[Int(name)])))
            if !options.collectsAll || !isCollecting { break }
        }
        return isValid
    }

    private mutating func checkDependencies(
        _ dependencies: [Dependency],
        _ keyword: String,
        _ schema: Int32,
        _ node: NodeID
    ) -> Bool {
        var isValid = true
        for dependency in dependencies where has(dependency.key, node) {
            for name in dependency.required where !has(name, node) {
                let missing = program.keys[Int(name)]
                let present = program.keys[Int(dependency.key)]
                isValid = fail(keyword, schema, node, .known(.missingDependency(missing, becauseOf: present)))
            }
        }
        return isValid
    }

    /// Whether an object has a property.
    func has(_ name: Int32, _ node: NodeID) -> Bool {
        keys.documentKey(name).flatMap { document.child(node, key: $0) } != nil
    }
}
