import BenchProgram
import DocumentTree
import Foundation
import PolicyEngine

/// One lint from the file to the report on stdout.
enum Lint {
    static func run(_ arguments: [String]) throws {
        guard let path = arguments.first else { throw Failure("lint needs a FILE") }
        let ruleset = try Ruleset.builtIn(arguments.dropFirst().first ?? "spectral:oas")
        let document = try Document.read([UInt8](Data(contentsOf: URL(filePath: path))), name: path)
        let report = Linter(ruleset).lint(document)
        FileHandle.standardOutput.write(Data(JSONReport().text(report.findings).utf8))
    }
}
