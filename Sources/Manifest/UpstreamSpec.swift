/// `spec` of an `Upstream`.
public struct UpstreamSpec: Hashable, Sendable {
    public enum Balance: String, Hashable, Sendable, CaseIterable {
        case roundRobin = "round-robin"
    }

    public var targets: [TargetSpec]
    public var balance: Balance
    /// From `timeouts.connect`.
    public var connectTimeoutMilliseconds: Int
    /// From `timeouts.header`.
    public var headerTimeoutMilliseconds: Int
    /// From `timeouts.idle`.
    public var idleTimeoutMilliseconds: Int

    public init(
        targets: [TargetSpec],
        balance: Balance = .roundRobin,
        connectTimeoutMilliseconds: Int = 5_000,
        headerTimeoutMilliseconds: Int = 60_000,
        idleTimeoutMilliseconds: Int = 60_000
    ) {
        self.targets = targets
        self.balance = balance
        self.connectTimeoutMilliseconds = connectTimeoutMilliseconds
        self.headerTimeoutMilliseconds = headerTimeoutMilliseconds
        self.idleTimeoutMilliseconds = idleTimeoutMilliseconds
    }
}

/// One of `spec.targets` of an `Upstream`.
public struct TargetSpec: Hashable, Sendable {
    /// `http://host:port/path`, not yet taken apart.
    public var url: ManifestReference
    /// 0 … 1000.
    public var weight: Int

    public init(url: ManifestReference, weight: Int = 100) {
        self.url = url
        self.weight = weight
    }
}
