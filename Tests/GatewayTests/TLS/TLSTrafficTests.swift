import Foundation
import Synchronization
import Testing

@testable import Gateway

@Suite("TLS in front: traffic", .serialized)
struct TLSTrafficTests {
    private func workshop() async throws -> TLSWorkshop {
        let shop = TLSWorkshop()
        try await shop.authority("ca")
        try await shop.certificate("shop", for: ["shop.test"], by: "ca")
        return shop
    }

    private static let request = "GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n"

    @Test("large bodies go both ways byte for byte, in one piece and chunked", .timeLimit(.minutes(3)))
    func largeBodies() async throws {
        let (shop, upstream) = (try await workshop(), ScriptedUpstream.echo())
        let gateway = try await SecureGateway(shop.settings("shop"), upstream: upstream.port)
        try await shop.openssl("rand", "-base64", "-out", shop.path("body"), "3000000")
        let body = try #require(FileManager.default.contents(atPath: shop.path("body")))
        for (version, field) in [("1.2", "X-None: 1"), ("1.3", "X-None: 1"), ("1.3", "Transfer-Encoding: chunked")] {
            let answer = await gateway.curl(
                "--cacert",
                shop.path("ca.crt"),
                "--tls-max",
                version,
                "-H",
                field,
                "-H",
                "Expect:",
                "--data-binary",
                "@" + shop.path("body"),
                "-o",
                shop.path("answer")
            )
            #expect(answer.status == 0, "\(answer.output)")
            let received = try #require(FileManager.default.contents(atPath: shop.path("answer")))
            #expect(received.suffix(body.count) == body)
            #expect(received.count > body.count && received.count < body.count + 1000)
        }
        await gateway.stop()
    }

    @Test("a connection is kept, and requests sent ahead are answered in order")
    func pipelining() async throws {
        let (shop, upstream) = (try await workshop(), ScriptedUpstream.echo())
        let gateway = try await SecureGateway(shop.settings("shop"), upstream: upstream.port)
        let port = gateway.port
        await offPool {
            guard let socket = SecureSocket(port: port, name: "shop.test", authorities: shop.path("ca.crt")) else {
                Issue.record("no handshake")
                return
            }
            for round in 0..<3 {
                socket.send((0..<20).map { "GET /\(round)/\($0) HTTP/1.1\r\nHost: shop.test\r\n\r\n" }.joined())
                for number in 0..<20 {
                    #expect(socket.response()?.body.hasPrefix("GET /\(round)/\(number) HTTP/1.1") == true)
                }
            }
            socket.send("GET /last HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n")
            #expect(socket.receiveAll().contains("GET /last"))
            #expect(socket.isEnded, "the end is told")
        }
        #expect(gateway.metric("gatehouse_tls_handshakes_total") == 1)
        await gateway.stop()
    }

    @Test("an answer that is cut ends without a goodbye, so that it cannot pass for a whole one")
    func cut() async throws {
        let shop = try await workshop()
        let upstream = ScriptedUpstream { connection, _ in
            guard let head = connection.receive(through: "\r\n\r\n") else { return }
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
            if head.hasPrefix("GET /whole") { connection.send("0\r\n\r\n") }
        }
        let gateway = try await SecureGateway(shop.settings("shop"), upstream: upstream.port)
        let port = gateway.port
        await offPool {
            // HTTP/1.0 knows no chunks: nothing but the end of the connection says where the body ends.
            for (path, isWhole) in [("/whole", true), ("/half", false)] {
                let socket = SecureSocket(port: port, name: "shop.test", authorities: shop.path("ca.crt"))
                socket?.send("GET \(path) HTTP/1.0\r\nHost: shop.test\r\n\r\n")
                #expect(socket?.receiveAll().hasSuffix("abc") == true)
                #expect(socket?.isEnded == isWhole, "\(path)")
            }
        }
        await gateway.stop()
    }

    @Test("half-open handshakes end in time, are counted, and hold nobody up meanwhile")
    func slowHandshakes() async throws {
        let (shop, upstream) = (try await workshop(), ScriptedUpstream.echo())
        let gateway = try await SecureGateway(shop.settings("shop"), upstream: upstream.port) {
            $0.limits.handshakeTimeoutMilliseconds = 3_000
        }
        let port = gateway.port
        let silent = (0..<40).map { _ in RawSocket(port: port) }
        // Half a record: its head promises 512 bytes.
        for socket in silent[20...] { socket.send([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00]) }
        let answer = await gateway.curl("--cacert", shop.path("ca.crt"))
        #expect(answer.status == 0, "\(answer.output)")
        let isEnded = await offPool { silent.allSatisfy { $0.receive() == nil } }
        #expect(isEnded)
        #expect(await settles { gateway.metric("gatehouse_tls_handshake_failures_total", "timeout") == 40 })
        let left = RawSocket(port: port)
        left.send([0x16, 0x03, 0x01])
        left.reset()
        #expect(await settles { gateway.metric("gatehouse_tls_handshake_failures_total", "closed") == 1 })
        await gateway.stop()
    }

    @Test("certificates are exchanged under load without a failed request", .timeLimit(.minutes(3)))
    func rotation() async throws {
        let (shop, upstream) = (try await workshop(), ScriptedUpstream.echo())
        try await shop.certificate("next", for: ["shop.test"], by: "ca")
        try await shop.openssl(
            "req",
            "-x509",
            "-newkey",
            "ed25519",
            "-nodes",
            "-subj",
            "/CN=x",
            "-keyout",
            shop.path("x.key"),
            "-out",
            shop.path("x.crt")
        )
        for ending in [".crt", ".key"] {
            try FileManager.default.copyItem(atPath: shop.path("shop" + ending), toPath: shop.path("first" + ending))
        }
        let gateway = try await SecureGateway(shop.settings("shop"), upstream: upstream.port) { $0.loops = 2 }
        let (port, server, authority) = (gateway.port, gateway.gateway.server, shop.path("ca.crt"))
        let (good, bad, stops) = (Tally(), Tally(), Tally())
        let load = (0..<4).map { number in
            Task {
                await offPool {
                    while stops.value == 0 {
                        // Short connections and long ones.
                        let socket = SecureSocket(port: port, name: "shop.test", authorities: authority)
                        for _ in 0..<(number % 2 == 0 ? 1 : 50) where stops.value == 0 {
                            socket?.send(Self.request)
                            if socket?.response()?.status == 200 { good.add() } else { bad.add() }
                        }
                    }
                }
            }
        }
        for round in 0..<20 {
            try shop.replace("shop", with: round % 2 == 0 ? "next" : "first")
            server.reloadCertificates()
            let before = good.value
            #expect(await settles { good.value > before + 20 })
        }
        let seen = await gateway.client("-servername", "shop.test")
        #expect(seen.output.contains("subject=CN = shop"), "\(seen.output.prefix(300))")
        stops.add()
        for task in load { await task.value }
        #expect(bad.value == 0)
        #expect(good.value > 400)
        await gateway.stop()
    }

    @Test("a broken new certificate is refused with its reason, and the one before is served on")
    func refusedRotation() async throws {
        let (shop, upstream) = (try await workshop(), ScriptedUpstream.echo())
        try await shop.certificate("other", for: ["shop.test"], by: "ca")
        try await shop.certificate("old", for: ["shop.test"], by: "ca", isExpired: true)
        let gateway = try await SecureGateway(shop.settings("shop"), upstream: upstream.port)
        let notes = gateway.notes
        let served = { await gateway.client("-servername", "shop.test").output.contains("subject=CN = shop") }
        try Data(contentsOf: URL(filePath: shop.path("other.key"))).write(
            to: URL(filePath: shop.path("shop.key")),
            options: .atomic
        )
        #expect(await settles { notes.all.contains { $0.contains("does not belong") && $0.contains("served on") } })
        #expect(await served())
        try shop.replace("shop", with: "old")
        #expect(await settles { notes.all.contains { $0.contains("expired at") && $0.contains("served on") } })
        #expect(await served())
        try "".write(toFile: shop.path("shop.crt"), atomically: true, encoding: .utf8)
        #expect(await settles { notes.all.contains { $0.contains("holds no certificate") } })
        #expect(await served())
        #expect(gateway.metric("gatehouse_tls_certificate_loads_total", "refused") >= 3)
        #expect(gateway.metric("gatehouse_tls_certificate_loads_total", "taken") == 0)
        // A good one ends it.
        try shop.replace("shop", with: "other")
        #expect(await settles { notes.all.contains { $0.contains("is served from now on") } })
        #expect(await gateway.client("-servername", "shop.test").output.contains("subject=CN = other"))
        await gateway.stop()
    }

    @Test("a folder's certificates come and go")
    func folder() async throws {
        let (shop, upstream) = (try await workshop(), ScriptedUpstream.echo())
        try await shop.certificate("b", for: ["b.test"], by: "ca")
        let folder = TemporaryFolder()
        let add = { (name: String) in
            for ending in [".key", ".crt"] {
                try FileManager.default.copyItem(
                    atPath: shop.path(name + ending),
                    toPath: folder.path + "/" + name + ending
                )
            }
        }
        try add("shop")
        let settings = shop.settings { $0.folder = folder.path }
        let gateway = try await SecureGateway(settings, upstream: upstream.port)
        let server = gateway.gateway.server
        #expect(await gateway.client("-servername", "b.test").output.contains("subject=CN = shop"))
        try add("b")
        #expect(await settles { server.metrics.contains("name=\"b.test\"") })
        #expect(await gateway.client("-servername", "b.test").output.contains("subject=CN = b"))
        try FileManager.default.removeItem(atPath: folder.path + "/b.crt")
        #expect(await settles { !server.metrics.contains("name=\"b.test\"") })
        #expect(await gateway.client("-servername", "b.test").output.contains("subject=CN = shop"))
        try FileManager.default.removeItem(atPath: folder.path + "/shop.crt")
        let notes = gateway.notes
        #expect(await settles { notes.all.contains { $0.contains("no certificate left") } })
        #expect(await gateway.client("-servername", "shop.test").output.contains("subject=CN = shop"))
        await gateway.stop()
    }
}
