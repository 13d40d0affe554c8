import Foundation
import Testing

@Suite("A gateway's life", .serialized, .enabled(if: Binary.path != nil, "needs the release binary"))
struct TakeOverTests {
    /// Restarts of the first test; `GATEHOUSE_RESTARTS` asks for more.
    static let restarts = ProcessInfo.processInfo.environment["GATEHOUSE_RESTARTS"].flatMap { Int($0) } ?? 5

    /// A folder with a compiled snapshot that passes everything on to a mock, and the mock.
    private struct Site {
        let folder: URL
        let mock: Running

        init() async throws {
            folder = try Stack.makeFolder()
            let file = Binary.root.appending(path: "specs/examples/orders-1.0.0.yaml").path
            mock = try Running(["mock", file, "--listen", "127.0.0.1:0"])
            let upstream = try await mock.line("mock of \(file)")
            let manifest = folder.appending(path: "site.yaml")
            try """
            apiVersion: gatehouse.dev/v1
            kind: Api
            metadata: {name: all}
            spec: {title: All, team: all, basePath: /, access: open, passthrough: true, upstream: mock}
            ---
            apiVersion: gatehouse.dev/v1
            kind: Upstream
            metadata: {name: mock}
            spec: {targets: [{url: "\(upstream)"}]}
            """.write(to: manifest, atomically: true, encoding: .utf8)
            let compiled = try await Binary.run(["compile", "-f", manifest.path, "--output", snapshot])
            guard compiled.code == 0 else { throw Wait.Failure(compiled.errors) }
        }

        var snapshot: String { folder.appending(path: "site.snapshot").path }

        func gateway(_ more: [String] = [], wrapper: [String] = [], environment: [String: String] = [:]) throws
            -> Running
        {
            let arguments = [
                "gateway", "--snapshot", snapshot, "--allow-unsigned", "--data-dir",
                folder.appending(path: "data").path,
                "--gateway-listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--loops", "2",
            ]
            return try Running(arguments + more, environment: environment, wrapper: wrapper)
        }

        func stop() async throws {
            try await mock.terminate()
            try FileManager.default.removeItem(at: folder)
        }
    }

    @Test(
        "processes after one another take over under load: no connection is refused, no request fails, each ends with 0"
    )
    func takeOver() async throws {
        let site = try await Site()
        let path = site.folder.appending(path: "take-over").path
        var current = try site.gateway(["--take-over", path])
        let address = try await current.line("gateway")
        let metrics = try await current.line("metrics")
        let load = SocketLoad(address, path: "/orders", keeping: 8, fresh: 2)
        var ended: [Running] = []
        for _ in 0..<Self.restarts {
            let before = load.served
            _ = try await Wait.until("requests between two restarts", within: 60) {
                load.served > before + 50 ? true : nil
            }
            let next = try site.gateway(["--take-over", path])
            #expect(try await next.line("gateway") == address)
            #expect(try await next.line("metrics") == metrics)
            ended.append(current)
            current = next
        }
        for process in ended { #expect(try await process.exitCode(within: 90) == 0, "\(process.output)") }
        #expect(try await Curl.call(metrics + "/readyz").status == 200)
        await load.stop()
        print("figure: \(Self.restarts) hand-overs: \(load.served) requests served, faults \(load.faults)")
        #expect(load.faults == [:])
        // Whoever is not ready takes nothing: the one that serves goes on.
        let other = site.folder.appending(path: "none").path
        let empty = try Running([
            "gateway", "--control-url", "http://127.0.0.1:1", "--control-token-file", site.snapshot, "--snapshot-key",
            Binary.root.appending(path: "specs/examples/orders-1.0.0.yaml").path, "--data-dir", other, "--take-over",
            path,
        ])
        #expect(try await empty.exitCode() != 0)
        #expect(try await Curl.call(address + "/orders").status == 200)
        // And without asking for its place, a second one on the same data directory is refused as ever.
        let second = try site.gateway()
        #expect(try await second.exitCode() == 2)
        #expect(second.output.contains("another gateway uses the data directory"))
        #expect(try await current.terminate() == 0)
        try await site.stop()
    }

    @Test("SIGTERM under load: no request that was begun fails, connections are told, the process ends with 0 in time")
    func terminates() async throws {
        let site = try await Site()
        let gateway = try site.gateway()
        let address = try await gateway.line("gateway")
        let load = SocketLoad(address, path: "/orders", keeping: 8, fresh: 0)
        _ = try await Wait.until("some load", within: 60) { load.served > 200 ? true : nil }
        let start = Date()
        #expect(try await gateway.terminate() == 0)
        print("figure: SIGTERM under load: ended after \(Date().timeIntervalSince(start)) s, faults \(load.faults)")
        await load.stop()
        var faults = load.faults
        // Afterwards nobody listens.
        faults["refused"] = nil
        #expect(faults == [:])
        try await site.stop()
    }

    @Test(
        "without descriptors accepting pauses: no spinning, those that are there are served, and it recovers by itself"
    )
    func descriptorsRunOut() async throws {
        let site = try await Site()
        let gateway = try site.gateway(wrapper: ["/usr/bin/prlimit", "--nofile=256:256"])
        let address = try await gateway.line("gateway")
        let metrics = try await gateway.line("metrics")
        #expect(try await Curl.call(address + "/orders").status == 200)
        let port = UInt16(address.split(separator: ":").last ?? "") ?? 0
        let early = SocketLoad(address, path: "/orders", keeping: 2, fresh: 0, pause: 0.05)
        _ = try await Wait.until("callers that are there first", within: 20) { early.served > 10 ? true : nil }
        let held = (0..<300).map { _ in SocketLoad.connect(port) }
        #expect(held.allSatisfy { $0 >= 0 }, "the kernel's queue holds those that are not accepted")
        let used = try await Wait.until("most descriptors in use", within: 20) {
            let count = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(gateway.identifier)/fd").count
            return count >= 220 ? count : nil
        }
        let before = try ticks(gateway.identifier)
        let start = Date()
        try await Task.sleep(for: .seconds(3))
        let elapsed = Date().timeIntervalSince(start)
        let share = Double(try ticks(gateway.identifier) - before) / Double(sysconf(Int32(_SC_CLK_TCK))) / elapsed
        print("figure: \(used) descriptors of 256 in use, 300 callers: \(share * 100) % of a core")
        #expect(share < 0.1)
        #expect(
            try await Curl.call(metrics + "/metrics").text.contains("gatehouse_accept_pauses_total"),
            "a reserve is left"
        )
        await early.stop()
        #expect(early.faults == [:], "those that were there are served all the while")
        for descriptor in held { close(descriptor) }
        _ = try await Wait.until("service after descriptors are free again", within: 20) {
            try await Curl.call(address + "/orders").status == 200 ? true : nil
        }
        #expect(try await Curl.call(metrics + "/readyz").status == 200)
        #expect(try await gateway.terminate() == 0)
        try await site.stop()
    }

    /// CPU time of a process so far, in the kernel's ticks.
    private func ticks(_ process: Int32) throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        // proc(5): user and system time are the 14th and 15th fields; the second one ends with a parenthesis.
        let fields = (text.split(separator: ")").last ?? "").split(separator: " ")
        return (Int(fields[11]) ?? 0) + (Int(fields[12]) ?? 0)
    }

    @Test("a service manager's sockets are used, and it hears when the gateway serves")
    func activated() async throws {
        let site = try await Site()
        let notices = NoticeSocket(at: site.folder.appending(path: "notify").path)
        // A shell in between takes the place of the manager: it opens descriptor 3 and says whose it is.
        let python = """
            import os, socket, sys
            s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(16); print("opened", s.getsockname()[1], flush=True)
            os.dup2(s.fileno(), 3); os.set_inheritable(3, True)
            os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()), LISTEN_FDNAMES="gateway")
            os.execv(sys.argv[1], sys.argv[1:])
            """
        let gateway = try site.gateway(
            wrapper: ["/usr/bin/env", "python3", "-c", python],
            environment: ["NOTIFY_SOCKET": notices.path]
        )
        let opened = try await gateway.line("opened")
        #expect(try await gateway.line("gateway") == "http://127.0.0.1:\(opened)")
        #expect(notices.next() == "READY=1\nMAINPID=\(gateway.identifier)")
        #expect(try await Curl.call("http://127.0.0.1:\(opened)/orders").status == 200)
        #expect(try await gateway.terminate() == 0)
        #expect(notices.next() == "STOPPING=1")
        try await site.stop()
    }
}

/// Where a service manager would listen for notices.
private final class NoticeSocket {
    let path: String
    private let descriptor: Int32

    init(at path: String) {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        precondition(status == 0, "cannot bind \(path)")
        var timeout = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// The next notice; nil when none comes.
    func next() -> String? {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
