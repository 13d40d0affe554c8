internal import CPoll
internal import Glibc

/// What a gateway is started with instead of opening its own: sockets that listen already, so that no connection is refused
/// between two processes. From the process before it (``Succession``) or from the service manager.
public struct InheritedSockets: Hashable, Sendable {
    /// Where callers connect; empty opens own ones.
    public var gateway: [Int32] = []
    /// Where callers connect that speak TLS; empty opens own ones. Without certificates they are not used.
    public var secure: [Int32] = []
    /// Where health and metrics are asked for; nil opens an own one.
    public var operations: Int32?
    /// The quota ledger of the process before, open and locked; nil opens it in the data directory.
    public var ledger: Int32?

    /// Nothing inherited.
    public init() {}

    /// The sockets a service manager opened (sd_listen_fds(3)): descriptors from 3 on, counted by `LISTEN_FDS`, for the process
    /// `LISTEN_PID`, named by `LISTEN_FDNAMES`. One called `metrics` is for health and metrics, those
    /// called `gateway-tls` for callers that speak TLS, all others for callers that do not.
    ///
    /// - Parameters:
    ///   - environment: the process's variables.
    ///   - process: its id.
    /// - Returns: nil when nothing was passed to this process.
    /// - Throws: `GatewayFailure.inherited` when a descriptor is no listening TCP socket, or none is for callers.
    public static func activated(
        by environment: [String: String],
        process: Int32
    ) throws(GatewayFailure) -> InheritedSockets? {
        guard environment["LISTEN_PID"] == "\(process)", let count = environment["LISTEN_FDS"].flatMap({ Int32($0) }),
            count > 0
        else { return nil }
        return try named(environment["LISTEN_FDNAMES"], descriptors: (0..<count).map { firstPassed + $0 })
    }

    /// Where the passed descriptors begin.
    private static let firstPassed: Int32 = 3

    /// Tells descriptors apart by the names that belong to them, in order, with colons between.
    static func named(_ names: String?, descriptors: [Int32]) throws(GatewayFailure) -> InheritedSockets {
        let names = names.map { $0.split(separator: ":", omittingEmptySubsequences: false).map(String.init) } ?? []
        var sockets = InheritedSockets()
        for (place, descriptor) in descriptors.enumerated() {
            let name = place < names.count ? names[place] : "unknown"
            guard chandover_is_listening(descriptor) == 1 else {
                throw .inherited(reason: "descriptor \(descriptor) (`\(name)`) is no listening TCP socket")
            }
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            if name == HandoverWord.operations {
                guard sockets.operations == nil else { throw .inherited(reason: "two sockets are called `\(name)`") }
                sockets.operations = descriptor
            } else if name == HandoverWord.secure {
                sockets.secure.append(descriptor)
            } else {
                sockets.gateway.append(descriptor)
            }
        }
        guard !sockets.gateway.isEmpty || !sockets.secure.isEmpty else {
            throw .inherited(reason: "no socket is for callers")
        }
        return sockets
    }
}

/// Tells a service manager how far the process is (sd_notify(3)): one datagram to `NOTIFY_SOCKET`, nothing where there is none.
public enum ServiceNotice {
    /// Callers are served, by this process.
    case ready
    /// The process ends.
    case stopping

    /// Sends it.
    ///
    /// - Parameters:
    ///   - environment: the process's variables.
    ///   - process: the id of the process that serves; nil means this one.
    /// - Returns: false when there is a socket and it cannot be reached.
    @discardableResult
    public func send(to environment: [String: String], process: Int32? = nil) -> Bool {
        guard let path = environment["NOTIFY_SOCKET"], !path.isEmpty else { return true }
        let text =
            switch self {
            // The main process is named as well: after a hand-over it is another one.
            case .ready: "READY=1\nMAINPID=\(process ?? getpid())"
            case .stopping: "STOPPING=1"
            }
        let bytes = Array(text.utf8)
        return unsafe bytes.withUnsafeBytes { unsafe chandover_notify(path, $0.baseAddress, $0.count) } == 0
    }
}
