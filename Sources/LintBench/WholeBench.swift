import BenchProgram
import Foundation

/// `gatehouse lint` as a user starts it, over a folder of documents, on one core: wall time, CPU time, peak memory, findings,
/// and how time and memory grow with size.
enum WholeBench {
    /// One document's best run.
    struct Row {
        let entry: Corpus.Entry
        let best: Child
        let findings: Int
    }

    static func run(_ arguments: [String]) throws {
        guard arguments.count >= 2 else { throw Failure("whole needs GATEHOUSE and FOLDER") }
        let runs = arguments.count > 2 ? Int(arguments[2]) ?? 3 : 3
        let corpus = try Corpus(arguments[1])
        defer { corpus.remove() }
        print("\(arguments[0]) lint --ruleset spectral:oas --format json, one core, best of \(runs) by CPU time")
        print("      KB    wall ms     cpu ms   peak MiB   findings  document")
        var rows: [Row] = []
        for entry in corpus.entries {
            let row = try measure(entry, binary: arguments[0], runs: runs)
            rows.append(row)
            print(
                [
                    padded(entry.bytes / 1000, 8), milliseconds(row.best.seconds), milliseconds(row.best.cpuSeconds),
                    padded(String(format: "%.1f", row.best.peakMebibytes), 10), padded(row.findings, 10),
                    "  " + entry.name,
                ].joined(separator: " ")
            )
        }
        report("cpu ms", Fit(rows.map { (Double($0.entry.bytes) / 1e6, $0.best.cpuSeconds * 1000) }))
        report("peak MiB", Fit(rows.map { (Double($0.entry.bytes) / 1e6, $0.best.peakMebibytes) }))
    }

    /// The best of several runs of one document.
    static func measure(_ entry: Corpus.Entry, binary: String, runs: Int) throws -> Row {
        let output = FileManager.default.temporaryDirectory.appending(path: "lintbench-\(getpid()).json")
        defer { unlink(output.path) }
        var best: Child?
        for _ in 0..<max(runs, 1) {
            let child = try Child.run(
                [binary, "lint", "--ruleset", "spectral:oas", "--format", "json", entry.path],
                output: output.path,
                core: 0
            )
            // 1 says that there are errors among the findings.
            guard let code = child.exitCode, code <= 1 else {
                throw Failure("\(entry.name): \(binary) ended with \(child.exitCode.map(String.init) ?? "a signal")")
            }
            if best.map({ child.cpuSeconds < $0.cpuSeconds }) ?? true { best = child }
        }
        guard let best else { throw Failure("nothing was run") }
        guard let findings = try ReportCount.findings(in: output.path) else { throw Failure("the report is no array") }
        return Row(entry: entry, best: best, findings: findings)
    }

    private static func report(_ unit: String, _ fit: Fit) {
        print(
            String(format: "%@ = %.1f + %.1f a MB, ", unit, fit.base, fit.slope)
                + String(
                    format: "R² %.3f; size to the power of %.2f over documents of 100 KB and more",
                    fit.determination,
                    fit.power
                )
        )
    }

    private static func milliseconds(_ seconds: Double) -> String { padded(String(format: "%.1f", seconds * 1000), 10) }
    static func padded(_ value: some CustomStringConvertible, _ width: Int) -> String {
        let text = value.description
        return String(repeating: " ", count: max(0, width - text.count)) + text
    }
}

/// A straight line through points by least squares, and the exponent of a power law through the larger of them.
struct Fit {
    /// Where the line meets a size of zero.
    let base: Double
    /// What a unit of size adds.
    let slope: Double
    /// How much of the variation the line explains, 0 to 1.
    let determination: Double
    /// The exponent: 1 is linear.
    let power: Double

    init(_ points: [(size: Double, cost: Double)]) {
        let line = Self.line(points)
        (base, slope) = line
        let mean = points.map(\.cost).reduce(0, +) / Double(max(points.count, 1))
        let rest = points.map {
            ($0.cost - line.base - line.slope * $0.size) * ($0.cost - line.base - line.slope * $0.size)
        }
        let spread = points.map { ($0.cost - mean) * ($0.cost - mean) }.reduce(0, +)
        determination = spread > 0 ? 1 - rest.reduce(0, +) / spread : 1
        // What a process costs without any document would hide how the work itself grows.
        let start = points.map(\.cost).min() ?? 0
        let large = points.filter { $0.size >= 0.1 && $0.cost > start }
        power = Self.line(large.map { (log($0.size), log($0.cost - start)) }).slope
    }

    private static func line(_ points: [(size: Double, cost: Double)]) -> (base: Double, slope: Double) {
        let count = Double(max(points.count, 1))
        let (meanSize, meanCost) = (points.map(\.size).reduce(0, +) / count, points.map(\.cost).reduce(0, +) / count)
        let along = points.map { ($0.size - meanSize) * ($0.size - meanSize) }.reduce(0, +)
        let across = points.map { ($0.size - meanSize) * ($0.cost - meanCost) }.reduce(0, +)
        let slope = along > 0 ? across / along : 0
        return (meanCost - slope * meanSize, slope)
    }
}
