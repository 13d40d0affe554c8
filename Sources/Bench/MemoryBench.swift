import BenchProgram
import Foundation
import RoutingTable

/// Resident memory of the gateway with 1,000 routes and 10,000 keys, started and asked once.
enum MemoryBench {
    static func run(_ arguments: [String]) throws {
        let binary = arguments.first ?? ".build/release/gatehouse"
        let folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-bench-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let snapshot = folder.appending(path: "routes.snapshot")
        let entitlements = folder.appending(path: "routes.entitlements")
        let routes = try RoutingSnapshot.encode(Tables.routing(routes: 1_000), generation: 1, signer: nil)
        try Data(routes).write(to: snapshot)
        let keys = try EntitlementSet.encode(Tables.entitlements(keys: 10_000), sequence: 1, signer: nil)
        try Data(keys).write(to: entitlements)
        let port = try FreePort.find()
        let gateway = try ChildProcess(
            binary,
            [
                "gateway", "--snapshot", snapshot.path, "--entitlements", entitlements.path, "--allow-unsigned",
                "--loops", "1",
                "--data-dir", folder.path, "--gateway-listen", "127.0.0.1:\(port)", "--metrics-listen", "127.0.0.1:0",
            ],
            log: folder.appending(path: "gateway.log")
        )
        try gateway.waitForPort(port)
        let status = try ChildProcess.output(
            "curl",
            [
                "-sS", "-o", "/dev/null", "-w", "%{http_code}", "-H", "Gatehouse-Key: \(Tables.key(7))",
                "http://127.0.0.1:\(port)/bench/resources0",
            ]
        )
        // The upstream is nobody: 502 shows that key, grant and route were found.
        guard status == "502" else { throw Failure("expected 502 from a route without an upstream, got \(status)") }
        let memory = try gateway.memoryKibibytes()
        print(
            "gateway with 1,000 routes and 10,000 keys: \(memory.now / 1024) MiB resident, \(memory.peak / 1024) MiB at its highest"
        )
    }
}
