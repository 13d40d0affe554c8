import DocumentTree

/// Whether two schemas are the same through all references: for matching schemas that have no name.
///
/// Schemas that refer to themselves are the same where no difference turns up: a pair that is met again while it is
/// being looked at counts as the same, and is only remembered as such once the whole look has found nothing.
final class SchemaEquivalence {
    /// How much must be the same.
    private enum Strictness: UInt8 {
        /// Descriptions, titles and examples too.
        case words
        /// What is valid, and what lifecycle keywords say.
        case contract
    }

    private struct Key: Hashable {
        let old: Int32
        let new: Int32
        let strictness: Strictness
    }

    private let base: DiffSide
    private let revision: DiffSide
    private let limits: DiffLimits
    private var known: [Key: Bool] = [:]
    private var assumed: Set<Key> = []
    /// Whether two schemas were compared by their text because they nest too deep.
    private(set) var wasCut = false

    init(_ base: DiffSide, _ revision: DiffSide, _ limits: DiffLimits) {
        self.base = base
        self.revision = revision
        self.limits = limits
    }

    /// Whether nothing differs, be it a word.
    func areIdentical(_ old: SchemaID, _ new: SchemaID) -> Bool { areSame(old, new, .words) }

    /// Whether nothing differs but words, examples and defaults.
    func areEquivalent(_ old: SchemaID, _ new: SchemaID) -> Bool { areSame(old, new, .contract) }

    /// As ``areEquivalent(_:_:)``, whatever types the two themselves have.
    func areEquivalentBesidesTypes(_ old: SchemaID, _ new: SchemaID) -> Bool {
        assumed.removeAll(keepingCapacity: true)
        return look(old, new, .contract, depth: 0, comparesTypes: false)
    }

    private func areSame(_ old: SchemaID, _ new: SchemaID, _ strictness: Strictness) -> Bool {
        assumed.removeAll(keepingCapacity: true)
        let result = areSame(old, new, strictness, depth: 0)
        if result { for key in assumed { known[key] = true } }
        return result
    }

    private func areSame(_ old: SchemaID, _ new: SchemaID, _ strictness: Strictness, depth: Int) -> Bool {
        let key = Key(old: old.rawValue, new: new.rawValue, strictness: strictness)
        if let known = known[key] { return known }
        if !assumed.insert(key).inserted { return true }
        guard depth < limits.equivalenceDepthMax else {
            // Deeper than that, the same text counts as the same schema.
            wasCut = true
            return SameValue.areSame(base.place(of: old), base.document, revision.place(of: new), revision.document)
        }
        let result = look(old, new, strictness, depth: depth)
        // A difference is one whatever was assumed on the way to it.
        if !result { known[key] = false }
        return result
    }

    private func look(
        _ oldID: SchemaID,
        _ newID: SchemaID,
        _ strictness: Strictness,
        depth: Int,
        comparesTypes: Bool = true
    ) -> Bool {
        var old = SchemaNodes()
        var new = SchemaNodes()
        base.read(oldID, into: &old)
        revision.read(newID, into: &new)
        if base.isNever(oldID) != revision.isNever(newID) { return false }
        let before = SchemaTypes(base, oldID, old)
        let after = SchemaTypes(revision, newID, new)
        guard before.format == after.format else { return false }
        if comparesTypes {
            guard Set(before.types) == Set(after.types), before.allowsNull == after.allowsNull else { return false }
        }
        for keyword in SchemaKeyword.allCases {
            if strictness == .contract, keyword.onlyDescribes || keyword == .default { continue }
            switch keyword {
            case .type, .format, .nullable, .xNullable, .ref, .properties, .required: continue
            default: break
            }
            switch (old[keyword], new[keyword]) {
            case (nil, nil): continue
            case (let left?, let right?):
                guard areSame(keyword, left, right, strictness, depth: depth) else { return false }
            default: return false
            }
        }
        guard Set(base.required(oldID, old)) == Set(revision.required(newID, new)) else { return false }
        return areSame(base.properties(oldID, old), revision.properties(newID, new), strictness, depth: depth)
    }

    private func areSame(
        _ keyword: SchemaKeyword,
        _ left: NodeID,
        _ right: NodeID,
        _ strictness: Strictness,
        depth: Int
    ) -> Bool {
        switch keyword {
        case .items, .contains, .unevaluatedItems, .unevaluatedProperties, .additionalProperties, .propertyNames, .not,
            .if, .then, .else, .contentSchema:
            guard let old = base.schema(at: left), let new = revision.schema(at: right) else {
                return SameValue.areSame(left, base.document, right, revision.document)
            }
            return areSame(old, new, strictness, depth: depth + 1)
        case .patternProperties, .dependentSchemas:
            return areSame(base.schemas(in: left), revision.schemas(in: right), strictness, depth: depth)
        case .allOf, .anyOf, .oneOf, .prefixItems:
            let old = base.document.children(left).compactMap(base.schema(at:))
            var new = revision.document.children(right).compactMap(revision.schema(at:))
            guard old.count == new.count else { return false }
            for schema in old {
                let match =
                    keyword == .prefixItems
                    ? (areSame(schema, new[0], strictness, depth: depth + 1) ? 0 : nil)
                    : new.firstIndex { areSame(schema, $0, strictness, depth: depth + 1) }
                guard let match else { return false }
                new.remove(at: match)
            }
            return true
        default:
            return SameValue.areSame(left, base.document, right, revision.document)
        }
    }

    private func areSame(
        _ old: [(name: String, schema: SchemaID)],
        _ new: [(name: String, schema: SchemaID)],
        _ strictness: Strictness,
        depth: Int
    ) -> Bool {
        guard old.count == new.count else { return false }
        var others: [String: SchemaID] = [:]
        for entry in new { others[entry.name] = entry.schema }
        return old.allSatisfy { entry in
            others[entry.name].map { areSame(entry.schema, $0, strictness, depth: depth + 1) } ?? false
        }
    }
}
