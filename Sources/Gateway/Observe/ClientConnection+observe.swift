internal import ProblemDetails
internal import RoutingTable
internal import Telemetry

// What is written down of a request: decided at its head, written at its end.

extension ClientConnection {
    /// A head was read.
    func observe(_ head: RequestHead, _ bytes: Span<UInt8>) {
        guard let observer = loop.observer else { return }
        observation.begin(observer)
        guard let tracing = observer.tracing else { return }
        join(tracing, head, bytes)
        guard observation.isSampled else { return }
        if let authority = head.authority { observation.host.append(bytes.extracting(authority)) }
        for index in head.fields.indices where head.fields[index].role == .ordinary {
            let line = head.fields[index]
            guard line.name.count == 10, bytes.matches(line.name, "user-agent") else { continue }
            observation.agent.append(bytes.extracting(line.value))
            break
        }
    }

    /// A head could not be read.
    func observeRefused() {
        guard let observer = loop.observer else { return }
        observation.begin(observer)
    }

    /// W3C Trace Context, section 4.2: one valid `traceparent` is gone on with; none, several or a malformed one begins a trace
    /// anew, without the caller's `tracestate`.
    private func join(_ tracing: Tracing, _ head: RequestHead, _ bytes: Span<UInt8>) {
        var found: FieldLine?
        var count = 0
        for index in head.fields.indices where head.fields[index].role == .traceParent {
            found = head.fields[index]
            count += 1
        }
        guard count == 1, let line = found, !line.isRemoved, let incoming = TraceContext(bytes, line.value) else {
            return
        }
        observation.join(incoming, tracing)
        var members = 0
        var isValid = true
        for index in head.fields.indices where head.fields[index].role == .traceState {
            let line = head.fields[index]
            if isValid { isValid = TraceState.isValid(bytes, line.value, members: &members) }
        }
        observation.passesState = isValid && members > 0
    }

    /// The phases know which API it is for, and so which parameters are keys.
    func observeQuery(_ head: RequestHead, _ bytes: Span<UInt8>) {
        guard let names = loop.observer?.log?.queryParameters, !names.isEmpty, let query = head.query else { return }
        let keys = exchange.decision.api.flatMap { exchange.view?.routes.apis[$0.position].keyPlaces } ?? []
        var parameters = QueryParameters(query)
        while let parameter = parameters.next(bytes) {
            guard names.contains(where: { parameter.isNamed($0, bytes) }),
                !keys.contains(where: { $0.kind == .query && parameter.isNamed($0.name, bytes) })
            else { continue }
            if !observation.query.isEmpty { observation.query.append(UInt8(ascii: "&")) }
            observation.query.append(bytes.extracting(parameter.whole))
        }
    }

    /// The exchange is over: writes its line and its spans, where it has any.
    func report() {
        guard let observer = loop.observer else { return }
        if observation.isSampled, let spans = observer.spans { writeSpans(observer, to: spans) }
        guard let lines = observer.lines else { return }
        let isFault = exchange.problem != nil || exchange.status >= 499 || exchange.status == 0 || wasCut
        guard observation.isLogged || (isFault && observer.log?.alwaysFaults == true) else { return }
        writeLine(observer)
        let line = observer.json.bytes
        lines.append(line.span)
    }

    /// An upstream was lost; counted by upstream and cause, whether or not another try follows.
    func countLoss(_ loss: RequestState.UpstreamLoss) {
        guard let error = ProxyError(loss), let view = exchange.view, let upstream = exchange.decision.upstream else {
            return
        }
        loop.metrics.upstreamErrors.add(1, at: ProxyError.cell(error, series: loop.series(of: upstream, in: view)))
    }

    /// Whether the answer ended before it was whole.
    private var wasCut: Bool { exchange.headAt != 0 && exchange.loss != nil && exchange.loss != .endOfStream }

    /// How the upstream failed in the end, as `Proxy-Status` calls it; nil where it did not.
    var upstreamError: ProxyError? {
        if let problem = exchange.problem {
            return ProxyStatus.error(of: problem, exchange.loss, isForwarded: exchange.upstream != nil)
        }
        return wasCut ? exchange.loss.flatMap { ProxyError($0) } : nil
    }

    /// How often the request was sent, or was about to be.
    var attempts: Int { exchange.forwardedAt == 0 ? 0 : exchange.retries + 1 }

    // MARK: The line

    private func writeLine(_ observer: LoopObserver) {
        var json = JSONLine()
        // Taken out while it is written to, so that it is not copied.
        swap(&json, &observer.json)
        defer { swap(&json, &observer.json) }
        let status = exchange.status == 0 ? 499 : exchange.status
        json.begin()
        json.member("ts", time: Int64(loop.now.wall / 1_000_000))
        json.member("level", status >= 500 ? "error" : exchange.problem != nil ? "warning" : "info")
        json.member("msg", "request")
        json.member("logger", "access")
        json.name("request_id")
        exchange.id.withBytes { json.string($0) }
        if let trace = observation.trace {
            json.member("trace_id", hexadecimal: trace.traceHigh, trace.traceLow)
            json.member("span_id", hexadecimal: nil, trace.parent)
        }
        writeNames(to: &json)
        let route = self.route
        json.member("method", route.span.extracting(0..<methodLength))
        if let operation = exchange.decision.operation, let snapshot = exchange.view?.routes.snapshot {
            json.member("route", snapshot.string(snapshot.operations[operation.position].pathTemplate))
        }
        json.member("path", route.span.extracting(methodLength..<route.count))
        let query = observation.query
        json.member("query", query.span)
        json.member("status", UInt64(status))
        json.member("duration_ms", milliseconds: loop.now.monotonic &- exchange.startedAt)
        writeUpstream(to: &json)
        json.member("bytes_in", exchange.bytesIn)
        json.member("bytes_out", exchange.bytesOut)
        if let problem = exchange.problem {
            if problem == .rateLimitExceeded || problem == .quotaExceeded {
                json.member("limit", exchange.decision.limits?.violated.joined(separator: ",") ?? "")
            }
            json.member("denied_because", ProblemCatalogue[problem].slug.description)
        }
        if let peer {
            json.member("client_subject", peer.subject)
            json.member("client_fingerprint", peer.fingerprint)
        }
        json.end()
    }

    private func writeNames(to json: inout JSONLine) {
        let decision = exchange.decision
        guard let view = exchange.view else { return }
        let snapshot = view.routes.snapshot
        if let api = decision.api { json.member("api", view.routes.apis[api.position].name) }
        if let version = decision.version {
            json.member("version", snapshot.string(snapshot.versions[version.position].name))
        }
        if let operation = decision.operation {
            json.member("operation", snapshot.string(snapshot.operations[operation.position].id))
        }
        if let application = decision.application {
            json.member("application", view.tables.entitlements.name(application))
        }
        if let credential = decision.credential {
            json.member("credential_start", view.tables.entitlements.start(credential))
        }
    }

    private func writeUpstream(to json: inout JSONLine) {
        guard let upstream = exchange.upstream, attempts > 0 else { return }
        if let view = exchange.view, let index = exchange.decision.upstream {
            json.member("upstream", view.routes.snapshot.string(view.routes.snapshot.upstreams[index.position].name))
        }
        json.member("target", upstream.targets[exchange.target].pool.key.label)
        json.member("attempts", UInt64(attempts))
        if exchange.headAt != 0 {
            json.member("upstream_ms", milliseconds: exchange.headAt &- exchange.forwardedAt)
            if attempts > 1 { json.member("last_try_ms", milliseconds: exchange.headAt &- exchange.triedAt) }
        }
        json.member("upstream_error", upstreamError?.token.description ?? "")
    }
}

extension TargetKey {
    /// `host:port`.
    var label: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
