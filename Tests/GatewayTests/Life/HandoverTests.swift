import Foundation
import RoutingTable
import Testing

@testable import Gateway

@Suite("Handing over to another process", .serialized)
struct HandoverTests {
    /// One generation of the gateway with its place at `path`: what `gatehouse gateway --take-over` does.
    private struct Life {
        let server: GatewayServer
        let port: Int
        let operationsPort: Int
        let securePort: Int
        let point: HandoverPoint
        let end: Task<Bool, Never>

        init(
            at path: String,
            _ content: RoutingContent,
            _ rights: EntitlementContent? = nil,
            loops: Int = 2,
            folder: String? = nil,
            tls: TLSSettings? = nil
        ) async throws {
            let succession = try await Succession.begin(at: path)
            var configuration = GatewayConfiguration(trust: .unsignedAllowed)
            configuration.port = 0
            configuration.operationsPort = 0
            configuration.loops = loops
            configuration.dataDirectory = folder
            configuration.tls = tls
            configuration.limits.handoverIdleMilliseconds = 60_000
            configuration.limits.loopDelayMaxMilliseconds = nil
            configuration.inherited = succession?.sockets ?? InheritedSockets()
            let server = try GatewayServer(configuration)
            try server.activate(routingBytes: RoutingSnapshot.encode(content, generation: 1, signer: nil))
            if let rights {
                try server.apply(entitlementBytes: EntitlementSet.encode(rights, sequence: 1, signer: nil))
            }
            try await succession?.claim(for: server)
            let ports = try await server.start()
            try succession?.confirm()
            let point = try HandoverPoint(at: path, of: server)
            self.server = server
            self.point = point
            port = ports.gateway
            operationsPort = ports.operations ?? 0
            securePort = ports.secure ?? 0
            end = Task {
                let isHandedOver = await point.run()
                await server.shutdown(grace: .seconds(60))
                return isHandedOver
            }
        }

        func stop() async -> Bool {
            end.cancel()
            return await end.value
        }
    }

    @Test(
        "five processes after one another under load: no connection is refused, no request fails",
        .timeLimit(.minutes(5))
    )
    func restarts() async throws {
        let folder = TemporaryFolder()
        let upstream = ScriptedUpstream.echo()
        let path = folder.path + "/take-over"
        var life = try await Life(at: path, Sample.passthrough(port: upstream.port))
        let (port, operationsPort) = (life.port, life.operationsPort)
        let callers = Callers(port: port, keeping: 4, fresh: 3)
        var ends: [Task<Bool, Never>] = []
        // Fewer and more loops than there are sockets, too.
        for loops in [2, 1, 3, 2, 2] {
            #expect(await callers.serve(100))
            ends.append(life.end)
            life = try await Life(at: path, Sample.passthrough(port: upstream.port), loops: loops)
            #expect(life.port == port)
            #expect(life.operationsPort == operationsPort)
            #expect(RawSocket(port: operationsPort).exchange("GET /readyz HTTP/1.1\r\nHost: o\r\n\r\n")?.status == 200)
        }
        #expect(await callers.serve(100))
        await callers.stop()
        for end in ends { #expect(await end.value, "it ends because it was handed over") }
        print("figure: 5 hand-overs under load: \(callers.served.value) served, faults \(callers.faultsFound)")
        #expect(callers.faultsFound == [:])
        #expect(await life.stop() == false)
        #expect(!FileManager.default.fileExists(atPath: path), "the last one clears its place")
    }

    @Test(
        "an answer that had begun before does not end its connection: the next one says that it closes",
        .timeLimit(.minutes(2))
    )
    func begunBefore() async throws {
        let headIsOut = DispatchSemaphore(value: 0)
        let goesOn = DispatchSemaphore(value: 0)
        let upstream = ScriptedUpstream { connection, _ in
            while let head = connection.receive(through: "\r\n\r\n") {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")
                if head.contains("/long") {
                    headIsOut.signal()
                    goesOn.wait()
                }
                connection.send("ok")
            }
        }
        let gateway = try await TestGateway(Sample.passthrough(port: upstream.port)) {
            $0.limits.drainIdleMilliseconds = 60_000
        }
        let connection = gateway.connect()
        connection.send("GET /long HTTP/1.1\r\nHost: h\r\n\r\n")
        await offPool { headIsOut.wait() }
        #expect(connection.receive(through: "\r\n\r\n")?.lowercased().contains("connection: close") == false)
        let port = gateway.port
        let server = gateway.server
        async let stopped: Void = server.shutdown(grace: .seconds(60))
        #expect(await until(within: 100) { RawSocket.open(port: port) == nil })
        goesOn.signal()
        #expect(connection.receive(count: 2) == "ok")
        let next = connection.exchange("GET /next HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(next?.body == "ok")
        #expect(next?.field("connection") == "close")
        #expect(connection.receiveAll() == "")
        await stopped
    }

    @Test("a successor that ends before it serves leaves everything as it was", .timeLimit(.minutes(2)))
    func abandoned() async throws {
        let folder = TemporaryFolder()
        let upstream = ScriptedUpstream.echo()
        let path = folder.path + "/take-over"
        let life = try await Life(at: path, Sample.passthrough(port: upstream.port), folder: folder.path + "/data")
        let callers = Callers(port: life.port, keeping: 2, fresh: 2)
        // Before it is ready.
        do {
            let early = try #require(try await Succession.begin(at: path))
            #expect(early.sockets.gateway.count == 2)
            #expect(early.sockets.operations != nil)
            #expect(early.sockets.ledger != nil)
            for descriptor in early.sockets.gateway { close(descriptor) }
        }
        #expect(await callers.serve(20))
        // When the first accepts no more.
        do {
            let late = try #require(try await Succession.begin(at: path))
            let other = try GatewayServer(GatewayConfiguration(trust: .unsignedAllowed))
            await #expect(throws: HandoverFailure.noTables) { try await late.claim(for: other) }
            try await late.claim(for: life.server)
            for descriptor in late.sockets.gateway { close(descriptor) }
        }
        #expect(await callers.serve(100))
        // What came while a successor read the files is kept when it is gone.
        do {
            let reader = try #require(try await Succession.begin(at: path))
            let content = Sample.passthrough(port: upstream.port)
            try life.server.activate(routingBytes: RoutingSnapshot.encode(content, generation: 2, signer: nil))
            let kept = try Disk.read(folder.path + "/data/routing.snapshot", bytesMax: 1 << 20)
            #expect(kept == (try RoutingSnapshot.encode(content, generation: 1, signer: nil)))
            for descriptor in reader.sockets.gateway { close(descriptor) }
        }
        let newer = try RoutingSnapshot.encode(Sample.passthrough(port: upstream.port), generation: 2, signer: nil)
        let file = folder.path + "/data/routing.snapshot"
        #expect(await until { (try? Disk.read(file, bytesMax: 1 << 20)) == newer })
        await callers.stop()
        #expect(callers.faultsFound == [:])
        #expect(await life.stop() == false)
    }

    @Test("a quota is exact across a hand-over, for the process that ends as well", .timeLimit(.minutes(2)))
    func quota() async throws {
        let folder = TemporaryFolder()
        let upstream = ScriptedUpstream.echo()
        let path = folder.path + "/take-over"
        let rights = Sample.rights { content in
            for index in content.subscriptions.indices {
                content.subscriptions[index].limits = [
                    .init(name: "year", kind: .quota, amount: 40, window: .calendar(.year), algorithm: .fixedWindow)
                ]
            }
        }
        var content = Sample.orders(port: upstream.port)
        content.upstreams[0].headerTimeoutMilliseconds = 60_000
        content.upstreams[0].connectTimeoutMilliseconds = 60_000
        let served = content
        func life() async throws -> Life {
            try await Life(at: path, served, rights, folder: folder.path + "/data")
        }
        func call(_ connection: RawSocket, _ key: String) -> Int? {
            connection.exchange("GET /orders/items HTTP/1.1\r\nHost: h\r\nX-API-Key: \(Sample.key(key))\r\n\r\n")?
                .status
        }
        let first = try await life()
        // Connections that stay with the first one, for one more request each.
        let old = (0..<20).map { _ in RawSocket(port: first.port) }
        for connection in old { #expect(call(connection, "gold") == 200) }
        let second = try await life()
        let new = RawSocket(port: second.port)
        var admitted = old.count
        // `silver` was never asked for before: both processes give it a place, and it has to be one.
        var silver = 0
        for connection in old.prefix(10) { if call(connection, "gold") == 200 { admitted += 1 } }
        for _ in 0..<30 {
            if call(new, "gold") == 200 { admitted += 1 }
            if call(new, "silver") == 200 { silver += 1 }
        }
        for connection in old.dropFirst(10) { if call(connection, "silver") == 200 { silver += 1 } }
        for _ in 0..<10 { if call(new, "silver") == 200 { silver += 1 } }
        #expect(admitted == 40)
        #expect(silver == 40)
        for connection in old { #expect(connection.receiveAll() == "", "each is closed after its answer") }
        #expect(await first.end.value)
        #expect(call(new, "gold") == 429, "and the count is still there when the first one is gone")
        // The lock went along: a stranger is refused while the second one lives.
        var stranger = GatewayConfiguration(trust: .unsignedAllowed)
        stranger.dataDirectory = folder.path + "/data"
        #expect(throws: GatewayFailure.dataDirectoryInUse(folder.path + "/data")) { try GatewayServer(stranger) }
        #expect(await second.stop() == false)
        let third = try await life()
        #expect(call(RawSocket(port: third.port), "silver") == 429)
        _ = await third.stop()
    }

    @Test("the sockets for TLS go along", .timeLimit(.minutes(2)))
    func secure() async throws {
        let folder = TemporaryFolder()
        let upstream = ScriptedUpstream.echo()
        let path = folder.path + "/take-over"
        let shop = TLSWorkshop()
        try await shop.authority("ca")
        try await shop.certificate("shop", for: ["shop.test"], by: "ca")
        let settings = shop.settings("shop")
        func life() async throws -> Life {
            try await Life(at: path, Sample.passthrough(port: upstream.port), tls: settings)
        }
        let first = try await life()
        let second = try await life()
        #expect(second.securePort == first.securePort)
        #expect(await first.end.value)
        let address = "shop.test:\(second.securePort)"
        let answer = await Tool.run([
            "curl", "-sS", "--max-time", "20", "--cacert", shop.path("ca.crt"), "--resolve", address + ":127.0.0.1",
            "https://" + address + "/",
        ])
        #expect(answer.status == 0, "\(answer.output)")
        #expect(answer.output.contains("X-Forwarded-Proto: https"))
        _ = await second.stop()
    }

    @Test("who says something else, or nothing, changes nothing")
    func strangers() async throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/take-over"
        #expect(try await Succession.begin(at: path) == nil, "nobody is there")
        let life = try await Life(at: path, Sample.passthrough(port: 1))
        let line = HandoverLine(chandover(path))
        #expect(line.isOwnUser)
        try line.send("gatehouse-take-over 99")
        #expect(throws: HandoverFailure.ended) { try line.receive(withinSeconds: 300) }
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let file = folder.path + "/orders.yaml"
        try "openapi: 3.1.0".write(toFile: file, atomically: true, encoding: .utf8)
        await #expect(throws: HandoverFailure.notASocket(file)) { try await Succession.begin(at: file) }
        #expect(throws: HandoverFailure.notASocket(file)) { try HandoverPoint(at: file, of: life.server) }
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "openapi: 3.1.0", "nobody's file is replaced")
        let long = folder.path + String(repeating: "x", count: 120)
        await #expect(throws: HandoverFailure.self) { try await Succession.begin(at: long) }
        #expect(throws: HandoverFailure.self) { try HandoverPoint(at: long, of: life.server) }
        #expect(!life.server.isHandedOver)
        // One that never comes to the point does not keep the process from ending.
        let undecided = try #require(try await Succession.begin(at: path))
        let start = Date()
        #expect(await life.stop() == false)
        #expect(Date().timeIntervalSince(start) < 60)
        for descriptor in undecided.sockets.gateway { close(descriptor) }
    }

    private func chandover(_ path: String) -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        precondition(status == 0, "cannot connect to \(path)")
        return descriptor
    }
}

@Suite("Sockets and notices of a service manager")
struct ServiceManagerTests {
    private func listening() -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = RawSocket.address(0)
        withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        listen(descriptor, 16)
        return descriptor
    }

    @Test("sockets are told apart by name, and one that no other may stand beside is shared by the loops")
    func activated() async throws {
        let upstream = ScriptedUpstream.echo()
        let (callers, metrics) = (listening(), listening())
        let sockets = try InheritedSockets.named("api:metrics", descriptors: [callers, metrics])
        #expect(sockets.gateway == [callers])
        #expect(sockets.operations == metrics)
        let gateway = try await TestGateway(Sample.passthrough(port: upstream.port)) {
            $0.inherited = sockets
            $0.loops = 3
            // Taken from the sockets, not from here.
            $0.port = 1
            $0.operationsPort = 1
        }
        let load = Callers(port: gateway.port, keeping: 2, fresh: 2)
        #expect(await load.serve(100))
        await load.stop()
        #expect(load.faultsFound == [:])
        #expect(gateway.operations("/readyz")?.status == 200)
        await gateway.stop()
        #expect(RawSocket.open(port: gateway.port) == nil)
    }

    @Test("only what was passed to this process counts, and what is no listening socket is refused")
    func refused() throws {
        let mine = ["LISTEN_PID": "\(getpid())", "LISTEN_FDS": "1"]
        #expect(try InheritedSockets.activated(by: [:], process: getpid()) == nil)
        #expect(try InheritedSockets.activated(by: ["LISTEN_FDS": "1"], process: getpid()) == nil)
        #expect(try InheritedSockets.activated(by: mine, process: getpid() + 1) == nil)
        var fields = mine
        fields["LISTEN_FDS"] = "0"
        #expect(try InheritedSockets.activated(by: fields, process: getpid()) == nil)
        let plain = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #expect(throws: GatewayFailure.self) { try InheritedSockets.named("api", descriptors: [plain]) }
        close(plain)
        let (first, second) = (listening(), listening())
        #expect(throws: GatewayFailure.inherited(reason: "no socket is for callers")) {
            try InheritedSockets.named("metrics", descriptors: [first])
        }
        #expect(throws: GatewayFailure.inherited(reason: "two sockets are called `metrics`")) {
            try InheritedSockets.named("metrics:metrics", descriptors: [first, second])
        }
        #expect(try InheritedSockets.named(nil, descriptors: [first, second]).gateway == [first, second])
        let both = try InheritedSockets.named("gateway-tls:api", descriptors: [first, second])
        #expect((both.secure, both.gateway) == ([first], [second]))
        close(first)
        close(second)
    }

    @Test("the service manager hears that this process is ready, at a path and at an abstract name")
    func notices() throws {
        let folder = TemporaryFolder()
        for name in [folder.path + "/notify", "@gatehouse-test-\(UUID().uuidString)"] {
            let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { bytes in
                bytes.copyBytes(from: name.utf8)
                if name.hasPrefix("@") { bytes[0] = 0 }
            }
            let length =
                name.hasPrefix("@")
                ? MemoryLayout<sockaddr_un>.offset(of: \.sun_path)! + name.utf8.count : MemoryLayout<sockaddr_un>.size
            let bound = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(length)) }
            }
            #expect(bound == 0)
            #expect(ServiceNotice.ready.send(to: ["NOTIFY_SOCKET": name], process: 77))
            #expect(ServiceNotice.stopping.send(to: ["NOTIFY_SOCKET": name]))
            let connection = RawSocket(descriptor: descriptor)
            #expect(connection.receive().map { String(decoding: $0, as: UTF8.self) } == "READY=1\nMAINPID=77")
            #expect(connection.receive().map { String(decoding: $0, as: UTF8.self) } == "STOPPING=1")
        }
        #expect(ServiceNotice.ready.send(to: [:]), "where nobody asked, nothing is sent")
        #expect(!ServiceNotice.ready.send(to: ["NOTIFY_SOCKET": folder.path + "/nobody"]))
    }
}
