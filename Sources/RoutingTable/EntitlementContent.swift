/// Who may call what in one environment, as plain values. Travels apart from the routes, and only forwards: rolling the
/// routes back never brings a revoked key back to life.
///
/// Times are whole seconds since the Unix epoch. Nil starts mean "since ever", nil ends "for good".
public struct EntitlementContent: Hashable, Sendable {
    public var environment: String
    public var applications: [Application]
    public var credentials: [Credential]
    public var subscriptions: [Subscription]

    public init(
        environment: String,
        applications: [Application] = [],
        credentials: [Credential] = [],
        subscriptions: [Subscription] = []
    ) {
        self.environment = environment
        self.applications = applications
        self.credentials = credentials
        self.subscriptions = subscriptions
    }

    /// Somebody's program that calls.
    public struct Application: Hashable, Sendable {
        public var id: RecordID
        public var name: String

        public init(id: RecordID, name: String) {
            self.id = id
            self.name = name
        }
    }

    /// A key of an application. A revoked one is absent.
    public struct Credential: Hashable, Sendable {
        public var id: RecordID
        /// SHA-256 of the whole key as shown to the application. Unique.
        public var sha256: Digest32
        public var applicationID: RecordID
        /// The first characters of the key, for people.
        public var start: String
        public var startsAt: Int64?
        /// From this second on it is refused.
        public var expiresAt: Int64?
        /// Versions this key is held to; at most one an API, with `Pin.api` set.
        public var pins: [Pin]

        public init(
            id: RecordID,
            sha256: Digest32,
            applicationID: RecordID,
            start: String = "",
            startsAt: Int64? = nil,
            expiresAt: Int64? = nil,
            pins: [Pin] = []
        ) {
            self.id = id
            self.sha256 = sha256
            self.applicationID = applicationID
            self.start = start
            self.startsAt = startsAt
            self.expiresAt = expiresAt
            self.pins = pins
        }
    }

    /// An application's right to call an API (or one major of it), as its plan grants. A closed one is absent.
    public struct Subscription: Hashable, Sendable {
        public var id: RecordID
        public var applicationID: RecordID
        /// Name of the API.
        public var api: String
        /// Nil: every version of the API.
        public var major: Int?
        /// Name of the plan, for people and for headers.
        public var plan: String
        public var state: SubscriptionState
        /// Ids of the operations granted; nil: all of them.
        public var operations: [String]?
        public var startsAt: Int64?
        public var endsAt: Int64?
        /// Versions this subscription is held to: its API's, whatever `Pin.api` says.
        public var pins: [Pin]
        /// Every one must admit a request. Order is kept: it is the order of the `RateLimit` field.
        public var limits: [Limit]

        public init(
            id: RecordID,
            applicationID: RecordID,
            api: String,
            major: Int? = nil,
            plan: String,
            state: SubscriptionState = .accepted,
            operations: [String]? = nil,
            startsAt: Int64? = nil,
            endsAt: Int64? = nil,
            pins: [Pin] = [],
            limits: [Limit] = []
        ) {
            self.id = id
            self.applicationID = applicationID
            self.api = api
            self.major = major
            self.plan = plan
            self.state = state
            self.operations = operations
            self.startsAt = startsAt
            self.endsAt = endsAt
            self.pins = pins
            self.limits = limits
        }
    }

    public enum SubscriptionState: UInt8, Hashable, Sendable, CaseIterable {
        case accepted = 0
        case paused = 1
    }

    /// Holds a caller to one version. A soft pin stands in for a version the request does not name; a hard one wins, and a
    /// request that names another version is answered 409.
    public struct Pin: Hashable, Sendable {
        /// Name of the API.
        public var api: String
        /// Exact name of the version.
        public var version: String
        public var isHard: Bool
        /// From this second on the pin counts no more.
        public var expiresAt: Int64?

        public init(api: String, version: String, isHard: Bool = false, expiresAt: Int64? = nil) {
            self.api = api
            self.version = version
            self.isHard = isHard
            self.expiresAt = expiresAt
        }
    }

    /// One counter a subscription is held to.
    public struct Limit: Hashable, Sendable {
        /// Name in `RateLimit` and `RateLimit-Policy`, unique within the subscription.
        public var name: String
        public var kind: LimitKind
        /// Requests per window; 0 admits none.
        public var amount: UInt64
        public var window: LimitWindow
        public var algorithm: LimitAlgorithm
        /// For GCRA: requests admitted at one instant after a pause. Never over `burst + rate × time`.
        /// Means nothing for fixed windows.
        public var burst: UInt64

        public init(
            name: String,
            kind: LimitKind,
            amount: UInt64,
            window: LimitWindow,
            algorithm: LimitAlgorithm,
            burst: UInt64 = 0
        ) {
            self.name = name
            self.kind = kind
            self.amount = amount
            self.window = window
            self.algorithm = algorithm
            self.burst = burst
        }
    }

    /// A rate smooths traffic and lives in memory; a quota is an allowance whose ledger is kept across restarts.
    public enum LimitKind: UInt8, Hashable, Sendable, CaseIterable {
        case rate = 0
        case quota = 1
    }

    public enum LimitAlgorithm: UInt8, Hashable, Sendable, CaseIterable {
        /// Generic cell rate algorithm.
        case gcra = 0
        /// Counts from zero in each window.
        case fixedWindow = 1
    }

    /// How long a window is and where it begins.
    public enum LimitWindow: Hashable, Sendable {
        /// So many seconds (at least one). A fixed window begins at the first request after the one before it ended.
        case seconds(UInt32)
        /// A calendar unit in UTC: a month begins on the first at 00:00.
        case calendar(CalendarUnit)
    }

    public enum CalendarUnit: UInt8, Hashable, Sendable, CaseIterable {
        case minute = 0
        case hour = 1
        case day = 2
        /// Begins on Monday (ISO 8601).
        case week = 3
        case month = 4
        case year = 5
    }
}

/// A step of the entitlements: what changed after `fromSequence` up to and including `toSequence`.
public struct EntitlementDelta: Hashable, Sendable {
    public var environment: String
    public var fromSequence: UInt64
    /// Greater than `fromSequence`.
    public var toSequence: UInt64
    /// In the order in which they happened; a later one of the same id wins.
    public var changes: [Change]

    public init(environment: String, fromSequence: UInt64, toSequence: UInt64, changes: [Change] = []) {
        self.environment = environment
        self.fromSequence = fromSequence
        self.toSequence = toSequence
        self.changes = changes
    }

    /// One record that is there now (new or replaced), or there no more.
    public enum Change: Hashable, Sendable {
        case putApplication(EntitlementContent.Application)
        case putCredential(EntitlementContent.Credential)
        case putSubscription(EntitlementContent.Subscription)
        /// Its credentials then belong to nobody and are refused.
        case removeApplication(RecordID)
        case removeCredential(RecordID)
        case removeSubscription(RecordID)
    }
}
