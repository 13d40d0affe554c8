/// The one tenant that rows belong to.
public struct Organization: Hashable, Sendable, Codable {
    /// Its identifier.
    public var id: OrganizationID
    /// The name that people use.
    public var name: String
    /// Text for people.
    public var title: String
    /// Approvals that a revision needs.
    public var requiredVotes: Int

    /// Every field as it stands.
    public init(id: OrganizationID, name: String, title: String, requiredVotes: Int) {
        self.id = id
        self.name = name
        self.title = title
        self.requiredVotes = requiredVotes
    }

    /// The name of the organization that the first start makes.
    public static let standardName = "default"
}

/// A group of members that owns APIs and applications.
public struct Team: Hashable, Sendable, Codable {
    /// Its identifier.
    public var id: TeamID
    /// The name that people use.
    public var name: String
    /// Text for people.
    public var title: String
    /// When it was made.
    public var createdAt: Moment

    /// Every field as it stands.
    public init(id: TeamID, name: String, title: String, createdAt: Moment) {
        self.id = id
        self.name = name
        self.title = title
        self.createdAt = createdAt
    }
}

/// A person or a machine that acts.
public struct Member: Hashable, Sendable, Codable {
    /// What kind it is.
    public enum Kind: String, Hashable, Sendable, CaseIterable, Codable {
        case person
        /// A machine; it may submit, never approve.
        case service
    }

    /// Its identifier.
    public var id: MemberID
    /// What kind it is.
    public var kind: Kind
    /// The name that people use.
    public var name: String
    /// Text for people.
    public var title: String
    /// A mail address; nil where none is known.
    public var email: String?
    /// The person who answers for a machine; may not approve what the machine submits.
    public var responsible: MemberID?
    /// When it was made.
    public var createdAt: Moment
    /// When it was disabled; nil: it may act.
    public var disabledAt: Moment?
    /// The roles, where they hold.
    public var roles: [RoleBinding]

    /// Every field as it stands.
    public init(
        id: MemberID,
        kind: Kind,
        name: String,
        title: String,
        email: String?,
        responsible: MemberID?,
        createdAt: Moment,
        disabledAt: Moment? = nil,
        roles: [RoleBinding] = []
    ) {
        self.id = id
        self.kind = kind
        self.name = name
        self.title = title
        self.email = email
        self.responsible = responsible
        self.createdAt = createdAt
        self.disabledAt = disabledAt
        self.roles = roles
    }
}

/// A token of a member as it is kept: never its text.
public struct Token: Hashable, Sendable, Codable {
    /// Its identifier.
    public var id: TokenID
    /// The member.
    public var member: MemberID
    /// Text for people.
    public var title: String
    /// The first characters of the text.
    public var start: String
    /// When it was made.
    public var createdAt: Moment
    /// When it ends; nil: it does not.
    public var expiresAt: Moment?
    /// When it was revoked; nil: it was not.
    public var revokedAt: Moment?
    /// When it was last used, to the minute; nil: never.
    public var lastUsedAt: Moment?

    /// Every field as it stands.
    public init(
        id: TokenID,
        member: MemberID,
        title: String,
        start: String,
        createdAt: Moment,
        expiresAt: Moment?,
        revokedAt: Moment?,
        lastUsedAt: Moment?
    ) {
        self.id = id
        self.member = member
        self.title = title
        self.start = start
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
        self.lastUsedAt = lastUsedAt
    }
}
