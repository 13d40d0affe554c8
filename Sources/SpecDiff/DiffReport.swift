/// All that changed from one document to another.
public struct DiffReport: Hashable, Sendable {
    /// The changes by level, path, method, id and text: the same documents give the same order.
    public var changes: [Change]
    /// The smallest step of the version that tells the truth about them.
    public var requiredBump: VersionBump
    /// Whether the documents differ at all, be it only in words or layout of examples that no check looks at.
    public var isIdentical: Bool

    /// Makes a report; see the properties for what each part means.
    public init(changes: [Change], requiredBump: VersionBump, isIdentical: Bool) {
        self.changes = changes
        self.requiredBump = requiredBump
        self.isIdentical = isIdentical
    }

    /// How many changes weigh so much.
    public func count(of level: ChangeLevel) -> Int { changes.count { $0.level == level } }
}
