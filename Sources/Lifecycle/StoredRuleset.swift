/// A ruleset that the catalog keeps: a name under which immutable revisions follow one another.
public struct StoredRuleset: Hashable, Sendable, Codable {
    /// Bytes of the longest text.
    public static let bytesMax = 1 << 20

    /// Its identifier.
    public var id: RulesetID
    /// Unique in the organization; without `:`, which built-in rulesets have.
    public var name: String
    /// Text for people.
    public var title: String
    /// The newest revision.
    public var newest: RulesetRevision
    /// What keeps it; nil for people.
    public var managedBy: String?
    /// When it was made.
    public var createdAt: Moment

    /// Every field as it stands.
    public init(
        id: RulesetID,
        name: String,
        title: String,
        newest: RulesetRevision,
        managedBy: String?,
        createdAt: Moment
    ) {
        self.id = id
        self.name = name
        self.title = title
        self.newest = newest
        self.managedBy = managedBy
        self.createdAt = createdAt
    }
}

/// One revision of a ruleset, without its text.
public struct RulesetRevision: Hashable, Sendable, Codable {
    /// Counts from 1.
    public var number: Int
    /// SHA-256 of the bytes.
    public var sha256: [UInt8]
    /// SHA-256 of the canonical form: the same where only formatting differs.
    public var canonicalSHA256: [UInt8]
    /// Rules that it switches on, inherited ones among them, by the engine that took it.
    public var ruleCount: Int
    /// Why it was changed.
    public var message: String
    /// The member who stored it; nil for the system.
    public var createdBy: String?
    /// When it was stored.
    public var createdAt: Moment

    /// Every field as it stands.
    public init(
        number: Int,
        sha256: [UInt8],
        canonicalSHA256: [UInt8],
        ruleCount: Int,
        message: String,
        createdBy: String?,
        createdAt: Moment
    ) {
        self.number = number
        self.sha256 = sha256
        self.canonicalSHA256 = canonicalSHA256
        self.ruleCount = ruleCount
        self.message = message
        self.createdBy = createdBy
        self.createdAt = createdAt
    }
}
