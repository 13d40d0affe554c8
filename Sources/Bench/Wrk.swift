import BenchProgram
import Foundation

/// The load generator with as many requests as a proxy takes: each connection sends its next request when the last was answered.
enum Wrk {
    static let connections = 32

    /// What it saw.
    struct Load {
        let requests: Double
        let requestsPerSecond: Double
        /// Microseconds.
        let p50: Double
        let p99: Double
    }

    /// One measurement: what the load generator saw, and the CPU that the proxy took for it.
    struct Sample {
        let cpuMicroseconds: Double
        let requestsPerSecond: Double
        let p50: Double
        let p99: Double

        init(_ load: Load, cpuNanoseconds: UInt64) {
            cpuMicroseconds = Double(cpuNanoseconds) / 1000 / load.requests
            requestsPerSecond = load.requestsPerSecond
            p50 = load.p50
            p99 = load.p99
        }
    }

    /// - Throws: where an answer was not 2xx or a connection broke: the figures would say nothing.
    static func run(
        _ proxy: Contender.Address,
        seconds: Int,
        connections: Int = Wrk.connections,
        threads: Int = 1,
        cores: [Int] = [1]
    ) throws -> Load {
        let text = try ChildProcess.output(
            "wrk",
            [
                "-t\(threads)", "-c\(connections)", "-d\(seconds)s", "--latency", "-H",
                "X-API-Key: \(ProxyBed.key)",
                "http://127.0.0.1:\(proxy.port)\(proxy.path)",
            ],
            cores: cores
        )
        let lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        func value(_ mark: String, _ place: Int) -> String? {
            lines.first { $0.first == mark && $0.count > place }?[place]
        }
        guard !text.contains("Non-2xx"), !text.contains("Socket errors") else {
            throw Failure("\(proxy.name): not every answer was good: \(text)")
        }
        guard let requests = lines.first(where: { $0.dropFirst().first == "requests" })?.first.flatMap(Double.init),
            let rate = value("Requests/sec:", 1).flatMap(Double.init), let p50 = value("50%", 1).flatMap(microseconds),
            let p99 = value("99%", 1).flatMap(microseconds), requests > 0
        else { throw Failure("\(proxy.name): wrk counted no requests: \(text)") }
        return Load(requests: requests, requestsPerSecond: rate, p50: p50, p99: p99)
    }

    /// `531.00us`, `4.20ms` and `1.05s` in microseconds.
    private static func microseconds(_ text: String) -> Double? {
        for (unit, factor) in [("us", 1.0), ("ms", 1e3), ("s", 1e6)] where text.hasSuffix(unit) {
            return Double(text.dropLast(unit.count)).map { $0 * factor }
        }
        return nil
    }
}
