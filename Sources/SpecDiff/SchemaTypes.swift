import DocumentTree

/// What a schema says about types, told apart from how its version of the specification says it.
struct SchemaTypes {
    /// The types without `null`; none where the schema does not say.
    var types: [String]
    /// Whether any type is named, `null` included.
    var isTyped: Bool
    /// Whether `null` stands among the types.
    var namesNull: Bool
    /// Whether a keyword allows `null`.
    var isFlaggedNullable: Bool
    var format: String

    var allowsNull: Bool { namesNull || isFlaggedNullable }

    init(_ side: DiffSide, _ id: SchemaID, _ nodes: SchemaNodes) {
        var names: [String] = []
        if let type = nodes[.type] {
            names =
                side.document.kind(type) == .sequence ? side.texts(type) : side.document.string(type).map { [$0] } ?? []
        }
        if let index = id.standIn, case .form = side.standIns[index] { names = ["object"] }
        format = nodes[.format].flatMap(side.document.string) ?? ""
        // 2.0 has a type of its own for what is a string of bytes ever since.
        if names == ["file"] {
            names = ["string"]
            format = "binary"
        }
        isTyped = !names.isEmpty
        namesNull = names.contains("null")
        types = names == ["null"] ? names : names.filter { $0 != "null" }
        isFlaggedNullable = side.boolean(nodes[.nullable]) || side.boolean(nodes[.xNullable])
    }
}

extension SchemaLook {
    mutating func compareNullability() {
        let before = SchemaTypes(base, pair.base, old)
        let after = SchemaTypes(revision, pair.revision, new)
        var ending: String?
        if case .nullableWrapping(let becomesNullable) = transition {
            ending = becomesNullable ? "became-nullable" : "became-not-nullable"
        } else if before.allowsNull != after.allowsNull {
            // A schema without types allowed `null` before it was named.
            if after.allowsNull {
                ending = after.isFlaggedNullable || before.isTyped ? "became-nullable" : nil
            } else {
                ending = before.isFlaggedNullable || after.isTyped ? "became-not-nullable" : nil
            }
        }
        guard let ending else { return }
        let keyword: SchemaKeyword =
            old[.nullable] != nil || new[.nullable] != nil ? .nullable : old[.xNullable] != nil ? .xNullable : .type
        add(.ending(ending), keyword)
    }

    mutating func compareTypes() {
        switch transition {
        case .nullableWrapping, .oneOfWrapping: return
        case .listOfTypes(let added, let removed):
            add(
                .listOfTypes(added: added.joined(separator: " and "), removed: removed.joined(separator: " and ")),
                .type
            )
            return
        case .none: break
        }
        let before = SchemaTypes(base, pair.base, old)
        let after = SchemaTypes(revision, pair.revision, new)
        let change = TypeChange(
            base: before.types,
            revision: after.types,
            baseFormat: before.format,
            revisionFormat: after.format
        )
        guard change.typesDiffer || change.formatsDiffer else { return }
        var values = ChangeValues()
        values.what = change.typesDiffer ? change.formatsDiffer ? "type and format" : "type" : "format"
        values.from = shown(before, change, base, old)
        values.to = shown(after, change, revision, new)
        add(.type(change), change.typesDiffer ? .type : .format, values)
    }

    private func shown(_ types: SchemaTypes, _ change: TypeChange, _ side: DiffSide, _ nodes: SchemaNodes) -> String {
        let format = types.format.isEmpty ? "none" : types.format
        guard change.typesDiffer else { return format }
        var text = types.types.isEmpty ? "any" : types.types.joined(separator: ", ")
        if types.types == ["array"], let items = nodes[.items].flatMap(side.schema(at:)) {
            var inner = SchemaNodes()
            side.read(items, into: &inner)
            let names = SchemaTypes(side, items, inner).types
            text = "array<\(names.isEmpty ? "any" : names.joined(separator: ", "))>"
        }
        return change.formatsDiffer && !types.format.isEmpty ? text + "/" + types.format : text
    }
}

extension TypeChange {
    /// Whether a request that was valid may be refused.
    func breaksRequest(isStronglyTyped: Bool) -> Bool {
        Self.breaks(
            typesDiffer && !isWidened ? (added: added, removed: removed) : nil,
            formatsDiffer ? (from: baseFormat, to: revisionFormat) : nil,
            isStronglyTyped,
            revision
        )
    }

    /// Whether an answer may hold what callers were not told of.
    func breaksResponse(isStronglyTyped: Bool) -> Bool {
        Self.breaks(
            typesDiffer && !isNarrowed ? (added: removed, removed: added) : nil,
            formatsDiffer ? (from: revisionFormat, to: baseFormat) : nil,
            isStronglyTyped,
            base
        )
    }

    /// Whether a parameter that was valid may be refused: as requests, but a set of types is looked at by what changed.
    func breaksParameter(isStronglyTyped: Bool) -> Bool {
        let types = typesDiffer && !Self.contains(added, removed, isStronglyTyped)
        let formats = formatsDiffer && !Self.containsFormat(revision, revisionFormat, baseFormat)
        return types || formats
    }

    var added: [String] { revision.filter { !base.contains($0) } }
    var removed: [String] { base.filter { !revision.contains($0) } }
    /// Whether every type of the base is one of the revision.
    var isWidened: Bool { Self.isSubset(base, of: revision) }
    var isNarrowed: Bool { Self.isSubset(revision, of: base) }
    /// Whether both sides name types, and those of the one are not those of the other.
    func isSwap(forRequest: Bool) -> Bool {
        typesDiffer && !base.isEmpty && !revision.isEmpty && !(forRequest ? isWidened : isNarrowed)
    }

    private static func breaks(
        _ types: (added: [String], removed: [String])?,
        _ formats: (from: String, to: String)?,
        _ isStronglyTyped: Bool,
        _ target: [String]
    ) -> Bool {
        // Where the target takes any type, no type and no format is refused.
        if types != nil, target.isEmpty { return false }
        let byType = types.map { !contains($0.added, $0.removed, isStronglyTyped) } ?? false
        let byFormat = formats.map { !containsFormat(target, $0.to, $0.from) } ?? false
        return byType || byFormat
    }

    private static func isSubset(_ few: [String], of many: [String]) -> Bool {
        !few.isEmpty && few.allSatisfy { type in many.contains { isKind(type, of: $0) } }
    }

    private static func isKind(_ type: String, of other: String) -> Bool {
        type == other || (type == "integer" && other == "number")
    }

    private static func contains(_ new: [String], _ old: [String], _ isStronglyTyped: Bool) -> Bool {
        if new.count == 1, old.count == 1, isKind(old[0], of: new[0]) { return true }
        if isStronglyTyped { return false }
        return new.isEmpty || new == ["string"]
    }

    private static func containsFormat(_ types: [String], _ new: String, _ old: String) -> Bool {
        if new.isEmpty { return true }
        guard types.count <= 1 else { return false }
        switch (types.first, old, new) {
        case ("number", "float", "double"): return true
        case ("integer", "int32", "int64"), ("integer", "int32", "bigint"), ("integer", "int64", "bigint"): return true
        case ("string", "date", "date-time"), ("string", "time", "date-time"): return true
        default: return false
        }
    }
}
