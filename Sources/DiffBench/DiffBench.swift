import DocumentTree
import Foundation
import OpenAPIModel
import SpecDiff

/// Times comparisons, reading included, and prints what was found.
///
///     DiffBench BASE REVISION [--expand]      one pair: wall time, peak memory, counts by check
///     DiffBench --fit BASE REVISION …         many pairs: processor time against size, and the line through them
@main
enum DiffBench {
    static func main() {
        var arguments = Array(CommandLine.arguments.dropFirst())
        let expands = arguments.contains("--expand")
        let fits = arguments.contains("--fit")
        arguments.removeAll { $0.hasPrefix("--") }
        guard arguments.count >= 2, arguments.count % 2 == 0 else {
            print("usage: DiffBench [--expand | --fit] BASE REVISION [BASE REVISION …]")
            exit(2)
        }
        do {
            var points: [Point] = []
            for index in stride(from: 0, to: arguments.count, by: 2) {
                points.append(try measure(arguments[index], arguments[index + 1], expands: expands, isQuiet: fits))
            }
            if fits { printFit(points) }
        } catch {
            print("failed: \(error)")
            exit(2)
        }
    }

    /// Processor time of the process so far: on a machine that others use too, what a wall clock would show alone.
    private static func processorMilliseconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1e6
    }

    /// Size and processor time of one pair.
    private struct Point {
        let name: String
        let megabytes: Double
        let milliseconds: Double
    }

    private static func measure(_ base: String, _ revision: String, expands: Bool, isQuiet: Bool) throws -> Point {
        let clock = ContinuousClock()
        let start = clock.now
        let before = processorMilliseconds()
        let old = try Document.read(bytes(base), name: base)
        let new = try Document.read(bytes(revision), name: revision)
        let read = clock.now
        let diff = DocumentDiff()
        let report = try diff.report(base: old, revision: new)
        let end = clock.now
        let processor = processorMilliseconds() - before
        let size = Double(old.source.bytes.count + new.source.bytes.count) / 1e6
        let point = Point(
            name: base.split(separator: "/").last.map(String.init) ?? base,
            megabytes: size,
            milliseconds: processor
        )
        let reading = (read - start) / .milliseconds(1)
        print(
            "\(point.name): \(rounded(size)) MB, \(rounded((end - start) / .milliseconds(1))) ms (\(rounded(processor)) ms of processor, reading \(rounded(reading)) ms), "
                + "\(report.changes.count) changes, \(report.changes.reduce(0) { $0 + $1.sites.count }) sites, "
                + "\(report.documentationEdits.count) edits, bump \(report.requiredBump.name), peak \(peakMegabytes()) MB"
        )
        if isQuiet { return point }
        let listed = expands ? diff.expand(report) : report.changes
        print("\(expands ? "expanded" : "report"): \(listed.count), peak \(peakMegabytes()) MB")
        var counts: [String: Int] = [:]
        for change in listed { counts["\(change.level.name):\(change.id)", default: 0] += 1 }
        for (name, count) in counts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            print("  \(count) \(name)")
        }
        return point
    }

    /// Least squares through the points: milliseconds = slope · megabytes + offset.
    private static func printFit(_ points: [Point]) {
        let count = Double(points.count)
        let meanX = points.reduce(0) { $0 + $1.megabytes } / count
        let meanY = points.reduce(0) { $0 + $1.milliseconds } / count
        let covariance = points.reduce(0) { $0 + ($1.megabytes - meanX) * ($1.milliseconds - meanY) }
        let varianceX = points.reduce(0) { $0 + ($1.megabytes - meanX) * ($1.megabytes - meanX) }
        let varianceY = points.reduce(0) { $0 + ($1.milliseconds - meanY) * ($1.milliseconds - meanY) }
        let slope = covariance / varianceX
        let fit = covariance * covariance / (varianceX * varianceY)
        print("fit: \(rounded(slope)) ms/MB, offset \(rounded(meanY - slope * meanX)) ms, R² \(rounded(fit))")
    }

    private static func bytes(_ path: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// The most memory the process has held so far, as Linux counts it.
    private static func peakMegabytes() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return (line.flatMap { Int($0.filter(\.isNumber)) } ?? 0) / 1024
    }

    private static func rounded(_ value: Double) -> String {
        String((value * 100).rounded() / 100)
    }
}
