internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import NIOTLS
internal import Synchronization

/// Speaks TLS to upstreams on behalf of the loops. Connects and shakes hands on an event loop of its own; then the loop gets
/// one end of a pair of local sockets, and what goes through it comes out of the TLS connection, both ways.
///
/// So a loop reads and writes a TLS upstream like any other, at the price of one more copy. Plain upstreams never come here.
final class TLSBridge: Sendable {
    /// What to connect to, and how.
    struct Wish: Sendable {
        let host: String
        let port: Int
        /// What the certificate must say.
        let serverName: String
        let context: UpstreamTLS.Context
        /// For connecting and the handshake together.
        let timeoutMilliseconds: Int
        /// What may wait to be written, each way, before reading pauses.
        let backlogBytesMax: Int
    }

    /// Why there is no connection.
    struct Failure: Error, Sendable {
        let loss: RequestState.UpstreamLoss
        var note: String?
    }

    /// The loop's end of the pair. Closes the socket unless it is taken.
    final class NearEnd: Sendable {
        private let descriptor: Atomic<Int32>
        private let broken = Atomic<Bool>(false)

        fileprivate init(_ descriptor: Int32) { self.descriptor = Atomic(descriptor) }

        deinit {
            let left = take()
            if left >= 0 { _ = Glibc.close(left) }
        }

        /// The socket, which then belongs to the caller; -1 when it was taken already.
        func take() -> Int32 { descriptor.exchange(-1, ordering: .acquiringAndReleasing) }

        /// Whether TLS ended without saying so: such an end must not pass for the end of an answer (RFC 9112 §9.8).
        var isBroken: Bool { broken.load(ordering: .acquiring) }

        fileprivate func markBroken() { broken.store(true, ordering: .releasing) }
    }

    private let eventLoop: any EventLoop

    init(eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    /// Opens a connection; `done` is called exactly once, from the bridge's thread, within the wish's timeout.
    func open(_ wish: Wish, _ done: @escaping @Sendable (Result<NearEnd, Failure>) -> Void) {
        eventLoop.execute { self.connect(wish, done) }
    }

    private func connect(_ wish: Wish, _ done: @escaping @Sendable (Result<NearEnd, Failure>) -> Void) {
        let shake = Handshake(wish, done)
        let timeout = TimeAmount.milliseconds(Int64(wish.timeoutMilliseconds))
        let loop = eventLoop.assumeIsolated()
        loop.scheduleTask(in: timeout) { shake.fail(Failure(loss: .connectTimeout)) }
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(timeout)
            .channelOption(.writeBufferWaterMark, value: Self.waterMark(wish))
        let future: EventLoopFuture<any Channel>
        if let address = try? NIOCore.SocketAddress(ipAddress: wish.host, port: wish.port) {
            // Not an address but a name: the other branch resolves it.
            future = bootstrap.connect(to: address)
        } else {
            future = bootstrap.connect(host: wish.host, port: wish.port)
        }
        future.assumeIsolated().whenComplete { result in
            switch result {
            case .success(let channel): shake.connected(channel)
            case .failure(let error): shake.fail(Failure(loss: Self.loss(of: error)))
            }
        }
    }

    fileprivate static func waterMark(_ wish: Wish) -> ChannelOptions.Types.WriteBufferWaterMark {
        .init(low: wish.backlogBytesMax / 2, high: wish.backlogBytesMax)
    }

    /// What a failure to connect means.
    private static func loss(of error: any Error) -> RequestState.UpstreamLoss {
        if let error = error as? ChannelError, case .connectTimeout = error { return .connectTimeout }
        if let error = error as? NIOConnectionError {
            // No address was tried: the name has none.
            if error.connectionErrors.isEmpty, error.dnsAError != nil || error.dnsAAAAError != nil { return .noAddress }
            if let first = error.connectionErrors.first { return loss(of: first.error) }
        }
        if error is SocketAddressError { return .noAddress }
        if let error = error as? IOError { return Unroutable.codes.contains(error.errnoCode) ? .unroutable : .refused }
        return .refused
    }
}

/// Waits for the handshake of one connection, then joins it with a pair of sockets. On the bridge's event loop only.
private final class Handshake: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let wish: TLSBridge.Wish
    private var done: (@Sendable (Result<TLSBridge.NearEnd, TLSBridge.Failure>) -> Void)?
    private var context: ChannelHandlerContext?

    init(_ wish: TLSBridge.Wish, _ done: @escaping @Sendable (Result<TLSBridge.NearEnd, TLSBridge.Failure>) -> Void) {
        self.wish = wish
        self.done = done
    }

    func connected(_ channel: any Channel) {
        guard done != nil else { return channel.close(promise: nil) }
        do {
            // Nothing is read before the pair is there to take it.
            try channel.pipeline.syncOperations.addHandler(wish.context.makeHandler(wish.serverName))
            try channel.pipeline.syncOperations.addHandler(self)
        } catch {
            channel.close(promise: nil)
            fail(TLSBridge.Failure(loss: .refused))
        }
    }

    func fail(_ failure: TLSBridge.Failure) {
        guard let done else { return }
        self.done = nil
        done(.failure(failure))
        context?.close(promise: nil)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelInactive(context: ChannelHandlerContext) {
        fail(TLSBridge.Failure(loss: .tlsProtocol, note: "the TLS handshake ended early"))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard done != nil else { return context.fireErrorCaught(error) }
        let loss: RequestState.UpstreamLoss = UpstreamTLS.isAboutCertificate(error) ? .tlsCertificate : .tlsProtocol
        fail(TLSBridge.Failure(loss: loss, note: "the TLS handshake failed: \(error)"))
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? TLSUserEvent, case .handshakeCompleted = event { join(context) }
        context.fireUserInboundEventTriggered(event)
    }

    private func join(_ context: ChannelHandlerContext) {
        guard done != nil else { return }
        var pair: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, kind, 0, &pair) == 0 else {
            return fail(TLSBridge.Failure(loss: .refused, note: "there are no sockets left"))
        }
        let near = TLSBridge.NearEnd(pair[0])
        let channel = context.channel
        do {
            let far = BridgeHalf(near)
            let upstream = BridgeHalf(near)
            BridgeHalf.join(far, upstream)
            // In this order: what has arrived with the handshake's end goes through the new handler.
            try channel.pipeline.syncOperations.addHandler(upstream)
            adopt(pair[1], far, near, channel)
        } catch {
            _ = Glibc.close(pair[1])
            fail(TLSBridge.Failure(loss: .refused))
        }
    }

    private func adopt(_ descriptor: Int32, _ far: BridgeHalf, _ near: TLSBridge.NearEnd, _ channel: any Channel) {
        let half = NIOLoopBound(far, eventLoop: channel.eventLoop)
        let future = ClientBootstrap(group: channel.eventLoop)
            .channelOption(.writeBufferWaterMark, value: TLSBridge.waterMark(wish))
            .channelInitializer { local in
                local.eventLoop.makeCompletedFuture { try local.pipeline.syncOperations.addHandler(half.value) }
            }
            .withConnectedSocket(descriptor)
        future.assumeIsolated().whenComplete { result in
            switch result {
            case .success(let local):
                guard let done = self.done else { return local.close(promise: nil) }
                self.done = nil
                done(.success(near))
                channel.pipeline.syncOperations.removeHandler(self, promise: nil)
            case .failure: self.fail(TLSBridge.Failure(loss: .refused))
            }
        }
    }
}

extension Handshake: RemovableChannelHandler {}

/// One of two channels whose bytes go to each other. Reads only while the other can take more.
private final class BridgeHalf: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let near: TLSBridge.NearEnd
    private var other: BridgeHalf?
    private var context: ChannelHandlerContext?
    private var hasPendingRead = false
    /// What came before the channel was there.
    private var early: [ByteBuffer] = []
    private var isFinished = false

    init(_ near: TLSBridge.NearEnd) { self.near = near }

    static func join(_ first: BridgeHalf, _ second: BridgeHalf) {
        first.other = second
        second.other = first
    }

    private var takesMore: Bool { context?.channel.isActive == true && context?.channel.isWritable == true }

    private func send(_ buffer: ByteBuffer) {
        guard let context, context.channel.isActive else { return early.append(buffer) }
        context.write(wrapOutboundOut(buffer), promise: nil)
    }

    private func sendNow() { context?.flush() }

    private func readOn() {
        guard hasPendingRead else { return }
        hasPendingRead = false
        context?.read()
    }

    /// The other has ended: what was written leaves first.
    private func finish() {
        guard let context, context.channel.isActive else {
            isFinished = true
            return
        }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).assumeIsolated().whenComplete { _ in
            context.close(promise: nil)
        }
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { begin() }
    }

    func channelActive(context: ChannelHandlerContext) {
        begin()
        context.fireChannelActive()
    }

    private func begin() {
        for buffer in early { send(buffer) }
        early = []
        sendNow()
        if isFinished { return finish() }
        other?.readOn()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        other = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { other?.send(unwrapInboundIn(data)) }

    func channelReadComplete(context: ChannelHandlerContext) { other?.sendNow() }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { other?.readOn() }
    }

    func read(context: ChannelHandlerContext) {
        if other?.takesMore == true { context.read() } else { hasPendingRead = true }
    }

    func channelInactive(context: ChannelHandlerContext) {
        let other = self.other
        self.other = nil
        other?.finish()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Told before the end is: the loop sees the end only after this.
        near.markBroken()
        context.close(promise: nil)
    }
}
