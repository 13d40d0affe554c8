import DocumentTree

/// Properties: which there are, which must be there, and who may send them.
extension SchemaLook {
    mutating func compareProperties() {
        let before = base.properties(pair.base, old)
        let after = revision.properties(pair.revision, new)
        let requiredBefore = base.required(pair.base, old)
        let requiredAfter = revision.required(pair.revision, new)
        let isRequired = Set(requiredBefore)
        guard !before.isEmpty || !after.isEmpty else { return }
        var others: [String: SchemaID] = [:]
        for entry in after { others[entry.name] = entry.schema }
        for entry in before {
            guard let other = others.removeValue(forKey: entry.name) else {
                addRemoved(entry.name, entry.schema, isRequired: isRequired.contains(entry.name))
                continue
            }
            step(.property(entry.name), entry.schema, other)
            compareMutability(entry.name, entry.schema, other, isRequired: isRequired.contains(entry.name))
        }
        if !others.isEmpty {
            for entry in after where others[entry.name] != nil {
                addAdded(entry.name, entry.schema, isRequired: requiredAfter.contains(entry.name))
            }
        }
        if requiredBefore != requiredAfter { compareRequired(before, after, requiredBefore, requiredAfter) }
    }

    private mutating func addRemoved(_ name: String, _ schema: SchemaID, isRequired: Bool) {
        if case .oneOfWrapping(let moved) = transition, moved.contains(name) { return }
        let traits = PropertyTraits(base, schema)
        var fact = SchemaFact(
            kind: .property(isAdded: false, isRequired: isRequired, hasDefault: traits.hasDefault),
            name: name
        )
        fact.isReadOnly = traits.isReadOnly
        fact.isWriteOnly = traits.isWriteOnly
        fact.base = member(name, old) ?? base.place(of: schema)
        fact.revision = new[.properties] ?? revision.place(of: pair.revision)
        facts.append(fact)
    }

    private mutating func addAdded(_ name: String, _ schema: SchemaID, isRequired: Bool) {
        let traits = PropertyTraits(revision, schema)
        var fact = SchemaFact(
            kind: .property(isAdded: true, isRequired: isRequired, hasDefault: traits.hasDefault),
            name: name
        )
        fact.isReadOnly = traits.isReadOnly
        fact.isWriteOnly = traits.isWriteOnly
        fact.base = old[.properties] ?? base.place(of: pair.base)
        fact.revision =
            new[.properties].flatMap { revision.document.child($0, key: name) } ?? revision.place(of: schema)
        facts.append(fact)
    }

    private func member(_ name: String, _ nodes: SchemaNodes) -> NodeID? {
        nodes[.properties].flatMap { base.document.child($0, key: name) }
    }

    private mutating func compareRequired(
        _ before: [(name: String, schema: SchemaID)],
        _ after: [(name: String, schema: SchemaID)],
        _ requiredBefore: [String],
        _ requiredAfter: [String]
    ) {
        let (were, are) = (Set(requiredBefore), Set(requiredAfter))
        for name in requiredAfter where !were.contains(name) {
            addRequired(name, before, after, isAdded: true)
        }
        for name in requiredBefore where !are.contains(name) {
            addRequired(name, before, after, isAdded: false)
        }
    }

    private mutating func addRequired(
        _ name: String,
        _ before: [(name: String, schema: SchemaID)],
        _ after: [(name: String, schema: SchemaID)],
        isAdded: Bool
    ) {
        guard let older = before.first(where: { $0.name == name })?.schema,
            let schema = after.first(where: { $0.name == name })?.schema
        else { return }
        let traits = PropertyTraits(revision, schema)
        var fact = SchemaFact(kind: .required(isAdded: isAdded, hasDefault: traits.hasDefault), name: name)
        fact.isReadOnly = traits.isReadOnly
        // Answers never held what was write-only.
        fact.isWriteOnly = traits.isWriteOnly || PropertyTraits(base, older).isWriteOnly
        fact.base = old[.required] ?? base.place(of: pair.base)
        fact.revision = new[.required] ?? revision.place(of: pair.revision)
        facts.append(fact)
    }

    private mutating func compareMutability(_ name: String, _ old: SchemaID, _ new: SchemaID, isRequired: Bool) {
        let before = PropertyTraits(base, old)
        let after = PropertyTraits(revision, new)
        for (keyword, word, was, isNow) in [
            (SchemaKeyword.writeOnly, "write-only", before.isWriteOnly, after.isWriteOnly),
            (.readOnly, "read-only", before.isReadOnly, after.isReadOnly),
        ] where was != isNow {
            var fact = SchemaFact(
                kind: .mutability(isRequired: isRequired, ending: isNow ? "became-" + word : "became-not-" + word),
                name: name
            )
            fact.base = base.document.child(base.place(of: old), key: keyword.name) ?? base.place(of: old)
            fact.revision =
                revision.document.child(revision.place(of: new), key: keyword.name) ?? revision.place(of: new)
            facts.append(fact)
        }
    }
}

/// What matters of a property to those who send or receive its owner.
struct PropertyTraits {
    var isReadOnly = false
    var isWriteOnly = false
    var hasDefault = false

    init(_ side: DiffSide, _ id: SchemaID) {
        let node = side.place(of: id)
        if let index = id.standIn, case .overlay(_, let target) = side.standIns[index] { add(side, target) }
        add(side, node)
    }

    private mutating func add(_ side: DiffSide, _ node: NodeID) {
        guard side.document.kind(node) == .mapping else { return }
        for child in side.document.children(node) {
            switch side.document.keyID(of: child).flatMap(side.keyword) {
            case .readOnly: isReadOnly = side.boolean(child)
            case .writeOnly: isWriteOnly = side.boolean(child)
            case .default: hasDefault = !side.node(child).isNull
            default: break
            }
        }
    }
}
