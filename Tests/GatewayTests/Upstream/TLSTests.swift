import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import RoutingTable
import Testing
import UpstreamRules

@testable import Gateway

/// A server that speaks TLS and answers each request with the name it was asked for and the client's certificate.
final class SecureUpstream: Sendable {
    let port: Int
    private let channel: any Channel
    private let accepted: Tally

    init(certificate: String, key: String, clientAuthority: String? = nil) async throws {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8)).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem))
        )
        if let clientAuthority {
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(clientAuthority.utf8)))
        }
        let context = try NIOSSLContext(configuration: configuration)
        let accepted = Tally()
        self.accepted = accepted
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    accepted.add()
                    let box = NameBox()
                    let sni = SNIHandler { result in
                        if case .hostname(let host) = result { box.name = host }
                        return channel.eventLoop.makeCompletedFuture {
                            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                            try channel.pipeline.syncOperations.addHandler(Answering(box))
                        }
                    }
                    try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(sni))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    var connectionCount: Int { accepted.value }

    static let largeLines = 200_000

    static func line(_ number: Int) -> String { "line \(number) of a long answer\n" }

    func stop() async { try? await channel.close().get() }

    /// The name that a client asked for; set and read on the connection's loop.
    private final class NameBox: @unchecked Sendable { var name = "none" }

    private final class Answering: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        let box: NameBox

        init(_ box: NameBox) { self.box = box }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard String(buffer: unwrapInboundIn(data)).hasSuffix("\r\n\r\n") else { return }
            let peer = try? context.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self).peerCertificate
            let alternatives = peer.map { "\($0)".contains("gateway-next") ? "next" : "some" } ?? "nobody"
            if String(buffer: unwrapInboundIn(data)).hasPrefix("GET /large ") { return answerAtLength(context) }
            let body = "\(box.name) \(alternatives)"
            let text = "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        }

        /// More than all buffers on the way hold, to the end of the connection.
        private func answerAtLength(_ context: ChannelHandlerContext) {
            var buffer = ByteBuffer(string: "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
            for number in 0..<SecureUpstream.largeLines { buffer.writeString(SecureUpstream.line(number)) }
            context.writeAndFlush(wrapOutboundOut(buffer)).assumeIsolated().whenComplete { _ in
                context.close(promise: nil)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}

@Suite("TLS to upstreams", .serialized)
struct TLSTests {
    private func content(_ port: Int, host: String = "127.0.0.1", _ change: (inout TLS) -> Void) -> RoutingContent {
        var content = Sample.passthrough(port: port)
        content.upstreams[0].targets[0].scheme = .https
        content.upstreams[0].targets[0].host = host
        change(&content.upstreams[0].policy.tls)
        return content
    }

    private func folder(_ files: [String: String]) throws -> TemporaryFolder {
        let folder = TemporaryFolder()
        for (name, text) in files {
            try text.write(toFile: folder.path + "/" + name, atomically: true, encoding: .utf8)
        }
        return folder
    }

    @Test("a certificate of the given authority is believed, the name goes out as SNI, and connections are reused")
    func verified() async throws {
        let server = try await SecureUpstream(certificate: TestCertificates.backend, key: TestCertificates.backendKey)
        let files = try folder(["ca.pem": TestCertificates.firstAuthority])
        let gateway = try await TestGateway(
            content(server.port) {
                $0.authorities = "ca.pem"
                $0.serverName = "backend.test"
            }
        ) { $0.upstreamFiles = files.path }
        #expect(gateway.get("/")?.body == "backend.test nobody")
        #expect(gateway.get("/")?.body == "backend.test nobody")
        #expect(server.connectionCount == 1)
        await gateway.stop()
        let address = try await TestGateway(content(server.port) { $0.authorities = "ca.pem" }) {
            $0.upstreamFiles = files.path
        }
        #expect(address.get("/")?.body == "none nobody", "an address is no SNI, and is found in the certificate")
        await address.stop()
        await server.stop()
    }

    @Test("a long answer arrives whole and in order, to the end of the connection", .timeLimit(.minutes(1)))
    func longAnswer() async throws {
        let server = try await SecureUpstream(certificate: TestCertificates.backend, key: TestCertificates.backendKey)
        let files = try folder(["ca.pem": TestCertificates.firstAuthority])
        let gateway = try await TestGateway(content(server.port) { $0.authorities = "ca.pem" }) {
            $0.upstreamFiles = files.path
        }
        let body = try #require(gateway.get("/large")?.body)
        let expected = (0..<SecureUpstream.largeLines).map(SecureUpstream.line).joined()
        #expect(body.utf8.count == expected.utf8.count)
        #expect(body == expected)
        await gateway.stop()
        await server.stop()
    }

    @Test("another authority, another name and the system's authorities are 502 with tls_certificate_error")
    func notVerified() async throws {
        let server = try await SecureUpstream(certificate: TestCertificates.backend, key: TestCertificates.backendKey)
        let files = try folder([
            "first.pem": TestCertificates.firstAuthority, "second.pem": TestCertificates.secondAuthority,
        ])
        let cases: [(inout TLS) -> Void] = [
            { $0.authorities = "second.pem" },
            { _ in },
            { $0.authorities = "missing.pem" },
        ]
        for change in cases {
            let gateway = try await TestGateway(content(server.port, change)) { $0.upstreamFiles = files.path }
            let failed = try #require(gateway.get("/"))
            #expect(failed.status == 502)
            #expect(failed.code == "upstream-tls-failed")
            #expect(failed.field("proxy-status") == "gatehouse; error=tls_certificate_error")
            await gateway.stop()
        }
        // The certificate is of the right authority and names `gateway.test` alone: neither the address nor another name.
        let named = try await SecureUpstream(certificate: TestCertificates.client, key: TestCertificates.clientKey)
        for (name, status) in [("gateway.test", 200), ("else.test", 502), ("", 502)] {
            let gateway = try await TestGateway(
                content(named.port) {
                    $0.authorities = "first.pem"
                    $0.serverName = name
                }
            ) { $0.upstreamFiles = files.path }
            let response = try #require(gateway.get("/"))
            #expect(response.status == status)
            #expect(status == 200 || response.field("proxy-status") == "gatehouse; error=tls_certificate_error")
            await gateway.stop()
        }
        await named.stop()
        let careless = try await TestGateway(content(server.port) { $0.verifies = false })
        #expect(careless.get("/")?.status == 200)
        await careless.stop()
        await server.stop()
    }

    @Test("an upstream that does not speak TLS is 502 with tls_protocol_error, and one that says nothing 504 in time")
    func noTLS() async throws {
        let plain = ScriptedUpstream { connection, _ in
            _ = connection.receive()
            connection.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        }
        let gateway = try await TestGateway(content(plain.port) { $0.verifies = false })
        let failed = try #require(gateway.get("/"))
        #expect(failed.code == "upstream-tls-failed")
        #expect(failed.field("proxy-status") == "gatehouse; error=tls_protocol_error")
        await gateway.stop()
        let silent = ScriptedUpstream { connection, _ in while connection.receive() != nil {} }
        let other = try await TestGateway(content(silent.port) { $0.verifies = false })
        let started = Date()
        #expect(other.get("/")?.code == "upstream-connect-timeout")
        #expect(Date().timeIntervalSince(started) < 3)
        await other.stop()
    }

    @Test("an answer to the end of the connection is whole only where TLS says so, and the next session is resumed")
    func ends() async throws {
        let shop = TLSWorkshop()
        try await shop.authority("ca")
        try await shop.certificate("back", for: ["127.0.0.1"], by: "ca")
        let identity = try CertificateFiles.read(.init(chain: shop.path("back.crt"), key: shop.path("back.key")))
        let context = try TLSServerContext([identity], rules: TLSRules(), authorities: [], tickets: TLSTickets(now: 0))
        let upstream = ScriptedUpstream { connection, number in
            guard let secure = SecureSocket(accepted: connection, context), secure.receive(through: "\r\n\r\n") else {
                return
            }
            guard number % 3 > 0 else {
                // An answer that lets the connection be used again: whoever keeps it keeps the ticket.
                secure.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nkept")
                return
            }
            secure.send("HTTP/1.1 200 OK\r\n\r\nto the end")
            if number % 3 == 1 { secure.finish() }
        }
        let gateway = try await TestGateway(content(upstream.port) { $0.authorities = "ca.crt" }) {
            $0.upstreamFiles = shop.folder.path
        }
        let bodies = await offPool {
            (0..<3).map { number in
                let connection = gateway.connect()
                connection.send("GET /\(number) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                return connection.receiveAll()
            }
        }
        #expect(bodies[0].hasSuffix("kept"))
        #expect(bodies[1].hasSuffix("to the end\r\n0\r\n\r\n"), "\(bodies[1])")
        #expect(bodies[2].contains("to the end") && !bodies[2].hasSuffix("0\r\n\r\n"), "\(bodies[2])")
        #expect(gateway.metric("gatehouse_upstream_tls_resumptions_total") == 2)
        #expect(gateway.metric("gatehouse_answers_cut_total") == 1)
        await gateway.stop()
    }

    @Test("a client certificate is shown, and a change of its file is taken up without a restart")
    func clientCertificate() async throws {
        let server = try await SecureUpstream(
            certificate: TestCertificates.backend,
            key: TestCertificates.backendKey,
            clientAuthority: TestCertificates.firstAuthority
        )
        let files = try folder([
            "ca.pem": TestCertificates.firstAuthority, "c.pem": TestCertificates.client,
            "k.pem": TestCertificates.clientKey,
        ])
        let none = try await TestGateway(content(server.port) { $0.authorities = "ca.pem" }) {
            $0.upstreamFiles = files.path
        }
        #expect(none.get("/")?.status == 502)
        await none.stop()
        let notes = NoteBook()
        let gateway = try await TestGateway(
            content(server.port) {
                $0.authorities = "ca.pem"
                $0.certificate = "c.pem"
                $0.key = "k.pem"
            }
        ) {
            $0.upstreamFiles = files.path
            $0.onNote = { notes.add($0) }
        }
        #expect(gateway.get("/")?.body == "none some")
        try "nonsense".write(toFile: files.path + "/c.pem", atomically: true, encoding: .utf8)
        #expect(
            await eventually { notes.all.contains { $0.contains("cannot be used, the last good ones stay in force") } }
        )
        #expect(gateway.get("/")?.body == "none some")
        try TestCertificates.nextClientKey.write(toFile: files.path + "/k.pem", atomically: true, encoding: .utf8)
        try TestCertificates.nextClient.write(toFile: files.path + "/c.pem", atomically: true, encoding: .utf8)
        #expect(await eventually { gateway.get("/")?.body == "none next" })
        #expect(notes.all.contains { $0.contains("were read again") })
        await gateway.stop()
        await server.stop()
    }

    @Test("checks of https targets speak TLS too, and connections are never shared with another upstream")
    func checksAndPools() async throws {
        let server = try await SecureUpstream(certificate: TestCertificates.backend, key: TestCertificates.backendKey)
        let files = try folder(["ca.pem": TestCertificates.firstAuthority, "bad.pem": TestCertificates.secondAuthority])
        var check = ActiveCheck(path: "/")
        check.intervalMilliseconds = 100
        var both = content(server.port) { $0.authorities = "ca.pem" }
        both.upstreams[0].policy.check = check
        both.apis.append(
            .init(name: "other", basePath: "/other", access: .open, passthrough: .init(upstream: "v", deny: []))
        )
        var second = both.upstreams[0]
        second.name = "v"
        second.policy.tls.authorities = "bad.pem"
        second.policy.check = nil
        both.upstreams.append(second)
        let gateway = try await TestGateway(both) { $0.upstreamFiles = files.path }
        #expect(gateway.get("/")?.status == 200)
        #expect(gateway.get("/other/x")?.code == "upstream-tls-failed")
        #expect(await eventually { gateway.metric("gatehouse_upstream_checks_total", "result=\"good\"") >= 2 })
        #expect(gateway.metric("gatehouse_upstream_checks_total", "result=\"bad\"") == 0)
        await gateway.stop()
        await server.stop()
    }
}
