/// One row of the audit: who did what to which thing, and how they came in. Append-only and chained by hash.
public struct AuditEvent: Sendable, Hashable {
    /// The thing that was acted on.
    public struct Subject: Sendable, Hashable {
        /// The table's name, such as `api_version`.
        public var kind: String
        /// nil for a thing without an identifier of its own, such as the chain itself.
        public var id: UniqueIdentifier?
        /// The name that people use, such as `orders 1.2.0`.
        public var name: String
        /// The team whose matter it is; nil for the organization's.
        public var team: TeamID?

        /// Every field as it stands.
        public init(_ kind: String, id: UniqueIdentifier?, name: String, team: TeamID? = nil) {
            self.kind = kind
            self.id = id
            self.name = name
            self.team = team
        }
    }

    /// Its identifier.
    public var id: AuditID
    /// When it happened.
    public var occurredAt: Moment
    /// Who acted.
    public var actor: Actor
    /// Noun and verb, such as `version.published`.
    public var action: String
    /// What was acted on.
    public var subject: Subject
    /// A JSON object with what changed; never holds a secret.
    public var detail: String

    /// Every field as it stands.
    public init(id: AuditID, occurredAt: Moment, actor: Actor, action: String, subject: Subject, detail: String = "{}")
    {
        self.id = id
        self.occurredAt = occurredAt
        self.actor = actor
        self.action = action
        self.subject = subject
        self.detail = detail
    }
}

extension Actor.Authentication {
    /// The word in the audit's column.
    public var name: String {
        switch self {
        case .token: "token"
        case .localOperator: "local operator"
        case .system: "system"
        }
    }

    /// The token that was shown, if it was one.
    public var token: TokenID? {
        switch self {
        case .token(let token): token
        case .localOperator, .system: nil
        }
    }
}
