internal import NIOCore

/// TLS on a NIO channel, for checks of targets, which run on an event loop of NIO's: the same contexts and rules as for
/// requests, so that a check finds out what a request would.
final class TLSHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let tls: TLSStream
    /// What is to be sent when the handshake is through.
    private var waiting: [ByteBuffer] = []

    /// `name`: what the certificate must say.
    ///
    /// - Throws: `TLSFault` where there is no memory, or `name` cannot be one.
    init(_ context: TLSClientContext, name: String) throws(TLSFault) {
        guard let tls = TLSStream(context, name: name, ticket: nil, pipe: TLSPipe()) else {
            throw TLSFault(.memory, "`\(name)` cannot be asked for")
        }
        self.tls = tls
    }

    func handlerAdded(context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        begin(context)
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    private func begin(_ context: ChannelHandlerContext) {
        let step = tls.begin()
        send(context)
        if case .failed = step { fail(context) }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let buffer = unwrapOutboundIn(data)
        guard tls.isSecured else {
            waiting.append(buffer)
            promise?.succeed(())
            return
        }
        tls.write(buffer.readableBytesUInt8Span)
        send(context)
        promise?.succeed(())
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        let wasSecured = tls.isSecured
        let (plain, step) = unsafe buffer.withUnsafeReadableBytes { bytes in
            let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            return tls.receive(unsafe ByteView(start: start, count: bytes.count))
        }
        send(context)
        if !wasSecured, tls.isSecured {
            for early in waiting { tls.write(early.readableBytesUInt8Span) }
            waiting = []
            send(context)
        }
        if !plain.isEmpty {
            var opened = context.channel.allocator.buffer(capacity: plain.count)
            let span = plain.span
            unsafe span.withUnsafeBytes { unsafe _ = opened.writeBytes($0) }
            context.fireChannelRead(wrapInboundOut(opened))
        }
        switch step {
        case .more: return
        case .ended: context.close(promise: nil)
        case .failed: fail(context)
        }
    }

    private func send(_ context: ChannelHandlerContext) {
        let output = tls.pipe.output
        guard !output.isEmpty else { return }
        var sealed = context.channel.allocator.buffer(capacity: output.count)
        let span = output.span
        unsafe span.withUnsafeBytes { unsafe _ = sealed.writeBytes($0) }
        tls.pipe.clearOutput()
        context.writeAndFlush(wrapOutboundOut(sealed), promise: nil)
    }

    private func fail(_ context: ChannelHandlerContext) {
        context.fireErrorCaught(tls.fault ?? TLSFault(.other, "TLS failed"))
        context.close(promise: nil)
    }
}
