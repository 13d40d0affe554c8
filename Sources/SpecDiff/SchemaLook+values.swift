import DocumentTree

/// Values, bounds and contents of texts.
extension SchemaLook {
    // MARK: Bounds

    mutating func compareBounds() {
        compareExclusive(.maximum, .exclusiveMaximum, "max", isUpper: true)
        compareExclusive(.minimum, .exclusiveMinimum, "min", isUpper: false)
        compareBound(.maxLength, "max-length", isUpper: true)
        compareBound(.minLength, "min-length", isUpper: false, assumed: 0)
        compareBound(.maxItems, "max-items", isUpper: true)
        compareBound(.minItems, "min-items", isUpper: false)
        compareBound(.maxProperties, "max-properties", isUpper: true)
        compareBound(.minProperties, "min-properties", isUpper: false)
        compareBound(.maxContains, "max-contains", isUpper: true)
        compareBound(.minContains, "min-contains", isUpper: false)
        compareMultiple()
        compareFlag(.uniqueItems, "unique-items")
        comparePattern()
    }

    private mutating func compareBound(
        _ keyword: SchemaKeyword,
        _ ending: String,
        isUpper: Bool,
        assumed: Double? = nil
    ) {
        guard old[keyword] != nil || new[keyword] != nil else { return }
        if let before = old[keyword], let after = new[keyword], areSame(before, after) { return }
        addBound(
            keyword,
            ending,
            isUpper: isUpper,
            old[keyword].flatMap(base.document.number) ?? assumed,
            new[keyword].flatMap(revision.document.number) ?? assumed
        )
    }

    /// Until 3.0 a flag makes the bound exclusive, from 3.1 on the exclusive bound is a number of its own. Where both
    /// sides are flags, they are compared as they are; otherwise the one is read as the other.
    private mutating func compareExclusive(
        _ bound: SchemaKeyword,
        _ exclusive: SchemaKeyword,
        _ ending: String,
        isUpper: Bool
    ) {
        guard old[bound] != nil || new[bound] != nil || old[exclusive] != nil || new[exclusive] != nil else { return }
        var before = ExclusiveBound(base, old[bound], old[exclusive])
        var after = ExclusiveBound(revision, new[bound], new[exclusive])
        if before.isFlagged, after.isFlagged, before.exclusive != nil, after.exclusive != nil {
            before = ExclusiveBound(inclusive: before.exclusive)
            after = ExclusiveBound(inclusive: after.exclusive)
        }
        addBound(bound, ending, isUpper: isUpper, before.inclusive, after.inclusive)
        addBound(exclusive, "exclusive-" + ending, isUpper: isUpper, before.exclusive, after.exclusive)
    }

    private mutating func addBound(
        _ keyword: SchemaKeyword,
        _ ending: String,
        isUpper: Bool,
        _ before: Double?,
        _ after: Double?
    ) {
        guard before != after else { return }
        var values = ChangeValues()
        values.from = before.map(Self.shown) ?? ""
        values.to = after.map(Self.shown) ?? ""
        switch (before, after) {
        case (nil, _): add(.bound(ending + "-set", narrows: true), keyword, values)
        case (_, nil): add(.bound(ending + "-unset", narrows: false), keyword, values)
        case (let before?, let after?):
            let isHigher = after > before
            add(
                .bound(ending + (isHigher ? "-increased" : "-decreased"), narrows: isHigher != isUpper),
                keyword,
                values
            )
        }
    }

    private static func shown(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
    }

    private mutating func compareMultiple() {
        guard old[.multipleOf] != nil || new[.multipleOf] != nil else { return }
        let before = old[.multipleOf].flatMap(base.document.number)
        let after = new[.multipleOf].flatMap(revision.document.number)
        guard before != after else { return }
        let ending = before == nil ? "set" : after == nil ? "unset" : "changed"
        add(.ending("multiple-of-" + ending), .multipleOf, shownFromTo(.multipleOf))
    }

    private mutating func compareFlag(_ keyword: SchemaKeyword, _ ending: String) {
        let before = base.boolean(old[keyword])
        let after = revision.boolean(new[keyword])
        if before != after { add(.ending(ending + (after ? "-set" : "-unset")), keyword) }
    }

    private mutating func comparePattern() {
        let before = old[.pattern].flatMap(base.document.string) ?? ""
        let after = new[.pattern].flatMap(revision.document.string) ?? ""
        guard before != after else { return }
        var values = ChangeValues()
        values.from = before
        values.to = after
        values.value = before.isEmpty ? after : before
        add(.pattern(before.isEmpty ? "added" : after.isEmpty ? "removed" : "changed"), .pattern, values)
    }

    // MARK: Values

    mutating func compareValues() {
        compareEnumeration()
        compareExtensibleEnumeration()
        compareConstant()
        compareDefault()
    }

    private mutating func compareEnumeration() {
        guard old[.enum] != nil || new[.enum] != nil else { return }
        if let before = old[.enum], let after = new[.enum], areSame(before, after) { return }
        if old[.enum] == nil, new[.enum] != nil { add(.ending("became-enum"), .enum) }
        let before = ValueSet(base, old[.enum])
        let after = ValueSet(revision, new[.enum])
        for value in before.nodes where !after.contains(value, of: base) {
            add(.enumValue(isAdded: false), shownValue(base, value), base: value, revision: new[.enum])
        }
        for value in after.nodes where !before.contains(value, of: revision) {
            add(.enumValue(isAdded: true), shownValue(revision, value), base: old[.enum], revision: value)
        }
    }

    private mutating func compareExtensibleEnumeration() {
        guard let before = old[.extensibleEnum], let after = new[.extensibleEnum] else { return }
        let kept = ValueSet(revision, after)
        for value in base.document.children(before) where !kept.contains(value, of: base) {
            add(.ending("x-extensible-enum-value-removed"), shownValue(base, value), base: value, revision: after)
        }
    }

    private mutating func compareConstant() {
        switch (old[.const], new[.const]) {
        case (nil, nil): return
        case (nil, let after?): add(.ending("const-added"), .const, shownValue(revision, after))
        case (let before?, nil): add(.ending("const-removed"), .const, shownValue(base, before))
        case (let before?, let after?):
            if !areSame(before, after) { add(.ending("const-changed"), .const, shownFromTo(.const)) }
        }
    }

    private mutating func compareDefault() {
        switch (old[.default], new[.default]) {
        case (nil, nil): return
        case (nil, let after?):
            if !revision.node(after).isNull { add(.defaultValue("added"), .default, shownValue(revision, after)) }
        case (let before?, nil):
            if !base.node(before).isNull { add(.defaultValue("removed"), .default, shownValue(base, before)) }
        case (let before?, let after?):
            if areSame(before, after) { return }
            if base.node(before).isNull {
                add(.defaultValue("added"), .default, shownValue(revision, after))
            } else if revision.node(after).isNull {
                add(.defaultValue("removed"), .default, shownValue(base, before))
            } else {
                add(.defaultValue("changed"), .default, shownFromTo(.default))
            }
        }
    }

    func shownValue(_ side: DiffSide, _ id: NodeID) -> ChangeValues {
        var values = ChangeValues()
        values.value = side.shown(id)
        return values
    }

    // MARK: Contents of texts

    mutating func compareContents() {
        for (keyword, ending) in [
            (SchemaKeyword.contentMediaType, "content-media-type-changed"),
            (.contentEncoding, "content-encoding-changed"),
        ] where old[keyword] != nil || new[keyword] != nil {
            if base.shown(old[keyword]) != revision.shown(new[keyword]) {
                add(.ending(ending), keyword, shownFromTo(keyword))
            }
        }
    }
}

/// A bound of numbers, however its version of the specification writes it.
private struct ExclusiveBound {
    var inclusive: Double?
    var exclusive: Double?
    /// Whether a flag made the bound exclusive.
    var isFlagged = false

    init(inclusive: Double?) {
        self.inclusive = inclusive
    }

    init(_ side: DiffSide, _ bound: NodeID?, _ exclusive: NodeID?) {
        inclusive = bound.flatMap(side.document.number)
        guard let exclusive else { return }
        if side.boolean(exclusive) {
            self.exclusive = inclusive
            inclusive = nil
            isFlagged = true
        } else {
            self.exclusive = side.document.number(exclusive)
        }
    }
}

/// The values of a list, texts by hash so that a long list costs its length only.
private struct ValueSet {
    let nodes: [NodeID]
    private var texts: Set<String> = []
    private var others: [NodeID] = []
    private let side: DiffSide

    init(_ side: DiffSide, _ list: NodeID?) {
        self.side = side
        nodes = list.map { Array(side.document.children($0)) } ?? []
        for node in nodes {
            if let text = side.document.string(node) { texts.insert(text) } else { others.append(node) }
        }
    }

    func contains(_ value: NodeID, of owner: DiffSide) -> Bool {
        if let text = owner.document.string(value) { return texts.contains(text) }
        return others.contains { SameValue.areSame(value, owner.document, $0, side.document) }
    }
}
