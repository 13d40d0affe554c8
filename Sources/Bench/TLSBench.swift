import BenchProgram
import Foundation

/// CPU a request over TLS costs the gateway with key, grant, pin, rate limit and metrics on, beside nginx's plain `proxy_pass`
/// with the same certificate, protocol and cipher; then what a handshake costs each, whole and resumed. One core for the
/// proxy, the other for the load and the upstream; CPU time is the kernel's account of the proxy's threads.
enum TLSBench {
    static let rounds = 3
    static let seconds = Int(ProcessInfo.processInfo.environment["BENCH_SECONDS"] ?? "") ?? 6
    static let connections = 32
    static let suite = "TLS_AES_128_GCM_SHA256"

    /// What is measured, and where.
    private struct Proxy {
        let name: String
        let process: ChildProcess
        let port: Int
    }

    static func run(_ arguments: [String]) throws {
        let binary = arguments.first ?? ".build/release/gatehouse"
        let folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-tls-bench-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        _ = try ChildProcess.output(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                "/CN=bench.test", "-keyout", folder.appending(path: "bench.key").path, "-out",
                folder.appending(path: "bench.crt").path,
            ]
        )
        let upstreamPort = try FreePort.find()
        let answer = #"location / { default_type application/json; return 200 '{"status":"ok"}'; }"#
        let upstream = try nginx(
            "upstream",
            folder,
            cores: [1],
            "server { listen 127.0.0.1:\(upstreamPort); \(answer) }"
        )
        try upstream.waitForPort(upstreamPort)
        let proxies = [
            try peer(folder, upstreamPort: upstreamPort), try gateway(binary, folder, upstreamPort: upstreamPort),
        ]
        try measureRequests(proxies)
        try measureHandshakes(proxies)
    }

    private static func peer(_ folder: URL, upstreamPort: Int) throws -> Proxy {
        let port = try FreePort.find()
        let process = try nginx(
            "proxy",
            folder,
            cores: [0],
            """
            upstream backend { server 127.0.0.1:\(upstreamPort); keepalive 64; keepalive_requests 100000000; }
            server {
                listen 127.0.0.1:\(port) ssl; ssl_certificate bench.crt; ssl_certificate_key bench.key;
                ssl_protocols TLSv1.2 TLSv1.3; ssl_prefer_server_ciphers on; ssl_ecdh_curve X25519;
                ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256; ssl_conf_command Ciphersuites \(suite);
                ssl_session_tickets on; ssl_session_timeout 2h;
                location / { proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection ""; }
            }
            """
        )
        try process.waitForPort(port)
        return Proxy(name: "nginx", process: process, port: port)
    }

    private static func gateway(_ binary: String, _ folder: URL, upstreamPort: Int) throws -> Proxy {
        let manifest = folder.appending(path: "bench.yaml")
        try BenchManifest.text(upstreamPort: upstreamPort, key: ProxyBed.key, hasQuota: false).write(
            to: manifest,
            atomically: true,
            encoding: .utf8
        )
        let snapshot = folder.appending(path: "bench.snapshot").path
        _ = try ChildProcess.output(binary, ["compile", "-f", manifest.path, "--output", snapshot])
        let port = try FreePort.find()
        let process = try ChildProcess(
            binary,
            [
                "gateway", "--snapshot", snapshot, "--allow-unsigned", "--loops", "1", "--data-dir", folder.path,
                "--gateway-listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--tls-listen",
                "127.0.0.1:\(port)", "--tls-folder", folder.path,
            ],
            cores: [0],
            log: folder.appending(path: "gateway.log")
        )
        try process.waitForPort(port)
        return Proxy(name: "gatehouse", process: process, port: port)
    }

    // MARK: Requests

    private static func measureRequests(_ proxies: [Proxy]) throws {
        print("proxy      round   µs CPU/request        req/s   (TLS 1.3, \(suite), keep-alive)")
        var costs: [[Double]] = proxies.map { _ in [] }
        for round in 1...rounds {
            for (place, proxy) in proxies.enumerated() {
                _ = try wrk(proxy.port, seconds: 1)
                let before = try proxy.process.cpuNanoseconds()
                let text = try wrk(proxy.port, seconds: seconds)
                let cpu = try proxy.process.cpuNanoseconds() - before
                guard let requests = number(text, before: " requests in"), requests > 0 else {
                    throw Failure("wrk counted no requests: \(text)")
                }
                guard !text.contains("Non-2xx"), !text.contains("Socket errors") else {
                    throw Failure("not every answer was 2xx; the figures say nothing: \(text)")
                }
                costs[place].append(Double(cpu) / 1000 / requests)
                let name = proxy.name.padding(toLength: 10, withPad: " ", startingAt: 0)
                let rate = requests / Double(seconds)
                print(name, String(format: "%5d%16.2f%13.0f", round, costs[place].last ?? 0, rate))
            }
        }
        let medians = costs.map(Median.of)
        print(String(format: "ratio %.2f\n", medians[1] / medians[0]))
    }

    private static func wrk(_ port: Int, seconds: Int) throws -> String {
        try ChildProcess.output(
            "wrk",
            [
                "-t1", "-c\(connections)", "-d\(seconds)s", "-H", "X-API-Key: \(ProxyBed.key)",
                "https://127.0.0.1:\(port)/orders/orders/42",
            ],
            cores: [1]
        )
    }

    // MARK: Handshakes

    private static func measureHandshakes(_ proxies: [Proxy]) throws {
        print("proxy      handshake   µs CPU    a second   (TLS 1.2, P-256, X25519)")
        for mode in ["-new", "-reuse"] {
            var costs: [[Double]] = proxies.map { _ in [] }
            for _ in 1...rounds {
                for (place, proxy) in proxies.enumerated() {
                    let before = try proxy.process.cpuNanoseconds()
                    let text = try ChildProcess.output(
                        "openssl",
                        [
                            "s_time", "-connect", "127.0.0.1:\(proxy.port)", "-tls1_2", mode, "-time",
                            "\(max(2, seconds / 2))",
                        ],
                        cores: [1]
                    )
                    let cpu = try proxy.process.cpuNanoseconds() - before
                    // The first line is of its own CPU seconds, the second of real ones.
                    guard let count = number(text, before: " connections in"), count > 0 else {
                        throw Failure("openssl counted no connections: \(text)")
                    }
                    costs[place].append(Double(cpu) / 1000 / count)
                    let name = proxy.name.padding(toLength: 10, withPad: " ", startingAt: 0)
                    let kind = mode == "-new" ? "whole    " : "resumed  "
                    let rate = count / Double(max(2, seconds / 2))
                    print(name, kind, String(format: "%8.1f%12.0f", costs[place].last ?? 0, rate))
                }
            }
            let medians = costs.map(Median.of)
            print(String(format: "ratio %.2f", medians[1] / medians[0]))
        }
    }

    // MARK: Peers

    private static func nginx(_ name: String, _ folder: URL, cores: [Int], _ servers: String) throws -> ChildProcess {
        let file = folder.appending(path: "\(name).conf")
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map {
            "\($0)_temp_path \(folder.path)/\(name)-\($0);"
        }
        let text = """
            daemon off; master_process off; worker_processes 1; pid \(folder.path)/\(name).pid;
            error_log \(folder.path)/\(name).error.log warn;
            events { worker_connections 1024; }
            http { access_log off; keepalive_requests 100000000; \(temporary.joined(separator: " ")) \(servers) }
            """
        try text.write(to: file, atomically: true, encoding: .utf8)
        return try ChildProcess("nginx", ["-c", file.path], cores: cores, log: folder.appending(path: "\(name).log"))
    }

    /// The number before a mark, on the first line that has it.
    private static func number(_ text: String, before mark: String) -> Double? {
        for line in text.split(separator: "\n") {
            guard let end = line.range(of: mark)?.lowerBound else { continue }
            return line[..<end].split(separator: " ").last.flatMap { Double($0) }
        }
        return nil
    }
}
