public import Lifecycle
public import UpstreamRules

/// Everything that is to be routed in one environment, in any order.
public struct CompilationInput: Hashable, Sendable {
    /// An API with its settings and the versions that may be routed.
    public struct API: Hashable, Sendable {
        public var name: String
        public var title: String
        /// `passthrough.upstream` names one of the input's upstreams.
        public var settings: APISettings
        public var versions: [ApprovedVersion]

        public init(name: String, title: String, settings: APISettings, versions: [ApprovedVersion] = []) {
            self.name = name
            self.title = title
            self.settings = settings
            self.versions = versions
        }
    }

    /// Where requests go. Names are unique; what nothing refers to is left out of the snapshot.
    public struct Upstream: Hashable, Sendable {
        public var name: String
        public var targets: [Lifecycle.Upstream.Target]
        public var connectTimeoutMilliseconds: Int
        public var headerTimeoutMilliseconds: Int
        public var idleTimeoutMilliseconds: Int
        public var policy: UpstreamPolicy

        public init(
            name: String,
            targets: [Lifecycle.Upstream.Target],
            connectTimeoutMilliseconds: Int = 5_000,
            headerTimeoutMilliseconds: Int = 60_000,
            idleTimeoutMilliseconds: Int = 60_000,
            policy: UpstreamPolicy = UpstreamPolicy()
        ) {
            self.name = name
            self.targets = targets
            self.connectTimeoutMilliseconds = connectTimeoutMilliseconds
            self.headerTimeoutMilliseconds = headerTimeoutMilliseconds
            self.idleTimeoutMilliseconds = idleTimeoutMilliseconds
            self.policy = policy
        }

        /// A catalog's upstream, under a name that is unique in the snapshot.
        public init(_ upstream: Lifecycle.Upstream, name: String) {
            self.init(
                name: name,
                targets: upstream.targets,
                connectTimeoutMilliseconds: upstream.connectTimeoutMilliseconds,
                headerTimeoutMilliseconds: upstream.headerTimeoutMilliseconds,
                idleTimeoutMilliseconds: upstream.idleTimeoutMilliseconds,
                policy: upstream.policy
            )
        }
    }

    public var environment: String
    public var apis: [API]
    public var upstreams: [Upstream]
    /// Marks the snapshot as made without approvals. Any version that was compiled offline marks it too.
    public var isOffline: Bool

    public init(environment: String, apis: [API] = [], upstreams: [Upstream] = [], isOffline: Bool = false) {
        self.environment = environment
        self.apis = apis
        self.upstreams = upstreams
        self.isOffline = isOffline
    }
}
