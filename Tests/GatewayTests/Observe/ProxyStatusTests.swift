import Foundation
import ProblemDetails
import RoutingTable
import Testing

@testable import Gateway

@Suite("Proxy-Status")
struct ProxyStatusTests {
    /// Section 2.3 of RFC 9209 and the IANA registry, as far as they are used here.
    private static let registry: Set<String> = [
        "dns_timeout", "dns_error", "destination_not_found", "destination_unavailable", "destination_ip_prohibited",
        "destination_ip_unroutable", "connection_refused", "connection_terminated", "connection_timeout",
        "connection_read_timeout", "connection_write_timeout", "connection_limit_reached", "tls_protocol_error",
        "tls_certificate_error", "tls_alert_received", "http_request_error", "http_request_denied",
        "http_response_incomplete", "http_response_header_section_size", "http_response_header_size",
        "http_response_body_size", "http_response_trailer_section_size", "http_response_trailer_size",
        "http_response_transfer_coding", "http_response_content_coding", "http_response_timeout", "http_upgrade_failed",
        "http_protocol_error", "proxy_internal_response", "proxy_internal_error", "proxy_configuration_error",
        "proxy_loop_detected",
    ]

    @Test("every error type is a registered one, and each has its own place in the metrics")
    func registered() {
        for error in ProxyError.allCases { #expect(Self.registry.contains(error.token.description), "\(error)") }
        #expect(Set(ProxyError.allCases.map(\.token.description)).count == ProxyError.allCases.count)
        #expect(ProxyError.allCases.allSatisfy { $0.rawValue < ProxyError.cell($0, series: 1) - $0.rawValue })
    }

    @Test(
        "each loss has its type",
        arguments: [
            (.refused, "connection_refused"), (.unroutable, "destination_ip_unroutable"), (.noAddress, "dns_error"),
            (.connectTimeout, "connection_timeout"), (.tlsCertificate, "tls_certificate_error"),
            (.tlsProtocol, "tls_protocol_error"), (.closed(answered: false), "connection_terminated"),
            (.closed(answered: true), "http_response_incomplete"), (.invalid, "http_protocol_error"),
            (.headTooLong, "http_response_header_section_size"), (.badCoding, "http_response_transfer_coding"),
            (.upgraded, "http_upgrade_failed"), (.status, "destination_unavailable"),
            (.headTimeout, "http_response_timeout"), (.totalTimeout, "http_response_timeout"),
            (.idleTimeout, "connection_read_timeout"), (.writeTimeout, "connection_write_timeout"),
        ] as [(RequestState.UpstreamLoss, String)]
    )
    func losses(_ loss: RequestState.UpstreamLoss, _ token: String) {
        let code = RequestState.problem(of: loss)
        #expect(ProxyStatus.error(of: code, loss, isForwarded: true)?.token.description == token)
    }

    @Test("a loss that is not what the problem is about does not speak for it")
    func otherCause() {
        #expect(ProxyStatus.error(of: .upstreamBusy, .refused, isForwarded: true) == .connectionLimitReached)
        #expect(ProxyStatus.error(of: .rateLimitExceeded, .refused, isForwarded: true) == nil)
    }

    @Test("a version without an upstream, and a gateway that is itself full")
    func ownCauses() {
        #expect(ProxyStatus.error(of: .noUpstream, nil, isForwarded: false) == .destinationNotFound)
        #expect(ProxyStatus.error(of: .overloaded, nil, isForwarded: true) == .connectionLimitReached)
        #expect(ProxyStatus.error(of: .overloaded, nil, isForwarded: false) == nil, "no upstream had a part in it")
        for code in ProblemCode.allCases where ProblemCatalogue[code].status < 500 {
            #expect(ProxyStatus.error(of: code, nil, isForwarded: true) == nil, "\(code)")
        }
    }

    @Test("an upstream that does not take the request is at fault, not the client that sent it")
    func writeTimeout() async throws {
        let stubborn = ScriptedUpstream { connection, _ in
            // Reads the head and nothing more, for as long as the gateway holds on.
            _ = connection.receive(through: "\r\n\r\n")
            // POLLRDHUP of poll(2), which Foundation does not name.
            var wish = pollfd(fd: connection.descriptor, events: 0x2000, revents: 0)
            poll(&wish, 1, 60_000)
        }
        var content = Sample.passthrough(port: stubborn.port)
        content.upstreams[0].headerTimeoutMilliseconds = 400
        let gateway = try await TestGateway(content) {
            $0.limits.bodyIdleTimeoutMilliseconds = 400
        }
        let connection = gateway.connect()
        let size = 64 << 20
        connection.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: \(size)\r\n\r\n")
        Thread.detachNewThread {
            let block = [UInt8](repeating: 0x61, count: 1 << 20)
            for _ in 0..<64 { connection.send(block) }
        }
        let answer = await offPool { connection.response() }
        #expect(answer?.status == 504)
        #expect(answer?.field("proxy-status") == "gatehouse; error=connection_write_timeout")
        await gateway.stop()
    }

    @Test("a client that does not send the rest is still at fault itself")
    func clientTimeout() async throws {
        let upstream = ScriptedUpstream.echo()
        let gateway = try await TestGateway(Sample.passthrough(port: upstream.port)) {
            $0.limits.bodyIdleTimeoutMilliseconds = 300
        }
        let answer = await offPool { gateway.call("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc") }
        #expect(answer?.status == 408)
        #expect(answer?.field("proxy-status") == nil)
        await gateway.stop()
    }

    @Test("X-Request-Id is on every answer, on refusals of broken heads too, and one that is malformed is replaced")
    func requestID() async throws {
        let upstream = ScriptedUpstream.echo()
        let gateway = try await TestGateway(Sample.passthrough(port: upstream.port))
        let good = gateway.get("/x", "X-Request-Id: a-B_9.")
        #expect(good?.values("x-request-id") == ["a-B_9."])
        #expect(RawResponse(head: good?.body ?? "").values("x-request-id") == ["a-B_9."])
        for bad in ["", "a b", "a\"", String(repeating: "a", count: 65)] {
            let answer = gateway.get("/x", "X-Request-Id: \(bad)")
            #expect(answer?.field("x-request-id")?.count == 32, "\(bad)")
        }
        #expect(gateway.get("/admin", "X-Request-Id: no")?.values("x-request-id") == ["no"])
        #expect(gateway.call("BAD\r\n\r\n")?.field("x-request-id")?.count == 32)
        await gateway.stop()
    }
}
