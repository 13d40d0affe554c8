import Foundation
import RoutingTable
import Testing

@testable import Gateway

@Suite("TLS in front", .serialized)
struct TLSFrontTests {
    /// An authority `ca`, certificates `shop` (shop.test) and `wild` (*.wild.test).
    private func workshop() async throws -> TLSWorkshop {
        let shop = TLSWorkshop()
        try await shop.authority("ca")
        try await shop.certificate("shop", for: ["shop.test", "127.0.0.1"], by: "ca")
        try await shop.certificate("wild", for: ["*.wild.test"], by: "ca")
        return shop
    }

    @Test("a request over TLS is answered, its upstream hears of https, and it can be counted")
    func simple() async throws {
        let (shop, upstream) = (try await workshop(), ScriptedUpstream.echo())
        let gateway = try await SecureGateway(shop.settings("shop", "wild"), upstream: upstream.port)
        let answer = await gateway.curl("--cacert", shop.path("ca.crt"))
        #expect(answer.status == 0, "\(answer.output)")
        #expect(answer.output.contains("\r\nX-Forwarded-Proto: https\r\n"))
        #expect(gateway.gateway.get("/")?.body.contains("\r\nX-Forwarded-Proto: http\r\n") == true)
        #expect(gateway.metric("gatehouse_tls_handshakes_total", "new") == 1)
        let ends = gateway.metric("gatehouse_tls_certificate_not_after_timestamp_seconds", "name=\"shop.test\"")
        #expect(abs(ends - Date().timeIntervalSince1970 - 30 * 86_400) < 3600)
        await gateway.stop()
    }

    @Test("the name chooses the certificate: exact, wildcard, unknown and none")
    func names() async throws {
        let (shop, upstream) = (try await workshop(), ScriptedUpstream.echo())
        let gateway = try await SecureGateway(shop.settings("shop", "wild"), upstream: upstream.port)
        for (name, expected) in [
            ("shop.test", "shop"), ("A.Wild.Test", "wild"), ("a.b.wild.test", "shop"), ("x.org", "shop"),
        ] {
            let seen = await gateway.client("-servername", name, "-tls1_3")
            #expect(seen.output.contains("subject=CN = \(expected)"), "\(name): \(seen.output.prefix(600))")
            let older = await gateway.client("-servername", name, "-tls1_2")
            #expect(older.output.contains("subject=CN = \(expected)"), "\(name)")
        }
        let none = await gateway.client("-noservername")
        #expect(none.output.contains("subject=CN = shop"))
        #expect(await gateway.curl("--cacert", shop.path("ca.crt"), host: "b.wild.test").status == 0)
        #expect(await gateway.curl("--cacert", shop.path("ca.crt"), host: "other.test").status == 60)
        await gateway.stop()
    }

    @Test(
        "1.2 and 1.3 with forward secrecy are spoken, nothing older or weaker, and what fails is counted by its reason"
    )
    func versions() async throws {
        let (shop, upstream) = (try await workshop(), ScriptedUpstream.echo())
        let gateway = try await SecureGateway(shop.settings("shop"), upstream: upstream.port)
        let authority = ["--cacert", shop.path("ca.crt")]
        #expect(await gateway.curl(authority[0], authority[1], "--tls-max", "1.2").status == 0)
        #expect(await gateway.curl(authority[0], authority[1], "--tlsv1.3").status == 0)
        let weak = "ALL:@SECLEVEL=0"
        for version in ["-tls1", "-tls1_1"] {
            let old = await gateway.client(version, "-cipher", weak)
            #expect(old.output.contains("alert protocol version"), "\(old.output)")
        }
        // Counted when the alert has gone out: the client may be quicker.
        #expect(await settles { gateway.metric("gatehouse_tls_handshake_failures_total", "version") == 2 })
        for cipher in ["ECDHE-ECDSA-AES128-SHA256", "AES128-GCM-SHA256", "NULL", "ECDHE-ECDSA-AES256-SHA"] {
            let refused = await gateway.client("-tls1_2", "-cipher", cipher + ":@SECLEVEL=0")
            #expect(refused.output.contains("handshake failure"), "\(cipher): \(refused.output)")
        }
        #expect(await settles { gateway.metric("gatehouse_tls_handshake_failures_total", "cipher") == 4 })
        let protocols = await gateway.client("-alpn", "h2,http/1.1")
        #expect(protocols.output.contains("ALPN protocol: http/1.1"))
        let other = await gateway.client("-alpn", "h2")
        #expect(other.output.contains("no application protocol"), "\(other.output)")
        await gateway.stop()
        let strict = try await SecureGateway(
            shop.settings("shop") { $0.rules.minimumVersion = .tls13 },
            upstream: upstream.port
        )
        #expect(await strict.curl(authority[0], authority[1], "--tls-max", "1.2").status == 35)
        #expect(await strict.curl(authority[0], authority[1]).status == 0)
        await strict.stop()
    }

    @Test("renegotiation is refused, and a client that changes its keys without end is cut off")
    func renegotiation() async throws {
        let (shop, upstream) = (try await workshop(), ScriptedUpstream.echo())
        let gateway = try await SecureGateway(shop.settings("shop"), upstream: upstream.port)
        let again = await gateway.client("-tls1_2", input: "R\n", within: 10)
        #expect(
            again.output.contains("no renegotiation") || again.output.contains("wrong ssl version"),
            "\(again.output)"
        )
        // Fewer than the limit do no harm: the request behind them is answered.
        #expect(await changeKeys(gateway.port, times: 20).contains("200 OK"))
        #expect(await !changeKeys(gateway.port, times: 400).contains("200 OK"))
        await gateway.stop()
    }

    /// Lets `s_client` change its keys, one time after another as it takes a line at a time, and then ask for something.
    private func changeKeys(_ port: Int, times: Int) async -> String {
        await offPool {
            // The server may hang up in the middle of it.
            signal(SIGPIPE, SIG_IGN)
            let process = Process()
            let (given, printed) = (Pipe(), Pipe())
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["timeout", "60", "openssl", "s_client", "-connect", "127.0.0.1:\(port)", "-tls1_3"]
            process.standardInput = given
            process.standardOutput = printed
            process.standardError = printed
            guard (try? process.run()) != nil else { return "" }
            var text = ""
            func print(has mark: String, times: Int) -> Bool {
                while text.components(separatedBy: mark).count <= times {
                    let more = printed.fileHandleForReading.availableData
                    if more.isEmpty { return false }
                    text += String(decoding: more, as: UTF8.self)
                }
                return true
            }
            let input = given.fileHandleForWriting
            for number in 0..<times {
                guard (try? input.write(contentsOf: Data("k\n".utf8))) != nil,
                    print(has: "KEYUPDATE", times: number + 1)
                else { break }
            }
            let request = "GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n"
            try? input.write(contentsOf: Data(request.utf8))
            _ = print(has: "200 OK", times: 1)
            process.terminate()
            process.waitUntilExit()
            return text
        }
    }

    @Test("sessions are resumed over all loops, with 1.2 and 1.3, also after the certificates were exchanged")
    func resumption() async throws {
        let (shop, upstream) = (try await workshop(), ScriptedUpstream.echo())
        try await shop.certificate("next", for: ["shop.test"], by: "ca")
        let gateway = try await SecureGateway(shop.settings("shop"), upstream: upstream.port) { $0.loops = 2 }
        let request = "GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n"
        for version in ["-tls1_2", "-tls1_3"] {
            let file = shop.path("session\(version)")
            let first = await gateway.client(version, "-ign_eof", "-sess_out", file, input: request)
            #expect(first.output.contains("New, TLS"), "\(first.output)")
            for _ in 0..<6 {
                let next = await gateway.client(
                    version,
                    "-ign_eof",
                    "-sess_in",
                    file,
                    "-sess_out",
                    file,
                    input: request
                )
                #expect(next.output.contains("Reused, TLS") && next.output.contains("200 OK"), "\(next.output)")
            }
        }
        try shop.replace("shop", with: "next")
        gateway.gateway.server.reloadCertificates()
        let notes = gateway.notes
        #expect(await settles { notes.all.contains { $0.contains("read again") } })
        let after = await gateway.client("-tls1_3", "-ign_eof", "-sess_in", shop.path("session-tls1_3"), input: request)
        #expect(after.output.contains("Reused, TLS"))
        #expect(gateway.metric("gatehouse_tls_handshakes_total", "resumed") == 13)
        #expect(gateway.metric("gatehouse_tls_handshakes_total", "new") == 2)
        await gateway.stop()
    }

    @Test("plain HTTP to the TLS port is told so with 400; plain text of another kind is no handshake")
    func plainText() async throws {
        let (shop, upstream) = (try await workshop(), ScriptedUpstream.echo())
        let gateway = try await SecureGateway(shop.settings("shop"), upstream: upstream.port)
        let answer = try #require(RawSocket(port: gateway.port).exchange("GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n"))
        #expect(answer.status == 400)
        #expect(answer.member("detail")?.contains("use https") == true)
        #expect(answer.field("connection") == "close")
        #expect(gateway.metric("gatehouse_tls_handshake_failures_total", "plain_http") == 1)
        let noise = RawSocket(port: gateway.port)
        noise.send("\u{1}\u{2}\u{3} nothing that anybody speaks\r\n\r\n")
        #expect(noise.receiveAll().contains("HTTP") == false)
        #expect(upstream.connectionCount == 0)
        await gateway.stop()
    }

    @Test("client certificates: required, of the right authority, or none at all; and the log says whose")
    func clientCertificates() async throws {
        let (shop, upstream) = (try await workshop(), ScriptedUpstream.echo())
        try await shop.authority("other")
        try await shop.certificate("ann", for: ["ann"], by: "ca")
        try await shop.certificate("eve", for: ["eve"], by: "other")
        try await shop.certificate("old", for: ["old"], by: "ca", isExpired: true)
        let log = shop.path("access.log")
        for mode in [TLSRules.ClientCertificates.require, .request] {
            let descriptor = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
            defer { close(descriptor) }
            let settings = shop.settings("shop") {
                $0.rules.clientCertificates = mode
                $0.clientAuthorities = shop.path("ca.crt")
            }
            let gateway = try await SecureGateway(settings, upstream: upstream.port) {
                $0.accessLog = AccessLogSettings(sink: .descriptor(descriptor))
            }
            func call(_ who: String?, _ version: String) async -> Int32 {
                var arguments = ["--cacert", shop.path("ca.crt"), "--tls-max", version]
                if let who { arguments += ["--cert", shop.path(who + ".crt"), "--key", shop.path(who + ".key")] }
                let place = ["--resolve", "shop.test:\(gateway.port):127.0.0.1", "https://shop.test:\(gateway.port)/"]
                return await Tool.run(["curl", "-sS", "--max-time", "20"] + arguments + place).status
            }
            for version in ["1.2", "1.3"] {
                #expect(await call("ann", version) == 0)
                #expect(await call("eve", version) != 0, "another authority")
                #expect(await call("old", version) != 0, "expired")
                #expect((await call(nil, version) == 0) == (mode == .request))
            }
            #expect(await settles { FileManager.default.contents(atPath: log)?.isEmpty == false })
            await gateway.stop()
            let failures = gateway.metric("gatehouse_tls_handshake_failures_total", "certificate")
            #expect(failures == (mode == .require ? 6 : 4))
            let text = String(decoding: FileManager.default.contents(atPath: log) ?? Data(), as: UTF8.self)
            let print = await Tool.run(
                ["openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in", shop.path("ann.crt")]
            )
            let digits = print.output.split(separator: "=").last?.filter(\.isHexDigit).lowercased() ?? ""
            #expect(digits.count == 64)
            #expect(text.contains("\"client_subject\":\"CN=ann\",\"client_fingerprint\":\"\(digits)\""), "\(text)")
        }
    }

    @Test("a gateway does not start with certificates that are no good, and says which file it is")
    func refusedStart() async throws {
        let shop = try await workshop()
        let cases: [(TLSSettings, String)] = [
            (shop.settings("none"), "none.crt` cannot be read"),
            (shop.settings(), "there is no certificate"),
            (shop.settings("shop") { $0.rules.clientCertificates = .require }, "no authority is named"),
            (
                shop.settings("shop") {
                    $0.rules.clientCertificates = .request
                    $0.clientAuthorities = shop.path("shop.key")
                }, "it holds no certificate"
            ),
            (
                shop.settings { $0.certificates = [.init(chain: shop.path("shop.crt"), key: shop.path("wild.key"))] },
                "does not belong"
            ),
        ]
        for (settings, words) in cases {
            var configuration = GatewayConfiguration(trust: .unsignedAllowed)
            configuration.tls = settings
            let failure = #expect(throws: GatewayFailure.self) { try GatewayServer(configuration) }
            #expect("\(failure.map { "\($0)" } ?? "")".contains(words), "\(String(describing: failure))")
        }
    }
}
