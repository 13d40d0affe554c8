import Foundation

/// The exit codes of every command (interfaces: command line).
enum Outcome: Int32, Sendable {
    /// Done, or clean.
    case done = 0
    /// Policy says no: findings at or above the threshold, an approval that is missing, a gate that is closed.
    case refused = 1
    /// Usage, or input that cannot be read.
    case usage = 2
    /// The other side, the way there, or who one is.
    case remote = 3
    /// Somebody else was first, or the state does not allow it.
    case conflict = 4
    /// Waited for something that did not come.
    case timedOut = 5
}

/// A command's failure: what to print on stderr and the exit code.
struct Stop: Error, Sendable {
    let code: Outcome
    let text: String

    init(_ code: Outcome, _ text: String) {
        self.code = code
        self.text = text
    }
}

/// stdout is data, stderr is messages.
enum Console {
    /// A line on stderr.
    static func error(_ text: String) {
        FileHandle.standardError.write(Data((text.hasSuffix("\n") ? text : text + "\n").utf8))
    }

    /// Data on stdout, written as it is.
    static func write(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    /// Data on stdout, written as it is.
    static func write(_ bytes: [UInt8]) {
        FileHandle.standardOutput.write(Data(bytes))
    }

    /// Whether stdout is a terminal that wants colors (`NO_COLOR` is honored).
    static var wantsColor: Bool {
        isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
    }
}
