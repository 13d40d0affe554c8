import DocumentTree
import Foundation

/// Reading what the user names on the command line.
enum InputFile {
    /// The bytes of a file; `-` is stdin.
    static func read(_ path: String) throws -> [UInt8] {
        if path == "-" { return [UInt8](FileHandle.standardInput.readDataToEndOfFile()) }
        do {
            return [UInt8](try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw Stop(.usage, "cannot read `\(path)`: \(Self.reason(error))")
        }
    }

    /// The last part of a path.
    static func name(of path: String) -> String {
        URL(filePath: path).lastPathComponent
    }

    /// Where a finding is and what it says, in one line: `file:line:column  message  (code)`.
    static func line(_ finding: Finding) -> String {
        let start = finding.range.start
        let place = "\(finding.source):\(start.line + 1):\(start.character + 1)"
        let help = finding.help.map { "; \($0)" } ?? ""
        return "\(place)  \(finding.message)\(help)  (\(finding.code))"
    }

    /// Why a file could not be read, in the words of the system.
    static func reason(_ error: any Error) -> String {
        let cocoa = error as NSError
        if let cause = cocoa.userInfo[NSUnderlyingErrorKey] as? NSError, cause.domain == NSPOSIXErrorDomain {
            return String(cString: strerror(Int32(cause.code)))
        }
        return cocoa.code == NSFileReadNoSuchFileError ? "no such file" : error.localizedDescription
    }
}
