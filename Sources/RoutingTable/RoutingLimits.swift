/// The bounds of both artifacts. A reader refuses what exceeds one; a writer refuses to write it.
public enum RoutingLimits {
    /// Bytes of one artifact's body.
    public static let bodyBytesMax = 512 << 20
    /// Bytes of one name, template, URL or other text.
    public static let nameBytesMax = 8_192
    /// Bytes of an environment's name in the header.
    public static let environmentBytesMax = 255
    public static let apisMax = 100_000
    public static let versionsPerAPIMax = 10_000
    public static let operationsMax = 4_000_000
    public static let upstreamsMax = 100_000
    public static let targetsPerUpstreamMax = 1_000
    /// The greatest priority of a target.
    public static let prioritiesMax = 15
    public static let hostsPerAPIMax = 1_000
    /// Segments of one path template, and so the depth of a trie.
    public static let templateSegmentsMax = 128
    /// Segments of one base path.
    public static let basePathSegmentsMax = 16
    /// Parameters whose place in a path is captured; more still match.
    public static let capturesMax = 8
    public static let listEntriesMax = 100_000
    public static let credentialsMax = 16_000_000
    public static let applicationsMax = 16_000_000
    public static let subscriptionsMax = 16_000_000
    public static let changesPerDeltaMax = 1_000_000
    public static let limitsPerSubscriptionMax = 64
    public static let pinsPerRecordMax = 1_000
    /// Records in the overlay before it is merged into the base, at least.
    public static let overlayRecordsMin = 4_096
}
