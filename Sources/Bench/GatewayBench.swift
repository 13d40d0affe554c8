import Foundation

/// CPU a proxied request costs the gateway with key, grant, pin, rate limit and metrics on, beside what nginx's plain
/// `proxy_pass` costs it with keep-alive upstreams, in one run: one core for the proxy, the other for the load and the upstream.
///
/// CPU time comes from the kernel's account of the proxy's threads, so it does not depend on who else uses the machine;
/// requests a second and latency do.
enum GatewayBench {
    static let rounds = 3
    static let seconds = Int(ProcessInfo.processInfo.environment["BENCH_SECONDS"] ?? "") ?? 6
    static let connections = 32
    /// A key of another format than ours: such keys are imported and taken as they are.
    static let key = "imported-benchmark-key-0001"

    /// One run of the load generator against one proxy.
    struct Sample {
        let cpuMicroseconds: Double
        let requestsPerSecond: Double
        let p50: String
        let p99: String
        let failed: Int
    }

    static func run(_ arguments: [String]) throws {
        let binary = arguments.first ?? ".build/release/gatehouse"
        let folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-bench-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }

        let upstreamPort = try FreePort.find()
        let upstream = try nginx(
            "upstream",
            folder: folder,
            core: 1,
            server: """
                listen 127.0.0.1:\(upstreamPort); location / { default_type application/json; return 200 '{"status":"ok"}'; }
                """
        )
        try upstream.waitForPort(upstreamPort)

        let nginxPort = try FreePort.find()
        let peer = try nginx(
            "proxy",
            folder: folder,
            core: 0,
            server: """
                listen 127.0.0.1:\(nginxPort);
                location / { proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection ""; }
                """,
            upstream:
                "upstream backend { server 127.0.0.1:\(upstreamPort); keepalive 64; keepalive_requests 100000000; }"
        )
        try peer.waitForPort(nginxPort)

        let manifest = folder.appending(path: "bench.yaml")
        try BenchManifest.text(upstreamPort: upstreamPort, key: key).write(
            to: manifest,
            atomically: true,
            encoding: .utf8
        )
        let snapshot = folder.appending(path: "bench.snapshot").path
        _ = try ChildProcess.output(binary, ["compile", "-f", manifest.path, "--output", snapshot])
        let gatewayPort = try FreePort.find()
        let gateway = try ChildProcess(
            binary,
            [
                "gateway", "--snapshot", snapshot, "--allow-unsigned", "--loops", "1", "--data-dir", folder.path,
                "--gateway-listen", "127.0.0.1:\(gatewayPort)", "--metrics-listen", "127.0.0.1:0",
            ],
            core: 0,
            log: folder.appending(path: "gateway.log")
        )
        try gateway.waitForPort(gatewayPort)

        print("proxy      round   µs CPU/request        req/s       p50       p99   not 2xx")
        var peers: [Sample] = []
        var ours: [Sample] = []
        for round in 1...rounds {
            peers.append(try measure("nginx", round, peer, port: nginxPort))
            ours.append(try measure("gatehouse", round, gateway, port: gatewayPort))
        }
        let nginxCost = median(peers.map(\.cpuMicroseconds))
        let ourCost = median(ours.map(\.cpuMicroseconds))
        print(String(format: "\nnginx proxy_pass, plain              %6.2f µs (median of %d)", nginxCost, rounds))
        print(String(format: "gatehouse, key+grant+pin+rate+metrics %5.2f µs", ourCost))
        print(String(format: "ratio                                 %5.2f", ourCost / nginxCost))
        print("memory of the gateway: \(try gateway.memoryKibibytes().peak / 1024) MiB at its highest")
        guard (peers + ours).allSatisfy({ $0.failed == 0 }) else {
            throw Failure("not every answer was 2xx; the figures say nothing")
        }
    }

    private static func measure(_ name: String, _ round: Int, _ proxy: ChildProcess, port: Int) throws -> Sample {
        _ = try wrk(port: port, seconds: 1)
        let before = try proxy.cpuNanoseconds()
        let text = try wrk(port: port, seconds: seconds)
        let cpu = try proxy.cpuNanoseconds() - before
        guard let requests = number(text, after: "", before: " requests in"), requests > 0 else {
            throw Failure("wrk counted no requests: \(text)")
        }
        let sample = Sample(
            cpuMicroseconds: Double(cpu) / 1000 / requests,
            requestsPerSecond: number(text, after: "Requests/sec:", before: "\n") ?? 0,
            p50: word(text, after: "50%"),
            p99: word(text, after: "99%"),
            failed: Int(number(text, after: "Non-2xx or 3xx responses:", before: "\n") ?? 0)
        )
        let line = [
            name.padding(toLength: 10, withPad: " ", startingAt: 0), String(format: "%5d", round),
            String(format: "%16.2f", sample.cpuMicroseconds), String(format: "%12.0f", sample.requestsPerSecond),
            String(repeating: " ", count: max(0, 9 - sample.p50.count)) + sample.p50,
            String(repeating: " ", count: max(0, 9 - sample.p99.count)) + sample.p99,
            String(format: "%9d", sample.failed),
        ]
        print(line.joined(separator: " "))
        return sample
    }

    private static func wrk(port: Int, seconds: Int) throws -> String {
        try ChildProcess.output(
            "wrk",
            [
                "-t1", "-c\(connections)", "-d\(seconds)s", "--latency", "-H", "X-API-Key: \(key)",
                "http://127.0.0.1:\(port)/orders/orders/42",
            ],
            core: 1
        )
    }

    /// A single-process nginx whose `server` block is given.
    private static func nginx(_ name: String, folder: URL, core: Int, server: String, upstream: String = "") throws
        -> ChildProcess
    {
        let file = folder.appending(path: "\(name).conf")
        let text = """
            daemon off; master_process off; worker_processes 1; pid \(folder.path)/\(name).pid;
            error_log \(folder.path)/\(name).error.log warn;
            events { worker_connections 1024; }
            http {
                access_log off; keepalive_requests 100000000; client_body_temp_path \(folder.path)/\(name)-body;
                proxy_temp_path \(folder.path)/\(name)-proxy; fastcgi_temp_path \(folder.path)/\(name)-fastcgi;
                uwsgi_temp_path \(folder.path)/\(name)-uwsgi; scgi_temp_path \(folder.path)/\(name)-scgi;
                \(upstream)
                server { \(server) }
            }
            """
        try text.write(to: file, atomically: true, encoding: .utf8)
        return try ChildProcess("nginx", ["-c", file.path], core: core, log: folder.appending(path: "\(name).log"))
    }

    /// The number on the line that holds both marks, between them.
    private static func number(_ text: String, after: String, before: String) -> Double? {
        for line in text.split(separator: "\n") {
            let whole = line + "\n"
            guard let start = after.isEmpty ? whole.startIndex : whole.range(of: after)?.upperBound,
                let end = whole[start...].range(of: before)?.lowerBound
            else { continue }
            if let value = Double(whole[start..<end].trimmingCharacters(in: .whitespaces)) { return value }
        }
        return nil
    }

    private static func word(_ text: String, after mark: String) -> String {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.first.map(String.init) == mark, words.count > 1 { return String(words[1]) }
        }
        return "-"
    }

    static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }
}
