import Foundation
import Logging

/// `ADDRESS:PORT` of the command line.
struct ListenAddress: Sendable {
    let host: String
    let port: Int

    /// - Parameters:
    ///   - text: such as `127.0.0.1:8000` or `[::1]:0`.
    ///   - option: named in the message where the text is no address.
    /// - Throws: `Stop` where it is none.
    init(_ text: String, option: String) throws {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65535).contains(port)
        else {
            throw Stop(.usage, "\(option) `\(text)` is not ADDRESS:PORT; write for instance 127.0.0.1:8000")
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard !host.isEmpty else {
            throw Stop(.usage, "\(option) `\(text)` has no address; write for instance 127.0.0.1:\(port)")
        }
        self.host = host
        self.port = port
    }
}

/// Logging to stderr.
enum Log {
    /// A level by its name.
    static func level(_ name: String) -> Logger.Level? { Logger.Level(rawValue: name) }

    static func make(level: Logger.Level) -> Logger {
        var logger = Logger(label: "gatehouse") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = level
        return logger
    }
}
