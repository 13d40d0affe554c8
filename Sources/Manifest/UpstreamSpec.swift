public import UpstreamRules

/// `spec` of an `Upstream`.
public struct UpstreamSpec: Hashable, Sendable {
    public var targets: [TargetSpec]
    /// From `timeouts.connect`.
    public var connectTimeoutMilliseconds: Int
    /// From `timeouts.header`.
    public var headerTimeoutMilliseconds: Int
    /// From `timeouts.idle`.
    public var idleTimeoutMilliseconds: Int
    /// Everything else: from `balance` to `tls`.
    public var policy: UpstreamPolicy

    public init(
        targets: [TargetSpec],
        connectTimeoutMilliseconds: Int = 5_000,
        headerTimeoutMilliseconds: Int = 60_000,
        idleTimeoutMilliseconds: Int = 60_000,
        policy: UpstreamPolicy = UpstreamPolicy()
    ) {
        self.targets = targets
        self.connectTimeoutMilliseconds = connectTimeoutMilliseconds
        self.headerTimeoutMilliseconds = headerTimeoutMilliseconds
        self.idleTimeoutMilliseconds = idleTimeoutMilliseconds
        self.policy = policy
    }
}

/// One of `spec.targets` of an `Upstream`.
public struct TargetSpec: Hashable, Sendable {
    /// `http://host:port/path`, not yet taken apart.
    public var url: ManifestReference
    /// 0 … 1000.
    public var weight: Int
    /// 0 … 15; greater ones are used while no target of a smaller one can be.
    public var priority: Int

    public init(url: ManifestReference, weight: Int = 100, priority: Int = 0) {
        self.url = url
        self.weight = weight
        self.priority = priority
    }
}
