import DocumentTree

/// One edit that shows in many keywords at once: it is said as what it is, and what it explains is not said again.
enum SchemaTransition: Equatable {
    case none
    /// A schema became `oneOf` (or `anyOf`) of itself and `null`, or the other way round.
    case nullableWrapping(becomesNullable: Bool)
    /// An object became `oneOf` of objects, into which the properties named moved.
    case oneOfWrapping(moved: [String])
    /// One type became `oneOf` or `anyOf` of simple types, or back.
    case listOfTypes(added: [String], removed: [String])

    var isNullableWrapping: Bool {
        if case .nullableWrapping = self { true } else { false }
    }

    init(of look: SchemaLook) {
        let wraps =
            look.old[.oneOf] != nil || look.new[.oneOf] != nil || look.old[.anyOf] != nil || look.new[.anyOf] != nil
        guard wraps else {
            self = .none
            return
        }
        let equivalence = look.comparison.equivalence
        if let payload = Self.payload(look.revision, look.new, wrapping: look.base, look.pair.base, look.old),
            equivalence.areEquivalent(look.pair.base, payload)
        {
            self = .nullableWrapping(becomesNullable: true)
        } else if let payload = Self.payload(
            look.base,
            look.old,
            wrapping: look.revision,
            look.pair.revision,
            look.new
        ),
            equivalence.areEquivalent(payload, look.pair.revision)
        {
            self = .nullableWrapping(becomesNullable: false)
        } else if let moved = Self.movedProperties(look) {
            self = .oneOfWrapping(moved: moved)
        } else if let (added, removed) = Self.listOfTypes(look) {
            self = .listOfTypes(added: added, removed: removed)
        } else {
            self = .none
        }
    }

    // MARK: null

    /// The schema that stands beside `null` in `oneOf` of a schema that says nothing else, where the other side does
    /// neither combine schemas nor allow `null`.
    private static func payload(
        _ side: DiffSide,
        _ wrapped: SchemaNodes,
        wrapping plainSide: DiffSide,
        _ plainID: SchemaID,
        _ plain: SchemaNodes
    ) -> SchemaID? {
        for keyword in [SchemaKeyword.oneOf, .anyOf, .allOf, .not] where plain[keyword] != nil { return nil }
        guard !SchemaTypes(plainSide, plainID, plain).allowsNull, let list = wrapped[.oneOf] ?? wrapped[.anyOf],
            saysNothing(wrapped, besides: wrapped[.oneOf] != nil ? .oneOf : .anyOf)
        else { return nil }
        let branches = side.document.children(list).compactMap(side.schema(at:))
        guard branches.count == 2 else { return nil }
        let others = branches.filter { !isNull(side, $0) }
        return others.count == 1 ? others[0] : nil
    }

    private static func isNull(_ side: DiffSide, _ id: SchemaID) -> Bool {
        var nodes = SchemaNodes()
        side.read(id, into: &nodes)
        let types = SchemaTypes(side, id, nodes)
        return types.types == ["null"] && saysNothing(nodes, besides: .type)
    }

    private static func saysNothing(_ nodes: SchemaNodes, besides keyword: SchemaKeyword) -> Bool {
        SchemaKeyword.allCases.allSatisfy {
            $0 == keyword || $0 == .default || $0.onlyDescribes || nodes[$0] == nil
        }
    }

    // MARK: oneOf

    private static func movedProperties(_ look: SchemaLook) -> [String]? {
        guard look.old[.oneOf] == nil, look.old[.properties] != nil, let list = look.new[.oneOf],
            look.new[.properties] == nil, look.new[.type] == nil
        else { return nil }
        var offered: Set<String> = []
        for place in look.revision.document.children(list) {
            guard let schema = look.revision.schema(at: place) else { continue }
            var nodes = SchemaNodes()
            look.revision.read(schema, into: &nodes)
            for property in look.revision.properties(schema, nodes) { offered.insert(property.name) }
        }
        let moved = look.base.properties(look.pair.base, look.old).map(\.name).filter(offered.contains)
        return moved.isEmpty ? nil : moved
    }

    // MARK: Lists of types

    private static func listOfTypes(_ look: SchemaLook) -> (added: [String], removed: [String])? {
        guard let before = pattern(look.base, look.pair.base, look.old),
            let after = pattern(look.revision, look.pair.revision, look.new), before.isList || after.isList
        else { return nil }
        let added = after.types.filter { !before.types.contains($0) }
        let removed = before.types.filter { !after.types.contains($0) }
        return added.isEmpty && removed.isEmpty ? nil : (unique(added), unique(removed))
    }

    private static func unique(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }

    private static func pattern(_ side: DiffSide, _ id: SchemaID, _ nodes: SchemaNodes) -> (
        types: [String], isList: Bool
    )? {
        if nodes[.not] != nil || nodes[.allOf] != nil || nodes[.properties] != nil { return nil }
        let types = SchemaTypes(side, id, nodes)
        if types.isTyped { return (types.namesNull ? unique(types.types + ["null"]) : types.types, false) }
        for keyword in [SchemaKeyword.oneOf, .anyOf] {
            guard let list = nodes[keyword] else { continue }
            if let names = simpleTypes(side, list), !names.isEmpty { return (names, true) }
        }
        return nil
    }

    /// The type of each schema of a list, where each has exactly one and combines or nests nothing.
    private static func simpleTypes(_ side: DiffSide, _ list: NodeID) -> [String]? {
        var names: [String] = []
        for place in side.document.children(list) {
            guard let schema = side.schema(at: place) else { return nil }
            var nodes = SchemaNodes()
            side.read(schema, into: &nodes)
            for keyword in [SchemaKeyword.properties, .oneOf, .anyOf, .allOf] where nodes[keyword] != nil { return nil }
            let types = SchemaTypes(side, schema, nodes)
            guard types.types.count == 1, types.types == ["null"] || !types.namesNull else { return nil }
            names.append(types.types[0])
        }
        return names
    }
}
