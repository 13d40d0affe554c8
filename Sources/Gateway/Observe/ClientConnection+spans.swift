internal import ProblemDetails
internal import RoutingTable
internal import Telemetry

// The spans of a sampled request in OTLP's JSON encoding, named as OpenTelemetry's stable conventions for HTTP name things.
// Query values appear in none of them.

extension ClientConnection {
    /// Writes the server span, and the client span where the request went to an upstream.
    func writeSpans(_ observer: LoopObserver, to spans: LineQueue) {
        guard let trace = observation.trace else { return }
        var json = JSONLine()
        swap(&json, &observer.json)
        defer { swap(&json, &observer.json) }
        if exchange.forwardedAt != 0, exchange.upstream != nil {
            writeClientSpan(trace, to: &json)
            spans.append(json.bytes.span)
        }
        writeServerSpan(trace, to: &json)
        spans.append(json.bytes.span)
    }

    /// Kinds of `opentelemetry.proto.trace.v1.Span`.
    private enum Kind {
        static let server: UInt64 = 2
        static let client: UInt64 = 3
    }

    // MARK: The caller's side

    private func writeServerSpan(_ trace: TraceContext, to json: inout JSONLine) {
        let status = exchange.status == 0 ? 499 : exchange.status
        let route = self.route
        let template = operationTemplate
        begin(trace, trace.parent, under: observation.caller, isRemote: observation.caller != 0, Kind.server, to: &json)
        json.name("name")
        let method = knownMethod ?? "HTTP"
        json.string(template.isEmpty ? method : "\(method) \(template)")
        times(from: exchange.startedAt, to: &json)
        json.name("attributes")
        json.literal("[")
        writeMethod(to: &json)
        json.attribute("url.scheme", text: scheme)
        json.attribute("url.path", route.span.extracting(methodLength..<route.count))
        json.attribute("http.route", text: template)
        json.attribute("http.response.status_code", number: UInt64(status))
        writeServer(observation.host, to: &json)
        json.attribute("client.address", text: peerValue("X-Forwarded-For: "))
        json.attribute("network.protocol.version", text: exchange.minorVersion == 0 ? "1.0" : "1.1")
        let agent = observation.agent
        json.attribute("user_agent.original", agent.span)
        if status >= 499 {
            json.attribute(
                "error.type",
                text: exchange.problem.map { ProblemCatalogue[$0].slug.description } ?? "\(status)"
            )
        }
        writeGovernance(to: &json)
        json.literal("]")
        end(isError: status >= 500, to: &json)
    }

    private func writeGovernance(to json: inout JSONLine) {
        let decision = exchange.decision
        exchange.id.withBytes { json.attribute("gatehouse.request_id", $0) }
        if let problem = exchange.problem {
            json.attribute("gatehouse.denied_because", text: ProblemCatalogue[problem].slug.description)
        }
        guard let view = exchange.view else { return }
        let snapshot = view.routes.snapshot
        if let api = decision.api { json.attribute("gatehouse.api", text: view.routes.apis[api.position].name) }
        if let version = decision.version {
            json.attribute("gatehouse.version", text: snapshot.string(snapshot.versions[version.position].name))
        }
        if let operation = decision.operation {
            json.attribute("gatehouse.operation", text: snapshot.string(snapshot.operations[operation.position].id))
        }
        if let application = decision.application {
            json.attribute("gatehouse.application", text: view.tables.entitlements.name(application))
        }
    }

    // MARK: The upstream's side

    private func writeClientSpan(_ trace: TraceContext, to json: inout JSONLine) {
        guard let upstream = exchange.upstream else { return }
        let target = upstream.targets[exchange.target]
        begin(trace, observation.clientSpan, under: trace.parent, isRemote: false, Kind.client, to: &json)
        json.member("name", knownMethod ?? "HTTP")
        times(from: exchange.forwardedAt, to: &json)
        json.name("attributes")
        json.literal("[")
        writeMethod(to: &json)
        json.attribute("server.address", text: target.pool.key.host)
        json.attribute("server.port", number: UInt64(target.pool.key.port))
        let start = target.pool.key.serverName == nil ? "http://" : "https://"
        let place = methodLength + min(exchange.decision.rest, route.count - methodLength)
        let path = String(decoding: target.path + route[place...], as: UTF8.self)
        json.attribute("url.full", text: start + target.pool.key.label + (path.isEmpty ? "/" : path))
        json.attribute("network.protocol.version", text: "1.1")
        if exchange.retries > 0 { json.attribute("http.request.resend_count", number: UInt64(exchange.retries)) }
        // 499 is written where the client left; what the upstream had answered is not known any more.
        let status = exchange.headAt == 0 || exchange.status == 499 ? 0 : exchange.status
        if status != 0 { json.attribute("http.response.status_code", number: UInt64(status)) }
        let error = upstreamError?.token.description ?? (status >= 400 ? "\(status)" : status == 0 ? "_OTHER" : "")
        json.attribute("error.type", text: error)
        json.literal("]")
        end(isError: !error.isEmpty, to: &json)
    }

    // MARK: Parts

    private func begin(
        _ trace: TraceContext,
        _ span: UInt64,
        under parent: UInt64,
        isRemote: Bool,
        _ kind: UInt64,
        to json: inout JSONLine
    ) {
        json.begin()
        json.member("traceId", hexadecimal: trace.traceHigh, trace.traceLow)
        json.member("spanId", hexadecimal: nil, span)
        if parent != 0 { json.member("parentSpanId", hexadecimal: nil, parent) }
        // Span.flags: the flags of the trace, and whether the parent is another process's (bits 8 and 9).
        json.member("flags", UInt64(trace.flags) | 0x100 | (isRemote ? 0x200 : 0))
        json.member("kind", kind)
    }

    private func times(from start: UInt64, to json: inout JSONLine) {
        let now = loop.now
        json.name("startTimeUnixNano")
        json.literal("\"")
        json.number(now.wall &- (now.monotonic &- start))
        json.literal("\"")
        json.name("endTimeUnixNano")
        json.literal("\"")
        json.number(now.wall)
        json.literal("\"")
    }

    private func end(isError: Bool, to json: inout JSONLine) {
        if isError {
            json.name("status")
            json.literal("{\"code\":2}")
        }
        json.end()
    }

    /// The method where it is one that the conventions know; a name of a client's making must not become a span's name.
    private var knownMethod: String? {
        let method = String(decoding: route.prefix(methodLength), as: UTF8.self)
        return Self.knownMethods.contains(method) ? method : nil
    }

    private static let knownMethods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "CONNECT", "TRACE"]

    private func writeMethod(to json: inout JSONLine) {
        guard let method = knownMethod else {
            let route = self.route
            json.attribute("http.request.method", text: "_OTHER")
            return json.attribute("http.request.method_original", route.span.extracting(0..<methodLength))
        }
        json.attribute("http.request.method", text: method)
    }

    private var operationTemplate: String {
        guard let operation = exchange.decision.operation, let snapshot = exchange.view?.routes.snapshot else {
            return ""
        }
        return snapshot.string(snapshot.operations[operation.position].pathTemplate)
    }

    private func writeServer(_ host: [UInt8], to json: inout JSONLine) {
        var name = host[...]
        if let colon = host.lastIndex(of: ASCII.colon), host.last != UInt8(ascii: "]") {
            name = host[..<colon]
            let port = UInt64(String(decoding: host[(colon + 1)...], as: UTF8.self))
            if let port { json.attribute("server.port", number: port) }
        }
        json.attribute("server.address", text: String(decoding: name, as: UTF8.self))
    }

    private var scheme: String { peerValue("X-Forwarded-Proto: ") }

    /// What the upstream is told about the connection, by the start of its line.
    private func peerValue(_ start: StaticString) -> String {
        let wanted = start.description
        for line in String(decoding: peerLines, as: UTF8.self).split(separator: "\r\n") where line.hasPrefix(wanted) {
            return String(line.dropFirst(wanted.count))
        }
        return ""
    }
}
