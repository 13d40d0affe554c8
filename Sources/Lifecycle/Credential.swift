/// An API key of an application, without the key: that was shown once, and only its SHA-256 is kept.
public struct Credential: Hashable, Sendable, Codable {
    /// The credential's row.
    public let id: CredentialID
    /// The application that shows the key.
    public let applicationID: ApplicationID
    /// The name of that application.
    public let application: String
    /// The team of that application.
    public let teamID: TeamID
    /// The environment in which it is valid.
    public let environmentID: EnvironmentID
    /// The short name of that environment.
    public let environment: String
    /// Unique in the application, for manifests; nil for keys made by hand.
    public let name: String?
    /// The first characters of the key, for people; empty for an imported one.
    public let start: String
    /// Before this moment it is refused; nil: valid since ever.
    public let startsAt: Moment?
    /// Whether the key was made elsewhere and only its hash was brought along.
    public let isImported: Bool
    /// Free text of the owner.
    public let note: String
    /// Versions this key is held to, at most one an API.
    public let pins: [VersionPin]
    /// What keeps this object (`manifests`), nil for people.
    public let managedBy: String?
    /// When it was made.
    public let createdAt: Moment
    /// From this moment on it is refused.
    public let expiresAt: Moment?
    /// Set when it was rotated: from this moment on it is refused, its successor works already.
    public let graceUntil: Moment?
    /// When it was revoked.
    public let revokedAt: Moment?
    /// The key that took its place.
    public let replacedBy: CredentialID?

    /// A credential as loaded.
    public init(
        id: CredentialID,
        applicationID: ApplicationID,
        application: String,
        teamID: TeamID,
        environmentID: EnvironmentID,
        environment: String,
        name: String?,
        start: String,
        isImported: Bool,
        note: String,
        startsAt: Moment? = nil,
        pins: [VersionPin],
        managedBy: String?,
        createdAt: Moment,
        expiresAt: Moment?,
        graceUntil: Moment?,
        revokedAt: Moment?,
        replacedBy: CredentialID?
    ) {
        self.id = id
        self.applicationID = applicationID
        self.application = application
        self.teamID = teamID
        self.environmentID = environmentID
        self.environment = environment
        self.name = name
        self.start = start
        self.isImported = isImported
        self.note = note
        self.startsAt = startsAt
        self.pins = pins
        self.managedBy = managedBy
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.graceUntil = graceUntil
        self.revokedAt = revokedAt
        self.replacedBy = replacedBy
    }

    /// When the gate stops taking the key: the earlier of expiry and the end of the rotation's overlap.
    public var endsAt: Moment? {
        switch (expiresAt, graceUntil) {
        case (let expiry?, let grace?): min(expiry, grace)
        case (let expiry, let grace): expiry ?? grace
        }
    }

    /// The longest note in characters.
    public static let noteCharactersMax = 200
    /// The most credentials of one application that are not revoked.
    public static let perApplicationMax = 100
}
