internal import Glibc
internal import ProblemDetails

/// One connection to an upstream: reads answers strictly and hands them, piece by piece, to the client it works for.
///
/// An answer is only followed by another request when its end was plain and not a byte came after it; everything else
/// closes the connection, so that no client ever gets bytes meant for another.
final class UpstreamConnection: Wire {
    private let loop: LoopContext
    private let pool: TargetPool
    /// Whom the present answer is for; nil while idle.
    private var client: ClientConnection?
    private var inbox = Inbox()
    private var body = BodyReader.none
    private var isHeadRead = false
    private var isAnswered = false
    private var closesAfter = false
    private var interimCount = 0
    /// Monotonic nanoseconds at which it became idle, or until which connecting may take.
    var moment: UInt64 = 0
    /// Addresses to try next where this one does not answer.
    private var others: ArraySlice<SocketAddress> = []
    /// Which of its client's connections this is.
    private let ticket: UInt64
    /// State of the TLS files that it was made with; 0: no TLS.
    let tlsGeneration: UInt64
    private var isTicketKept = false

    /// Takes over a socket that is being connected for `client`; `tls` says how it is secured then.
    init(
        _ descriptor: Int32,
        for client: ClientConnection,
        until deadline: UInt64,
        others: ArraySlice<SocketAddress>,
        loop: LoopContext,
        pool: TargetPool,
        tls: TLSStream? = nil,
        tlsGeneration: UInt64 = 0
    ) {
        self.loop = loop
        self.pool = pool
        self.client = client
        self.others = others
        ticket = client.connectTicket
        moment = deadline
        self.tlsGeneration = tlsGeneration
        super.init(descriptor, loop.reactor, isConnecting: true, tls: tls)
    }

    // MARK: From the client's side

    /// Begins an exchange: `request` is the head with as much of the body as was at hand.
    func begin(for client: ClientConnection, _ request: Span<UInt8>) {
        self.client = client
        isHeadRead = false
        isAnswered = false
        closesAfter = false
        interimCount = 0
        body = .none
        write(request)
    }

    /// The exchange ended well: free for the next request.
    func release() {
        client = nil
        resumeReading()
        if !isTicketKept, let tls {
            // Servers send theirs with the first answer at the latest.
            isTicketKept = true
            pool.keepTicket(of: tls, generation: tlsGeneration)
        }
        pool.put(self, loop)
    }

    /// Ends the connection, whatever it was doing; the client hears nothing more.
    func abandon() {
        client = nil
        close()
    }

    /// Connecting takes too long.
    func connectTimedOut() {
        let client = self.client
        abandon()
        client?.connectFailed(.connectTimeout, ticket: ticket)
    }

    // MARK: Events

    override func connectEnded(_ error: Int32) {
        if error == 0 {
            others = []
            if tls == nil { secured() }
        } else if let client {
            self.client = nil
            guard ticket == client.connectTicket else { return }
            if others.isEmpty {
                client.connectFailed(Unroutable.codes.contains(error) ? .unroutable : .refused, ticket: ticket)
            } else {
                pool.attempt(others, for: client, until: moment, after: error)
            }
        }
    }

    /// Open for requests.
    override func secured() {
        let client = self.client
        pool.connected(self)
        self.client = nil
        if tls?.isResumed == true { loop.metrics.count(.upstreamResumptions) }
        client?.connected(self, ticket: ticket)
    }

    override func handshakeFailed(_ fault: TLSFault) {
        let client = self.client
        self.client = nil
        client?.connectFailed(
            fault.reason == .certificate ? .tlsCertificate : .tlsProtocol,
            ticket: ticket,
            note: "the TLS handshake failed: \(fault)"
        )
    }

    override func received(_ bytes: ByteView) {
        guard client != nil else {
            // Nobody asked: an answer to nothing would be taken for the next client's.
            return close()
        }
        loop.refreshTime()
        isAnswered = true
        inbox.receive(bytes)
        advance()
        inbox.settle()
    }

    override func writabilityChanged() {
        if !isBlocked { client?.upstreamBecameWritable() }
    }

    override func ended(failed: Bool) {
        guard let client else { return }
        self.client = nil
        loop.refreshTime()
        // A reset must not pass for the end of a body that lasts until the connection closes.
        if !failed, isHeadRead, case .untilClose = body {
            client.upstreamLost(.endOfStream)
        } else {
            client.upstreamLost(.closed(answered: isAnswered))
        }
    }

    override func closed() {
        // Where another address follows, its connection takes the place of this one.
        pool.remove(self, isFollowed: !others.isEmpty && client != nil && client?.connectTicket == ticket)
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
        let view = inbox.view
        let bytes = view.span
        do throws(Refusal) {
            guard try head.read(bytes, limits: loop.limits, names: loop.responseNames) else { return false }
        } catch {
            client.note(error)
            lose(Self.loss(of: error))
            return false
        }
        if head.isInterim {
            interimCount += 1
            // 101 answers an Upgrade that was never sent on.
            guard head.status != 101, interimCount <= loop.limits.interimResponsesMax else {
                lose(head.status == 101 ? .upgraded : .invalid)
                return false
            }
            if head.status != 100 { client.answerInterim(head, bytes) }
        } else {
            if client.retries(after: head.status) {
                lose(.status)
                return false
            }
            body = head.body(forHEAD: client.isHEAD, limits: loop.limits)
            closesAfter = head.closes
            isHeadRead = true
            client.answerHead(head, bytes, body: body)
        }
        inbox.drop(head.length)
        return true
    }

    private func readBody(for client: ClientConnection) {
        switch body {
        case .none: break
        case .length(let remaining):
            let count = min(remaining, inbox.count)
            if count > 0 { client.answerBody(inbox.take(count)) }
            body = count == remaining ? .none : .length(remaining - count)
        case .untilClose:
            if inbox.count > 0 { client.answerBody(inbox.take(inbox.count)) }
        case .chunked(var decoder):
            // Taken out while it works, so that its state is not copied.
            body = .untilClose
            guard decode(&decoder, for: client) else { return }
        }
        guard body.isDone else {
            client.answerPause()
            return
        }
        // Response queue poisoning: bytes after the end belong to no request.
        let isClean = inbox.count == 0 && !closesAfter && isOpen
        inbox.removeAll()
        self.client = nil
        client.answerEnd(from: self, upstreamIsClean: isClean)
    }

    private func decode(_ decoder: inout ChunkedDecoder, for client: ClientConnection) -> Bool {
        let view = inbox.view
        let bytes = view.span
        var index = 0
        do throws(Refusal) {
            while true {
                switch try decoder.next(bytes, at: &index) {
                case .data(let range):
                    client.answerBody(view.slice(range))
                case .incomplete:
                    inbox.drop(index)
                    body = .chunked(decoder)
                    return true
                case .end:
                    inbox.drop(index)
                    body = .none
                    return true
                }
            }
        } catch {
            client.note(error)
            lose(.badCoding)
            return false
        }
    }

    private static func loss(of refusal: Refusal) -> RequestState.UpstreamLoss {
        switch refusal {
        case ResponseHead.tooLong: .headTooLong
        case ResponseHead.badCoding: .badCoding
        // Lines beyond what a head can ever hold.
        case _ where refusal.code == .headerTooLarge: .headTooLong
        default: .invalid
        }
    }

    private func lose(_ loss: RequestState.UpstreamLoss) {
        let client = self.client
        abandon()
        client?.upstreamLost(loss)
    }
}
