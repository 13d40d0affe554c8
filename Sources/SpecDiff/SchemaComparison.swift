import DocumentTree

/// Compares schemas: each pair once, whoever uses it and however often.
///
/// A pair's own differences are its ``SchemaPair/facts``, the schemas that stand in it are its ``SchemaPair/steps``. So
/// a document whose references would multiply if inlined costs no more than the pairs it has, and a schema that refers
/// to itself is met again as a pair that is known. Who sends values of a schema, and so whom a fact breaks, is asked
/// later, see ``FactContext``.
final class SchemaComparison {
    let base: DiffSide
    let revision: DiffSide
    let limits: DiffLimits
    private(set) var pairs: [SchemaPair] = []
    private(set) var documentationEdits: [DocumentationEdit] = []
    /// The limit that cut the comparison, if one did.
    private(set) var cut: String?
    private var numbers: [UInt64: Int32] = [:]
    private var compared = 0
    let equivalence: SchemaEquivalence

    // Scratch, so that a pair costs no allocation for looking at its keywords.
    var old = SchemaNodes()
    var new = SchemaNodes()

    init(_ base: DiffSide, _ revision: DiffSide, _ limits: DiffLimits) {
        self.base = base
        self.revision = revision
        self.limits = limits
        equivalence = SchemaEquivalence(base, revision, limits)
    }

    /// Whether a component that only the base has may be one that only the revision has, under another name.
    func isRename(_ old: String, _ new: String) -> Bool {
        old != new && base.componentNames.contains(old) && !revision.componentNames.contains(old)
            && revision.componentNames.contains(new) && !base.componentNames.contains(new)
    }

    /// The number of a pair; nil where a limit does not allow for another.
    func pair(_ old: SchemaID, _ new: SchemaID) -> Int32? {
        let key = UInt64(UInt32(bitPattern: old.rawValue)) << 32 | UInt64(UInt32(bitPattern: new.rawValue))
        if let number = numbers[key] { return number }
        guard pairs.count < limits.schemaPairsMax else {
            cut = "schemaPairsMax"
            return nil
        }
        let number = Int32(pairs.count)
        numbers[key] = number
        pairs.append(SchemaPair(base: old, revision: new))
        return number
    }

    /// The pair of two places; nil where one of them holds no schema.
    func pair(atPlaces old: NodeID, _ new: NodeID) -> Int32? {
        guard let old = base.schema(at: old), let new = revision.schema(at: new) else { return nil }
        return pair(old, new)
    }

    /// Compares all pairs that are known, and those that turn up in them.
    func run() {
        while compared < pairs.count {
            compare(compared)
            compared += 1
        }
        if equivalence.wasCut { cut = "equivalenceDepthMax" }
    }

    private func compare(_ number: Int) {
        let pair = pairs[number]
        base.read(pair.base, into: &old)
        revision.read(pair.revision, into: &new)
        var look = SchemaLook(comparison: self, pair: pair, old: old, new: new)
        look.compare()
        pairs[number].facts = look.facts
        pairs[number].steps = look.steps
        documentationEdits += look.edits
    }
}
