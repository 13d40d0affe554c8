import BenchProgram
import Foundation

/// Instructions and allocations of one lint, process start included, as valgrind counts them: figures that do not depend on
/// what else the machine does. Above the committed ones by more than a twentieth the command fails.
enum CountBench {
    /// What `redocly-museum.yaml` (23 KB) cost with Swift 6.3.1 on x86-64, statically linked.
    private static let committed = (document: "redocly-museum.yaml", instructions: 62_300_000, allocations: 26_200)
    private static let tolerance = 1.05

    static func run(_ arguments: [String]) throws {
        guard let file = arguments.first else { throw Failure("count needs a FILE") }
        let folder = FileManager.default.temporaryDirectory.appending(path: "lintbench-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        // Valgrind does not read the debug information of this toolchain.
        let program = folder.appending(path: "program").path
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        guard try Child.run(["strip", "-g", "-o", program, own], output: "/dev/null").isSuccess else {
            throw Failure("strip cannot copy \(own)")
        }
        let log = folder.appending(path: "log").path
        func counted(_ tool: [String]) throws -> String {
            let command = ["valgrind"] + tool + ["--log-file=\(log)", program, "lint", file]
            guard try Child.run(command, output: "/dev/null", secondsMax: 300).isSuccess else {
                throw Failure("valgrind cannot run \(program)")
            }
            return try String(contentsOfFile: log, encoding: .utf8)
        }
        let instructions = try number(
            behind: "Collected :",
            in: counted(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        )
        let allocations = try number(
            behind: "total heap usage:",
            in: counted(["--tool=memcheck", "--leak-check=no", "--undef-value-errors=no"])
        )
        print("\(file): \(instructions) instructions, \(allocations) allocations")
        guard file.hasSuffix(committed.document) else { return }
        try check("instructions", instructions, committed.instructions)
        try check("allocations", allocations, committed.allocations)
    }

    private static func check(_ name: String, _ count: Int, _ committed: Int) throws {
        guard Double(count) <= Double(committed) * tolerance else {
            throw Failure("\(count) \(name), \(committed) are committed: find out what became dearer")
        }
    }

    private static func number(behind label: String, in log: String) throws -> Int {
        guard let range = log.range(of: label) else { throw Failure("valgrind did not say `\(label)`") }
        let digits = log[range.upperBound...].drop { $0 == " " }.prefix { $0.isNumber || $0 == "," }
        guard let number = Int(digits.filter(\.isNumber)) else { throw Failure("valgrind gave no number") }
        return number
    }
}
