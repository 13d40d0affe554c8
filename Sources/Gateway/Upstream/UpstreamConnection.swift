internal import NIOCore

/// One connection to an upstream: reads answers strictly and hands them, piece by piece, to the client it works for.
///
/// An answer is only followed by another request when its end was plain and not a byte came after it; everything else
/// closes the connection, so that no client ever gets bytes meant for another.
final class UpstreamConnection: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let loop: LoopContext
    private let pool: TargetPool
    private var context: ChannelHandlerContext?
    /// Whom the present answer is for; nil while idle.
    private var client: ClientConnection?
    private var input = ByteBuffer()
    private var body = BodyReader.none
    private var isHeadRead = false
    private var isAnswered = false
    private var closesAfter = false
    private var interimCount = 0
    private var isReadPaused = false
    private var hasPendingRead = false
    private(set) var isWritable = true
    private(set) var isOpen = true
    /// Monotonic nanoseconds at which it became idle.
    var idleSince: UInt64 = 0

    init(loop: LoopContext, pool: TargetPool) {
        self.loop = loop
        self.pool = pool
    }

    // MARK: From the client's side

    /// Begins an exchange: `request` is the head with as much of the body as was at hand.
    func begin(for client: ClientConnection, _ request: ByteBuffer) {
        self.client = client
        isHeadRead = false
        isAnswered = false
        closesAfter = false
        interimCount = 0
        body = .none
        send(request)
    }

    /// Sends more of the request.
    func send(_ buffer: ByteBuffer) {
        guard let context else { return }
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    /// The client reads slowly: stop reading here.
    func pauseReading() { isReadPaused = true }

    /// The client has caught up.
    func resumeReading() {
        isReadPaused = false
        guard hasPendingRead else { return }
        hasPendingRead = false
        context?.read()
    }

    /// The exchange ended well: free for the next request.
    func release() {
        client = nil
        resumeReading()
        pool.put(self)
    }

    /// Ends the connection, whatever it was doing; the client hears nothing more.
    func close() {
        client = nil
        guard isOpen else { return }
        isOpen = false
        context?.close(promise: nil)
    }

    // MARK: From the channel

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard client != nil else {
            // Nobody asked: an answer to nothing would be taken for the next client's.
            close()
            return
        }
        loop.refreshTime()
        isAnswered = true
        var incoming = unwrapInboundIn(data)
        if input.readableBytes == 0 {
            input = incoming
        } else {
            input.writeBuffer(&incoming)
        }
        advance()
    }

    func read(context: ChannelHandlerContext) {
        if isReadPaused {
            hasPendingRead = true
        } else {
            context.read()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        isWritable = context.channel.isWritable
        if isWritable { client?.upstreamBecameWritable() }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        isOpen = false
        pool.remove(self)
        let client = self.client
        self.client = nil
        loop.refreshTime()
        if case .untilClose = body, isHeadRead {
            client?.upstreamLost(.endOfStream)
        } else {
            client?.upstreamLost(.closed(answered: isAnswered))
        }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset or a broken pipe: the channel closes and `channelInactive` says what that means. A reset must not pass
        // for the end of a body that lasts until the connection closes.
        if case .untilClose = body { body = .none }
        isOpen = false
        context.close(promise: nil)
    }

    // MARK: Reading an answer

    private func advance() {
        while let client {
            if !isHeadRead {
                guard readHead(for: client) else { return }
                if !isHeadRead { continue }
            }
            readBody(for: client)
            return
        }
    }

    /// Reads one head; false when more bytes are needed or the answer was no good.
    private func readHead(for client: ClientConnection) -> Bool {
        var head = ResponseHead()
        swap(&head, &loop.responseHead)
        defer { swap(&head, &loop.responseHead) }
        let buffer = input
        let bytes = buffer.readableBytesUInt8Span
        do throws(Refusal) {
            guard try head.read(bytes, limits: loop.limits, names: loop.responseNames) else { return false }
        } catch {
            client.note(error)
            lose(.invalid)
            return false
        }
        if head.isInterim {
            interimCount += 1
            // 101 answers an Upgrade that was never sent on.
            guard head.status != 101, interimCount <= loop.limits.interimResponsesMax else {
                lose(.invalid)
                return false
            }
            if head.status != 100 { client.answerInterim(head, bytes) }
        } else {
            body = head.body(forHEAD: client.isHEAD, limits: loop.limits)
            closesAfter = head.closes
            isHeadRead = true
            client.answerHead(head, bytes, body: body)
        }
        input.moveReaderIndex(forwardBy: head.length)
        return true
    }

    private func readBody(for client: ClientConnection) {
        switch body {
        case .none: break
        case .length(let remaining):
            let count = min(remaining, input.readableBytes)
            if count > 0, let slice = input.readSlice(length: count) { client.answerBody(slice) }
            body = count == remaining ? .none : .length(remaining - count)
        case .untilClose:
            if input.readableBytes > 0, let slice = input.readSlice(length: input.readableBytes) {
                client.answerBody(slice)
            }
        case .chunked(var decoder):
            // Taken out while it works, so that its state is not copied.
            body = .untilClose
            guard decode(&decoder, for: client) else { return }
        }
        guard body.isDone else {
            if input.readableBytes == 0 { input = ByteBuffer() }
            client.answerPause()
            return
        }
        // Response queue poisoning: bytes after the end belong to no request.
        let isClean = input.readableBytes == 0 && !closesAfter && isOpen
        input = ByteBuffer()
        self.client = nil
        client.answerEnd(from: self, upstreamIsClean: isClean)
    }

    private func decode(_ decoder: inout ChunkedDecoder, for client: ClientConnection) -> Bool {
        let buffer = input
        let bytes = buffer.readableBytesUInt8Span
        var index = 0
        do throws(Refusal) {
            while true {
                switch try decoder.next(bytes, at: &index) {
                case .data(let range):
                    if let slice = buffer.getSlice(at: buffer.readerIndex + range.lowerBound, length: range.count) {
                        client.answerBody(slice)
                    }
                case .incomplete:
                    input.moveReaderIndex(forwardBy: index)
                    body = .chunked(decoder)
                    return true
                case .end:
                    input.moveReaderIndex(forwardBy: index)
                    body = .none
                    return true
                }
            }
        } catch {
            client.note(error)
            lose(.invalid)
            return false
        }
    }

    private func lose(_ loss: RequestState.UpstreamLoss) {
        let client = self.client
        close()
        client?.upstreamLost(loss)
    }
}
