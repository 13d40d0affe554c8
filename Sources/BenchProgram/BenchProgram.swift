internal import Foundation

/// A program of measurements: `PROGRAM NAME ARGUMENT…` takes one, and no name lists them all.
///
/// Nothing of it is asserted in tests: wall time is the machine's, not the code's.
public struct BenchProgram: Sendable {
    /// One measurement: the word that asks for it, what it measures and takes, and the work.
    public typealias Command = (name: String, what: String, run: @Sendable ([String]) throws -> Void)

    private let name: String
    private let commands: [Command]

    /// Makes a program.
    ///
    /// - Parameters:
    ///   - name: how users start it.
    ///   - commands: in the order in which they are listed.
    public init(_ name: String, _ commands: [Command]) {
        self.name = name
        self.commands = commands
    }

    /// Does what the command line asks for; exit code 1 where that fails or is not known.
    public func main() {
        let arguments = CommandLine.arguments.dropFirst()
        do {
            guard let asked = arguments.first, let chosen = commands.first(where: { $0.name == asked }) else {
                print("usage: \(name) NAME [ARGUMENT…]")
                for command in commands { print("  \(command.name)  \(command.what)") }
                throw Failure("no benchmark of that name")
            }
            try chosen.run(Array(arguments.dropFirst()))
        } catch {
            print("\(error)")
            exit(1)
        }
    }
}

/// A measurement that could not be taken, and why.
public struct Failure: Error, CustomStringConvertible {
    /// A sentence.
    public let description: String

    /// Makes one of a sentence.
    public init(_ description: String) {
        self.description = description
    }
}
