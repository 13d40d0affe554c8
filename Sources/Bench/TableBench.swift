import BenchProgram
import Foundation
import RoutingTable

/// Lookups of the gateway's tables, nanoseconds each: what a request pays before it is forwarded.
enum TableBench {
    /// Operation lookup in one version with 10,000 routes of mixed depth; every path of the table in a shuffled order.
    static func routes(_ arguments: [String]) throws {
        let count = arguments.first.flatMap(Int.init) ?? 10_000
        let snapshot = try RoutingSnapshot(content: Tables.routing(routes: count), generation: 1)
        guard let api = snapshot.api(named: "bench"), let version = snapshot.version(named: "1.0.0", of: api) else {
            throw Failure("the table lacks its own API")
        }
        let paths = (0..<count).map { Array(Tables.path($0, id: "ord-\($0)").utf8) }.shuffled(using: &Tables.generator)
        let method = Array("GET".utf8)
        var captures = PathCaptures()
        var found = 0
        let rounds = max(1, 2_000_000 / count)
        let clock = ContinuousClock()
        let time = clock.measure {
            for _ in 0..<rounds {
                for path in paths {
                    if case .found = snapshot.findOperation(
                        version: version,
                        method: method.span,
                        path: path.span,
                        from: 0,
                        captures: &captures
                    ) {
                        found += 1
                    }
                }
            }
        }
        guard found == rounds * count else { throw Failure("\(rounds * count - found) paths were not found") }
        report("route lookup at \(count) routes", time, found)
    }

    /// Key lookup, SHA-256 of the key included, among 100,000 credentials.
    static func keys(_ arguments: [String]) throws {
        let count = arguments.first.flatMap(Int.init) ?? 100_000
        let set = try EntitlementSet(content: Tables.entitlements(keys: count), sequence: 1)
        let keys = (0..<count).map { Array(Tables.key($0).utf8) }.shuffled(using: &Tables.generator)
        var found = 0
        let rounds = max(1, 500_000 / count)
        let clock = ContinuousClock()
        let time = clock.measure {
            for _ in 0..<rounds {
                for key in keys {
                    if set.credential(Digest32.sha256(of: key)) != nil { found += 1 }
                }
            }
        }
        guard found == rounds * count else { throw Failure("\(rounds * count - found) keys were not found") }
        report("key lookup at \(count) keys, SHA-256 included", time, found)
    }

    private static func report(_ what: String, _ time: Duration, _ operations: Int) {
        let nanoseconds = Double(time.components.seconds) * 1e9 + Double(time.components.attoseconds) / 1e9
        print(String(format: "%@: %.1f ns each (%d lookups)", what, nanoseconds / Double(operations), operations))
    }
}

/// Tables for benchmarks: deterministic, shaped like real APIs.
enum Tables {
    nonisolated(unsafe) static var generator = SplitMix(state: 42)

    static func routing(routes: Int) -> RoutingContent {
        let operations = (0..<routes).map { number in
            RoutingContent.Operation(id: "operation\(number)", method: "GET", pathTemplate: path(number, id: "{id}"))
        }
        let version = RoutingContent.Version(
            name: "1.0.0",
            major: 1,
            sortKey: [1],
            upstream: "backend",
            schemes: [RoutingContent.SecurityScheme(name: "key", place: .apiKeyHeader("X-API-Key"))],
            operations: operations
        )
        let upstream = RoutingContent.Upstream(name: "backend", targets: [.init(host: "127.0.0.1", port: 9)])
        return RoutingContent(
            environment: "live",
            apis: [RoutingContent.API(name: "bench", basePath: "/bench", versions: [version])],
            upstreams: [upstream]
        )
    }

    /// Two to five segments with the parameter in the middle or at the end.
    static func path(_ number: Int, id: String) -> String {
        switch number % 4 {
        case 0: "/resources\(number)"
        case 1: "/group\(number % 97)/resources\(number)/\(id)"
        case 2: "/group\(number % 97)/resources\(number)/\(id)/parts"
        default: "/v2/group\(number % 97)/resources\(number)/\(id)/parts"
        }
    }

    static func key(_ number: Int) -> String {
        "imported_benchmarkbenchmarkbenchmarkbenchmark_\(number)"
    }

    static func entitlements(keys: Int) -> EntitlementContent {
        let application = RecordID(high: 1, low: 1)
        var content = EntitlementContent(environment: "live")
        content.applications = [.init(id: application, name: "bench")]
        content.credentials = (0..<keys).map { number in
            let digest = Digest32.sha256(of: Array(key(number).utf8))
            return .init(
                id: RecordID(high: 2, low: UInt64(number)),
                sha256: digest,
                applicationID: application,
                start: "gh_live_benc"
            )
        }
        content.subscriptions = [
            .init(
                id: RecordID(high: 3, low: 1),
                applicationID: application,
                api: "bench",
                plan: "bench",
                state: .accepted
            )
        ]
        return content
    }
}

/// A small generator with a fixed seed, so that every run measures the same.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
