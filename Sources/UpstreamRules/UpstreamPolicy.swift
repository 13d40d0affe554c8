/// How requests are spread over an upstream's targets and what happens when one fails: everything of an upstream but its
/// targets and plain timeouts. The default is what an upstream gets that says nothing.
///
/// Pure data, the same in a manifest, in the catalog, in a snapshot and at the gateway. A number of 0 switches a rule off
/// where its documentation says so.
public struct UpstreamPolicy: Hashable, Sendable, Codable {
    public var balance = Balance.roundRobin
    /// Checks that the gateway makes by itself; nil makes none.
    public var check: ActiveCheck?
    public var ejection = Ejection()
    /// Bounds on what is under way; see ``Bounds``.
    public var bounds = Bounds()
    /// Gives an upstream that mostly fails a rest; nil never does.
    public var breaker: Breaker?
    public var retry = Retry()
    public var discovery = Discovery.none
    /// How `https` targets are verified, and what the gateway shows them.
    public var tls = TLS()
    /// How long a target that is new or back gets less than its share; 0: none.
    public var slowStartMilliseconds = 0
    /// From forwarding to the answer's end, tries included; 0: no limit.
    public var totalTimeoutMilliseconds = 0

    /// The defaults.
    public init() {}
}

/// Which target the next request goes to.
public enum Balance: Hashable, Sendable, Codable {
    /// In turn, by weight.
    case roundRobin
    /// The less busy one of two drawn at random.
    case leastRequests
    /// The one of two drawn at random that is expected to answer sooner: peak EWMA of its time to the answer's head.
    case latency
    /// Always the same one for the same key, as long as it is there.
    case hash(HashKey)
}

/// What a request is known by when equal ones shall meet the same target. A request without the key goes in turn.
public enum HashKey: Hashable, Sendable, Codable {
    /// The value of a header field; its name is lower case.
    case header(String)
    /// The value of a cookie.
    case cookie(String)
    /// The application that the caller's key belongs to.
    case application
    /// The address the client connects from.
    case address
}

/// A check that the gateway makes of every target.
public struct ActiveCheck: Hashable, Sendable, Codable {
    /// A range of statuses, both ends included.
    public struct Statuses: Hashable, Sendable, Codable {
        public var first: Int
        public var last: Int

        public init(_ first: Int, _ last: Int) {
            self.first = first
            self.last = last
        }
    }

    /// Asked with GET; nil only connects.
    public var path: String?
    /// Which statuses are well. Ignored without ``path``.
    public var expected = [Statuses(200, 399)]
    /// Between the end of a check and the next one.
    public var intervalMilliseconds = 5_000
    public var timeoutMilliseconds = 2_000
    /// The interval is varied by up to this much either way, so that gateways do not check in step. 0 … 100.
    public var jitterPercent = 10
    /// Good checks in a row that make a target healthy.
    public var healthyThreshold = 2
    /// Bad checks in a row that make it unhealthy.
    public var unhealthyThreshold = 3

    public init(path: String? = nil) { self.path = path }
}

/// Takes a target out of turn for a while for how it answers real requests.
///
/// Failures are connections that are refused, reset or time out, answers that are no HTTP, and, where ``countsStatuses``
/// says so, answers of 500 and above.
public struct Ejection: Hashable, Sendable, Codable {
    /// Failures in a row that eject; 0 switches this off.
    public var consecutiveFailures = 5
    /// Share of failures in a window that ejects; 0 switches this off.
    public var errorPercent = 0
    /// Requests that a window needs before ``errorPercent`` is looked at.
    public var requestsMin = 20
    public var windowMilliseconds = 10_000
    /// The first ejection lasts so long, the second in a row twice that, and so on.
    public var baseMilliseconds = 10_000
    public var longestMilliseconds = 300_000
    /// No more than this share of the targets is ejected at a time.
    public var sharePercentMax = 50
    public var countsStatuses = false

    public init() {}

    /// Whether anything ejects at all.
    public var isOn: Bool { consecutiveFailures > 0 || errorPercent > 0 }
}

/// Bounds on what one gateway has under way with an upstream, over all its event loops; 0: no bound.
public struct Bounds: Hashable, Sendable, Codable {
    public var connectionsMax = 0
    public var requestsMax = 0
    /// Requests that wait when a bound is met; more are answered 503. Only where there is a bound.
    public var waitingMax = 100
    /// How long one waits before it is answered 503.
    public var waitMilliseconds = 1_000

    public init() {}

    /// Whether there is any bound.
    public var isOn: Bool { connectionsMax > 0 || requestsMax > 0 }
}

/// Answers 503 at once for a while when an upstream as a whole mostly fails, then lets a few requests try it.
public struct Breaker: Hashable, Sendable, Codable {
    /// Share of failures in a window that opens it, 1 … 100. What a failure is, ``Ejection`` says; 5xx count here always.
    public var errorPercent = 50
    public var requestsMin = 20
    public var windowMilliseconds = 10_000
    /// How long it stays open.
    public var openMilliseconds = 5_000
    /// Requests that are let through half open; all must succeed to close it, one that fails opens it again.
    public var probes = 3

    public init() {}
}

/// When a request is sent again. Only one whose method is idempotent and that has no body, or of which nothing was sent.
public struct Retry: Hashable, Sendable, Codable {
    /// Tries beyond the first; 0 never tries again.
    public var retriesMax = 2
    /// Retries are at most this share of the requests…
    public var budgetPercent = 20
    /// …but so many a second are always allowed.
    public var perSecondMin = 10
    /// Statuses of the upstream that are tried again elsewhere.
    public var statuses: [Int] = []
    /// Whether a try that took too long is made again elsewhere.
    public var afterTimeout = false
    /// Limit from sending one try to its answer's head; 0: the header timeout alone.
    public var tryTimeoutMilliseconds = 0

    public init() {}
}

/// Where targets come from beside the list.
public enum Discovery: Hashable, Sendable, Codable {
    /// The list as it stands; names are resolved for every connection.
    case none
    /// The A and AAAA records of the targets' hosts, each address a target, asked again after the interval.
    case dns(intervalMilliseconds: Int)
    /// Lines of a file in the gateway's folder of upstream files, read again when it changes. The list stands until then.
    case file(name: String)
}

/// How `https` targets are spoken to. Files are names in the gateway's folder of upstream files: a snapshot holds no keys.
public struct TLS: Hashable, Sendable, Codable {
    /// PEM file with the authorities that are believed; empty: the system's.
    public var authorities = ""
    /// PEM file with the gateway's certificate and those between it and its authority; empty shows none.
    public var certificate = ""
    /// PEM file with the certificate's key.
    public var key = ""
    /// Sent as SNI and expected in the certificate; empty: the target's host. A certificate of a believed authority that
    /// names the very address connected to is accepted as well.
    public var serverName = ""
    /// False believes any certificate. For tests and for migrations only.
    public var verifies = true

    public init() {}
}
