internal import DocumentTree

// Keywords that apply schemas to the children of an array or an object.
extension Evaluator {
    mutating func checkItems(_ rule: ItemsRule, _ schema: Int32, _ node: NodeID, _ marks: inout Marks) -> Bool {
        guard document.kind(node) == .sequence else { return true }
        if rule.refusesRest {
            guard document.childCount(node) <= rule.prefix.count else {
                return fail(rule.restKeyword, schema, node, .known(.surplusItems(limit: rule.prefix.count)))
            }
        }
        var isValid = true
        for (index, child) in document.children(node).enumerated() {
            guard let target = index < rule.prefix.count ? rule.prefix[index] : rule.rest else { break }
            marks.insert(index)
            if !evaluateChild(target, child) {
                isValid = false
                if !options.collectsAll || !isCollecting { break }
            }
        }
        return isValid
    }

    mutating func checkContains(
        _ target: Int32,
        _ least: Int,
        _ most: Int?,
        _ marksItems: Bool,
        _ schema: Int32,
        _ node: NodeID,
        _ marks: inout Marks
    ) -> Bool {
        guard document.kind(node) == .sequence else { return true }
        let saved = isCollecting
        isCollecting = false
        var count = 0
        for (index, child) in document.children(node).enumerated() where evaluateChild(target, child) {
            count += 1
            if marksItems { marks.insert(index) }
            if !marks.isOn, most == nil, count >= least { break }
        }
        isCollecting = saved
        if count >= least, count <= most ?? .max { return true }
        return fail("contains", schema, node, .known(.contains(least: least, most: most)))
    }

    mutating func checkProperties(_ rule: PropertiesRule, _ schema: Int32, _ node: NodeID, _ marks: inout Marks) -> Bool
    {
        guard document.kind(node) == .mapping else { return true }
        var isValid = true
        for (index, child) in document.children(node).enumerated() {
            guard let key = document.keyID(of: child) else { continue }
            var isCovered = false
            if let target = rule.byKey.schema(for: keys.programKey(key)) {
                isCovered = true
                if !evaluateChild(target, child) { isValid = false }
            }
            for entry in rule.patterns where matches(entry.pattern, key: key, schema, node) {
                isCovered = true
                if !evaluateChild(entry.schema, child) { isValid = false }
            }
            if !isCovered, let additional = rule.additional {
                isCovered = true
                if rule.refusesAdditional {
                    let name = document.text(of: key)
                    isValid = fail("additionalProperties", schema, node, .known(.additionalProperty(name)))
                } else if !evaluateChild(additional, child) {
                    isValid = false
                }
            }
            if isCovered { marks.insert(index) }
            if !isValid, !options.collectsAll || !isCollecting { return false }
        }
        return isValid
    }

    mutating func checkPropertyNames(_ target: Int32, _ schema: Int32, _ node: NodeID) -> Bool {
        guard document.kind(node) == .mapping else { return true }
        var isValid = true
        for child in document.children(node) {
            guard let key = document.keyID(of: child) else { continue }
            if rememberedName(target, key) == true { continue }
            let name = document.text(of: key)
            let failures = violations(ofName: name, target, at: child)
            rememberName(target, key, failures.isEmpty)
            if failures.isEmpty { continue }
            isValid = false
            let start = found.count
            if isCollecting { found.append(contentsOf: failures) }
            _ = fail("propertyNames", schema, node, .known(.propertyName(name)), causesFrom: start)
            if !options.collectsAll || !isCollecting { break }
        }
        return isValid
    }

    /// Applies a schema to a name, as the string it is, in a document of its own.
    private mutating func violations(ofName name: String, _ schema: Int32, at child: NodeID) -> [RawViolation] {
        let text = JSONValue.string(name).text(pretty: false)
        guard let own = try? Document.read(text, name: document.source.name, syntax: .json) else {
            // A string that was just written as JSON can only fail the limit on size.
            _ = abstain("propertyNames", schema, child, "the name is too long")
            return []
        }
        var evaluator = Evaluator(program: program, document: own, options: options, keys: KeyBinding())
        if evaluator.evaluateChild(schema, own.rootID) { return [] }
        let instance = document.node(child)
        return evaluator.violations().map { violation in
            var raw = RawViolation(
                keyword: violation.keyword,
                schema: schema,
                node: child,
                detail: .none,
                causesFrom: nil
            )
            raw.foreign = violation.moved(to: instance)
            return raw
        }
    }

    mutating func checkUnevaluatedItems(
        _ target: Int32,
        _ schema: Int32,
        _ node: NodeID,
        _ marks: inout Marks
    ) -> Bool {
        guard document.kind(node) == .sequence else { return true }
        let refuses = program.schemas[Int(target)].isFalse
        for (index, child) in document.children(node).enumerated() where !marks.contains(index) {
            if refuses { return fail("unevaluatedItems", schema, node, .known(.surplusItems(limit: index))) }
            if !evaluateChild(target, child) { return false }
        }
        marks.insertAll()
        return true
    }

    mutating func checkUnevaluatedProperties(
        _ target: Int32,
        _ schema: Int32,
        _ node: NodeID,
        _ marks: inout Marks
    ) -> Bool {
        guard document.kind(node) == .mapping else { return true }
        let refuses = program.schemas[Int(target)].isFalse
        var isValid = true
        for (index, child) in document.children(node).enumerated() where !marks.contains(index) {
            if refuses {
                let name = document.key(child) ?? ""
                isValid = fail("unevaluatedProperties", schema, node, .known(.unevaluatedProperty(name)))
            } else if !evaluateChild(target, child) {
                isValid = false
            }
            if !isValid, !options.collectsAll || !isCollecting { return false }
        }
        if isValid { marks.insertAll() }
        return isValid
    }
}
