import BenchProgram

/// `LintBench NAME…` measures the policy engine: whole processes with their peak memory, the parts of one lint inside a process,
/// and the same documents under another linter. See README.md for the figures.
@main
enum LintBench {
    /// Every command by name, in the order they are listed.
    private static let commands: [BenchProgram.Command] = [
        (
            "whole", "time and peak memory of `GATEHOUSE lint` over a folder, with the fit: GATEHOUSE FOLDER [RUNS]",
            WholeBench.run
        ),
        (
            "peer", "the same documents and rules under GATEHOUSE and under vacuum: GATEHOUSE VACUUM FOLDER",
            PeerBench.run
        ),
        (
            "phases", "what each part and each rule costs inside a process: FOLDER-or-FILE [RULESET]",
            PhaseBench.run
        ),
        (
            "count", "instructions and allocations of one lint, held against what is committed: FILE",
            CountBench.run
        ),
        (
            "lint", "what `gatehouse lint --format json` does, alone in a process, for profilers: FILE [RULESET]",
            Lint.run
        ),
    ]

    static func main() { BenchProgram("LintBench", commands).main() }
}
