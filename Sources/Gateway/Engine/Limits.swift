/// Every bound of the data plane, by name. The defaults admit what real clients send and nothing that grows without end.
public struct GatewayLimits: Hashable, Sendable {
    /// Bytes of a request line's target (414 beyond).
    public var targetBytesMax = 16 * 1024
    /// Bytes of a method name (501 beyond).
    public var methodBytesMax = 32
    /// Bytes of a whole request head, request line included (431 beyond). At most 65,535: offsets are 16 bits.
    public var headBytesMax = 32 * 1024
    /// Fields in a request head (431 beyond).
    public var headFieldsMax = 200
    /// Options in all `Connection` lines together (431 beyond); also bounds the work of removing the fields they name.
    public var connectionOptionsMax = 32
    /// Bytes of a request body (413 beyond).
    public var bodyBytesMax = 1 << 30
    /// Bytes of all chunk extensions of one body together.
    public var chunkExtensionBytesMax = 4 * 1024
    /// Bytes of a trailer section.
    public var trailerBytesMax = 8 * 1024
    /// Bytes of a response head (502 beyond). At most 65,535.
    public var responseHeadBytesMax = 60 * 1024
    /// Fields in a response head.
    public var responseFieldsMax = 256
    /// Interim (1xx) responses before a final one (502 beyond).
    public var interimResponsesMax = 8
    /// Bytes that a client may send ahead (pipelined requests) before it is read no further.
    public var readAheadBytesMax = 64 * 1024
    /// Bytes waiting to be written to one side before the other side is read no further.
    public var writeBacklogBytesMax = 64 * 1024
    /// Bytes that are read and thrown away after a refusal, so that the client gets to read the answer.
    public var lingerBytesMax = 1 << 20
    /// Client connections of one gateway, over all loops; more are closed at once. Above four fifths of it connections are not
    /// kept: every answer closes its own.
    public var connectionsMax = 20_000
    /// Idle upstream connections kept per target and loop.
    public var idleUpstreamConnectionsMax = 256
    /// Open upstream connections per target and loop (503 beyond).
    public var upstreamConnectionsMax = 4_096
    /// Decisions that were not 2xx kept for `explain`, per loop.
    public var denialsMax = 512
    /// Bytes of access log waiting to be written; beyond, lines are dropped and counted.
    public var accessLogBacklogBytesMax = 4 << 20
    /// Bytes of spans waiting to be taken; beyond, spans are dropped and counted.
    public var spanBacklogBytesMax = 4 << 20

    /// From accepting a connection to the end of its TLS handshake.
    public var handshakeTimeoutMilliseconds = 10_000
    /// From the first byte of a head to its last.
    public var headTimeoutMilliseconds = 10_000
    /// Between two reads of a request body.
    public var bodyIdleTimeoutMilliseconds = 30_000
    /// Bytes of a request body a second, on the average since its start; slower ones are 408. The time in which the gateway does
    /// not read, because the upstream is slower still, does not count.
    public var bodyBytesPerSecondMin = 240
    /// How long a body may take before its rate is looked at.
    public var bodyGraceMilliseconds = 10_000
    /// Between two requests on one connection.
    public var keepAliveTimeoutMilliseconds = 75_000
    /// How long a client may take to read half of ``writeBacklogBytesMax`` (beyond what the kernel holds for it): about 550
    /// bytes a second with the defaults. Slower ones are closed.
    public var writeIdleTimeoutMilliseconds = 60_000
    /// How long bytes are thrown away after a refusal.
    public var lingerTimeoutMilliseconds = 2_000
    /// How long an unused upstream connection is kept. Below the 60 s and 75 s that servers commonly keep theirs.
    public var upstreamKeepAliveMilliseconds = 50_000
    /// How long a connection may be idle while there are more than four fifths of ``connectionsMax``.
    public var crowdedIdleMilliseconds = 5_000
    /// How long something that is ready may wait for its loop, as a standing state, before requests are refused by priority (503); nil
    /// refuses none.
    public var loopDelayMaxMilliseconds: Int? = 100
    /// How long a connection stays idle before it closes while the gateway shuts down.
    public var drainIdleMilliseconds = 500
    /// The same after a hand-over, when nothing hurries: the successor serves already.
    public var handoverIdleMilliseconds = 10_000

    /// The defaults.
    public init() {}
}
