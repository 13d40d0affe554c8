import BenchProgram
import Foundation

/// `swift run -c release Bench NAME…` prints measurements: ratios in one run against a named peer, nanoseconds an operation,
/// and how they were taken.
@main
enum Bench {
    /// Every command by name, in the order they are listed.
    private static let commands: [BenchProgram.Command] = [
        (
            "gateway", "the gateway beside nginx and HAProxy [GATEHOUSE_BINARY [rows|pace|loops|idle]…]",
            GatewayBench.run
        ),
        ("open-loop", "latency at an even rate PORT PATH RATE SECONDS", OpenLoopClient.run),
        ("tls", "CPU a request and a handshake of TLS cost the gateway and nginx [GATEHOUSE_BINARY]", TLSBench.run),
        ("routes", "route lookup at 10,000 routes", TableBench.routes),
        ("keys", "key lookup at 100,000 keys, hash included", TableBench.keys),
        ("memory", "the gateway's memory with 1,000 routes and 10,000 keys [GATEHOUSE_BINARY]", MemoryBench.run),
        (
            "control", "submit of a 3 MB document, publish to served, start of `up` [GATEHOUSE_BINARY DOCUMENT]",
            ControlBench.run
        ),
        (
            "control-scale", "publish to served beside 40,000 routes in the catalog [GATEHOUSE_BINARY]",
            ControlBench.runAtSize
        ),
        ("scale", "40,000 routes and 1,000,000 keys: publishes, and what callers notice [tables|load]", ScaleBench.run),
    ]

    /// This program's own file, for benchmarks that need another process of it.
    static var program: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    }

    static func main() { BenchProgram("Bench", commands).main() }
}
