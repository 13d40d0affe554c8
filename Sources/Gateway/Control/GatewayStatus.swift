public import RoutingTable

/// What a gateway has in force, and since when it knows that nothing newer exists.
public struct GatewayStatus: Hashable, Sendable {
    /// The environment; nil before the first snapshot unless configured.
    public let environment: String?
    /// Generation of the routing snapshot; nil while there is none.
    public let generation: UInt64?
    /// Checksum of its body.
    public let checksum: Digest32?
    /// Whether it was compiled from files, without approvals behind it.
    public let isOffline: Bool
    /// Sequence of the entitlements; nil while there are none.
    public let sequence: UInt64?
    /// When the routing snapshot was taken or last confirmed by the control plane, Unix seconds.
    public let routingConfirmedAt: Int64?
    /// The same for the entitlements.
    public let entitlementsConfirmedAt: Int64?
}
