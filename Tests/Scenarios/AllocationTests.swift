import Foundation
import Testing

/// How often the gateway allocates memory for a request: a count, so it is the same on every machine, busy or not.
///
/// The counter is a library that is loaded before the C library's own functions; it counts by thread, and the loop's is the one
/// that allocates most while requests are under way.
@Suite("Allocations a request, on the release binary", .enabled(if: Binary.path != nil, "needs the release binary"))
struct AllocationTests {
    /// One kind of request, and how many allocations it may cost. A change that needs more has to say so here.
    struct Case: Sendable, CustomTestStringConvertible {
        let what: String
        let path: String
        let hasKey: Bool
        let status: String
        /// Half an allocation above what was counted: one more is noticed, the loop's own ticks are not.
        let most: Double

        var testDescription: String { what }
    }

    static let cases = [
        Case(
            what: "proxied with key, grant, pin and two limits",
            path: "/orders/orders",
            hasKey: true,
            status: "200",
            most: 1.5
        ),
        Case(what: "proxied without anything", path: "/plain/orders", hasKey: false, status: "200", most: 1.5),
        Case(what: "refused without a key", path: "/orders/orders", hasKey: false, status: "401", most: 15.5),
        Case(what: "nothing is there", path: "/nowhere", hasKey: false, status: "404", most: 11.5),
    ]

    private static let requests = 4_000
    private static let key = "imported-allocation-key-0001"
    private static let keySHA256 = "7a2ea9e116a948de2b5d751dc49a18107595546b01e6ee6a7b3d948a00082382"

    /// Beside the test program, where the package manager builds it.
    static let counter: String? = {
        guard let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else {
            return nil
        }
        let path = URL(filePath: program).deletingLastPathComponent().appending(path: "libAllocationCounter.so").path
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }()

    @Test("no kind of request allocates more than it is allowed")
    func counts() async throws {
        let counter = try #require(Self.counter, "the allocation counter was not built")
        let folder = try Stack.makeFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let mock = try Running(
            ["mock", Binary.root.appending(path: "specs/examples/orders-1.0.0.yaml").path, "--listen", "127.0.0.1:0"]
        )
        let upstream = try await mock.line("mock of ")
        let target = try #require(upstream.split(separator: " ").last.map(String.init))
        let manifest = folder.appending(path: "allocations.yaml")
        try Self.manifest(upstream: target).write(to: manifest, atomically: true, encoding: .utf8)
        let snapshot = folder.appending(path: "allocations.snapshot").path
        let compiled = try await Binary.run(["compile", "-f", manifest.path, "--output", snapshot])
        try #require(compiled.code == 0, "\(compiled.errors)\(compiled.output)")
        let counts = folder.appending(path: "counts")
        let gateway = try Running(
            [
                "gateway", "--snapshot", snapshot, "--allow-unsigned", "--loops", "1", "--data-dir",
                folder.appending(path: "data").path, "--gateway-listen", "127.0.0.1:0", "--metrics-listen",
                "127.0.0.1:0",
            ],
            environment: ["LD_PRELOAD": counter, "ALLOCATION_COUNTS": counts.path]
        )
        let address = try await gateway.line("gateway")
        for row in Self.cases {
            // The first requests fill what is kept from request to request.
            try await Self.ask(address, row, 500)
            let before = try Self.read(counts)
            try await Self.ask(address, row, Self.requests)
            let after = try Self.read(counts)
            let busiest = zip(before, after).map { $1 - $0 }.max() ?? 0
            let each = Double(busiest) / Double(Self.requests)
            #expect(busiest > 0, "the counter counts nothing")
            #expect(each <= row.most, "\(row.what): \(each) allocations a request, allowed are \(row.most)")
        }
        try await gateway.terminate()
        try await mock.terminate()
    }

    private static func ask(_ address: String, _ row: Case, _ count: Int) async throws {
        var arguments = ["-sS", "-w", "%{http_code}\\n", "-o", "/dev/null"]
        if row.hasKey { arguments += ["-H", "X-API-Key: \(key)"] }
        // One connection for all of them.
        let answer = try await Shell.run("curl", arguments + ["\(address)\(row.path)?number=[1-\(count)]"])
        let statuses = answer.output.split(separator: "\n")
        try #require(statuses.count == count, "\(answer.errors)")
        try #require(statuses.allSatisfy { $0 == row.status }, "\(row.what): \(Set(statuses))")
    }

    /// One number a thread.
    private static func read(_ file: URL) throws -> [UInt64] {
        let data = try Data(contentsOf: file)
        return stride(from: 0, to: data.count - 7, by: 8).map { place in
            data[place..<(place + 8)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    private static func manifest(upstream: String) -> String {
        """
        apiVersion: gatehouse.dev/v1
        kind: Api
        metadata: {name: orders}
        spec: {title: Orders, team: sales, basePath: /orders, access: plan, security: verify,
               versioning: {in: [path, header, pin], header: API-Version, default: latest}}
        ---
        apiVersion: gatehouse.dev/v1
        kind: Api
        metadata: {name: plain}
        spec: {title: Plain, team: sales, basePath: /plain, access: open, passthrough: true, upstream: orders}
        ---
        apiVersion: gatehouse.dev/v1
        kind: Upstream
        metadata: {name: orders}
        spec: {targets: [{url: "\(upstream)", weight: 100}]}
        ---
        apiVersion: gatehouse.dev/v1
        kind: ApiVersion
        metadata: {name: orders-1.0.0}
        spec: {api: orders, version: 1.0.0, upstream: orders, state: published,
               definition: {file: "\(Binary.root.appending(path: "specs/examples/orders-1.0.0.yaml").path)"}}
        ---
        apiVersion: gatehouse.dev/v1
        kind: Team
        metadata: {name: sales}
        spec: {title: Sales}
        ---
        apiVersion: gatehouse.dev/v1
        kind: Plan
        metadata: {name: gold}
        spec: {api: orders, approval: manual,
               limits: [{name: second, kind: rate, amount: 1000000000, window: PT1S, algorithm: gcra, burst: 1000000},
                        {name: month, kind: quota, amount: 1000000000, window: P1M, align: calendar}]}
        ---
        apiVersion: gatehouse.dev/v1
        kind: Application
        metadata: {name: bench}
        spec: {team: sales}
        ---
        apiVersion: gatehouse.dev/v1
        kind: Subscription
        metadata: {name: bench-orders}
        spec: {application: bench, plan: gold, pin: 1.0.0}
        ---
        apiVersion: gatehouse.dev/v1
        kind: Credential
        metadata: {name: bench-1}
        spec: {application: bench, kind: api-key, secret: {sha256: "\(keySHA256)"}}
        """
    }
}
