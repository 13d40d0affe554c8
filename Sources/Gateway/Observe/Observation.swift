internal import RoutingTable
internal import Telemetry

/// What is known of one request beside what serving it needs. Lives inside the connection; its memory is kept from request to
/// request, and a request that is not sampled fills none of it.
struct Observation {
    /// The trace, with our own span as the parent of what follows; nil where traces are left alone.
    var trace: TraceContext?
    /// The caller's span; 0 where the trace begins here.
    var caller: UInt64 = 0
    /// Our span towards the upstream.
    var clientSpan: UInt64 = 0
    /// Whether the caller's `tracestate` is passed on.
    var passesState = false
    /// Whether spans are written.
    var isSampled = false
    /// Whether a line is written whatever happens.
    var isLogged = false
    /// `Host` as received, of a sampled request.
    var host: [UInt8] = []
    /// `User-Agent` as received, of a sampled request.
    var agent: [UInt8] = []
    /// The query parameters that may be shown, joined by `&`, as received.
    var query: [UInt8] = []

    /// What goes to the upstream in place of the caller's `traceparent`.
    var outgoing: OutgoingTrace? {
        guard let trace else { return nil }
        return OutgoingTrace(trace: trace, span: clientSpan, passesState: passesState)
    }

    /// Starts anew.
    mutating func begin(_ observer: LoopObserver) {
        let word = observer.number()
        isLogged = observer.log?.share.takes(word) ?? false
        isSampled = false
        caller = 0
        passesState = false
        trace = nil
        if !host.isEmpty { host.removeAll(keepingCapacity: true) }
        if !agent.isEmpty { agent.removeAll(keepingCapacity: true) }
        if !query.isEmpty { query.removeAll(keepingCapacity: true) }
        guard let tracing = observer.tracing else { return }
        // The same number decides about the line and about the trace that begins here: of the rarer one, each has the other.
        let isSampled = tracing.share.takes(word)
        trace = TraceContext(
            traceHigh: observer.traceHigh(word),
            traceLow: word,
            parent: observer.identifier(),
            isSampled: isSampled,
            isRandom: true
        )
        clientSpan = observer.identifier()
        self.isSampled = isSampled && tracing.keepsSpans
    }

    /// Goes on with the caller's trace. The access log does not follow it: whoever chooses a trace's identifier or its flag
    /// must not choose whether the request is written down.
    mutating func join(_ incoming: TraceContext, _ tracing: Tracing) {
        guard let own = trace else { return }
        caller = incoming.parent
        let isSampled = tracing.followsParent ? incoming.isSampled : tracing.share.takes(incoming.traceLow)
        trace = TraceContext(
            traceHigh: incoming.traceHigh,
            traceLow: incoming.traceLow,
            parent: own.parent,
            isSampled: isSampled,
            isRandom: incoming.isRandom
        )
        self.isSampled = isSampled && tracing.keepsSpans
    }
}

/// The trace as the upstream is told of it.
struct OutgoingTrace {
    let trace: TraceContext
    let span: UInt64
    let passesState: Bool

    /// Writes the field, CRLF included.
    func write(to out: HeadWriter) {
        out.append("traceparent: 00-")
        append(trace.traceHigh, to: out)
        append(trace.traceLow, to: out)
        out.append("-")
        append(span, to: out)
        out.append("-0")
        out.append(byte: TraceContext.digit(trace.flags))
        out.append("\r\n")
    }

    private func append(_ number: UInt64, to out: HeadWriter) {
        var digits: InlineArray<16, UInt8> = .init(repeating: 0)
        for place in 0..<16 {
            digits[place] = TraceContext.digit(UInt8(truncatingIfNeeded: number &>> UInt64(60 &- place &* 4)) & 0x0F)
        }
        out.append(digits.span)
    }
}
