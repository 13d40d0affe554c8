internal import ProblemDetails

/// One request and its answer, from the head to the settlement. Lives inside the connection and is reset, not allocated.
struct Exchange {
    /// How the answer's body is framed towards the client.
    enum Framing {
        case none
        case length
        case chunked
        /// Until the connection closes: HTTP/1.0 clients only.
        case close
    }

    var id = RequestID()
    var decision = Decision()
    /// The view the request is decided by, from its head to its end.
    var view: GateView?
    var isHEAD = false
    var minorVersion: UInt8 = 1
    var framing = Framing.none
    var upstream: LoopUpstream?
    var target = 0
    /// Targets that were tried without success, a bit each.
    var tried: UInt64 = 0
    /// What the request is known by, where that chooses the target.
    var balanceKey: UInt64?
    /// Whether the target counts it as in flight.
    var isInFlight = false
    /// Whether it holds a place under the upstream's bound on requests.
    var holdsPlace = false
    /// When the present try was sent.
    var triedAt: UInt64 = 0
    /// Tries beyond the first.
    var retries = 0
    /// When the upstream's time for the whole is over.
    var endsAt: UInt64 = .max
    /// How the upstream was lost, if it was.
    var loss: RequestState.UpstreamLoss?
    /// The request as sent, kept while it could be sent again.
    var sent: HeadWriter?
    var startedAt: UInt64 = 0
    var forwardedAt: UInt64 = 0
    var headAt: UInt64 = 0
    var bytesIn: UInt64 = 0
    var bytesOut: UInt64 = 0
    var status = 0
    var problem: ProblemCode?
    /// What was wrong with the upstream's answer, for the denial.
    var note: String?

    /// Begins anew, field by field: assigning a fresh value would count the references of both.
    mutating func begin(at moment: UInt64, id: RequestID) {
        self.id = id
        decision = Decision()
        isHEAD = false
        minorVersion = 1
        framing = .none
        target = 0
        tried = 0
        balanceKey = nil
        isInFlight = false
        holdsPlace = false
        triedAt = 0
        retries = 0
        endsAt = .max
        loss = nil
        if upstream != nil { upstream = nil }
        if view != nil { view = nil }
        if sent != nil { sent = nil }
        startedAt = moment
        forwardedAt = 0
        headAt = 0
        bytesIn = 0
        bytesOut = 0
        status = 0
        problem = nil
        if note != nil { note = nil }
    }
}

/// What a connection waits for, and so what its deadline means.
enum DeadlineKind {
    case none
    /// The rest of a TLS handshake.
    case handshake
    /// The rest of a head.
    case head
    /// The next request.
    case keepAlive
    /// More of the request's body.
    case body
    /// The upstream's head.
    case upstreamHead
    /// The upstream's head, for as long as one try may take.
    case upstreamTry
    /// More from the upstream.
    case upstreamIdle
    /// The end of the answer, for as long as all may take.
    case upstreamTotal
    /// A place under the upstream's bounds.
    case waiting
    /// The client, to read what was sent.
    case write
    /// The client, to close after a refusal.
    case linger
}
