internal import NIOCore
internal import ProblemDetails
internal import RoutingTable
internal import Telemetry

/// Health and metrics on their own listener: `/livez`, `/readyz`, `/readyz?verbose`, `/metrics`. One request a connection.
final class OperationsConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let server: GatewayServer
    private var input = ByteBuffer()
    private var head = RequestHead()
    private var isAnswered = false

    init(server: GatewayServer) { self.server = server }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isAnswered else { return }
        var incoming = unwrapInboundIn(data)
        input.writeBuffer(&incoming)
        let buffer = input
        let bytes = buffer.readableBytesUInt8Span
        do throws(Refusal) {
            guard try head.read(bytes, limits: GatewayLimits(), names: .request) else { return }
        } catch {
            return answer(context, Answer(status: 400, body: "\(error.detail)\n"))
        }
        let path = Self.text(bytes, head.path)
        let query = head.query.map { Self.text(bytes, $0) } ?? ""
        let isRead = bytes.matches(head.method, "get") || bytes.matches(head.method, "head")
        var reply = isRead ? server.answer(path: path, query: query) : Answer(status: 405, body: "only GET here\n")
        if bytes.matches(head.method, "head") { reply.isHEAD = true }
        answer(context, reply)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func answer(_ context: ChannelHandlerContext, _ answer: Answer) {
        isAnswered = true
        let body = Array(answer.body.utf8)
        let writer = HeadWriter(capacity: body.count + 256)
        writer.append("HTTP/1.1 ")
        writer.append(decimal: UInt64(answer.status))
        writer.append(answer.status == 200 ? " OK" : " Problem")
        writer.append("\r\nContent-Type: ")
        writer.append(text: answer.mediaType)
        writer.append("\r\nContent-Length: ")
        writer.append(decimal: UInt64(body.count))
        writer.append("\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n")
        if !answer.isHEAD { writer.append(body) }
        var buffer = context.channel.allocator.buffer(capacity: writer.count)
        unsafe writer.span.withUnsafeBufferPointer { unsafe _ = buffer.writeBytes($0) }
        context.writeAndFlush(wrapOutboundOut(buffer)).assumeIsolated()
            .whenComplete { _ in
                context.close(promise: nil)
            }
    }

    private static func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
        String(decoding: range.map { bytes[$0] }, as: UTF8.self)
    }
}

/// An answer of the operations listener.
struct Answer {
    var status: Int
    var mediaType = "text/plain; charset=utf-8"
    var body: String
    var isHEAD = false
}

extension GatewayServer {
    func answer(path: String, query: String) -> Answer {
        switch path {
        case "/livez", "/healthz": Answer(status: 200, body: "ok\n")
        case "/readyz": readiness(isVerbose: query.split(separator: "&").contains { $0.hasPrefix("verbose") })
        case "/metrics": Answer(status: 200, mediaType: PrometheusText.mediaType, body: metrics)
        default: Answer(status: 404, body: "there are /livez, /readyz and /metrics\n")
        }
    }

    /// Ready means: there is a snapshot. The control plane may be away; serving goes on (and the ages below say so).
    private func readiness(isVerbose: Bool) -> Answer {
        let status = self.status
        let isReady = status.generation != nil
        guard isVerbose else { return Answer(status: isReady ? 200 : 503, body: isReady ? "ok\n" : "no snapshot\n") }
        let now = Moment.now().seconds
        func age(_ time: Int64?) -> String { time.map { "\(max(0, now - $0))" } ?? "null" }
        func number(_ value: UInt64?) -> String { value.map { "\($0)" } ?? "null" }
        var body = #"{"status":"\#(isReady ? "pass" : "fail")""#
        body += #","environment":"\#(status.environment ?? "")","generation":\#(number(status.generation))"#
        body += #","checksum":"\#(status.checksum?.hexadecimal ?? "")","offline":\#(status.isOffline)"#
        body += #","routing_age_seconds":\#(age(status.routingConfirmedAt))"#
        body += #","sequence":\#(number(status.sequence))"#
        body += #","entitlements_age_seconds":\#(age(status.entitlementsConfirmedAt))"#
        let texts = (storeFailure.map { [$0] } ?? []) + notes
        body += #","notes":[\#(texts.map(Self.quoted).joined(separator: ","))]}"#
        return Answer(status: isReady ? 200 : 503, mediaType: "application/health+json", body: body + "\n")
    }

    private static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        ProblemJSON.appendString(text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
