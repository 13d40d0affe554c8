public import RoutingTable

/// Why the gate answers a request as it does: each phase with its outcome, and the place in the specification.
public struct Explanation: Hashable, Sendable {
    /// The phases in the order in which they are passed.
    public enum Phase: String, Hashable, Sendable, CaseIterable {
        case head
        case path
        case api
        case identity
        case version
        case operation
        case requirement
        case grant
        case limits
        case upstream
    }

    /// One phase that was passed, or the one that refused.
    public struct Step: Hashable, Sendable {
        /// Which phase.
        public let phase: Phase
        /// Whether the request went on.
        public let isPassed: Bool
        /// What was found, for people.
        public let text: String
    }

    /// One limit the subscription is held to; what is left of it only the gateway that counts knows.
    public struct Limit: Hashable, Sendable {
        /// Its name in `RateLimit`.
        public let name: String
        /// Requests per window.
        public let amount: UInt64
        /// Length of the window in seconds (a month counts 30 days).
        public let windowSeconds: UInt64
    }

    /// The phases that were reached; the last one refused unless ``status`` is nil.
    public internal(set) var steps: [Step] = []
    /// The status that the gate answers; nil when the request is forwarded.
    public internal(set) var status: Int?
    /// The problem's code (`operation-not-granted`), nil when the request is forwarded.
    public internal(set) var code: String?
    /// What the problem's reader should do next.
    public internal(set) var advice: String?
    /// Name of the API.
    public internal(set) var api: String?
    /// Name of the version.
    public internal(set) var version: String?
    /// The operation's identifier.
    public internal(set) var operation: String?
    /// Its path template.
    public internal(set) var pathTemplate: String?
    /// Where it is written.
    public internal(set) var source: RoutingContent.SourcePlace?
    /// The alternatives of its requirement; any one suffices. Empty: anonymous calls are permitted, or nothing is declared.
    public internal(set) var requirement: [String] = []
    /// Name of the application whose key was shown.
    public internal(set) var application: String?
    /// The part of the key that may be shown.
    public internal(set) var credentialStart: String?
    /// The plan of the subscription.
    public internal(set) var plan: String?
    /// The plan's limits.
    public internal(set) var limits: [Limit] = []
    /// Name of the upstream.
    public internal(set) var upstream: String?
    /// The URL path and query that the upstream gets, below its own path.
    public internal(set) var forwardedPath: String?
    /// Versions that the caller could use instead, where the version was the reason.
    public internal(set) var grantedVersions: [String] = []
}
