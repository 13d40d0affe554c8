internal import ProblemDetails
internal import RoutingTable

// From the client's bytes to the upstream: head, phases, forwarding, body.

extension ClientConnection {
    /// Reads a head and decides about it; false when more bytes are needed.
    func takeRequest() -> Bool {
        let work = loop.scratch
        let view = inbox.view
        let bytes = view.span
        let isComplete: Bool
        do throws(Refusal) {
            isComplete = try work.head.read(bytes, limits: loop.limits, names: loop.requestNames)
        } catch {
            beginRefused()
            answerProblem(error.code, detail: error.detail)
            return false
        }
        guard isComplete else {
            if deadlineKind != .head { arm(.head, milliseconds: loop.limits.headTimeoutMilliseconds) }
            return false
        }
        begin(&work.head, bytes)
        inbox.drop(work.head.length)
        guard let view = loop.currentView() else {
            refuse(Denied(.noSnapshot))
            return true
        }
        exchange.view = view
        if work.head.pathIsPlain, !work.head.path.isEmpty, work.head.form != .asterisk {
            // The usual case: nothing to rewrite, nothing to copy.
            proceed(work, view, bytes, path: bytes.extracting(work.head.path))
            return true
        }
        do throws(Refusal) {
            try writePath(work, bytes)
        } catch {
            refuse(error.code, detail: error.detail)
            return true
        }
        let path = work.path
        proceed(work, view, bytes, path: path.span)
        return true
    }

    /// Decides about a request whose canonical path is known, and forwards or refuses it.
    private func proceed(_ work: RequestScratch, _ view: GateView, _ bytes: Span<UInt8>, path: Span<UInt8>) {
        route.append(path)
        decide(work, bytes, path: path)
        observeQuery(work.head, bytes)
        if let denial = exchange.decision.denial {
            refuse(denial)
        } else {
            forward(work, view, bytes, path: path)
        }
    }

    /// Starts the exchange of the head that was just read. `inout`, because a copy would count references.
    private func begin(_ head: inout RequestHead, _ bytes: Span<UInt8>) {
        let method = bytes.extracting(head.method)
        let kind = MethodKind(method)
        exchange.begin(at: loop.now.monotonic, id: requestID(head, bytes))
        observe(head, bytes)
        exchange.isHEAD = kind == .head
        exchange.minorVersion = head.minorVersion
        route.removeAll(keepingCapacity: true)
        route.append(method)
        methodLength = method.count
        answerLines.removeAll()
        deadlineKind = .none
        deadline = .max
        bodyAt = loop.now.monotonic
        bodyHeldAt = 0
        state.begin(hasBody: head.hasBody, closes: head.closes || loop.isDraining, isIdempotent: kind != .other)
        if head.isChunked {
            body = .chunked(ChunkedDecoder(limits: loop.limits, bodyBytesMax: loop.limits.bodyBytesMax))
        } else if let length = head.contentLength, length > 0 {
            body = .length(length)
        } else {
            body = .none
        }
    }

    /// Starts an exchange for a head that could not be read, so that its refusal is counted like any other.
    func beginRefused() {
        exchange.begin(at: loop.now.monotonic, id: loop.nextRequestID())
        observeRefused()
        exchange.view = loop.currentView()
        route.removeAll(keepingCapacity: true)
        methodLength = 0
        answerLines.removeAll()
        body = .none
        state.begin(hasBody: true, closes: true, isIdempotent: false)
    }

    private func requestID(_ head: RequestHead, _ bytes: Span<UInt8>) -> RequestID {
        for index in head.fields.indices where head.fields[index].role == .requestID {
            let line = head.fields[index]
            guard !line.isRemoved, let id = RequestID(bytes, line.value) else { continue }
            return id
        }
        return loop.nextRequestID()
    }

    private func writePath(_ work: RequestScratch, _ bytes: Span<UInt8>) throws(Refusal) {
        if work.head.form == .asterisk {
            throw Refusal(.noSuchAPI, "OPTIONS for the gateway as a whole is not answered")
        }
        try CanonicalPath.write(bytes, work.head.path, to: &work.path)
    }

    private func decide(_ work: RequestScratch, _ bytes: Span<UInt8>, path: Span<UInt8>) {
        loop.beginPhases()
        var cache = KeyCache()
        swap(&cache, &keyCache)
        defer { swap(&cache, &keyCache) }
        if let authority = work.head.authority, let plain = HostName.plain(bytes, authority) {
            // The usual case: nothing to rewrite, nothing to copy.
            let host = bytes.extracting(plain)
            loop.runPhases(work, bytes, path: path, host: host, keyCache: &cache)
        } else {
            work.host.removeAll(keepingCapacity: true)
            if let authority = work.head.authority { HostName.write(bytes, authority, to: &work.host) }
            let host = work.host
            loop.runPhases(work, bytes, path: path, host: host.span, keyCache: &cache)
        }
        loop.endPhases(&exchange.decision)
    }

    // MARK: Forwarding

    private func forward(_ work: RequestScratch, _ view: GateView, _ bytes: Span<UInt8>, path: Span<UInt8>) {
        guard let index = exchange.decision.upstream, let api = exchange.decision.api else { return }
        let upstream = loop.upstream(index, in: view)
        if upstream.isPlain {
            guard let target = upstream.next(at: loop.now.monotonic) else {
                return refuse(Denied(.upstreamUnavailable))
            }
            exchange.target = target
        } else {
            guard select(from: upstream, work.head, exchange.decision, view, bytes) else { return }
        }
        exchange.upstream = upstream
        exchange.forwardedAt = loop.now.monotonic
        exchange.decision.limits?.appendFields(to: answerLines)
        appendRequestIDLine()
        let writer = loop.takeWriter()
        let forwardHead = ForwardHead(
            work: work,
            rest: exchange.decision.rest,
            cutsQuery: exchange.decision.cutsQuery,
            cutsCookie: exchange.decision.cutsCookie,
            api: view.routes.apis[api.position],
            passesHost: exchange.decision.version == nil,
            requestID: exchange.id,
            trace: observation.outgoing,
            peerLines: peerLines
        )
        forwardHead.write(to: writer, bytes, path: path, target: upstream.targets[exchange.target])
        if work.head.expectsContinue, inbox.count == 0, state.request == .body {
            // The gateway admits the body itself; the upstream gets it without waiting (RFC 9110 §10.1.1).
            let interim = takeOutput()
            interim.append("HTTP/1.1 100 Continue\r\n\r\n")
            output = interim
            flush()
        }
        // A small body leaves together with the head; a large one follows without being copied.
        guard inbox.count > Self.copiedBytesMax || appendBody(to: writer) else { return }
        dispatch(writer, via: upstream)
        guard lineTicket == nil else { return }
        if state.request == .body {
            armBody()
        } else {
            awaitUpstream()
        }
    }

    func appendRequestIDLine() {
        answerLines.append("X-Request-Id: ")
        exchange.id.append(to: answerLines)
        answerLines.append("\r\n")
    }

    // MARK: Body

    /// Moves body bytes that have arrived on to the upstream.
    func pumpBody() {
        guard !isPending, let upstream, !upstream.isBlocked, inbox.count > 0 else { return }
        let before = inbox.count
        if case .length(let remaining) = body {
            let count = min(remaining, before)
            let part = inbox.take(count)
            exchange.bytesIn &+= UInt64(count)
            body = count == remaining ? .none : .length(remaining - count)
            if count == remaining { state.endRequest() }
            upstream.write(part.span)
        } else {
            let writer = loop.takeWriter()
            guard appendBody(to: writer) else { return }
            upstream.write(writer.span)
            loop.giveBack(writer)
        }
        if state.request == .complete {
            awaitUpstream()
        } else if inbox.count < before {
            armBody()
        }
    }

    /// Appends the body bytes at hand, framed for the upstream; false when the body was malformed and refused.
    private func appendBody(to writer: HeadWriter) -> Bool {
        switch body {
        case .none, .untilClose: return true
        case .length(let remaining):
            let count = min(remaining, inbox.count)
            writer.append(inbox.take(count))
            exchange.bytesIn &+= UInt64(count)
            body = count == remaining ? .none : .length(remaining - count)
            if count == remaining { state.endRequest() }
            return true
        case .chunked(var decoder):
            body = .none
            do throws(Refusal) {
                let isDone = try appendChunks(&decoder, to: writer)
                if isDone { state.endRequest() } else { body = .chunked(decoder) }
                return true
            } catch {
                bodyFailed(error)
                return false
            }
        }
    }

    private func appendChunks(_ decoder: inout ChunkedDecoder, to writer: HeadWriter) throws(Refusal) -> Bool {
        let view = inbox.view
        let bytes = view.span
        var index = 0
        while true {
            switch try decoder.next(bytes, at: &index) {
            case .data(let range):
                writer.append(hexadecimal: range.count)
                writer.append("\r\n")
                writer.append(bytes, range)
                writer.append("\r\n")
                exchange.bytesIn &+= UInt64(range.count)
            case .incomplete:
                inbox.drop(index)
                return false
            case .end:
                inbox.drop(index)
                writer.append("0\r\n\r\n")
                return true
            }
        }
    }

    /// The body is no good: the upstream never sees its end, and the client hears why if that is still possible.
    func bodyFailed(_ refusal: Refusal) {
        abandonUpstream()
        guard state.response != .streaming else { return abort() }
        refuse(refusal.code, detail: refusal.detail)
    }
}

/// Methods as far as the gateway itself tells them apart.
enum MethodKind {
    case head
    /// GET, OPTIONS, PUT, DELETE: sending twice does what sending once does.
    case idempotent
    case other

    init(_ method: Span<UInt8>) {
        switch method.count {
        case 3 where Self.equals(method, "GET") || Self.equals(method, "PUT"): self = .idempotent
        case 4 where Self.equals(method, "HEAD"): self = .head
        case 6 where Self.equals(method, "DELETE"): self = .idempotent
        case 7 where Self.equals(method, "OPTIONS"): self = .idempotent
        default: self = .other
        }
    }

    /// Whether a method is for reading only (RFC 9110 §9.2.1).
    static func isSafe(_ method: Span<UInt8>) -> Bool {
        equals(method, "GET") || equals(method, "HEAD") || equals(method, "OPTIONS") || equals(method, "TRACE")
    }

    private static func equals(_ method: Span<UInt8>, _ text: StaticString) -> Bool {
        text.withUTF8Buffer { expected in
            guard method.count == expected.count else { return false }
            for index in 0..<method.count where unsafe method[index] != expected[index] { return false }
            return true
        }
    }
}
