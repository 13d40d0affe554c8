import BenchProgram
import Foundation
import PolicyEngine

/// The same documents under `gatehouse lint` and under vacuum (github.com/daveshanley/vacuum), with one list of rules, on one
/// core. What takes more than 10 s of CPU or 2 GB is stopped and said so.
enum PeerBench {
    private static let secondsMax = 10.0
    private static let mebibytesMax = 2048

    static func run(_ arguments: [String]) throws {
        guard arguments.count >= 3 else { throw Failure("peer needs GATEHOUSE, VACUUM and FOLDER") }
        let corpus = try Corpus(arguments[2])
        defer { corpus.remove() }
        let ruleset = FileManager.default.temporaryDirectory.appending(path: "lintbench-\(getpid()).yaml")
        try rules().write(to: ruleset, atomically: true, encoding: .utf8)
        defer { unlink(ruleset.path) }
        print("gatehouse and vacuum, the rules of spectral:oas, one core; CPU ms and peak MiB, both of one run")
        print("      KB       ours        MiB       peer        MiB      ratio  document")
        for entry in corpus.entries {
            let ours = try measure([arguments[0], "lint", "--ruleset", ruleset.path, "--format", "json", entry.path])
            let peer = try measure([arguments[1], "spectral-report", "-q", "-o", "-r", ruleset.path, entry.path])
            print(row(entry, ours, peer))
        }
    }

    /// Every rule that is on in `spectral:oas`, by name: both programs know the names.
    private static func rules() throws -> String {
        let names = try Ruleset.builtIn("spectral:oas").enabledRules.map { "  \($0.name): true\n" }
        return "extends: [[\"spectral:oas\", \"off\"]]\nrules:\n" + names.joined()
    }

    /// How one run of one program ended.
    private enum Outcome {
        case done(Child)
        case stopped(Child)
        case failed(Child)

        var child: Child {
            switch self {
            case .done(let child), .stopped(let child), .failed(let child): child
            }
        }
        var remark: String? {
            switch self {
            case .done: nil
            case .stopped: "stopped"
            case .failed: "failed"
            }
        }
    }

    private static func measure(_ command: [String]) throws -> Outcome {
        let output = FileManager.default.temporaryDirectory.appending(path: "lintbench-\(getpid()).out")
        defer { unlink(output.path) }
        let child = try Child.run(
            command,
            output: output.path,
            core: 0,
            secondsMax: secondsMax,
            mebibytesMax: mebibytesMax
        )
        guard let code = child.exitCode else { return .stopped(child) }
        // A lint ends with 0 or, where errors were found, with 1; without a report it has failed whatever it says.
        let findings = try ReportCount.findings(in: output.path)
        return code <= 1 && findings != nil ? .done(child) : .failed(child)
    }

    private static func row(_ entry: Corpus.Entry, _ ours: Outcome, _ peer: Outcome) -> String {
        func time(_ outcome: Outcome) -> String {
            let text = String(format: "%.0f", outcome.child.cpuSeconds * 1000)
            return outcome.remark ?? text
        }
        func memory(_ outcome: Outcome) -> String { String(format: "%.0f", outcome.child.peakMebibytes) }
        var ratio = "-"
        switch (ours, peer) {
        case (.done(let ours), .done(let peer)): ratio = String(format: "%.1f", peer.cpuSeconds / ours.cpuSeconds)
        case (.done(let ours), .stopped(let peer)): ratio = String(format: "> %.0f", peer.cpuSeconds / ours.cpuSeconds)
        default: break
        }
        let cells = [time(ours), memory(ours), time(peer), memory(peer), ratio]
        return WholeBench.padded(entry.bytes / 1000, 8) + " "
            + cells.map { WholeBench.padded($0, 10) }.joined(separator: " ") + "  " + entry.name
    }
}
