internal import ProblemDetails

/// Where one exchange stands: a client's request, the upstream's answer, and what the loss of either side means.
///
/// Pure: events in, actions out, no I/O. ``ClientConnection`` performs the actions; the tests feed events only.
struct RequestState: Equatable {
    /// The request's half.
    enum Request: Equatable {
        /// No exchange: waiting for a head.
        case none
        /// The head was taken; body bytes are still to come from the client.
        case body
        /// The whole request has been read.
        case complete
    }

    /// The answer's half.
    enum Response: Equatable {
        /// No exchange, or nothing asked of an upstream.
        case none
        /// An upstream is being connected to or was asked.
        case awaited
        /// The head went to the client.
        case streaming
    }

    /// How an upstream failed.
    enum UpstreamLoss: Equatable {
        case refused
        /// There is no way to the address.
        case unroutable
        /// The name has no address.
        case noAddress
        case connectTimeout
        /// The TLS handshake failed because of a certificate, the upstream's or ours.
        case tlsCertificate
        /// The TLS handshake failed otherwise.
        case tlsProtocol
        /// Closed or reset; `answered` once any byte of an answer had come.
        case closed(answered: Bool)
        /// The end of a body that lasts until the connection closes.
        case endOfStream
        case invalid
        /// A head beyond the limits.
        case headTooLong
        /// A transfer coding other than chunked, or chunks that are none.
        case badCoding
        /// A switch of protocols that nobody asked for.
        case upgraded
        /// An answer whose status is one to try again after.
        case status
        case headTimeout
        case idleTimeout
        /// It does not take the rest of the request.
        case writeTimeout
        /// All tries together took too long.
        case totalTimeout
    }

    /// What a request may do when its upstream is lost.
    struct Allowance: Equatable {
        /// Tries beyond the first.
        var retriesMax = 1
        /// Whether there is a target that it has not been sent to.
        var hasOther = false
        /// Whether a try that took too long may be made elsewhere.
        var afterTimeout = false
    }

    /// What to do about a loss.
    enum Action: Equatable {
        /// Send the same request again on a fresh connection.
        case retry
        /// Tell the client.
        case answer(ProblemCode)
        /// The answer has begun and cannot be taken back: close the client's connection without a clean end.
        case cut
        /// The body is complete.
        case finish
    }

    /// What becomes of the two connections when an answer is complete.
    struct Ending: Equatable {
        var keepsClient: Bool
        var keepsUpstream: Bool
    }

    private(set) var request = Request.none
    private(set) var response = Response.none
    private var closesClient = false
    private var isReplayable = false
    private var isReused = false
    private var retries = 0

    /// Whether an exchange is going on.
    var isBusy: Bool { request != .none }
    /// Whether the client's connection will be closed after the answer.
    var willClose: Bool { closesClient || request == .body }

    /// A head was taken.
    ///
    /// - Parameters:
    ///   - hasBody: whether a body follows.
    ///   - closes: whether the client wants the connection closed.
    ///   - isIdempotent: whether sending it twice does what sending it once does (RFC 9110 §9.2.2).
    mutating func begin(hasBody: Bool, closes: Bool, isIdempotent: Bool) {
        request = hasBody ? .body : .complete
        response = .none
        closesClient = closes
        // A body is not kept, so only a request without one can be sent again.
        isReplayable = isIdempotent && !hasBody
        isReused = false
        retries = 0
    }

    /// The request goes to an upstream connection: a pooled one, or one made for it.
    mutating func forward(onReusedConnection reused: Bool) {
        response = .awaited
        isReused = reused
    }

    /// The body's last byte was read.
    mutating func endRequest() { request = .complete }

    /// The answer's head goes to the client.
    mutating func beginResponse() { response = .streaming }

    /// The connection shall not be used for another request.
    mutating func close() { closesClient = true }

    /// The answer is complete: what becomes of both connections. `upstreamIsClean`: the upstream keeps its connection and
    /// sent not a byte too many.
    mutating func end(upstreamIsClean: Bool) -> Ending {
        // An answer before the request was complete leaves body bytes on both sides that nobody can place.
        let isComplete = request == .complete
        let ending = Ending(keepsClient: isComplete && !closesClient, keepsUpstream: isComplete && upstreamIsClean)
        self = RequestState()
        return ending
    }

    /// The upstream is lost.
    mutating func lose(_ loss: UpstreamLoss, _ allowance: Allowance = Allowance()) -> Action {
        if loss == .endOfStream { return .finish }
        if response == .streaming { return .cut }
        guard retries < allowance.retriesMax, isRetryable(loss, allowance) else {
            return .answer(Self.problem(of: loss))
        }
        retries += 1
        isReused = false
        return .retry
    }

    private func isRetryable(_ loss: UpstreamLoss, _ allowance: Allowance) -> Bool {
        switch loss {
        // Nothing was sent: safe for every request. The same target would say the same.
        case .refused, .unroutable, .noAddress, .connectTimeout, .tlsCertificate, .tlsProtocol: allowance.hasOther
        // RFC 9112 §9.3.1: a server may close an idle connection just when we use it. RFC 9110 §9.2.2: what is idempotent
        // may be sent again anyway, but not to the one that has just failed.
        case .closed(let answered): isReplayable && !answered && (isReused || allowance.hasOther)
        case .status: isReplayable && allowance.hasOther
        case .headTimeout: isReplayable && allowance.hasOther && allowance.afterTimeout
        case .endOfStream, .invalid, .headTooLong, .badCoding, .upgraded, .idleTimeout, .writeTimeout, .totalTimeout:
            false
        }
    }

    /// What the client is told about a loss.
    static func problem(of loss: UpstreamLoss) -> ProblemCode {
        switch loss {
        case .refused, .unroutable, .noAddress: .upstreamUnreachable
        case .connectTimeout: .upstreamConnectTimeout
        case .tlsCertificate, .tlsProtocol: .upstreamTLSFailed
        case .headTimeout, .idleTimeout, .writeTimeout, .totalTimeout: .upstreamTimeout
        case .invalid, .headTooLong, .badCoding, .upgraded: .upstreamInvalidResponse
        case .closed, .endOfStream: .upstreamConnectionLost
        case .status: .upstreamUnavailable
        }
    }
}
