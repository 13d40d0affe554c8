/// Frames log lines as RFC 5424 wants them: `<134>1 2026-07-01T00:00:00.000Z host gatehouse 4711 access - {…}`.
public struct SyslogMessage: Sendable {
    /// Facility local0 (16) at severity informational (6): section 6.2.1.
    public static let priority = 16 * 8 + 6

    private let tail: [UInt8]

    /// - Parameters:
    ///   - host: this machine's name; a dash stands for none.
    ///   - process: this process's number.
    public init(host: String, process: Int) {
        let name = String(decoding: host.utf8.filter { $0 > 0x20 && $0 < 0x7F }.prefix(255), as: UTF8.self)
        tail = Array(" \(name.isEmpty ? "-" : name) gatehouse \(process) access - ".utf8)
    }

    /// Writes the whole message of one line, which comes without its newline, over `out`.
    public func write(_ line: ArraySlice<UInt8>, milliseconds: Int64, to out: inout [UInt8]) {
        out.removeAll(keepingCapacity: true)
        out.append(contentsOf: Self.start)
        UTCTime.appendRFC3339(milliseconds: milliseconds, to: &out)
        out.append(contentsOf: tail)
        out.append(contentsOf: line)
    }

    private static let start = Array("<\(priority)>1 ".utf8)
}
