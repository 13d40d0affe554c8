import BenchProgram
import Foundation
import Gateway
import RoutingTable

/// Routing at size: how long every step of a publish takes with 40,000 routes and 1,000,000 keys, what it costs in memory, and
/// what callers notice of it.
///
/// Wall times are this machine's. What callers notice is told beside a run without publishes, and beside what the loops say
/// themselves (`gatehouse_loop_pause_seconds_max`).
enum ScaleBench {
    static let routes = 40_000
    static let keys = 1_000_000
    static let loadRoutes = 20_000
    static let loadSeconds = Double(ProcessInfo.processInfo.environment["BENCH_SECONDS"] ?? "") ?? 10

    static func run(_ arguments: [String]) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-scale-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let parts = arguments.first.map { [$0] } ?? ["tables", "load"]
        for part in parts {
            switch part {
            case "tables": try tables(folder)
            case "load": try load(folder)
            default: throw Failure("expected `tables`, `load` or nothing, not `\(part)`")
            }
        }
    }

    // MARK: Tables

    private static func tables(_ folder: URL) throws {
        let content = ScaleTables.routing(routes: routes, port: 9)
        var generation: UInt64 = 1
        let routing = try timed("routes: check and write \(routes) routes of \(content.apis.count) APIs") {
            try RoutingSnapshot.encode(content, generation: generation, signer: nil)
        }
        print("routes: \(routing.count / 1024) KiB")
        _ = timed("routes: SHA-256 of the bytes") { Digest32.sha256(of: routing) }
        _ = try timed("routes: read values") { try RoutingSnapshot.decodeContent(routing, trust: .unsignedAllowed) }
        let snapshot = try timed("routes: read and build tables") {
            try RoutingSnapshot.decode(routing, trust: .unsignedAllowed)
        }
        let rights = ScaleTables.entitlements(keys: keys, apis: content.apis.count)
        let base = try timed("keys: check and write \(keys) keys") {
            try EntitlementSet.encode(rights, sequence: 1, signer: nil)
        }
        print("keys: \(base.count / 1024) KiB")
        _ = timed("keys: SHA-256 of the bytes") { Digest32.sha256(of: base) }
        let set = try timed("keys: read and build tables") { try EntitlementSet.decode(base, trust: .unsignedAllowed) }
        let tables = timed("both: bind") { GateTables(snapshot: snapshot, entitlements: set) }
        try deltas(set, tables)

        let server = try server(folder)
        try timed("gateway: activate \(routes) routes, stored on disk") { try server.activate(routingBytes: routing) }
        try timed("gateway: activate \(keys) keys, stored on disk") { try server.apply(entitlementBytes: base) }
        var times: [Double] = []
        for edition in 0..<5 {
            generation += 1
            let changed = ScaleTables.routing(routes: routes, port: 9, changed: (edition * 7, edition))
            let bytes = try RoutingSnapshot.encode(changed, generation: generation, signer: nil)
            times.append(try milliseconds { try server.activate(routingBytes: bytes) })
        }
        report("gateway: activate with one API changed", times)
        times = []
        for step in 0..<50 {
            let delta = try oneKey(after: UInt64(step + 1)).encode(signer: nil)
            times.append(try milliseconds { try server.apply(entitlementBytes: delta) })
        }
        report("gateway: one key more, stored on disk", times)
        try blocking { await server.shutdown(grace: .zero) }
    }

    /// One key at a time over a growing overlay, and the steps on which levels are merged among them.
    private static func deltas(_ base: EntitlementSet, _ tables: GateTables) throws {
        var set = base
        var tables = tables
        var times: [Double] = []
        for step in 0..<20_000 {
            let delta = oneKey(after: UInt64(step + 1))
            times.append(
                try milliseconds {
                    set = try set.applying(delta)
                    tables = GateTables(snapshot: tables.snapshot, entitlements: set, reusing: tables)
                }
            )
            if [1_000, 4_000, 20_000].contains(step + 1) {
                report("keys: one key more, \(step + 1) changes so far", times.suffix(1_000))
            }
            if times.reduce(0, +) > 60_000 {
                print("keys: given up after \(step + 1) changes and a minute")
                break
            }
        }
        guard set.credentialCount == keys + times.count else { throw Failure("keys are missing") }
    }

    private static func oneKey(after sequence: UInt64) -> EntitlementDelta {
        EntitlementDelta(
            environment: "live",
            fromSequence: sequence,
            toSequence: sequence + 1,
            changes: [.putCredential(ScaleTables.credential(keys + Int(sequence)))]
        )
    }

    // MARK: Load

    private static func load(_ folder: URL) throws {
        let upstreamPort = try FreePort.find()
        let upstream = try self.upstream(folder, port: upstreamPort)
        try upstream.waitForPort(upstreamPort)
        print("\(loadRoutes) routes, \(keys) keys, 4 connections, 4,000 requests/s, \(loadSeconds) s each")
        let still = try round(folder, upstreamPort, publishes: false)
        let busy = try round(folder, upstreamPort, publishes: true)
        print(String(format: "slowest request: %.2f ms more with a publish every 200 ms", busy - still))
    }

    /// - Returns: the slowest request in milliseconds.
    private static func round(_ folder: URL, _ upstreamPort: Int, publishes: Bool) throws -> Double {
        let server = try server(folder.appending(path: publishes ? "busy" : "still"))
        let content = ScaleTables.routing(routes: loadRoutes, port: upstreamPort)
        try server.activate(routingBytes: try RoutingSnapshot.encode(content, generation: 1, signer: nil))
        let rights = ScaleTables.entitlements(keys: keys, apis: content.apis.count)
        try server.apply(entitlementBytes: try EntitlementSet.encode(rights, sequence: 1, signer: nil))
        let port = try blocking { try await server.start() }.gateway
        let requests = (0..<2_000).map { number in
            let application = number * 37 % (keys / ScaleTables.keysPerApplication)
            let path = ScaleTables.path(api: application % content.apis.count, route: number % 20 / 2 * 2)
            let key = ScaleTables.key(application * ScaleTables.keysPerApplication)
            return Array("GET \(path) HTTP/1.1\r\nHost: bench\r\nX-API-Key: \(key)\r\n\r\n".utf8)
        }
        let publisher = Publisher(server, routes: loadRoutes, port: upstreamPort, count: Int(loadSeconds * 5))
        if publishes { try publisher.prepare() }
        let client = PacedClient()
        try client.run(port: port, connections: 4, perSecond: 1_000, seconds: 1, requests: requests)
        let measured = PacedClient()
        if publishes { publisher.start() }
        try measured.run(port: port, connections: 4, perSecond: 1_000, seconds: loadSeconds, requests: requests)
        let times = try publisher.finish()
        let pause = server.metrics.split(separator: "\n").first { $0.hasPrefix("gatehouse_loop_pause_seconds_max") }
        try blocking { await server.shutdown(grace: .seconds(1)) }
        guard measured.failed == 0 else { throw Failure("\(measured.failed) requests were not answered 200") }
        print(
            String(
                format: "%@: p50 %.2f, p99 %.2f, p99.9 %.2f, slowest %.2f ms of %d requests; %@",
                publishes ? "publishing" : "at rest",
                measured.milliseconds(0.5),
                measured.milliseconds(0.99),
                measured.milliseconds(0.999),
                measured.milliseconds(1),
                measured.count,
                pause.map(String.init) ?? "no pause known"
            )
        )
        if publishes { report("publish to served", times) }
        return measured.milliseconds(1)
    }

    private static func upstream(_ folder: URL, port: Int) throws -> ChildProcess {
        let file = folder.appending(path: "upstream.conf")
        let text = """
            daemon off; master_process off; worker_processes 1; pid \(folder.path)/upstream.pid;
            error_log \(folder.path)/upstream.error.log warn;
            events { worker_connections 4096; }
            http {
                access_log off; keepalive_requests 100000000; client_body_temp_path \(folder.path)/body;
                proxy_temp_path \(folder.path)/proxy; fastcgi_temp_path \(folder.path)/fastcgi;
                uwsgi_temp_path \(folder.path)/uwsgi; scgi_temp_path \(folder.path)/scgi;
                server { listen 127.0.0.1:\(port); location / { default_type application/json; return 200 '{"status":"ok"}'; } }
            }
            """
        try text.write(to: file, atomically: true, encoding: .utf8)
        return try ChildProcess("nginx", ["-c", file.path], log: folder.appending(path: "upstream.log"))
    }

    // MARK: Parts

    private static func server(_ folder: URL) throws -> GatewayServer {
        var configuration = GatewayConfiguration(trust: .unsignedAllowed)
        configuration.port = 0
        configuration.operationsPort = nil
        configuration.dataDirectory = folder.appending(path: "data").path
        return try GatewayServer(configuration)
    }

    private static func timed<Value>(_ what: String, _ body: () throws -> Value) rethrows -> Value {
        var value: Value?
        let time = try milliseconds { value = try body() }
        print(String(format: "%@: %.1f ms", what, time))
        guard let value else { preconditionFailure("the body ran") }
        return value
    }

    static func milliseconds(_ body: () throws -> Void) rethrows -> Double {
        let start = DispatchTime.now().uptimeNanoseconds
        try body()
        return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e6
    }

    private static func report(_ what: String, _ times: some Collection<Double>) {
        let sorted = times.sorted()
        print(
            String(
                format: "%@: median %.2f ms, slowest %.2f ms of %d",
                what,
                sorted[sorted.count / 2],
                sorted[sorted.count - 1],
                sorted.count
            )
        )
    }

    /// Waits for asynchronous work on this thread.
    @discardableResult
    private static func blocking<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value
    {
        let done = DispatchSemaphore(value: 0)
        let box = ResultBox<Value>()
        Task {
            do { box.result = .success(try await body()) } catch { box.result = .failure(error) }
            done.signal()
        }
        done.wait()
        guard let result = box.result else { preconditionFailure("the task ended without a result") }
        return try result.get()
    }
}

/// Carries a result out of a task.
private final class ResultBox<Value>: @unchecked Sendable {
    // SAFETY: written before the semaphore is signaled, read after it was waited for.
    var result: Result<Value, any Error>?
}

/// Publishes an API of many over and over, every 200 ms, on a thread of its own.
final class Publisher: @unchecked Sendable {
    // SAFETY: `times` and `failure` are written by the thread alone and read after it has ended.
    private let server: GatewayServer
    private let routes: Int
    private let port: Int
    private let count: Int
    private var artifacts: [[UInt8]] = []
    private var times: [Double] = []
    private var failure: (any Error)?
    private let done = DispatchSemaphore(value: 0)
    private var isStarted = false

    init(_ server: GatewayServer, routes: Int, port: Int, count: Int) {
        (self.server, self.routes, self.port, self.count) = (server, routes, port, count)
    }

    /// Writes the artifacts beforehand: that is the control plane's work, on another machine.
    func prepare() throws {
        for edition in 0..<count {
            let content = ScaleTables.routing(routes: routes, port: port, changed: (edition * 7 % 1_000, edition))
            artifacts.append(try RoutingSnapshot.encode(content, generation: UInt64(edition + 2), signer: nil))
        }
    }

    func start() {
        isStarted = true
        let thread = Thread { [self] in
            let start = DispatchTime.now().uptimeNanoseconds
            for (number, artifact) in artifacts.enumerated() {
                let due = start + UInt64(number) * 200_000_000
                let now = DispatchTime.now().uptimeNanoseconds
                if due > now { usleep(UInt32((due - now) / 1000)) }
                do {
                    times.append(try ScaleBench.milliseconds { try server.activate(routingBytes: artifact) })
                } catch {
                    failure = error
                    break
                }
            }
            done.signal()
        }
        thread.start()
    }

    /// Waits for the end.
    ///
    /// - Returns: milliseconds of each publish.
    func finish() throws -> [Double] {
        guard isStarted else { return [] }
        done.wait()
        if let failure { throw failure }
        return times
    }
}
