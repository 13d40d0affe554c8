import Foundation

/// A proxy that is measured: how the tables call it, its process, and what to ask it for.
struct Contender {
    let name: String
    let process: ChildProcess
    let port: Int
    let path: String

    /// What the load generator needs to know of it.
    var address: Address { Address(name: name, port: port, path: path) }

    struct Address: Sendable {
        let name: String
        let port: Int
        let path: String
    }
}

/// An upstream, and proxies in front of it. Everything lies in one folder under the system's temporary ones.
final class ProxyBed {
    /// What a peer does beside passing requests on.
    enum Peer {
        case plain
        /// Looks the key up and counts it against a rate.
        case keyed
    }

    /// What the gateway does beside passing requests on.
    enum Gate {
        case plain
        /// Key, grant, pin, one rate; metrics are always on.
        case oneLimit
        /// Key, grant, pin, a rate and a quota, and the access log of every hundredth request.
        case full

        var name: String {
            switch self {
            case .plain: "gatehouse, plain"
            case .oneLimit: "gatehouse, key+grant+pin+1 limit"
            case .full: "gatehouse, key+grant+pin+2 limits+log"
            }
        }
    }

    /// A key of another format than ours: such keys are imported and taken as they are.
    static let key = "imported-benchmark-key-0001"
    static let path = "/orders/orders/42"

    let folder: URL
    let binary: String
    private let upstreamPort: Int
    private var upstream: ChildProcess?
    private var started = 0

    /// Starts the upstream, an nginx that answers by itself.
    ///
    /// - Throws: where it does not start.
    init(binary: String) throws {
        self.binary = binary
        folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-bench-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        upstreamPort = try FreePort.find()
        upstream = try startUpstream(cores: [1])
    }

    /// Ends the upstream and removes the folder. The contenders end with their last reference.
    func remove() {
        upstream?.stop()
        // What cannot be removed is left to the system, which empties the folder of temporary files.
        try? FileManager.default.removeItem(at: folder)
    }

    /// Moves the upstream to other cores, for the measurements that leave all of them to everybody.
    func moveUpstream(to cores: [Int]) throws {
        upstream?.stop()
        upstream = try startUpstream(cores: cores)
    }

    private func startUpstream(cores: [Int]) throws -> ChildProcess {
        let process = try startNginx(
            workers: cores.count,
            cores: cores,
            """
            server {
                listen 127.0.0.1:\(upstreamPort) reuseport backlog=1024;
                location / { default_type application/json; return 200 '{"status":"ok"}'; }
            }
            """
        )
        try process.waitForPort(upstreamPort)
        return process
    }

    // MARK: Contenders

    /// nginx with `proxy_pass` and kept-alive upstream connections.
    func nginx(_ peer: Peer) throws -> Contender {
        let port = try FreePort.find()
        let zones = """
            map $http_x_api_key $caller { default ""; "\(Self.key)" "bench"; }
            limit_req_zone $caller zone=callers:1m rate=1000000r/s;
            """
        let checks = #"if ($caller = "") { return 401; } limit_req zone=callers burst=100000 nodelay;"#
        let process = try startNginx(
            cores: [0],
            """
            upstream backend { server 127.0.0.1:\(upstreamPort); keepalive 64; keepalive_requests 100000000; }
            \(peer == .keyed ? zones : "")
            server {
                listen 127.0.0.1:\(port) backlog=1024;
                location / {
                    \(peer == .keyed ? checks : "")
                    proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection "";
                }
            }
            """
        )
        try process.waitForPort(port)
        let name = peer == .plain ? "nginx, plain" : "nginx, key map + limit_req"
        return Contender(name: name, process: process, port: port, path: Self.path)
    }

    /// HAProxy with one thread and shared upstream connections.
    func haproxy(_ peer: Peer) throws -> Contender {
        let port = try FreePort.find()
        let keys = folder.appending(path: "keys")
        try "\(Self.key) bench\n".write(to: keys, atomically: true, encoding: .utf8)
        let checks = """
                http-request deny deny_status 401 unless { req.hdr(X-API-Key),map_str(\(keys.path)) -m found }
                http-request track-sc0 req.hdr(X-API-Key) table callers
                http-request deny deny_status 429 if { sc_http_req_rate(0) gt 1000000 }
            """
        let table = "backend callers\n    stick-table type string len 64 size 10k expire 10s store http_req_rate(1s)\n"
        let text = """
            global
                nbthread 1
                maxconn 4096
            defaults
                mode http
                timeout connect 5s
                timeout client 60s
                timeout server 60s
                http-reuse always
            frontend callers-front
                bind 127.0.0.1:\(port)
            \(peer == .keyed ? checks : "")
                default_backend upstream
            backend upstream
                server one 127.0.0.1:\(upstreamPort)
            \(peer == .keyed ? table : "")
            """
        let file = next("haproxy.cfg")
        try text.write(to: file, atomically: true, encoding: .utf8)
        let process = try ChildProcess("haproxy", ["-db", "-f", file.path], cores: [0], log: next("haproxy.log"))
        try process.waitForPort(port)
        let name = peer == .plain ? "HAProxy, plain" : "HAProxy, key map + rate"
        return Contender(name: name, process: process, port: port, path: Self.path)
    }

    /// The gateway from a compiled snapshot.
    ///
    /// - Parameters:
    ///   - gate: what it does for each request.
    ///   - cores: where it may run.
    ///   - loops: its event loops.
    ///   - shared: a port that it shares with others, and which of its sockets is its own; nil finds a port of its own.
    /// - Returns: the gateway, listening.
    /// - Throws: where it does not start.
    func gatehouse(
        _ gate: Gate,
        cores: [Int] = [0],
        loops: Int = 1,
        on shared: (port: SharedPort, number: Int)? = nil
    ) throws -> Contender {
        let manifest = next("bench.yaml")
        let text = BenchManifest.text(upstreamPort: upstreamPort, key: Self.key, hasQuota: gate == .full)
        try text.write(to: manifest, atomically: true, encoding: .utf8)
        let snapshot = next("bench.snapshot").path
        _ = try ChildProcess.output(binary, ["compile", "-f", manifest.path, "--output", snapshot])
        let port = try shared?.port.port ?? FreePort.find()
        var arguments = [
            "gateway", "--snapshot", snapshot, "--allow-unsigned", "--loops", String(loops), "--data-dir",
            next("gateway").path, "--gateway-listen", "127.0.0.1:\(port)", "--metrics-listen", "127.0.0.1:0",
        ]
        if gate == .full { arguments += try accessLogArguments() }
        let socket = shared.map { $0.port.sockets[$0.number] }
        let process = try ChildProcess(binary, arguments, cores: cores, listening: socket, log: next("gateway.log"))
        try process.waitForLine("gateway")
        let path = gate == .plain ? BenchManifest.plainPath : Self.path
        return Contender(name: gate.name, process: process, port: port, path: path)
    }

    /// A program that cannot sample logs every request, which costs more: never less than what is asked for.
    private func accessLogArguments() throws -> [String] {
        let help = try ChildProcess.output(binary, ["gateway", "--help"])
        let file = ["--access-log", next("access.log").path]
        return help.contains("--access-log-sample") ? file + ["--access-log-sample", "0.01"] : file
    }

    // MARK: Parts

    /// An nginx without a master process where one worker suffices.
    private func startNginx(workers: Int = 1, cores: [Int], _ rest: String) throws -> ChildProcess {
        let place = next("nginx").path
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        let text = """
            daemon off; master_process \(workers > 1 ? "on" : "off"); worker_processes \(workers); pid \(place)/pid;
            error_log \(place)/error.log warn;
            events { worker_connections 1024; }
            http {
                access_log off; keepalive_requests 100000000;
                client_body_temp_path \(place)/body; proxy_temp_path \(place)/proxy; fastcgi_temp_path \(place)/fastcgi;
                uwsgi_temp_path \(place)/uwsgi; scgi_temp_path \(place)/scgi;
                \(rest)
            }
            """
        let file = "\(place)/nginx.conf"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        return try ChildProcess("nginx", ["-c", file], cores: cores, log: next("nginx.log"))
    }

    /// A path that nothing else uses.
    private func next(_ name: String) -> URL {
        started += 1
        return folder.appending(path: "\(started)-\(name)")
    }
}
