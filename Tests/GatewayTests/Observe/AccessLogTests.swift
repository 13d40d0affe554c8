import Foundation
import RoutingTable
import Testing

@testable import Gateway

@Suite("The access log")
struct AccessLogTests {
    @Test("a line has the fields of a request: names, route, upstream, attempts, times; no key and no query value")
    func fields() async throws {
        let upstream = ScriptedUpstream.echo()
        let log = LogPipe()
        let gateway = try await TestGateway(Sample.orders(port: upstream.port), Sample.rights()) {
            $0.accessLog = AccessLogSettings(sink: log.sink)
        }
        let key = Sample.key("gold")
        let answer = gateway.get("/orders/items?page=2&secret=s3cr3t", "X-API-Key: " + key, "X-Request-Id: mine-1")
        #expect(answer?.status == 200)
        #expect(gateway.get("/orders/items")?.status == 401)
        #expect(gateway.call("BAD\r\n\r\n")?.status == 400)
        let lines = await log.objects(3)
        try #require(lines.count == 3)
        let good = lines[0]
        let expected = [
            "level": "info", "msg": "request", "logger": "access", "request_id": "mine-1", "api": "orders",
            "version": "1.2.0", "operation": "list", "application": "gold", "credential_start": "gh_live_gold",
            "method": "GET", "route": "/items", "path": "/orders/items", "status": "200", "upstream": "u",
            "target": "127.0.0.1:\(upstream.port)", "attempts": "1", "bytes_in": "0",
        ]
        for (name, value) in expected where name != "version" { #expect(good[name] == value, "\(name)") }
        #expect(good["version"]?.isEmpty == false)
        #expect(good["ts"]?.hasSuffix("Z") == true && Double(good["duration_ms"] ?? "") != nil)
        #expect(
            Double(good["upstream_ms"] ?? "") != nil
                && UInt64(good["bytes_out"] ?? "") == UInt64(answer!.body.utf8.count)
        )
        #expect(good["query"] == nil && good["denied_because"] == nil && good["upstream_error"] == nil)
        #expect(lines[1]["denied_because"] == "credential-missing" && lines[1]["level"] == "warning")
        #expect(lines[1]["attempts"] == nil && lines[1]["upstream"] == nil)
        #expect(lines[2]["status"] == "400" && lines[2]["path"] == nil)
        #expect(!log.lines.all.contains("s3cr3t") && !log.lines.all.contains(key))
        await gateway.stop()
    }

    @Test("query parameters that were named are shown, and a key never is, even where its parameter was named")
    func query() async throws {
        let upstream = ScriptedUpstream.echo()
        let log = LogPipe()
        let content = Sample.orders(port: upstream.port) { api in
            for index in api.versions.indices { api.versions[index].schemes[0].place = .apiKeyQuery("api_key") }
        }
        let gateway = try await TestGateway(content, Sample.rights()) {
            var settings = AccessLogSettings(sink: log.sink)
            settings.queryParameters = ["page", "a b", "api_key"]
            $0.accessLog = settings
        }
        let key = Sample.key("gold")
        #expect(gateway.get("/orders/items?page=2&secret=no&a%20b=x%26&api_key=\(key)&page=3")?.status == 200)
        let line = await log.objects(1).first
        #expect(line?["query"] == "page=2&a%20b=x%26&page=3")
        #expect(!log.lines.all.contains(key))
        await gateway.stop()
    }

    @Test("limits, lost upstreams and retries are in the line")
    func causes() async throws {
        let log = LogPipe()
        let dying = ScriptedUpstream { connection, _ in _ = connection.receive(through: "\r\n\r\n") }
        let gateway = try await TestGateway(Sample.orders(port: dying.port), Sample.rights()) {
            $0.accessLog = AccessLogSettings(sink: log.sink)
        }
        for _ in 0..<4 { _ = gateway.get("/orders/items", "X-API-Key: " + Sample.key("tight")) }
        let lines = await log.objects(4)
        try #require(lines.count == 4)
        #expect(lines[0]["upstream_error"] == "connection_terminated" && lines[0]["status"] == "502")
        #expect(lines[0]["denied_because"] == "upstream-connection-lost" && lines[0]["level"] == "error")
        #expect(lines[0]["attempts"] == "1")
        #expect(lines[3]["limit"] == "second" && lines[3]["denied_because"] == "rate-limit-exceeded")
        let errors = "gatehouse_upstream_errors_total{upstream=\"u\",error=\"connection_terminated\"}"
        #expect(gateway.sample(errors) == 3)
        await gateway.stop()
    }

    @Test("a share of 0 writes what went wrong and nothing else, or nothing at all", arguments: [true, false])
    func sampled(_ alwaysFaults: Bool) async throws {
        let upstream = ScriptedUpstream.echo()
        let log = LogPipe()
        let gateway = try await TestGateway(Sample.passthrough(port: upstream.port)) {
            var settings = AccessLogSettings(sink: log.sink)
            settings.share = 0
            settings.alwaysFaults = alwaysFaults
            $0.accessLog = settings
        }
        for _ in 0..<20 { #expect(gateway.get("/x")?.status == 200) }
        #expect(gateway.get("/admin")?.status == 403)
        await gateway.stop()
        let lines = await log.objects(alwaysFaults ? 1 : 0)
        #expect(lines.map { $0["status"] } == (alwaysFaults ? ["403"] : []))
    }

    @Test("a share takes about its part of the requests")
    func share() async throws {
        let upstream = ScriptedUpstream.echo()
        let log = LogPipe()
        let gateway = try await TestGateway(Sample.passthrough(port: upstream.port)) {
            var settings = AccessLogSettings(sink: log.sink)
            settings.share = 0.25
            $0.accessLog = settings
        }
        let connection = gateway.connect()
        for _ in 0..<800 { #expect(connection.exchange("GET /x HTTP/1.1\r\nHost: h\r\n\r\n")?.status == 200) }
        await gateway.stop()
        // Binomial with standard deviation 12.2: seven of them to either side.
        let count = log.lines.objects.count
        #expect((115...285).contains(count), "\(count)")
    }

    @Test("nobody waits for a reader that does not read: lines are dropped and counted, and the gateway still ends")
    func slowReader() async throws {
        let upstream = ScriptedUpstream.echo()
        let log = LogPipe(isRead: false)
        let gateway = try await TestGateway(Sample.passthrough(port: upstream.port)) {
            $0.accessLog = AccessLogSettings(sink: log.sink)
            $0.limits.accessLogBacklogBytesMax = 16 * 1024
        }
        let connection = gateway.connect()
        var answered = 0
        // 64 kB of pipe and 16 kB of queue hold some 250 lines.
        for _ in 0..<1000 where connection.exchange("GET /x HTTP/1.1\r\nHost: h\r\n\r\n")?.status == 200 {
            answered += 1
        }
        #expect(answered == 1000)
        let dropped = await found {
            gateway.sample("gatehouse_access_log_dropped_total").flatMap { $0 > 500 ? $0 : nil }
        }
        #expect(dropped != nil)
        await gateway.stop()
    }

    @Test("after a rename, lines go to a new file: at the signal, and without one within moments")
    func reopens() async throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/access.log"
        let upstream = ScriptedUpstream.echo()
        let gateway = try await TestGateway(Sample.passthrough(port: upstream.port)) {
            $0.accessLog = AccessLogSettings(sink: .file(path))
        }
        @Sendable func paths(_ file: String) -> [String] {
            LogLines.objects((try? String(contentsOfFile: file, encoding: .utf8)) ?? "").compactMap { $0["path"] }
        }
        #expect(gateway.get("/one")?.status == 200)
        #expect(await found { paths(path) == ["/one"] ? true : nil } == true)
        try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
        gateway.server.reopenAccessLog()
        #expect(await found { FileManager.default.fileExists(atPath: path) ? true : nil } == true)
        #expect(gateway.get("/two")?.status == 200)
        #expect(await found { paths(path) == ["/two"] ? true : nil } == true)
        try FileManager.default.moveItem(atPath: path, toPath: path + ".2")
        #expect(await found { FileManager.default.fileExists(atPath: path) ? true : nil } == true)
        #expect(gateway.get("/three")?.status == 200)
        await gateway.stop()
        #expect(paths(path) == ["/three"], "the end writes what is left")
        #expect(paths(path + ".1") == ["/one"] && paths(path + ".2") == ["/two"])
    }

    @Test(
        "syslog gets each line as an RFC 5424 message: over a socket of this machine, and over UDP",
        arguments: [true, false]
    )
    func syslog(_ isLocal: Bool) async throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/log"
        let receiver = DatagramReceiver(path: isLocal ? path : nil)
        let upstream = ScriptedUpstream.echo()
        let gateway = try await TestGateway(Sample.passthrough(port: upstream.port)) {
            $0.accessLog = AccessLogSettings(
                sink: isLocal ? .syslogSocket(path) : .syslogUDP(host: "127.0.0.1", port: receiver.port)
            )
        }
        for path in ["/one", "/two"] {
            #expect(gateway.get(path)?.status == 200)
            let message = try #require(await offPool { receiver.receive() })
            let pattern = /<134>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \S+ gatehouse \d+ access - (\{.*\})/
            let match = try #require(message.wholeMatch(of: pattern))
            #expect(LogLines.objects(String(match.1) + "\n").first?["path"] == path)
        }
        await gateway.stop()
    }

    @Test("a syslog daemon that was started anew is found again")
    func syslogComesBack() async throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/log"
        let upstream = ScriptedUpstream.echo()
        let first = DatagramReceiver(path: path)
        let gateway = try await TestGateway(Sample.passthrough(port: upstream.port)) {
            $0.accessLog = AccessLogSettings(sink: .syslogSocket(path))
        }
        #expect(gateway.get("/one")?.status == 200)
        let message = await offPool { first.receive() }
        #expect(message?.contains("/one") == true)
        first.stop()
        try FileManager.default.removeItem(atPath: path)
        let second = DatagramReceiver(path: path)
        let arrived = await found {
            _ = gateway.get("/again")
            var timeout = timeval(tv_sec: 0, tv_usec: 200_000)
            setsockopt(second.descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
            return second.receive()
        }
        #expect(arrived?.contains("/again") == true)
        await gateway.stop()
    }

    @Test("a sink that cannot be opened keeps the gateway from starting, and says why")
    func unusable() async throws {
        let folder = TemporaryFolder()
        for sink: AccessLogSettings.Sink in [
            .file(folder.path), .syslogSocket(folder.path + "/nobody"),
            .syslogSocket(String(repeating: "x", count: 200)),
        ] {
            var configuration = GatewayConfiguration(trust: .unsignedAllowed)
            configuration.accessLog = AccessLogSettings(sink: sink)
            #expect { try GatewayServer(configuration) } throws: { error in
                if case .accessLog(let reason) = error as? GatewayFailure { return !reason.isEmpty }
                return false
            }
        }
    }

    @Test(
        "sinks are read as people write them",
        arguments: [
            ("-", .descriptor(1)), ("/var/log/x.log", .file("/var/log/x.log")), ("syslog", .syslogSocket("/dev/log")),
            ("syslog:", .syslogSocket("/dev/log")), ("syslog:/run/s", .syslogSocket("/run/s")),
            ("syslog://h", .syslogUDP(host: "h", port: 514)), ("syslog://h:1514", .syslogUDP(host: "h", port: 1514)),
            ("syslog://[::1]:5", .syslogUDP(host: "::1", port: 5)),
            ("syslog://[::1]", .syslogUDP(host: "::1", port: 514)),
            ("syslog:nonsense", nil), ("syslog://", nil), ("syslog://h:0", nil), ("syslog://h:x", nil),
        ] as [(String, AccessLogSettings.Sink?)]
    )
    func sinks(_ text: String, _ sink: AccessLogSettings.Sink?) { #expect(AccessLogSettings.Sink(text) == sink) }
}
