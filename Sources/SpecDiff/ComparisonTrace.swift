import DocumentTree

/// All that a comparison found, in the form in which it was found: facts once, and who is reached by them.
final class ComparisonTrace: Sendable {
    /// A fact and one of the checks that see it: what makes one change of a report.
    struct FactKey: Hashable, Sendable {
        let pair: Int32
        let fact: Int32
        /// Which of several checks that see one fact in one place.
        let slot: Int32
    }

    let base: Document
    let revision: Document
    let options: DiffOptions
    let sites: [OperationSite]
    let drafts: [ChangeCollector.Draft]
    let roots: [ChangeCollector.Root]
    let pairs: ChangedPairs

    init(_ comparison: OperationComparison, _ options: DiffOptions) {
        base = comparison.base.document
        revision = comparison.revision.document
        self.options = options
        sites = comparison.collector.sites
        drafts = comparison.collector.drafts
        roots = comparison.collector.roots
        pairs = ChangedPairs(comparison.schemas.pairs)
    }

    // MARK: Making changes

    /// The level of a check; nil where the caller switched it off.
    func level(_ id: String) -> ChangeLevel? {
        if let given = options.levels[id] { return given }
        return ChangeTable.rules[id]?.level
    }

    func site(_ number: Int32, _ rule: ChangeRule, _ level: ChangeLevel) -> ChangeSite {
        let site = sites[Int(number)]
        let side: ChangeSide =
            switch rule.direction {
            case .none: .neither
            case .request: site.isReversed ? .response : .request
            case .response: site.isReversed ? .request : .response
            }
        return ChangeSite(
            section: site.section,
            method: site.method,
            path: site.path,
            operationID: site.operationID,
            side: side,
            level: level,
            check: rule.id
        )
    }

    /// A change of one check and its values, at the sites given; its fingerprint comes from where it stands.
    func change(
        _ rule: ChangeRule,
        _ level: ChangeLevel,
        _ values: ChangeValues,
        isReversed: Bool,
        sites: [ChangeSite],
        base baseNode: NodeID?,
        revision revisionNode: NodeID?
    ) -> Change {
        var (text, arguments) = rule.sentence(values)
        if isReversed { text = Self.reversed(text) }
        return Change(
            id: rule.id,
            level: level,
            text: text,
            arguments: arguments,
            comment: rule.comment,
            sites: sites,
            base: baseNode.map { place($0, base) },
            revision: revisionNode.map { place($0, revision) },
            fingerprint: Fingerprint.make(
                rule.id,
                arguments,
                baseNode.map { (base, $0) },
                revisionNode.map { (revision, $0) }
            )
        )
    }

    private func place(_ node: NodeID, _ document: Document) -> ChangePlace {
        ChangePlace(source: document.source.name, range: document.range(node), path: document.path(node))
    }

    /// What a webhook or callback carries goes the other way: callers receive the request and send the answer.
    private static func reversed(_ text: String) -> String {
        "in what the API calls: " + text
    }

    /// The values of a fact where a root reaches it.
    func values(_ found: ChangeValues, _ fact: SchemaFact, _ root: ChangeCollector.Root, way: String) -> ChangeValues {
        var values = found
        values.location = root.values.location
        values.parameter = root.values.parameter
        values.status = root.values.status
        values.media = root.values.media
        switch (way.isEmpty, fact.name.isEmpty) {
        case (true, true): values.name = root.values.name
        case (true, false): values.name = fact.name
        case (false, true): values.name = way
        case (false, false): values.name = way + "/" + fact.name
        }
        return values
    }
}
