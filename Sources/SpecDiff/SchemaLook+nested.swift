import DocumentTree

/// Schemas under a keyword of their own, properties, and what depends on them.
extension SchemaLook {
    /// Keywords with one schema, and whether it is a change that there is one now, or none any more.
    private static let single: [(keyword: SchemaKeyword, ending: String?)] = [
        (.items, nil), (.additionalProperties, nil), (.contains, "contains"), (.propertyNames, "property-names"),
        (.unevaluatedItems, "unevaluated-items"), (.unevaluatedProperties, "unevaluated-properties"), (.if, "if"),
        (.then, "then"), (.else, "else"), (.not, "not"), (.contentSchema, "content-schema"),
    ]

    mutating func compareNested() {
        for (keyword, ending) in Self.single where old[keyword] != nil || new[keyword] != nil {
            compareSingle(keyword, ending)
        }
        compareNever()
        compareAdditionalProperties()
        compareMapping(.patternProperties, "pattern-property")
        compareMapping(.dependentSchemas, "dependent-schema")
    }

    private mutating func compareSingle(_ keyword: SchemaKeyword, _ ending: String?) {
        let before = old[keyword].flatMap(base.schema(at:)).flatMap { constrains(base, keyword, $0) ? $0 : nil }
        let after = new[keyword].flatMap(revision.schema(at:)).flatMap { constrains(revision, keyword, $0) ? $0 : nil }
        switch (before, after) {
        case (let before?, let after?): step(.keyword(keyword), before, after)
        case (nil, _?): if let ending { add(.ending(ending + "-added"), keyword) }
        case (_?, nil): if let ending { add(.ending(ending + "-removed"), keyword) }
        case (nil, nil): break
        }
    }

    /// `true` constrains nothing, and what `additionalProperties: false` says is said by a check of its own.
    private func constrains(_ side: DiffSide, _ keyword: SchemaKeyword, _ schema: SchemaID) -> Bool {
        guard let node = schema.node, side.document.kind(node) == .boolean else { return true }
        return keyword != .additionalProperties && side.isNever(schema)
    }

    private mutating func compareNever() {
        let before = base.isNever(pair.base)
        let after = revision.isNever(pair.revision)
        if before != after { add(.ending(after ? "not-added" : "not-removed"), .not) }
    }

    private mutating func compareAdditionalProperties() {
        let before = old[.additionalProperties].map { base.document.boolean($0) == false } ?? false
        let after = new[.additionalProperties].map { revision.document.boolean($0) == false } ?? false
        guard before != after else { return }
        add(.ending(after ? "additional-properties-forbidden" : "additional-properties-allowed"), .additionalProperties)
    }

    private mutating func compareMapping(_ keyword: SchemaKeyword, _ ending: String) {
        guard old[keyword] != nil || new[keyword] != nil else { return }
        let before = base.schemas(in: old[keyword])
        let after = revision.schemas(in: new[keyword])
        for entry in before {
            if let other = after.first(where: { $0.name == entry.name }) {
                step(.member(keyword, entry.name), entry.schema, other.schema)
            } else {
                addMapping(ending + "-removed", keyword, entry.name, base: base.place(of: entry.schema))
            }
        }
        for entry in after where !before.contains(where: { $0.name == entry.name }) {
            addMapping(ending + "-added", keyword, entry.name, revision: revision.place(of: entry.schema))
        }
    }

    private mutating func addMapping(
        _ ending: String,
        _ keyword: SchemaKeyword,
        _ name: String,
        base place: NodeID? = nil,
        revision other: NodeID? = nil
    ) {
        var values = ChangeValues()
        values.key = name
        add(
            .ending(ending),
            values,
            base: place ?? old[keyword] ?? base.place(of: pair.base),
            revision: other ?? new[keyword] ?? revision.place(of: pair.revision)
        )
    }

    // MARK: Dependencies

    mutating func compareDependencies() {
        guard old[.dependentRequired] != nil || new[.dependentRequired] != nil else { return }
        let before = dependencies(base, old[.dependentRequired])
        let after = dependencies(revision, new[.dependentRequired])
        for (key, names) in before {
            guard let other = after.first(where: { $0.key == key })?.names else {
                addDependency("removed", key, names.joined(separator: ", "))
                continue
            }
            let added = other.filter { !names.contains($0) }
            let removed = names.filter { !other.contains($0) }
            let parts = added.map { "\($0) added" } + removed.map { "\($0) removed" }
            if !parts.isEmpty { addDependency("changed", key, parts.joined(separator: ", ")) }
        }
        for (key, names) in after where !before.contains(where: { $0.key == key }) {
            addDependency("added", key, names.joined(separator: ", "))
        }
    }

    private mutating func addDependency(_ action: String, _ key: String, _ value: String) {
        var values = ChangeValues()
        values.key = key
        values.value = value
        add(.ending("dependent-required-" + action), .dependentRequired, values)
    }

    private func dependencies(_ side: DiffSide, _ mapping: NodeID?) -> [(key: String, names: [String])] {
        guard let mapping, side.document.kind(mapping) == .mapping else { return [] }
        return side.document.children(mapping).map { (side.document.key($0) ?? "", side.texts($0)) }
    }

    // MARK: Discriminators

    mutating func compareDiscriminators() {
        guard old[.discriminator] != nil || new[.discriminator] != nil else { return }
        guard let before = old[.discriminator], let after = new[.discriminator] else {
            add(.ending(old[.discriminator] == nil ? "discriminator-added" : "discriminator-removed"), .discriminator)
            return
        }
        let oldName = discriminatorName(base, before)
        let newName = discriminatorName(revision, after)
        if oldName != newName {
            var values = ChangeValues()
            values.from = oldName
            values.to = newName
            add(.ending("discriminator-property-name-changed"), .discriminator, values)
        }
        compareMappings(base.node(before)["mapping"], revision.node(after)["mapping"])
    }

    /// In 2.0 the discriminator is the property's name itself.
    private func discriminatorName(_ side: DiffSide, _ id: NodeID) -> String {
        side.document.string(id) ?? side.node(id)["propertyName"]?.string ?? ""
    }

    private mutating func compareMappings(_ before: Node?, _ after: Node?) {
        let old = before?.entries.map { ($0.key, $0.value.scalarText ?? "") } ?? []
        let new = after?.entries.map { ($0.key, $0.value.scalarText ?? "") } ?? []
        var added = ChangeValues()
        added.value = new.filter { entry in !old.contains { $0.0 == entry.0 } }.map(\.0).joined(separator: ", ")
        if !added.value.isEmpty { add(.ending("discriminator-mapping-added"), .discriminator, added) }
        var removed = ChangeValues()
        removed.value = old.filter { entry in !new.contains { $0.0 == entry.0 } }.map(\.0).joined(separator: ", ")
        if !removed.value.isEmpty { add(.ending("discriminator-mapping-deleted"), .discriminator, removed) }
        for (key, target) in old {
            guard let other = new.first(where: { $0.0 == key })?.1, other != target, !leadToSame(target, other) else {
                continue
            }
            var values = ChangeValues()
            values.key = key
            values.from = target
            values.to = other
            add(.ending("discriminator-mapping-changed"), .discriminator, values)
        }
    }

    /// Whether two targets of a mapping are one component, be it that the version spells references in another way or
    /// that the component has another name.
    private func leadToSame(_ old: String, _ new: String) -> Bool {
        let before = old.split(separator: "/").last.map(String.init) ?? old
        let after = new.split(separator: "/").last.map(String.init) ?? new
        return before == after ? old.contains("/") == new.contains("/") : comparison.isRename(before, after)
    }
}
