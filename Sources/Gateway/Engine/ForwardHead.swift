internal import RoutingTable

/// Writes the head that an upstream gets: the request line with the canonical path, the client's fields but for what is
/// ours to state, and framing made anew from the parsed message.
struct ForwardHead {
    /// Holds the head, which is not copied: that would count references.
    let work: RequestScratch
    /// Where in the canonical path the upstream's own path begins.
    let rest: Int
    /// Whether keys have to be cut out of the query or of `Cookie`.
    let cutsQuery: Bool
    let cutsCookie: Bool
    let api: RouteView.API
    /// Whether the client's `Host` is passed on: a pass-through API is transparent; an API with a specification speaks to
    /// its upstream under the upstream's own name, and the client's follows in `X-Forwarded-Host`.
    let passesHost: Bool
    let requestID: RequestID
    /// Takes the place of the client's `traceparent`; nil leaves that alone.
    let trace: OutgoingTrace?
    /// `Via`, `X-Forwarded-For` and `-Proto` lines of the connection, and the start of `X-Forwarded-Host`.
    let peerLines: [UInt8]

    func write(to out: HeadWriter, _ bytes: Span<UInt8>, path: Span<UInt8>, target: LoopUpstream.Target) {
        writeRequestLine(to: out, bytes, path, target)
        if passesHost, let authority = work.head.authority {
            out.append("Host: ")
            out.append(bytes, authority)
            out.append("\r\n")
        } else {
            out.append(target.hostLine)
        }
        writeFields(to: out, bytes)
        if work.head.isChunked {
            out.append("Transfer-Encoding: chunked\r\n")
        } else if let length = work.head.contentLength {
            out.append("Content-Length: ")
            out.append(decimal: UInt64(length))
            out.append("\r\n")
        }
        out.append(peerLines)
        if let authority = work.head.authority { out.append(bytes, authority) }
        out.append("\r\nX-Request-Id: ")
        requestID.append(to: out)
        out.append("\r\n")
        if let trace { trace.write(to: out) }
        out.append(api.setLines)
        out.append("\r\n")
    }

    private func writeRequestLine(
        to out: HeadWriter,
        _ bytes: Span<UInt8>,
        _ path: Span<UInt8>,
        _ target: LoopUpstream.Target
    ) {
        out.append(bytes, work.head.method)
        out.append(" ")
        out.append(target.path)
        if rest < path.count {
            out.append(path, rest..<path.count)
        } else if target.path.isEmpty {
            out.append("/")
        }
        if let query = work.head.query {
            if cutsQuery {
                writeQueryWithoutKeys(to: out, bytes, query)
            } else {
                out.append("?")
                out.append(bytes, query)
            }
        }
        out.append(" HTTP/1.1\r\n")
    }

    /// Lines that go through are copied in runs, names and values as the client wrote them.
    private func writeFields(to out: HeadWriter, _ bytes: Span<UInt8>) {
        var run = 0..<0
        for index in work.head.fields.indices {
            let line = work.head.fields[index]
            guard passes(line, bytes) else { continue }
            if line.role == .cookie, cutsCookie {
                writeCookiesWithoutKeys(to: out, bytes, line)
                continue
            }
            if run.upperBound == Int(line.start) {
                run = run.lowerBound..<Int(line.end)
            } else {
                if !run.isEmpty { out.append(bytes, run) }
                run = line.line
            }
        }
        if !run.isEmpty { out.append(bytes, run) }
    }

    @inline(__always)
    private func passes(_ line: FieldLine, _ bytes: Span<UInt8>) -> Bool {
        guard !line.isRemoved else { return false }
        switch line.role {
        case .ordinary, .authorization, .cookie, .accept: break
        case .traceParent: if trace != nil { return false }
        case .traceState: if trace?.passesState == false { return false }
        default: return false
        }
        for index in api.dropped.indices where api.dropped[index].hash == line.hash {
            if FieldNames.folds(bytes, line.name, to: api.dropped[index].name) { return false }
        }
        return true
    }

    private func writeQueryWithoutKeys(to out: HeadWriter, _ bytes: Span<UInt8>, _ query: Range<Int>) {
        var parameters = QueryParameters(query)
        var isFirst = true
        while let parameter = parameters.next(bytes) {
            if api.keyPlaces.contains(where: { $0.kind == .query && parameter.isNamed($0.name, bytes) }) { continue }
            out.append(isFirst ? "?" : "&")
            isFirst = false
            out.append(bytes, parameter.whole)
        }
    }

    private func writeCookiesWithoutKeys(to out: HeadWriter, _ bytes: Span<UInt8>, _ line: FieldLine) {
        var cookies = CookiePairs(line.value)
        var isFirst = true
        while let cookie = cookies.next(bytes) {
            let isKey = api.keyPlaces.contains { place in
                place.kind == .cookie && cookie.name.count == place.name.count
                    && place.name.indices.allSatisfy { place.name[$0] == bytes[cookie.name.lowerBound + $0] }
            }
            if isKey { continue }
            out.append(isFirst ? "Cookie: " : "; ")
            isFirst = false
            out.append(bytes, cookie.whole)
        }
        if !isFirst { out.append("\r\n") }
    }
}
