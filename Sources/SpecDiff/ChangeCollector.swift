import DocumentTree

/// Gathers what a comparison finds: one draft a change, however many operations it reaches.
struct ChangeCollector {
    /// A change that is not a schema's: what, and all places where it was met.
    struct Draft {
        let id: String
        let base: NodeID?
        let revision: NodeID?
        var places: [(site: Int32, values: ChangeValues)]
        var comment: String?
    }

    /// A schema that an operation sends or receives.
    struct Root {
        let site: Int32
        let context: FactContext
        let values: ChangeValues
        let pair: Int32
    }

    private struct Key: Hashable {
        let id: String
        let base: NodeID?
        let revision: NodeID?
        let values: ChangeValues
    }

    private(set) var sites: [OperationSite] = []
    private(set) var drafts: [Draft] = []
    private(set) var roots: [Root] = []
    private var numbers: [Key: Int] = [:]
    private(set) var edits: [DocumentationEdit] = []
    private var seen: Set<[Int32]> = []

    mutating func addSite(_ site: OperationSite) -> Int32 {
        sites.append(site)
        return Int32(sites.count - 1)
    }

    mutating func add(
        _ id: String,
        _ values: ChangeValues = ChangeValues(),
        site: Int32,
        base: NodeID?,
        revision: NodeID?
    ) {
        // The status is how an operation uses a response, not what changed in it.
        var shared = values
        shared.status = ""
        let key = Key(id: id, base: base, revision: revision, values: shared)
        if let number = numbers[key] {
            drafts[number].places.append((site, values))
        } else {
            numbers[key] = drafts.count
            drafts.append(Draft(id: id, base: base, revision: revision, places: [(site, values)]))
        }
    }

    mutating func addRoot(_ root: Root) { roots.append(root) }

    /// Looks at fields that only describe; a pair of objects is looked at once.
    mutating func describe(_ fields: [String], _ base: (DiffSide, NodeID), _ revision: (DiffSide, NodeID)) {
        guard seen.insert([base.1.rawValue, revision.1.rawValue, Int32(fields.count)]).inserted else { return }
        for field in fields {
            let before = base.0.document.child(base.1, key: field)
            let after = revision.0.document.child(revision.1, key: field)
            guard before != nil || after != nil else { continue }
            if let before, let after, SameValue.areSame(before, base.0.document, after, revision.0.document) {
                continue
            }
            edits.append(
                DocumentationEdit(
                    field: field,
                    base: before.map(base.0.changePlace),
                    revision: after.map(revision.0.changePlace)
                )
            )
        }
    }
}
