internal import Glibc
internal import Telemetry

/// The far end of the access log. Used from the log's own thread alone: what is slow here holds nobody else up.
struct LogSink: Sendable {
    /// Why it cannot be used.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let settings: AccessLogSettings.Sink
    /// -1 while there is none.
    var descriptor: Int32 = -1
    private var isRegular = false
    private var identity = Identity()
    /// Whether the last line was written in part: the next one must not continue it.
    private var isInLine = false
    /// Where syslog messages go and how they look.
    var syslog: SyslogEnd?

    /// Which file a descriptor or a path is.
    private struct Identity: Equatable, Sendable {
        var device: UInt = 0
        var number: UInt = 0
    }

    /// Opens it. Blocks while a name is looked up.
    ///
    /// - Throws: `Failure`, a sentence about what cannot be opened.
    init(_ settings: AccessLogSettings.Sink) throws(Failure) {
        self.settings = settings
        switch settings {
        case .descriptor(let given):
            descriptor = given
            isRegular = Self.isRegular(given)
        case .file(let path): try openFile(path)
        case .syslogSocket, .syslogUDP:
            syslog = try SyslogEnd(settings)
            try connectSyslog()
        }
    }

    // MARK: Files

    private mutating func openFile(_ path: String) throws(Failure) {
        let opened = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
        guard opened >= 0 else { throw Failure(description: "cannot open `\(path)`: \(Disk.text(of: errno))") }
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
        descriptor = opened
        isRegular = Self.isRegular(opened)
        isInLine = false
        var state = stat()
        if unsafe fstat(opened, &state) == 0 { identity = Self.identity(state) }
    }

    /// Opens the file anew, for instance after it was renamed to be kept; no matter for other sinks.
    ///
    /// - Throws: `Failure`; what was open stays open.
    mutating func reopen() throws(Failure) {
        guard case .file(let path) = settings else { return }
        try openFile(path)
    }

    /// Opens the file anew where its name no longer leads to it.
    ///
    /// - Throws: `Failure`; what was open stays open.
    mutating func followName() throws(Failure) {
        guard case .file(let path) = settings, isRegular else { return }
        var state = stat()
        if unsafe stat(path, &state) == 0, Self.identity(state) == identity { return }
        try openFile(path)
    }

    private static func identity(_ state: stat) -> Identity {
        Identity(device: UInt(state.st_dev), number: UInt(state.st_ino))
    }

    private static func isRegular(_ descriptor: Int32) -> Bool {
        var state = stat()
        return unsafe fstat(descriptor, &state) == 0 && state.st_mode & S_IFMT == S_IFREG
    }

    // MARK: Writing

    /// Writes whole lines, waiting for the reader until `isOver` says so.
    ///
    /// - Returns: how many of the lines arrived.
    mutating func write(_ lines: [UInt8], isOver: () -> Bool) -> Int {
        if syslog != nil { return send(lines, isOver: isOver) }
        if isInLine, put(Self.newline, isOver: isOver) == 1 { isInLine = false }
        let written = put(lines, isOver: isOver)
        if written > 0 { isInLine = lines[written - 1] != UInt8(ascii: "\n") }
        return lines[..<written].count { $0 == UInt8(ascii: "\n") }
    }

    private func put(_ bytes: [UInt8], isOver: () -> Bool) -> Int {
        var written = 0
        while written < bytes.count {
            // A pipe that is ready takes this much at once (PIPE_BUF), so that no write blocks for ever.
            let most = isRegular ? bytes.count - written : min(4096, bytes.count - written)
            if !isRegular {
                guard Self.waitForRoom(descriptor, isOver: isOver) else { break }
            }
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress.map { unsafe $0 + written }, most)
            }
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            // Full, read only, gone: these lines are lost and counted, later ones are tried again.
            guard count > 0 else { break }
            written += count
        }
        return written
    }

    /// Whether something can be written, or is known to fail; false when it took too long.
    static func waitForRoom(_ descriptor: Int32, isOver: () -> Bool) -> Bool {
        while true {
            var wish = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            if unsafe poll(&wish, 1, 50) > 0 { return true }
            if isOver() { return false }
        }
    }

    private static let newline = [UInt8(ascii: "\n")]
}
