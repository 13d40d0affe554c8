internal import ProblemDetails
internal import RoutingTable

// From the upstream's answer to the client.

extension ClientConnection {
    var isHEAD: Bool { exchange.isHEAD }

    /// Parts of a body up to this size are copied behind what is waiting, so that all of it leaves in one write.
    static let copiedBytesMax = 4 * 1024

    /// An interim answer (RFC 9110 §15.2) other than 100, which the gateway gave itself. HTTP/1.0 knows none.
    func answerInterim(_ head: ResponseHead, _ bytes: Span<UInt8>) {
        guard exchange.minorVersion >= 1, state.response == .awaited else { return }
        let writer = takeOutput()
        AnswerHead.writeStatusLine(head, bytes, to: writer)
        AnswerHead.writeFields(head, bytes, to: writer) { $0.role == .ordinary || $0.role == .link }
        writer.append("\r\n")
        output = writer
        flush()
    }

    /// The final head.
    func answerHead(_ head: ResponseHead, _ bytes: Span<UInt8>, body: BodyReader) {
        state.beginResponse()
        exchange.status = head.status
        exchange.headAt = loop.now.monotonic
        if exchange.isInFlight { noteAnswer(head.status) }
        let writer = takeOutput()
        AnswerHead.writeStatusLine(head, bytes, to: writer)
        let view = exchange.view
        let states = view?.states(exchange.decision) ?? (version: false, deprecation: false, sunset: false)
        let statesSomething = states.version || exchange.decision.limits != nil
        AnswerHead.writeFields(head, bytes, to: writer) { line in
            switch line.role {
            case .ordinary, .link, .vary: true
            case .deprecation: !states.deprecation
            case .sunset: !states.sunset
            case .gatewayStatement: !statesSomething
            default: false
            }
        }
        writeFraming(head, body, to: writer)
        view?.appendStatements(of: exchange.decision, to: writer)
        writer.append(answerLines)
        writeConnection(to: writer)
        writer.append("\r\n")
        output = writer
    }

    private func writeFraming(_ head: ResponseHead, _ body: BodyReader, to writer: HeadWriter) {
        switch body {
        case .none:
            exchange.framing = .none
            guard head.status != 204 else { return }
            // HEAD and 304 state the length of what they leave out; otherwise the body is empty and says so.
            let stated = head.contentLength ?? (exchange.isHEAD || head.status == 304 ? nil : 0)
            if let stated {
                writer.append("Content-Length: ")
                writer.append(decimal: UInt64(stated))
                writer.append("\r\n")
            }
        case .length(let length):
            exchange.framing = .length
            writer.append("Content-Length: ")
            writer.append(decimal: UInt64(length))
            writer.append("\r\n")
        case .chunked, .untilClose:
            if exchange.minorVersion >= 1 {
                exchange.framing = .chunked
                writer.append("Transfer-Encoding: chunked\r\n")
            } else {
                exchange.framing = .close
                state.close()
            }
        }
    }

    func writeConnection(to writer: HeadWriter) {
        if loop.isDraining || loop.isCrowded { state.close() }
        if state.willClose {
            writer.append("Connection: close\r\n")
        } else if exchange.minorVersion == 0 {
            writer.append("Connection: keep-alive\r\n")
        }
    }

    /// A part of the body.
    func answerBody(_ part: ByteView) {
        guard phase == .open else { return }
        let count = part.count
        exchange.bytesOut &+= UInt64(count)
        let writer = takeOutput()
        if exchange.framing == .chunked {
            writer.append(hexadecimal: count)
            writer.append("\r\n")
        }
        if count <= Self.copiedBytesMax {
            writer.append(part)
            if exchange.framing == .chunked { writer.append("\r\n") }
            output = writer
            if writer.count > 4 * Self.copiedBytesMax { flush() }
            return
        }
        // Head and part leave in one gathered write.
        write(writer.span, part.span)
        writer.removeAll()
        if exchange.framing == .chunked {
            writer.append("\r\n")
            output = writer
        } else {
            loop.giveBack(writer)
        }
    }

    /// Nothing more is at hand for the moment.
    func answerPause() {
        flush()
        if deadlineKind != .write { awaitUpstream() }
    }

    /// The answer is complete.
    ///
    /// - Parameters:
    ///   - connection: where it came from; nil when the upstream closed.
    ///   - upstreamIsClean: whether the connection may serve again.
    func answerEnd(from connection: UpstreamConnection?, upstreamIsClean: Bool) {
        if exchange.framing == .chunked {
            let writer = takeOutput()
            writer.append("0\r\n\r\n")
            output = writer
        }
        // Counted before the last byte leaves: whoever has the answer finds it in the metrics.
        settle()
        flush()
        upstream = nil
        if let sent = exchange.sent.take() { loop.giveBack(sent) }
        // Asked before the state is reset: what is left of the request decides how the connection ends.
        let isRequestComplete = state.request == .complete
        let ending = state.end(upstreamIsClean: upstreamIsClean)
        if let connection {
            if ending.keepsUpstream { connection.release() } else { connection.abandon() }
        }
        finish(keepsClient: ending.keepsClient && phase == .open, isRequestComplete: isRequestComplete)
    }

    /// After an answer: on to the next request, or towards the end of the connection.
    func finish(keepsClient: Bool, isRequestComplete: Bool) {
        guard phase == .open else { return }
        guard keepsClient else {
            body = .none
            if isRequestComplete, inbox.count == 0 {
                phase = .closed
                arm(.write, milliseconds: loop.limits.writeIdleTimeoutMilliseconds)
                closeWhenWritten()
            } else {
                linger()
            }
            return
        }
        arm(.keepAlive, milliseconds: loop.limits.keepAliveTimeoutMilliseconds)
        if loop.isDraining { shortenIdle(to: loop.drainIdleMilliseconds) }
        if inbox.count > 0 || state.isBusy { advance() } else { resumeReading() }
    }

    /// Keeps what was wrong with an answer.
    func note(_ refusal: Refusal) { exchange.note = refusal.detail }

    func note(_ text: String) { exchange.note = text }
}

/// The parts of an answer's head that come from the upstream.
enum AnswerHead {
    static func writeStatusLine(_ head: ResponseHead, _ bytes: Span<UInt8>, to writer: HeadWriter) {
        writer.append("HTTP/1.1 ")
        writer.append(decimal: UInt64(head.status))
        writer.append(" ")
        writer.append(bytes, head.reason)
        writer.append("\r\n")
    }

    /// Copies lines in runs.
    @inline(__always)
    static func writeFields(
        _ head: ResponseHead,
        _ bytes: Span<UInt8>,
        to writer: HeadWriter,
        where passes: (FieldLine) -> Bool
    ) {
        var run = 0..<0
        for index in head.fields.indices {
            let line = head.fields[index]
            guard !line.isRemoved, passes(line) else { continue }
            if run.upperBound == Int(line.start) {
                run = run.lowerBound..<Int(line.end)
            } else {
                if !run.isEmpty { writer.append(bytes, run) }
                run = line.line
            }
        }
        if !run.isEmpty { writer.append(bytes, run) }
    }
}
