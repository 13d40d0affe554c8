internal import NIOCore
internal import ProblemDetails

/// One client connection: the only handler of its channel. Reads heads, runs the phases, and moves bodies both ways.
///
/// One request at a time; what a client sends ahead waits in `input`. The heads and bodies at hand leave in one write
/// each way. Files: `+request` reads, `+answer` passes the upstream's answer on, `+problem` answers itself, `+settle` ends.
final class ClientConnection: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// What the connection is good for.
    enum Phase {
        case open
        /// Answered for the last time; what still arrives is thrown away so that the answer can be read.
        case lingering
        case closed
    }

    let loop: LoopContext
    var context: ChannelHandlerContext?
    var phase = Phase.open
    var state = RequestState()
    var exchange = Exchange()
    var body = BodyReader.none
    var input = ByteBuffer()
    /// Answer bytes that have not been written yet; leaves at the end of an event.
    var output: HeadWriter?
    var upstream: UpstreamConnection?
    /// Request bytes that wait for an upstream connection.
    var pending: ByteBuffer?
    var keyCache = KeyCache()
    /// Answer fields that were decided with the request: `RateLimit`, `X-Request-Id`.
    var answerLines: [UInt8] = []
    /// Method and canonical path, for the log and for denials.
    var route: [UInt8] = []
    var methodLength = 0
    /// The lines that every request of this connection gets, up to the value of `X-Forwarded-Host`.
    private(set) var peerLines: [UInt8] = []
    var deadline: UInt64 = .max
    var deadlineKind = DeadlineKind.none
    var isReadPaused = false
    private var hasPendingRead = false
    private var isWritable = true
    private var lingeredBytes = 0
    private var isAdvancing = false
    /// Place in the loop's list; -1 outside.
    var slot = -1

    init(loop: LoopContext) { self.loop = loop }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        guard loop.add(self) else {
            context.close(promise: nil)
            return
        }
        let peer = context.remoteAddress?.ipAddress ?? "unknown"
        let lines = ["Via: 1.1 gatehouse", "X-Forwarded-For: \(peer)", "X-Forwarded-Proto: http", "X-Forwarded-Host: "]
        peerLines = Array(lines.joined(separator: "\r\n").utf8)
        loop.refreshTime()
        arm(.head, milliseconds: loop.limits.headTimeoutMilliseconds)
    }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        loop.refreshTime()
        var incoming = unwrapInboundIn(data)
        guard phase == .open else {
            lingeredBytes += incoming.readableBytes
            if lingeredBytes > loop.limits.lingerBytesMax { abort() }
            return
        }
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
        loop.refreshTime()
        if isWritable {
            upstream?.resumeReading()
            if deadlineKind == .write { awaitUpstream() }
        } else if state.response == .streaming {
            upstream?.pauseReading()
            arm(.write, milliseconds: loop.limits.writeIdleTimeoutMilliseconds)
        }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        if phase != .closed {
            phase = .closed
            if state.isBusy {
                loop.metrics.count(.clientsGone)
                abandonUpstream()
                exchange.status = 499
                settle()
            }
        }
        loop.remove(self)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset by the client: the channel closes, and `channelInactive` does the rest.
        context.close(promise: nil)
    }

    // MARK: Reading on

    /// Works through what has been received, request by request, as far as it goes.
    func advance() {
        // An answer that is complete at once ends an exchange inside this very loop, which then goes on.
        guard !isAdvancing else { return }
        isAdvancing = true
        defer { isAdvancing = false }
        while phase == .open {
            if state.isBusy {
                guard state.request == .body else { break }
                let before = state
                pumpBody()
                if state == before { break }
            } else {
                guard input.readableBytes > 0, takeRequest() else { break }
            }
        }
        if input.readableBytes == 0 {
            // Let go of the read buffer, so that the channel can use its memory again.
            input = ByteBuffer()
        }
        flowControl()
    }

    /// Stops reading from a client that is ahead of its upstream, and goes on when it is not.
    func flowControl() {
        let isAhead = input.readableBytes > loop.limits.readAheadBytesMax
        let isBlocked = state.request == .body && (pending != nil || upstream?.isWritable == false)
        let pauses = phase == .open && (isAhead || isBlocked)
        guard pauses != isReadPaused else { return }
        isReadPaused = pauses
        if !pauses, hasPendingRead {
            hasPendingRead = false
            context?.read()
        }
    }

    func upstreamBecameWritable() {
        flowControl()
        advance()
    }

    // MARK: Writing

    /// The writer of the answer at hand; goes back into ``output`` until it is flushed.
    func takeOutput() -> HeadWriter {
        guard let writer = output.take() else { return loop.takeWriter() }
        return writer
    }

    /// Writes what has been gathered.
    func flush() {
        guard let writer = output.take() else { return }
        let buffer = loop.pack(writer)
        context?.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        loop.giveBack(buffer)
    }

    // MARK: Ending

    /// Closes at once, whatever is going on.
    func abort() {
        guard phase != .closed else { return }
        phase = .closed
        abandonUpstream()
        if state.isBusy { settle() }
        context?.close(promise: nil)
    }

    /// Ends the connection after its last answer: the writing side first, then what arrives is thrown away for a moment.
    /// Closing at once would make the kernel reset the connection and take the answer from the client.
    func linger() {
        guard phase == .open else { return }
        phase = .lingering
        input = ByteBuffer()
        isReadPaused = false
        arm(.linger, milliseconds: loop.limits.lingerTimeoutMilliseconds)
        context?.close(mode: .output, promise: nil)
        if hasPendingRead {
            hasPendingRead = false
            context?.read()
        }
    }

    /// The server is shutting down: idle connections close now, busy ones after their answer.
    func drain() {
        if state.isBusy {
            state.close()
        } else if phase == .open, input.readableBytes == 0 {
            abort()
        }
    }

    func abandonUpstream() {
        upstream?.close()
        upstream = nil
        pending = nil
    }

    // MARK: Deadlines

    func arm(_ kind: DeadlineKind, milliseconds: Int) {
        deadlineKind = kind
        deadline = loop.now.monotonic &+ UInt64(milliseconds) &* 1_000_000
    }

    /// Waits for the upstream: for its head, or for more of its body.
    func awaitUpstream() {
        guard let upstream = exchange.upstream else { return }
        if state.response == .streaming {
            deadlineKind = .upstreamIdle
            deadline = loop.now.monotonic &+ upstream.idleTimeoutNanoseconds
        } else {
            deadlineKind = .upstreamHead
            deadline = loop.now.monotonic &+ upstream.headerTimeoutNanoseconds
        }
    }

    func deadlinePassed() {
        let kind = deadlineKind
        deadlineKind = .none
        deadline = .max
        switch kind {
        case .none: return
        case .keepAlive, .linger, .write: abort()
        case .head:
            loop.metrics.count(.headTimeouts)
            // Nothing was sent: a connection opened ahead of its use. Nobody would read an answer.
            guard input.readableBytes > 0 else { return abort() }
            beginRefused()
            answerProblem(.requestTimeout, detail: "the head did not arrive in time")
        case .body: bodyFailed(Refusal(.requestTimeout, "the body did not arrive in time"))
        case .upstreamHead: upstreamTimedOut(.headTimeout)
        case .upstreamIdle: upstreamTimedOut(.idleTimeout)
        }
    }

    private func upstreamTimedOut(_ loss: RequestState.UpstreamLoss) {
        abandonUpstream()
        upstreamLost(loss)
    }
}
