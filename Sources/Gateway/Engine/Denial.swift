public import RoutingTable
internal import Synchronization

/// One request that the gateway answered itself, with what `explain ID` needs to say why.
public struct Denial: Hashable, Sendable {
    /// The value of `X-Request-Id`.
    public let requestID: String
    /// Unix seconds.
    public let time: Int64
    /// Method as received.
    public let method: String
    /// The canonical path, without the query.
    public let path: String
    /// The status answered.
    public let status: Int
    /// The problem's code, for example `operation-not-granted`.
    public let code: String
    /// What the problem's `detail` said, empty when it said nothing.
    public let detail: String
    /// Names of API, version and operation as far as they were known; else empty.
    public let api: String
    /// See ``api``.
    public let version: String
    /// See ``api``.
    public let operation: String
    /// Name of the application, empty for anonymous callers.
    public let application: String
    /// The part of the key that may be shown.
    public let credentialStart: String
    /// The plan of the subscription, empty when there was none.
    public let plan: String
    /// Names of the limits that refused.
    public let limits: [String]
    /// The alternatives of the operation's requirement.
    public let requirement: [String]
    /// Where the operation is written.
    public let source: RoutingContent.SourcePlace?
    /// Generation of the routing snapshot the decision was taken by.
    public let generation: UInt64
    /// Sequence of the entitlements the decision was taken by.
    public let sequence: UInt64
}

/// The last denials of a gateway, over all loops. Taken out by the reporter; when nobody takes them, the oldest give way.
final class DenialRing: Sendable {
    private struct State {
        var denials: [Denial] = []
        var first = 0
        var pending = 0
    }

    private let state = Mutex(State())
    private let capacity: Int

    init(capacity: Int) { self.capacity = max(1, capacity) }

    func append(_ denial: Denial) {
        state.withLock { state in
            if state.denials.count < capacity {
                state.denials.append(denial)
            } else {
                state.denials[state.first] = denial
                state.first = (state.first + 1) % capacity
            }
            state.pending = min(state.pending + 1, capacity)
        }
    }

    /// What was added since the last call, oldest first.
    func drain() -> [Denial] {
        state.withLock { state in
            let ordered = Array(state.denials[state.first...] + state.denials[..<state.first])
            defer { state.pending = 0 }
            return Array(ordered.suffix(state.pending))
        }
    }

    /// The denial of this request, while it is remembered.
    func find(_ requestID: String) -> Denial? {
        state.withLock { $0.denials.last { $0.requestID == requestID } }
    }
}
