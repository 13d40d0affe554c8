public import RoutingTable

/// How a gateway is set up. Everything has a default but what it trusts.
public struct GatewayConfiguration: Sendable {
    /// Where callers connect.
    public var host = "127.0.0.1"
    /// 0 … 65535; 0 takes any free port.
    public var port = 8000
    /// TLS beside it; nil: none is spoken.
    public var tls: TLSSettings?
    /// Where health and metrics are asked for.
    public var operationsHost = "127.0.0.1"
    /// 0 … 65535; 0 takes any free port; nil opens no such listener.
    public var operationsPort: Int? = 9090
    /// Event loops, each with its own listening socket; 1 or more.
    public var loops = 1
    /// Where the last good snapshots and the quota ledger are kept; nil keeps nothing.
    public var dataDirectory: String?
    /// Which snapshots are taken.
    public var trust: SnapshotTrust
    /// Takes snapshots of this environment alone; nil: of the first one that is activated.
    public var environment: String?
    /// Writes requests down; nil writes none.
    public var accessLog: AccessLogSettings?
    /// Takes part in traces; nil passes their fields on untouched.
    public var tracing: TracingSettings?
    /// Refuses keys with 503 when nothing was heard from the control plane for so long; nil serves on. In seconds.
    public var entitlementAgeMaxSeconds: Int?
    /// The folder with the files that upstreams name: certificates, keys, lists of targets; nil lets none name any.
    public var upstreamFiles: String?
    /// Is told what people should know while the gateway runs: targets that become unhealthy, files that cannot be used.
    /// Called from any thread; must not block.
    public var onNote: @Sendable (String) -> Void = { _ in }
    /// More text in the Prometheus format for `/metrics`, of whatever else lives in this process. Called from any thread.
    public var moreMetrics: @Sendable () -> String = { "" }
    /// The addresses of a name, nil when it cannot be resolved. Blocks.
    var resolve: @Sendable (String) -> [String]? = HostAddresses.addresses
    /// Sockets that listen already, from the process before or a service manager; those that are missing are opened.
    public var inherited = InheritedSockets()
    /// The program's version, for `gatehouse_build_info`.
    public var version = ""
    /// Every bound by name.
    public var limits = GatewayLimits()

    /// A configuration with defaults.
    public init(trust: SnapshotTrust) { self.trust = trust }
}

/// The ports a gateway listens on.
public struct GatewayPorts: Hashable, Sendable {
    /// Where callers connect.
    public let gateway: Int
    /// Where callers connect that speak TLS; nil when that listener is off.
    public let secure: Int?
    /// Health and metrics; nil when that listener is off.
    public let operations: Int?
}

/// Why a gateway does not start.
public enum GatewayFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// Somebody listens there already.
    case addressInUse(String)
    /// The address cannot be listened on.
    case cannotListen(address: String, reason: String)
    /// A certificate or authority for TLS cannot be used.
    case certificates(reason: String)
    /// Another gateway uses the data directory.
    case dataDirectoryInUse(String)
    /// The data directory cannot be used.
    case dataDirectory(reason: String)
    /// What another process passed on cannot be used.
    case inherited(reason: String)
    /// The access log has nowhere to go.
    case accessLog(reason: String)

    public var description: String {
        switch self {
        case .addressInUse(let address): "address in use: \(address)"
        case .cannotListen(let address, let reason): "cannot listen on \(address): \(reason)"
        case .certificates(let reason): "TLS cannot be served: \(reason)"
        case .dataDirectoryInUse(let path): "another gateway uses the data directory: \(path)"
        case .dataDirectory(let reason): "the data directory cannot be used: \(reason)"
        case .inherited(let reason): "the sockets that were passed on cannot be used: \(reason)"
        case .accessLog(let reason): "the access log cannot be written: \(reason)"
        }
    }
}

/// Why an artifact is not taken. What was in force stays in force.
public enum ActivationRefused: Error, Hashable, Sendable, CustomStringConvertible {
    /// The bytes are no good.
    case rejected(SnapshotRejected)
    /// The delta does not fit.
    case delta(DeltaRejected)
    /// It is for another environment.
    case otherEnvironment(found: String, expected: String)
    /// Something newer is in force: generations and sequences only grow.
    case notNewer(found: UInt64, current: UInt64)
    /// A delta came before any base.
    case noBase

    public var description: String {
        switch self {
        case .rejected(let reason): "\(reason)"
        case .delta(let reason): "\(reason)"
        case .otherEnvironment(let found, let expected): "it is for environment `\(found)`, not `\(expected)`"
        case .notNewer(let found, let current): "it is number \(found), number \(current) is in force"
        case .noBase: "a delta needs a base, and there is none yet"
        }
    }
}
