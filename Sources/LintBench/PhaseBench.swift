import BenchProgram
import DocumentTree
import Foundation
import PolicyEngine

/// What the parts of a lint cost inside one process, each rule by itself: CPU time of the thread, best of several rounds.
enum PhaseBench {
    private static let rounds = 5

    /// Nanoseconds by part, in the order of the work.
    private struct Costs {
        var names: [String] = []
        var nanoseconds: [String: UInt64] = [:]

        mutating func note(_ name: String, _ cost: UInt64) {
            if nanoseconds[name] == nil { names.append(name) }
            nanoseconds[name] = min(nanoseconds[name] ?? .max, cost)
        }

        /// Adds what another document cost.
        mutating func add(_ other: Costs) {
            for name in other.names {
                if nanoseconds[name] == nil { names.append(name) }
                nanoseconds[name, default: 0] += other.nanoseconds[name] ?? 0
            }
        }

        var total: UInt64 { nanoseconds.values.reduce(0, +) }
    }

    static func run(_ arguments: [String]) throws {
        guard let place = arguments.first else { throw Failure("phases needs a FOLDER or FILE") }
        let name = arguments.dropFirst().first ?? "spectral:oas"
        let start = now()
        let ruleset = try Ruleset.builtIn(name)
        print("ruleset \(name): \(microseconds(now() - start)) µs, read once a process")
        let corpus = try Corpus(place)
        defer { corpus.remove() }
        var all = Costs()
        for entry in corpus.entries {
            let costs = try measure(entry, ruleset)
            report("\(entry.name), \(entry.bytes / 1000) KB", costs)
            all.add(costs)
        }
        if corpus.entries.count > 1 { report("all \(corpus.entries.count) documents together", all) }
    }

    private static func measure(_ entry: Corpus.Entry, _ ruleset: Ruleset) throws -> Costs {
        let bytes = try [UInt8](Data(contentsOf: URL(filePath: entry.path)))
        var costs = Costs()
        for _ in 0..<rounds {
            var last = now()
            func stage(_ name: String) {
                let time = now()
                costs.note(name, time - last)
                last = now()
            }
            let document = try Document.read(bytes, name: entry.name)
            stage("read")
            let report = Linter(ruleset).lint(document) { done in
                switch done {
                case .references: stage("references")
                case .index: stage("index")
                case .rule(let rule): stage("rule \(rule)")
                case .order: stage("order")
                }
            }
            let text = JSONReport().text(report.findings)
            stage("report")
            guard !text.isEmpty else { throw Failure("an empty report") }
        }
        return costs
    }

    private static func report(_ subject: String, _ costs: Costs) {
        let total = costs.total
        print("\n\(subject): \(microseconds(total)) µs")
        let rules = costs.names.filter { $0.hasPrefix("rule ") }
        for name in costs.names where !name.hasPrefix("rule ") { line(name, costs, total) }
        let inRules = rules.reduce(0) { $0 + (costs.nanoseconds[$1] ?? 0) }
        print("  all \(rules.count) rules: \(microseconds(inRules)) µs, the ten dearest:")
        for name in rules.sorted(by: { costs.nanoseconds[$0, default: 0] > costs.nanoseconds[$1, default: 0] }).prefix(
            10
        ) {
            line(name, costs, total)
        }
    }

    private static func line(_ name: String, _ costs: Costs, _ total: UInt64) {
        let cost = costs.nanoseconds[name] ?? 0
        let share = Double(cost) / Double(max(total, 1))
        let mark = name.hasPrefix("rule ") && share > 0.1 ? "  more than a tenth" : ""
        print(String(format: "  %9.0f µs  %4.1f %%  ", Double(cost) / 1000, share * 100) + name + mark)
    }

    private static func microseconds(_ nanoseconds: UInt64) -> UInt64 { nanoseconds / 1000 }

    /// CPU time of this thread: other programs on the machine do not count.
    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
