/// What many expressions over one document share: where each key stands, and where each local `$ref` leads.
///
/// Made once per document (linear in its nodes) it turns `$..name` and most `$..[?(…)]` of a ruleset from a walk over the
/// whole document into a look at the few nodes that can match.
public final class JSONPathIndex: Sendable {
    /// The document.
    public let document: Document
    /// Whether expressions see the target where a local `$ref` stands.
    public let followsReferences: Bool
    /// Nodes ordered by key, those of key `k` at `starts[k] ..< starts[k + 1]`, in the order of the text.
    private let nodesByKey: [NodeID]
    private let starts: [Int32]
    /// By raw node id: the node that stands there once references are followed. Empty where they are not.
    private let targets: [NodeID]
    /// Whether nodes of other files are in the tables.
    private let spansFiles: Bool

    /// Indexes a document.
    ///
    /// - Parameters:
    ///   - document: the document to index.
    ///   - others: nodes of other files that belong to it with all below them, none below another.
    ///   - resolve: the final target of a node that holds a `$ref`, or nil where there is none; nil to leave references alone.
    public init(_ document: Document, others: [NodeID] = [], resolve: ((NodeID) -> NodeID?)?) {
        self.document = document
        followsReferences = resolve != nil
        spansFiles = !others.isEmpty
        (starts, nodesByKey) = Self.nodesByKey(document, others)
        guard let resolve else {
            targets = []
            return
        }
        var targets = Self.identity(document)
        if let key = document.keyID("$ref") {
            for reference in nodesByKey[Int(starts[Int(key.rawValue)])..<Int(starts[Int(key.rawValue) + 1])]
            where document.kind(reference) == .string {
                if let holder = document.parent(reference), let target = resolve(holder) {
                    targets[Int(holder.rawValue)] = target
                }
            }
        }
        self.targets = targets
    }

    /// Indexes a document with its references followed as a survey of it found them.
    public init(_ document: Document, following survey: ReferenceSurvey) {
        self.document = document
        followsReferences = true
        spansFiles = !survey.others.isEmpty
        (starts, nodesByKey) = Self.nodesByKey(document, survey.others)
        var targets = Self.identity(document)
        for reference in survey.targets { targets[Int(reference.holder.rawValue)] = reference.target }
        self.targets = targets
    }

    private static func identity(_ document: Document) -> [NodeID] {
        (0..<document.nodeCount).map { NodeID(rawValue: Int32($0)) }
    }

    private static func nodesByKey(_ document: Document, _ others: [NodeID]) -> (starts: [Int32], nodes: [NodeID]) {
        let starts = [document.rootID] + others
        var counts = [Int32](repeating: 0, count: document.keys.texts.count + 1)
        for start in starts {
            for id in document.subtree(of: start) {
                if let key = document.keyID(of: id) { counts[Int(key.rawValue) + 1] += 1 }
            }
        }
        for key in counts.indices.dropFirst() { counts[key] += counts[key - 1] }
        var next = counts
        var nodesByKey = [NodeID](repeating: document.rootID, count: Int(counts.last ?? 0))
        for start in starts {
            for id in document.subtree(of: start) {
                guard let key = document.keyID(of: id) else { continue }
                nodesByKey[Int(next[Int(key.rawValue)])] = id
                next[Int(key.rawValue)] += 1
            }
        }
        return (counts, nodesByKey)
    }

    private init(withoutReferences other: JSONPathIndex) {
        document = other.document
        followsReferences = false
        spansFiles = false
        nodesByKey = other.nodesByKey
        starts = other.starts
        targets = []
    }

    /// The same document with every `$ref` as it is written; shares the tables where all of it is in one file.
    public func withoutReferences() -> JSONPathIndex {
        spansFiles ? JSONPathIndex(document, resolve: nil) : JSONPathIndex(withoutReferences: self)
    }

    /// The node that stands here once references are followed; the node itself where no local `$ref` is.
    public func follow(_ id: NodeID) -> NodeID { followsReferences ? targets[Int(id.rawValue)] : id }

    /// The values that stand under a key, anywhere, in the order of the text.
    public func nodes(withKey key: String) -> ArraySlice<NodeID> {
        guard let key = document.keyID(key) else { return [] }
        return nodesByKey[Int(starts[Int(key.rawValue)])..<Int(starts[Int(key.rawValue) + 1])]
    }
}
