import DocumentTree

/// One look at a pair of schemas: finds its facts and the pairs that stand in it.
struct SchemaLook {
    let comparison: SchemaComparison
    let pair: SchemaPair
    let old: SchemaNodes
    let new: SchemaNodes
    var facts: [SchemaFact] = []
    var steps: [SchemaStep] = []
    var edits: [DocumentationEdit] = []
    /// What the pair as a whole turned into, which explains differences of single keywords.
    var transition = SchemaTransition.none
    let isReadOnly: Bool
    let isWriteOnly: Bool

    init(comparison: SchemaComparison, pair: SchemaPair, old: SchemaNodes, new: SchemaNodes) {
        self.comparison = comparison
        self.pair = pair
        self.old = old
        self.new = new
        isReadOnly = comparison.revision.boolean(new[.readOnly])
        isWriteOnly = comparison.revision.boolean(new[.writeOnly])
    }

    var base: DiffSide { comparison.base }
    var revision: DiffSide { comparison.revision }

    mutating func compare() {
        transition = SchemaTransition(of: self)
        compareNullability()
        compareTypes()
        if !transition.isNullableWrapping {
            compareBounds()
            compareValues()
            compareContents()
            compareSubschemas()
            compareNested()
            compareProperties()
            compareDependencies()
            compareDiscriminators()
        }
        compareLifecycle()
        compareDescriptions()
    }

    // MARK: Making facts

    mutating func add(
        _ kind: SchemaFact.Kind,
        name: String = "",
        _ values: ChangeValues = ChangeValues(),
        base: NodeID?,
        revision: NodeID?
    ) {
        facts.append(
            SchemaFact(
                kind: kind,
                name: name,
                values: values,
                isReadOnly: isReadOnly,
                isWriteOnly: isWriteOnly,
                base: base,
                revision: revision
            )
        )
    }

    /// A fact about a keyword: it stands where the keyword stands, or at the schema where it does not.
    mutating func add(_ kind: SchemaFact.Kind, _ keyword: SchemaKeyword, _ values: ChangeValues = ChangeValues()) {
        add(
            kind,
            values,
            base: place(old[keyword], pair.base, base),
            revision: place(new[keyword], pair.revision, revision)
        )
    }

    mutating func step(_ kind: SchemaStep.Kind, _ old: SchemaID, _ new: SchemaID) {
        guard let target = comparison.pair(old, new) else { return }
        steps.append(SchemaStep(kind: kind, target: target))
    }

    private func place(_ keyword: NodeID?, _ schema: SchemaID, _ side: DiffSide) -> NodeID {
        keyword ?? side.place(of: schema)
    }

    func areSame(_ left: NodeID, _ right: NodeID) -> Bool {
        SameValue.areSame(left, base.document, right, revision.document)
    }

    func shownFromTo(_ keyword: SchemaKeyword) -> ChangeValues {
        var values = ChangeValues()
        values.from = base.shown(old[keyword])
        values.to = revision.shown(new[keyword])
        return values
    }
}
