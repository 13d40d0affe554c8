/// What applying manifests did, or would do.
public struct ManifestPlan: Sendable, Hashable, Codable {
    /// Whether it was only asked what would happen.
    public var isDryRun: Bool
    /// One for each manifest, in the order in which they were applied, and one for each object that was pruned.
    public var changes: [ManifestChange]

    /// A plan.
    public init(isDryRun: Bool, changes: [ManifestChange]) {
        self.isDryRun = isDryRun
        self.changes = changes
    }

    /// Whether anything differs from before. What waits for people does not: it waited before too, unless it was submitted now.
    public var changesAnything: Bool {
        changes.contains { $0.action != .none && !$0.fields.isEmpty || $0.action == .create }
    }
}

/// What happened to one object.
public struct ManifestChange: Sendable, Hashable, Codable {
    /// What was done.
    public enum Action: String, Sendable, Hashable, CaseIterable, Codable {
        case create
        case update
        case delete
        /// It was as the manifest says.
        case none
        /// A manifest submits, people decide: it is as the manifest says once they have.
        case awaitsReview = "awaits-review"
    }

    /// What was done.
    public var action: Action
    /// The manifest's kind, such as `ApiVersion`.
    public var kind: String
    /// `metadata.name`.
    public var name: String
    /// Members that differed before.
    public var fields: [String]
    /// What else there is to know, in a sentence without a final stop.
    public var note: String?

    /// One change.
    public init(_ action: Action, _ kind: String, _ name: String, fields: [String] = [], note: String? = nil) {
        self.action = action
        self.kind = kind
        self.name = name
        self.fields = fields
        self.note = note
    }
}
