/// All that changed from one document to another.
public struct DiffReport: Hashable, Sendable {
    /// The changes by level, path, method, id and text: the same documents give the same order.
    public var changes: [Change]
    /// The smallest step of the version that tells the truth about them.
    public var requiredBump: VersionBump
    /// Whether the documents say the same, be they written in another order or layout: false where they differ in as
    /// much as a word that no check looks at.
    public var isIdentical: Bool
    /// Edits of words, examples and links, each once, in the order of the comparison.
    public var documentationEdits: [DocumentationEdit]
    /// How the changes were found, for ``DocumentDiff/expand(_:)``; nil for a report that was put together by hand.
    var trace: ComparisonTrace?

    /// Makes a report; see the properties for what each part means.
    public init(
        changes: [Change],
        requiredBump: VersionBump,
        isIdentical: Bool,
        documentationEdits: [DocumentationEdit] = []
    ) {
        self.changes = changes
        self.requiredBump = requiredBump
        self.isIdentical = isIdentical
        self.documentationEdits = documentationEdits
    }

    /// How many changes weigh so much.
    public func count(of level: ChangeLevel) -> Int { changes.count { $0.level == level } }
}

extension DiffReport {
    public static func == (left: DiffReport, right: DiffReport) -> Bool {
        left.changes == right.changes && left.requiredBump == right.requiredBump
            && left.isIdentical == right.isIdentical && left.documentationEdits == right.documentationEdits
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(changes)
        hasher.combine(requiredBump)
        hasher.combine(isIdentical)
    }
}
