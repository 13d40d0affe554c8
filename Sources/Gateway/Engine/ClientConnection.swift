internal import ProblemDetails

/// One client connection. Reads heads, runs the phases, and moves bodies both ways.
///
/// One request at a time; what a client sends ahead waits in `inbox`. The heads and bodies at hand leave in one write
/// each way. Files: `+request` reads, `+answer` passes the upstream's answer on, `+problem` answers itself, `+settle` ends.
final class ClientConnection: Wire {
    /// What the connection is good for.
    enum Phase {
        case open
        /// Answered for the last time; what still arrives is thrown away so that the answer can be read.
        case lingering
        case closed
    }

    let loop: LoopContext
    var phase = Phase.open
    var state = RequestState()
    var exchange = Exchange()
    /// What is written down of the request.
    var observation = Observation()
    var body = BodyReader.none
    var inbox = Inbox()
    /// Answer bytes that have not been written yet; leaves at the end of an event.
    var output: HeadWriter?
    var upstream: UpstreamConnection?
    /// Whether ``Exchange/sent`` waits for an upstream connection.
    var isPending = false
    /// Numbers the connections that were opened for this client: one that comes late must not carry the next request, which
    /// may be for another upstream.
    var connectTicket: UInt64 = 0
    /// Place in the line for an upstream whose bounds are met.
    var lineTicket: WaitingLine<ClientConnection>.Ticket?
    /// Whether the present try waits in that line; false while it is made, see ``goOn()``.
    var isHeldBack = false
    /// The client's address as a number, for consistent hashing.
    let peerNumber: UInt64
    var keyCache = KeyCache()
    /// Answer fields that were decided with the request: `RateLimit`, `X-Request-Id`.
    let answerLines = HeadWriter(capacity: 256)
    /// Method and canonical path, for the log and for denials.
    var route: [UInt8] = []
    var methodLength = 0
    /// Who the caller is by the certificate that it showed.
    private(set) var peer: TLSPeer?
    /// The lines that every request of this connection gets, up to the value of `X-Forwarded-Host`.
    let peerLines: [UInt8]
    var deadline: UInt64 = .max
    var deadlineKind = DeadlineKind.none
    /// When the connection last began to wait for a request.
    private var idleAt: UInt64 = 0
    /// When the body began, later by the time in which it was not read.
    var bodyAt: UInt64 = 0
    /// Since when the body is not read because the upstream takes nothing; 0 while it is.
    var bodyHeldAt: UInt64 = 0
    private var lingeredBytes = 0
    private var isAdvancing = false
    /// Place in the loop's list; -1 outside.
    var slot = -1

    /// Takes over a socket that was accepted, speaking TLS where there is `tls`. Refused by the loop: closed at once.
    init(_ descriptor: Int32, peer: SocketAddress?, loop: LoopContext, tls: TLSStream? = nil) {
        self.loop = loop
        let peer = peer?.text ?? "unknown"
        let scheme = tls == nil ? "http" : "https"
        let lines = [
            "Via: 1.1 gatehouse", "X-Forwarded-For: \(peer)", "X-Forwarded-Proto: \(scheme)", "X-Forwarded-Host: ",
        ]
        peerNumber = Rendezvous.number(of: peer.utf8)
        peerLines = Array(lines.joined(separator: "\r\n").utf8)
        super.init(descriptor, loop.reactor, isConnecting: false, tls: tls)
        guard loop.add(self) else {
            close()
            return
        }
        loop.refreshTime()
        if tls == nil {
            arm(.head, milliseconds: loop.limits.headTimeoutMilliseconds)
        } else {
            arm(.handshake, milliseconds: loop.limits.handshakeTimeoutMilliseconds)
        }
    }

    // MARK: Events

    override func secured() {
        loop.refreshTime()
        loop.metrics.countHandshake(isResumed: tls?.isResumed == true)
        if loop.core.front?.asksForCertificates == true { peer = tls?.peer }
        arm(.head, milliseconds: loop.limits.headTimeoutMilliseconds)
    }

    override func handshakeFailed(_ fault: TLSFault) {
        phase = .closed
        loop.metrics.countHandshakeFailure(fault.reason)
    }

    override func receivedPlainly(_ bytes: ByteView) {
        loop.refreshTime()
        loop.metrics.countHandshakeFailure(.plainText)
        inbox.receive(bytes)
        beginRefused()
        answerProblem(.malformedRequest, detail: "this port speaks TLS, and the request came without: use https")
        inbox.settle()
    }

    override func received(_ bytes: ByteView) {
        loop.refreshTime()
        guard phase == .open else {
            lingeredBytes += bytes.count
            if lingeredBytes > loop.limits.lingerBytesMax { abort() }
            return
        }
        inbox.receive(bytes)
        advance()
    }

    override func writabilityChanged() {
        loop.refreshTime()
        if !isBlocked {
            upstream?.resumeReading()
            if deadlineKind == .write { awaitUpstream() }
        } else if state.response == .streaming {
            upstream?.pauseReading()
            arm(.write, milliseconds: loop.limits.writeIdleTimeoutMilliseconds)
        }
    }

    override func ended(failed: Bool) {
        guard phase != .closed else { return }
        phase = .closed
        guard state.isBusy else { return }
        loop.refreshTime()
        loop.metrics.count(.clientsGone)
        abandonUpstream()
        exchange.status = 499
        settle()
    }

    override func closed() { loop.remove(self) }

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
                guard inbox.count > 0, takeRequest() else { break }
            }
        }
        inbox.settle()
        flowControl()
    }

    /// Stops reading from a client that is ahead of its upstream, and goes on when it is not.
    func flowControl() {
        let isAhead = inbox.count > loop.limits.readAheadBytesMax
        let isHeldUp = state.request == .body && (isPending || upstream?.isBlocked == true)
        if isHeldUp != (bodyHeldAt != 0) { holdBody(isHeldUp) }
        if phase == .open, isAhead || isHeldUp { pauseReading() } else { resumeReading() }
    }

    /// The upstream takes no more of the body, or does again. Meanwhile it is the upstream that is waited for, and the client's
    /// time stands still.
    private func holdBody(_ isHeld: Bool) {
        if isHeld {
            bodyHeldAt = loop.now.monotonic
            if deadlineKind == .body, !isPending { awaitUpstream() }
        } else {
            bodyAt &+= loop.now.monotonic &- bodyHeldAt
            bodyHeldAt = 0
            if state.request == .body, state.isBusy, !isPending, upstream != nil { armBody() }
        }
    }

    /// Waits for more of the body: for the idle time at most, and no longer than its average rate allows.
    func armBody() {
        let limits = loop.limits
        arm(.body, milliseconds: limits.bodyIdleTimeoutMilliseconds)
        guard limits.bodyBytesPerSecondMin > 0 else { return }
        let earned = exchange.bytesIn / UInt64(limits.bodyBytesPerSecondMin) &* 1_000_000_000
        let end = bodyAt &+ UInt64(limits.bodyGraceMilliseconds) &* 1_000_000 &+ earned
        guard end < deadline else { return }
        deadlineKind = .body
        deadline = end
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
        write(writer.span)
        loop.giveBack(writer)
    }

    // MARK: Ending

    /// Closes at once, whatever is going on.
    func abort() {
        phase = .closed
        abandonUpstream()
        guard state.isBusy else { return closeIdle() }
        // Without a word: whoever speaks TLS then knows that the answer is not whole.
        settle()
        close()
    }

    /// Ends the connection after its last answer: the writing side first, then what arrives is thrown away for a moment.
    /// Closing at once would make the kernel reset the connection and take the answer from the client.
    func linger() {
        guard phase == .open else { return }
        phase = .lingering
        inbox.removeAll()
        arm(.linger, milliseconds: loop.limits.lingerTimeoutMilliseconds)
        closeOutput()
        resumeReading()
    }

    /// The server is shutting down: busy connections close after their answer, idle ones when they have been idle for so long. Not
    /// at once: a client that uses its connection all the time would lose the request that is on its way. The next one that
    /// comes is answered, and the answer says that the connection closes.
    func drain(idleMilliseconds: Int) {
        guard phase == .open else { return }
        guard state.isBusy else { return shortenIdle(to: idleMilliseconds) }
        // An answer whose head is out did not say that the connection closes: its client may use it once more, and then hears.
        if state.response != .streaming { state.close() }
    }

    /// Lets a connection be idle for no longer than this, counted from when it began to be.
    func shortenIdle(to milliseconds: Int) {
        guard phase == .open, !state.isBusy, inbox.count == 0 else { return }
        deadline = min(deadline, idleAt &+ UInt64(milliseconds) &* 1_000_000)
    }

    func abandonUpstream() {
        upstream?.abandon()
        upstream = nil
        isPending = false
        if lineTicket != nil { leaveLine() }
    }

    // MARK: Deadlines

    func arm(_ kind: DeadlineKind, milliseconds: Int) {
        deadlineKind = kind
        if kind == .keepAlive || kind == .head || kind == .handshake { idleAt = loop.now.monotonic }
        deadline = loop.now.monotonic &+ UInt64(milliseconds) &* 1_000_000
        if exchange.endsAt < deadline { armForEnd() }
    }

    /// The upstream's time for the whole ends before what is waited for.
    private func armForEnd() {
        guard exchange.upstream != nil, state.isBusy else { return }
        deadlineKind = .upstreamTotal
        deadline = exchange.endsAt
    }

    /// Waits for the upstream: for its head, or for more of its body.
    func awaitUpstream() {
        guard let upstream = exchange.upstream else { return }
        if state.response == .streaming {
            deadlineKind = .upstreamIdle
            deadline = loop.now.monotonic &+ upstream.times.idleNanoseconds
        } else {
            deadlineKind = .upstreamHead
            deadline = loop.now.monotonic &+ upstream.times.headerNanoseconds
            if upstream.times.tryNanoseconds > 0, exchange.triedAt &+ upstream.times.tryNanoseconds < deadline {
                deadlineKind = .upstreamTry
                deadline = exchange.triedAt &+ upstream.times.tryNanoseconds
            }
        }
        if exchange.endsAt < deadline { armForEnd() }
    }

    func deadlinePassed() {
        let kind = deadlineKind
        deadlineKind = .none
        deadline = .max
        switch kind {
        case .none: return
        case .linger, .write: abort()
        case .handshake:
            loop.metrics.countHandshakeFailure(.timeout)
            abort()
        case .keepAlive:
            // What has just come is a request that would be lost.
            readReady()
            if isOpen, phase == .open, !state.isBusy, inbox.count == 0, deadlineKind == .none { abort() }
        case .head:
            if inbox.count == 0 {
                readReady()
                guard isOpen, phase == .open, !state.isBusy, inbox.count == 0, deadlineKind == .none else { return }
                if loop.isDraining { return abort() }
            }
            loop.metrics.count(.headTimeouts)
            // Nothing was sent: a connection opened ahead of its use. Nobody would read an answer.
            guard inbox.count > 0 else { return abort() }
            beginRefused()
            answerProblem(.requestTimeout, detail: "the head did not arrive in time")
        case .body:
            loop.metrics.count(.bodyTimeouts)
            bodyFailed(Refusal(.requestTimeout, "the body did not arrive in time"))
        case .upstreamHead, .upstreamTry:
            upstreamTimedOut(bodyHeldAt != 0 && upstream?.isBlocked == true ? .writeTimeout : .headTimeout)
        case .upstreamTotal: upstreamTimedOut(.totalTimeout)
        case .waiting: waitedTooLong()
        case .upstreamIdle: upstreamTimedOut(.idleTimeout)
        }
    }

    private func upstreamTimedOut(_ loss: RequestState.UpstreamLoss) {
        abandonUpstream()
        upstreamLost(loss)
    }
}
