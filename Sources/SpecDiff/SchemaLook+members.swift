import DocumentTree

/// Lists of schemas: `allOf`, `anyOf`, `oneOf`, `prefixItems`.
extension SchemaLook {
    mutating func compareSubschemas() {
        for keyword in [SchemaKeyword.oneOf, .anyOf, .allOf, .prefixItems] {
            guard old[keyword] != nil || new[keyword] != nil else { continue }
            compareMembers(keyword)
        }
    }

    private mutating func compareMembers(_ keyword: SchemaKeyword) {
        var match = MemberMatch(
            old: members(base, old[keyword]),
            new: members(revision, new[keyword]),
            comparison
        )
        match.run()
        for (before, after) in match.modified {
            let name = before.name == after.name ? before.name : "\(before.name) -> \(after.name)"
            step(.member(keyword, name), before.schema, after.schema)
        }
        switch transition {
        case .listOfTypes: return
        case .oneOfWrapping:
            var values = ChangeValues()
            values.value = match.added.map(\.name).joined(separator: ", ")
            if keyword == .oneOf { add(.wrappedInOneOf, .oneOf, values) }
            return
        default: break
        }
        let ending = Self.endings[keyword] ?? keyword.name
        let isAllOf = keyword == .allOf
        let added = match.added.filter { !isAllOf || !onlyDescribes(revision, $0.schema) }
        let removed = match.removed.filter { !isAllOf || !onlyDescribes(base, $0.schema) }
        addMembers(ending + "-added", keyword, added, isAdded: true)
        addMembers(ending + "-removed", keyword, removed, isAdded: false)
        guard isAllOf else { return }
        addMembers(
            ending + "-added-annotation-only",
            keyword,
            match.added.filter { onlyDescribes(revision, $0.schema) },
            isAdded: true
        )
        addMembers(
            ending + "-removed-annotation-only",
            keyword,
            match.removed.filter { onlyDescribes(base, $0.schema) },
            isAdded: false
        )
    }

    private mutating func addMembers(_ ending: String, _ keyword: SchemaKeyword, _ members: [Member], isAdded: Bool) {
        guard let first = members.first else { return }
        var values = ChangeValues()
        values.value = members.map(\.name).joined(separator: ", ")
        add(
            .ending(ending),
            values,
            base: isAdded ? old[keyword] ?? base.place(of: pair.base) : first.place,
            revision: isAdded ? first.place : new[keyword] ?? revision.place(of: pair.revision)
        )
    }

    private static let endings: [SchemaKeyword: String] = [
        .allOf: "all-of", .anyOf: "any-of", .oneOf: "one-of", .prefixItems: "prefix-items",
    ]

    private func members(_ side: DiffSide, _ list: NodeID?) -> [Member] {
        guard let list else { return [] }
        var members: [Member] = []
        for (index, place) in side.document.children(list).enumerated() {
            guard let schema = side.schema(at: place) else { continue }
            let reference = side.referencedName(place)
            var nodes = SchemaNodes()
            side.read(schema, into: &nodes)
            let title = nodes[.title].flatMap(side.document.string) ?? ""
            let name =
                reference.map { "#/components/schemas/" + $0 }
                ?? (title.isEmpty ? "subschema #\(index + 1)" : "subschema #\(index + 1): \(title)")
            members.append(Member(place: place, schema: schema, reference: reference, title: title, name: name))
        }
        return members
    }

    /// Whether a schema says nothing about what is valid.
    private func onlyDescribes(_ side: DiffSide, _ schema: SchemaID) -> Bool {
        var nodes = SchemaNodes()
        side.read(schema, into: &nodes)
        return !side.isNever(schema)
            && SchemaKeyword.allCases.allSatisfy { $0.onlyDescribes || $0 == .default || nodes[$0] == nil }
    }
}

/// A schema of a list.
struct Member {
    let place: NodeID
    let schema: SchemaID
    /// The component it is, by reference.
    let reference: String?
    let title: String
    /// What reports call it.
    let name: String
}

/// Finds out which schemas of two lists belong together.
///
/// References belong together by the component's name; a component that has another name now, and is what the old one
/// was, by being so. Schemas without a name belong together where they are identical, then by title, then where one of
/// each is left. What is left after that and differs only by being a component now (or no longer) is the same too.
struct MemberMatch {
    private(set) var added: [Member]
    private(set) var removed: [Member]
    private(set) var modified: [(Member, Member)] = []
    private let comparison: SchemaComparison

    init(old: [Member], new: [Member], _ comparison: SchemaComparison) {
        removed = old
        added = new
        self.comparison = comparison
    }

    mutating func run() {
        matchReferences()
        matchIdentical()
        matchTitles()
        matchLast()
        matchEquivalent()
    }

    private mutating func matchReferences() {
        for old in removed {
            guard let name = old.reference, let index = added.firstIndex(where: { $0.reference == name }) else {
                continue
            }
            pair(old, index)
        }
    }

    private mutating func matchIdentical() {
        for old in removed where old.reference == nil {
            let index = added.firstIndex {
                $0.reference == nil && comparison.equivalence.areIdentical(old.schema, $0.schema)
            }
            if let index {
                added.remove(at: index)
                drop(old)
            }
        }
    }

    private mutating func matchTitles() {
        for old in removed where old.reference == nil && !old.title.isEmpty {
            if let index = added.firstIndex(where: { $0.reference == nil && $0.title == old.title }) {
                pair(old, index)
            }
        }
    }

    private mutating func matchLast() {
        let old = removed.filter { $0.reference == nil }
        let new = added.filter { $0.reference == nil }
        guard old.count == 1, new.count == 1, old[0].title.isEmpty, new[0].title.isEmpty,
            let index = added.firstIndex(where: { $0.place == new[0].place })
        else { return }
        pair(old[0], index)
    }

    private mutating func matchEquivalent() {
        for old in removed {
            let index = added.firstIndex { new in
                switch (old.reference, new.reference) {
                case (nil, nil): return false
                case (let before?, let after?):
                    return comparison.isRename(before, after)
                        && comparison.equivalence.areEquivalent(old.schema, new.schema)
                default: return comparison.equivalence.areEquivalent(old.schema, new.schema)
                }
            }
            if let index {
                added.remove(at: index)
                drop(old)
            }
        }
    }

    private mutating func pair(_ old: Member, _ index: Int) {
        modified.append((old, added.remove(at: index)))
        drop(old)
    }

    private mutating func drop(_ old: Member) { removed.removeAll { $0.place == old.place } }
}
