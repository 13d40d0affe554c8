import ProblemDetails
import Testing

@testable import Gateway

@Suite("ChunkedDecoder")
struct ChunkedDecoderTests {
    /// Decodes text that arrives in pieces of `size` bytes; nil when it is not complete at the end.
    private func decode(_ text: String, pieces size: Int = .max) throws(Refusal) -> (body: String, rest: Int)? {
        let bytes = Array(text.utf8)
        var decoder = ChunkedDecoder(limits: GatewayLimits(), bodyBytesMax: 1 << 20)
        var body: [UInt8] = []
        var start = 0
        while start < bytes.count {
            let piece = Array(bytes[start..<min(bytes.count, start + min(size, bytes.count))])
            var index = 0
            loop: while true {
                switch try decoder.next(piece.span, at: &index) {
                case .data(let range): body += piece[range]
                case .incomplete: break loop
                case .end: return (String(decoding: body, as: UTF8.self), bytes.count - start - index)
                }
            }
            start += piece.count
        }
        return nil
    }

    @Test("chunks, extensions and trailers are read whole and byte by byte", arguments: [1, 2, 3, 7, Int.max])
    func good(_ size: Int) throws {
        let text = "5;a=b;c=\"d\\\"e\"\r\nhello\r\n0006\r\n world\r\n0;last\r\nX-Sum: 1\r\nY:\r\n\r\nNEXT"
        let result = try #require(try decode(text, pieces: size))
        #expect(result.body == "hello world")
        #expect(result.rest == 4)
    }

    @Test(
        "anything but the grammar is refused",
        arguments: [
            "0x5\r\nhello\r\n0\r\n\r\n", " 5\r\nhello\r\n0\r\n\r\n", "5 \r\nhello\r\n0\r\n\r\n", "\r\nhello",
            "5\nhello\n0\n\n",
            "5\r\nhelloXX", "5\r\nhello\n", "5;\r\nhello\r\n0\r\n\r\n", "5;x\nhello", "5;x=\"a\r\n", "5;@\r\n",
            "-1\r\n",
            "10000000000000005\r\n", "ffffffffffffffff\r\n", "7fffffffffffffff\r\n", "0\r\nX(", "0\r\nFo o: x\r\n\r\n",
            "0\r\nFoo: b\rr\r\n\r\n", "0\r\nFoo: b\r\n baz\r\n\r\n", "5_0\r\n",
        ]
    )
    func refused(_ text: String) {
        #expect(throws: Refusal.self) { try decode(text) }
    }

    @Test("the body, the extensions and the trailers have bounds")
    func bounds() {
        #expect(throws: Refusal(.bodyTooLarge, "the body is larger than this gateway takes")) {
            try decode("200000\r\n")
        }
        #expect(throws: Refusal.self) { try decode("1;" + String(repeating: "a", count: 5000)) }
        #expect(throws: Refusal.self) { try decode("0\r\nX: " + String(repeating: "a", count: 9000)) }
        let drip = String(repeating: "1;aaaaaaaaa\r\nx\r\n", count: 1000)
        #expect(throws: Refusal.self) { try decode(drip) }
    }
}

@Suite("ResponseHead")
struct ResponseHeadTests {
    private func read(_ text: String) throws(Refusal) -> ResponseHead? {
        let bytes = Array(text.utf8)
        var head = ResponseHead()
        guard try head.read(bytes.span, limits: GatewayLimits(), names: .response) else { return nil }
        return head
    }

    @Test("a status line may lack a reason")
    func reasons() throws {
        for line in ["HTTP/1.1 200 OK", "HTTP/1.1 200 ", "HTTP/1.1 200", "HTTP/1.1 404 Not\tFound"] {
            let head = try #require(try read(line + "\r\nContent-Length: 3\r\n\r\n"))
            #expect(head.contentLength == 3)
        }
    }

    @Test(
        "ambiguous or malformed answers are refused",
        arguments: [
            "HTP/1.1 200 OK\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n", "HTTP/1.1 99 X\r\n\r\n\r\n\r\n",
            "HTTP/1.1 700 X\r\n\r\n",
            "HTTP/1.1 200 OK\nX: y\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
            "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\nX : y\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX: a\u{0}b\r\n\r\n", "HTTP/1.1 200 OK\r\n folded\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX: " + String(repeating: "a", count: 100_000),
            "garbage garbage garbage\r\n\r\n",
        ]
    )
    func refused(_ text: String) {
        #expect(throws: Refusal.self) { try read(text) }
    }

    @Test("every prefix of a good head asks for more")
    func prefixes() throws {
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close, X-Hop\r\nX-Hop: a\r\n\r\n"
        for count in 0..<text.utf8.count {
            #expect(try read(String(decoding: text.utf8.prefix(count), as: UTF8.self)) == nil)
        }
        let head = try #require(try read(text))
        #expect(head.closes)
        #expect(head.fields.filter(\.isRemoved).count == 1)
    }

    @Test("framing follows status, method and fields in the order of RFC 9112")
    func framing() throws {
        func isDone(_ text: String, head: Bool = false) throws -> Bool {
            try #require(try read(text)).body(forHEAD: head, limits: GatewayLimits()).isDone
        }
        #expect(try isDone("HTTP/1.1 204 X\r\nContent-Length: 5\r\n\r\n"))
        #expect(try isDone("HTTP/1.1 304 X\r\nContent-Length: 5\r\n\r\n"))
        #expect(try isDone("HTTP/1.1 200 X\r\nContent-Length: 5\r\n\r\n", head: true))
        #expect(try isDone("HTTP/1.1 200 X\r\nContent-Length: 0\r\n\r\n"))
        #expect(try !isDone("HTTP/1.1 200 X\r\nContent-Length: 5\r\n\r\n"))
        #expect(try !isDone("HTTP/1.1 200 X\r\n\r\n"))
    }
}

@Suite("RequestState")
struct RequestStateTests {
    @Test("a complete exchange keeps both connections")
    func complete() {
        var state = RequestState()
        state.begin(hasBody: false, closes: false, isIdempotent: true)
        state.forward(onReusedConnection: true)
        state.beginResponse()
        #expect(state.end(upstreamIsClean: true) == .init(keepsClient: true, keepsUpstream: true))
        #expect(!state.isBusy)
    }

    @Test("an answer before the end of the request closes both connections")
    func early() {
        var state = RequestState()
        state.begin(hasBody: true, closes: false, isIdempotent: false)
        state.forward(onReusedConnection: false)
        state.beginResponse()
        #expect(state.willClose)
        #expect(state.end(upstreamIsClean: true) == .init(keepsClient: false, keepsUpstream: false))
    }

    @Test(
        "only a reused connection that closed before any byte of the answer is tried again, once, and only without a body"
    )
    func retry() {
        func loss(reused: Bool, body: Bool, idempotent: Bool, answered: Bool) -> RequestState.Action {
            var state = RequestState()
            state.begin(hasBody: body, closes: false, isIdempotent: idempotent)
            state.forward(onReusedConnection: reused)
            return state.lose(.closed(answered: answered))
        }
        #expect(loss(reused: true, body: false, idempotent: true, answered: false) == .retry)
        #expect(loss(reused: false, body: false, idempotent: true, answered: false) == .answer(.upstreamConnectionLost))
        #expect(loss(reused: true, body: true, idempotent: true, answered: false) == .answer(.upstreamConnectionLost))
        #expect(loss(reused: true, body: false, idempotent: false, answered: false) == .answer(.upstreamConnectionLost))
        #expect(loss(reused: true, body: false, idempotent: true, answered: true) == .answer(.upstreamConnectionLost))
        var state = RequestState()
        state.begin(hasBody: false, closes: false, isIdempotent: true)
        state.forward(onReusedConnection: true)
        #expect(state.lose(.closed(answered: false)) == .retry)
        state.forward(onReusedConnection: true)
        #expect(state.lose(.closed(answered: false)) == .answer(.upstreamConnectionLost))
    }

    @Test("elsewhere: what was never sent always, what is idempotent before any byte, and never beyond the tries")
    func retryElsewhere() {
        func loss(
            _ loss: RequestState.UpstreamLoss,
            body: Bool = false,
            idempotent: Bool = true,
            other: Bool = true,
            late: Bool = false,
            tries: Int = 1
        ) -> Bool {
            var state = RequestState()
            state.begin(hasBody: body, closes: false, isIdempotent: idempotent)
            state.forward(onReusedConnection: false)
            let allowance = RequestState.Allowance(retriesMax: tries, hasOther: other, afterTimeout: late)
            return state.lose(loss, allowance) == .retry
        }
        let unsent: [RequestState.UpstreamLoss] = [
            .refused, .unroutable, .noAddress, .connectTimeout, .tlsCertificate, .tlsProtocol,
        ]
        for unsent in unsent {
            #expect(loss(unsent, body: true, idempotent: false))
            #expect(!loss(unsent, other: false))
            #expect(!loss(unsent, tries: 0))
        }
        #expect(loss(.closed(answered: false)))
        #expect(!loss(.closed(answered: true)))
        #expect(!loss(.closed(answered: false), body: true))
        #expect(!loss(.closed(answered: false), idempotent: false))
        #expect(loss(.status) && !loss(.status, idempotent: false) && !loss(.status, body: true))
        #expect(
            loss(.headTimeout, late: true) && !loss(.headTimeout) && !loss(.headTimeout, idempotent: false, late: true)
        )
        let never: [RequestState.UpstreamLoss] = [
            .invalid, .headTooLong, .badCoding, .upgraded, .idleTimeout, .totalTimeout,
        ]
        for never in never { #expect(!loss(never, late: true, tries: 9)) }
        var state = RequestState()
        state.begin(hasBody: false, closes: false, isIdempotent: true)
        state.forward(onReusedConnection: false)
        let allowance = RequestState.Allowance(retriesMax: 2, hasOther: true)
        let tries = (0..<3).map { _ in state.lose(.refused, allowance) == .retry }
        #expect(tries == [true, true, false])
        state.beginResponse()
        #expect(state.lose(.refused, allowance) == .cut)
    }

    @Test("each loss has its answer before the head, and cuts after it")
    func losses() {
        let answers: [(RequestState.UpstreamLoss, ProblemCode)] = [
            (.refused, .upstreamUnreachable), (.connectTimeout, .upstreamConnectTimeout),
            (.headTimeout, .upstreamTimeout),
            (.idleTimeout, .upstreamTimeout), (.invalid, .upstreamInvalidResponse),
            (.closed(answered: true), .upstreamConnectionLost), (.unroutable, .upstreamUnreachable),
            (.noAddress, .upstreamUnreachable), (.tlsCertificate, .upstreamTLSFailed),
            (.tlsProtocol, .upstreamTLSFailed),
            (.headTooLong, .upstreamInvalidResponse), (.badCoding, .upstreamInvalidResponse),
            (.upgraded, .upstreamInvalidResponse), (.totalTimeout, .upstreamTimeout),
        ]
        for (loss, code) in answers {
            var state = RequestState()
            state.begin(hasBody: false, closes: false, isIdempotent: true)
            state.forward(onReusedConnection: false)
            #expect(state.lose(loss) == .answer(code))
            state.beginResponse()
            #expect(state.lose(loss) == .cut)
            #expect(state.lose(.endOfStream) == .finish)
        }
    }
}
