import Foundation
import RoutingTable
import Testing

@testable import Gateway

@Suite("Swapping and storing")
struct SwapAndStoreTests {
    @Test("swapping tables under load closes no connection, and no request sees two tables")
    func swapUnderLoad() async throws {
        let upstream = ScriptedUpstream.echo()
        func content(_ generation: UInt64) -> RoutingContent {
            Sample.orders(port: upstream.port) { api in
                for index in api.versions.indices where api.versions[index].name == "1.2.0" {
                    api.versions[index].name = "1.2.\(generation)"
                }
                api.requestHeaders = .init(set: [.init(name: "X-Generation", value: "1.2.\(generation)")])
            }
        }
        let gateway = try await TestGateway(content(1), Sample.rights()) { $0.loops = 2 }
        let mixed = Tally()
        let failed = Tally()
        let served = Tally()
        let port = gateway.port
        let ended = Tally()
        for _ in 0..<4 {
            Thread.detachNewThread {
                defer { ended.add() }
                let connection = RawSocket(port: port)
                let request = "GET /orders/v1/items HTTP/1.1\r\nHost: a\r\nX-API-Key: \(Sample.key("gold"))\r\n\r\n"
                for _ in 0..<200 {
                    guard let response = connection.exchange(request), response.status == 200 else {
                        failed.add()
                        return
                    }
                    let marker = RawResponse(head: response.body).field("x-generation")
                    if marker != response.field("api-version") { mixed.add() }
                    served.add()
                }
            }
        }
        for generation in 2...60 {
            try gateway.server.activate(
                routingBytes: RoutingSnapshot.encode(
                    content(UInt64(generation)),
                    generation: UInt64(generation),
                    signer: nil
                )
            )
            pause(milliseconds: 5)
        }
        waitUntil { ended.value == 4 }
        #expect(failed.value == 0)
        #expect(mixed.value == 0)
        #expect(served.value == 800)
        #expect(gateway.server.status.generation == 60)
        await gateway.stop()
    }

    @Test("the last good artifacts are served at the next start, deltas included")
    func restart() async throws {
        let upstream = ScriptedUpstream.echo()
        let folder = TemporaryFolder()
        let first = try await TestGateway(Sample.orders(port: upstream.port), Sample.rights()) {
            $0.dataDirectory = folder.path
        }
        let delta = EntitlementDelta(
            environment: "live",
            fromSequence: 1,
            toSequence: 2,
            changes: [.removeCredential(Sample.id(101))]
        )
        try first.server.apply(entitlementBytes: delta.encode(signer: nil))
        #expect(first.server.storeFailure == nil)
        await first.stop()
        let second = try await TestGateway(nil) { $0.dataDirectory = folder.path }
        #expect(second.server.notes.isEmpty)
        #expect(second.server.status.sequence == 2)
        #expect(second.get("/orders/items", "X-API-Key: " + Sample.key("silver"))?.status == 200)
        #expect(second.get("/orders/items", "X-API-Key: " + Sample.key("gold"))?.status == 401)
        await second.stop()
    }

    @Test("after a start without a control plane knowledge is as old as it was, and what is old decides about no key")
    func age() async throws {
        let folder = TemporaryFolder()
        var configuration = GatewayConfiguration(trust: .unsignedAllowed)
        configuration.port = 0
        configuration.operationsPort = nil
        configuration.dataDirectory = folder.path
        configuration.entitlementAgeMaxSeconds = 600
        let routing = try RoutingSnapshot.encode(Sample.orders(port: 9), generation: 1, signer: nil)
        do {
            let first = try GatewayServer(configuration)
            try first.activate(routingBytes: routing)
            try first.apply(entitlementBytes: EntitlementSet.encode(Sample.rights(), sequence: 1, signer: nil))
            await first.shutdown(grace: .zero)
        }
        let hourAgo = Date(timeIntervalSinceNow: -3_600)
        for name in ["routing.snapshot", "entitlements.snapshot", "entitlements.deltas"] {
            let path = folder.path + "/" + name
            try FileManager.default.setAttributes([.modificationDate: hourAgo], ofItemAtPath: path)
        }
        let known = Int64(hourAgo.timeIntervalSince1970)
        let second = try GatewayServer(configuration)
        #expect(abs((second.status.routingConfirmedAt ?? 0) - known) <= 1)
        #expect(abs((second.status.entitlementsConfirmedAt ?? 0) - known) <= 1)
        let ports = try await second.start()
        func status() -> Int? {
            RawSocket(port: ports.gateway)
                .exchange("GET /orders/items HTTP/1.1\r\nHost: h\r\nX-API-Key: \(Sample.key("gold"))\r\n\r\n")?.status
        }
        #expect(status() == 503, "a key may have been revoked meanwhile")
        // The control plane is there again and has nothing newer.
        second.confirmRouting()
        second.confirmEntitlements()
        #expect(status() == 502, "nobody listens behind it, but the key is taken")
        await second.shutdown(grace: .zero)
        let third = try GatewayServer(configuration)
        #expect((third.status.routingConfirmedAt ?? 0) > known + 3_000)
        #expect((third.status.entitlementsConfirmedAt ?? 0) > known + 3_000)
        await third.shutdown(grace: .zero)
    }

    @Test("a corrupt snapshot file is refused, the one before it is used, and that is said")
    func corrupt() async throws {
        let upstream = ScriptedUpstream.echo()
        let folder = TemporaryFolder()
        let first = try await TestGateway(Sample.passthrough(port: upstream.port)) { $0.dataDirectory = folder.path }
        try first.server.activate(
            routingBytes: RoutingSnapshot.encode(Sample.orders(port: upstream.port), generation: 2, signer: nil)
        )
        await first.stop()
        let path = folder.path + "/routing.snapshot"
        let good = try Disk.read(path, bytesMax: 1 << 20)
        for damage in 0..<40 {
            var bytes = good
            if damage % 2 == 0 {
                bytes[bytes.count * damage / 40] ^= UInt8(1 << (damage % 8))
            } else {
                bytes.removeLast(bytes.count * damage / 40)
            }
            try Disk.replace(path, with: bytes)
            var configuration = GatewayConfiguration(trust: .unsignedAllowed)
            configuration.dataDirectory = folder.path
            let server = try GatewayServer(configuration)
            #expect(server.status.generation == 1)
            #expect(server.notes.count == 2)
            #expect(server.notes.first?.contains("routing.snapshot is not used") == true)
            await server.shutdown(grace: .zero)
        }
    }

    @Test("a delta that was cut off by a crash is dropped, and later ones are found again")
    func cutDelta() async throws {
        let folder = TemporaryFolder()
        let first = try await TestGateway(Sample.orders(port: 1), Sample.rights()) { $0.dataDirectory = folder.path }
        await first.stop()
        try Disk.append(folder.path + "/entitlements.deltas", [0, 0, 1, 0, 7, 7])
        let second = try await TestGateway(nil) { $0.dataDirectory = folder.path }
        #expect(second.server.status.sequence == 1)
        let delta = EntitlementDelta(
            environment: "live",
            fromSequence: 1,
            toSequence: 2,
            changes: [.removeCredential(Sample.id(101))]
        )
        try second.server.apply(entitlementBytes: delta.encode(signer: nil))
        await second.stop()
        let third = try await TestGateway(nil) { $0.dataDirectory = folder.path }
        #expect(third.server.status.sequence == 2)
        await third.stop()
    }

    @Test("signed artifacts are checked against the trusted key")
    func signatures() throws {
        let key = SigningKey()
        let other = SigningKey()
        let server = try GatewayServer(GatewayConfiguration(trust: .key(key.publicKey)))
        let content = Sample.orders(port: 1)
        let foreign = try RoutingSnapshot.encode(content, generation: 1, signer: other)
        let unsigned = try RoutingSnapshot.encode(content, generation: 1, signer: nil)
        #expect(throws: ActivationRefused.self) { try server.activate(routingBytes: foreign) }
        #expect(throws: ActivationRefused.rejected(.unsigned)) { try server.activate(routingBytes: unsigned) }
        try server.activate(routingBytes: RoutingSnapshot.encode(content, generation: 1, signer: key))
        #expect(server.status.generation == 1)
    }
}

@Suite("Slow and odd clients")
struct ClientTests {
    private func gateway(_ upstream: ScriptedUpstream, _ change: @escaping (inout GatewayLimits) -> Void) async throws
        -> TestGateway
    {
        try await TestGateway(Sample.passthrough(port: upstream.port)) { change(&$0.limits) }
    }

    @Test("a head that does not arrive in time is 408, a silent connection is closed, an idle one too")
    func slowHead() async throws {
        let upstream = ScriptedUpstream.echo()
        let gateway = try await gateway(upstream) {
            $0.headTimeoutMilliseconds = 200
            $0.keepAliveTimeoutMilliseconds = 200
        }
        let slow = gateway.connect()
        slow.send("GET / HTTP/1.1\r\nHo")
        #expect(slow.response()?.code == "request-timeout")
        #expect(slow.receiveAll() == "")
        let silent = gateway.connect()
        #expect(silent.receiveAll() == "")
        let idle = gateway.connect()
        #expect(idle.exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n")?.status == 200)
        #expect(idle.receiveAll() == "")
        await gateway.stop()
    }

    @Test("a body that stops is 408, and the upstream never sees a complete request")
    func slowBody() async throws {
        let complete = Tally()
        let upstream = ScriptedUpstream { connection, _ in
            _ = connection.receive(through: "\r\n\r\n")
            if connection.receive(count: 10) != nil { complete.add() }
        }
        let gateway = try await gateway(upstream) { $0.bodyIdleTimeoutMilliseconds = 200 }
        let connection = gateway.connect()
        connection.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc")
        #expect(connection.response()?.code == "request-timeout")
        #expect(complete.value == 0)
        await gateway.stop()
    }

    @Test("more connections than allowed are closed, and room is made when others leave")
    func connectionLimit() async throws {
        let upstream = ScriptedUpstream.echo()
        let gateway = try await gateway(upstream) { $0.connectionsMax = 2 }
        let request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
        let first = gateway.connect()
        var second: RawSocket? = gateway.connect()
        #expect(first.exchange(request)?.status == 200)
        #expect(second?.exchange(request)?.status == 200)
        #expect(gateway.connect().receiveAll() == "")
        second = nil
        waitUntil { gateway.server.metrics.contains("gatehouse_connections 1\n") }
        #expect(gateway.call(request)?.status == 200)
        await gateway.stop()
    }

    @Test("a fast upstream waits for a slow client instead of filling memory")
    func backPressure() async throws {
        let sent = Tally()
        let upstream = ScriptedUpstream { connection, _ in
            _ = connection.receive(through: "\r\n\r\n")
            let block = [UInt8](repeating: 65, count: 1 << 20)
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(64 << 20)\r\n\r\n")
            for _ in 0..<64 {
                connection.send(block)
                sent.add()
            }
        }
        let gateway = try await gateway(upstream) { _ in }
        let connection = gateway.connect()
        connection.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        pause(milliseconds: 500)
        #expect(sent.value < 40, "the kernel's buffers fill, and then the upstream stands still")
        var count = 0
        _ = connection.receive(through: "\r\n\r\n")
        while let more = connection.receive() {
            count += more.count
            if count >= 63 << 20 { break }
        }
        #expect(count >= 63 << 20)
        await gateway.stop()
    }

    @Test("a refusal does not read a body that is still to come, and a body that is here does not end the connection")
    func refusedBodies() async throws {
        let upstream = ScriptedUpstream.echo()
        let gateway = try await gateway(upstream) { _ in }
        let connection = gateway.connect()
        let here = try #require(connection.exchange("POST /admin HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"))
        #expect(here.code == "denied-path")
        #expect(here.field("connection") == nil)
        let coming = try #require(
            connection.exchange("POST /admin HTTP/1.1\r\nHost: h\r\nContent-Length: 30\r\n\r\nabc")
        )
        #expect(coming.field("connection") == "close")
        #expect(connection.receiveAll() == "")
        #expect(upstream.connectionCount == 0)
        await gateway.stop()
    }

    @Test("the access log has one line a request, without keys and query values")
    func accessLog() async throws {
        let upstream = ScriptedUpstream.echo()
        let pipe = Pipe()
        let gateway = try await TestGateway(Sample.orders(port: upstream.port), Sample.rights()) {
            $0.accessLog = AccessLogSettings(sink: .descriptor(pipe.fileHandleForWriting.fileDescriptor))
        }
        #expect(gateway.get("/orders/items?secret=s3cr3t", "X-API-Key: " + Sample.key("gold"))?.status == 200)
        #expect(gateway.get("/orders/items")?.status == 401)
        pause(milliseconds: 600)
        let text = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        let lines = text.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first?.contains("\"application\":\"gold\"") == true)
        #expect(lines.last?.contains("\"denied_because\":\"credential-missing\"") == true)
        #expect(!text.contains("s3cr3t"))
        #expect(!text.contains(Sample.key("gold")))
        await gateway.stop()
    }
}
