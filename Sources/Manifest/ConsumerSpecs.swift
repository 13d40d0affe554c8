/// `spec` of an `Application`.
public struct ApplicationSpec: Hashable, Sendable {
    public var team: ManifestReference?
    public var title: String?

    public init(team: ManifestReference? = nil, title: String? = nil) {
        self.team = team
        self.title = title
    }
}

/// `spec` of a `Subscription`. Times are seconds since the Unix epoch.
public struct SubscriptionSpec: Hashable, Sendable {
    /// `pending` asks and is decided by people; the other two say what is wanted once it was accepted.
    public enum State: String, Hashable, Sendable, CaseIterable {
        case pending
        case accepted
        case paused
    }

    public var application: ManifestReference
    public var plan: ManifestReference
    /// Nil: `live`.
    public var environment: ManifestReference?
    /// Nil: every major when compiled offline; the catalog takes that of the pin or of the latest version.
    public var major: Int?
    public var pin: PinSpec?
    public var state: State
    public var startsAt: Int64?
    public var endsAt: Int64?
    public var comment: String?

    public init(
        application: ManifestReference,
        plan: ManifestReference,
        environment: ManifestReference? = nil,
        major: Int? = nil,
        pin: PinSpec? = nil,
        state: State = .accepted,
        startsAt: Int64? = nil,
        endsAt: Int64? = nil,
        comment: String? = nil
    ) {
        self.application = application
        self.plan = plan
        self.environment = environment
        self.major = major
        self.pin = pin
        self.state = state
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.comment = comment
    }
}

/// A pin: `pin: 1.2.0` or `pin: {version: 1.2.0, mode: hard}`.
public struct PinSpec: Hashable, Sendable {
    public enum Mode: String, Hashable, Sendable, CaseIterable {
        case soft
        case hard
    }

    /// Only in a credential's pins.
    public var api: ManifestReference?
    public var version: String
    public var mode: Mode
    public var expiresAt: Int64?

    public init(api: ManifestReference? = nil, version: String, mode: Mode = .soft, expiresAt: Int64? = nil) {
        self.api = api
        self.version = version
        self.mode = mode
        self.expiresAt = expiresAt
    }
}

/// `spec` of a `Credential`. Times are seconds since the Unix epoch.
public struct CredentialSpec: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case apiKey = "api-key"
    }

    public var application: ManifestReference
    /// Nil: `live`.
    public var environment: ManifestReference?
    public var kind: Kind
    /// 64 lower-case hexadecimal digits: SHA-256 of the whole key.
    public var sha256: String
    /// First characters of the key, for people.
    public var start: String?
    public var note: String?
    public var startsAt: Int64?
    public var expiresAt: Int64?
    public var pins: [PinSpec]

    public init(
        application: ManifestReference,
        environment: ManifestReference? = nil,
        kind: Kind = .apiKey,
        sha256: String,
        start: String? = nil,
        note: String? = nil,
        startsAt: Int64? = nil,
        expiresAt: Int64? = nil,
        pins: [PinSpec] = []
    ) {
        self.application = application
        self.environment = environment
        self.kind = kind
        self.sha256 = sha256
        self.start = start
        self.note = note
        self.startsAt = startsAt
        self.expiresAt = expiresAt
        self.pins = pins
    }
}

/// `spec` of a `Team`.
public struct TeamSpec: Hashable, Sendable {
    public var title: String?

    public init(title: String? = nil) {
        self.title = title
    }
}

/// `spec` of an `Environment`.
public struct EnvironmentSpec: Hashable, Sendable {
    /// Order of promotion, lowest first.
    public var rank: Int?

    public init(rank: Int? = nil) {
        self.rank = rank
    }
}
