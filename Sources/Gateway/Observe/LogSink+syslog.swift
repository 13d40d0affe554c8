internal import Glibc
internal import Telemetry

/// Where syslog messages go: a socket on this machine, or UDP.
struct SyslogEnd: Sendable {
    /// The structure that `connect` takes, as bytes.
    let address: [UInt8]
    let family: Int32
    let message: SyslogMessage
    /// A message in the making.
    var scratch: [UInt8] = []
    /// When a lost daemon is looked for again, monotonic nanoseconds.
    var retryAt: UInt64 = 0

    /// Longest path of a socket, with the zero at its end (unix(7)).
    private static let pathBytesMax = 108

    init(_ sink: AccessLogSettings.Sink) throws(LogSink.Failure) {
        message = SyslogMessage(host: Self.hostName, process: Int(getpid()))
        switch sink {
        case .syslogUDP(let host, let port):
            let found = try Self.resolve(host, port)
            address = unsafe found.withSockaddr { start, count in
                unsafe Array(UnsafeRawBufferPointer(start: start, count: Int(count)))
            }
            family = Int32(address[0]) | Int32(address[1]) << 8
        case .syslogSocket(let path):
            guard path.utf8.count < Self.pathBytesMax else {
                throw LogSink.Failure(description: "`\(path)` is too long for a socket")
            }
            family = AF_UNIX
            address = [UInt8(AF_UNIX), 0] + Array(path.utf8) + [0]
        case .descriptor, .file: preconditionFailure("only syslog has a daemon")
        }
    }

    private static func resolve(_ host: String, _ port: Int) throws(LogSink.Failure) -> SocketAddress {
        if let literal = SocketAddress(literal: host, port: port) { return literal }
        do throws(ResolutionFailure) {
            return try SocketAddress.resolve(host, port: port, forListening: false)[0]
        } catch {
            throw LogSink.Failure(description: "cannot find the syslog server `\(host)`: \(error.reason)")
        }
    }

    private static var hostName: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&buffer, buffer.count - 1) == 0 else { return "" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension LogSink {
    /// Opens the socket to the daemon.
    ///
    /// - Throws: `Failure` where nobody listens there; UDP does not know.
    mutating func connectSyslog() throws(Failure) {
        guard let end = syslog else { return }
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
        let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        descriptor = socket(end.family, kind, 0)
        let status = unsafe end.address.withUnsafeBytes { bytes -> Int32 in
            guard let start = bytes.baseAddress else { return -1 }
            return unsafe connect(descriptor, start.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
        guard status == 0 else {
            let code = errno
            _ = Glibc.close(descriptor)
            descriptor = -1
            throw Failure(description: "cannot reach syslog: \(Disk.text(of: code))")
        }
    }

    /// Sends each line as a message of its own; returns how many left.
    mutating func send(_ lines: [UInt8], isOver: () -> Bool) -> Int {
        let milliseconds = Int64(Moment.now().wall / 1_000_000)
        var sent = 0
        var start = 0
        while let end = lines[start...].firstIndex(of: UInt8(ascii: "\n")) {
            if sendOne(lines[start..<end], milliseconds, isOver: isOver) { sent += 1 }
            start = end + 1
        }
        return sent
    }

    private mutating func sendOne(_ line: ArraySlice<UInt8>, _ milliseconds: Int64, isOver: () -> Bool) -> Bool {
        guard var end = syslog else { return false }
        // Emptied here, so that its memory is written in place and not copied.
        syslog?.scratch = []
        end.message.write(line, milliseconds: milliseconds, to: &end.scratch)
        defer { syslog = end }
        while true {
            if descriptor < 0, !comeBack(&end) { return false }
            let count = unsafe end.scratch.withUnsafeBytes { bytes in
                unsafe Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            }
            if count >= 0 { return true }
            switch errno {
            case EINTR: continue
            case EAGAIN, ENOBUFS: guard Self.waitForRoom(descriptor, isOver: isOver) else { return false }
            // Too long for the socket: nothing is wrong with the daemon.
            case EMSGSIZE: return false
            default:
                // The daemon was started anew, or an earlier datagram was answered by nobody: the socket is of no more use.
                _ = Glibc.close(descriptor)
                descriptor = -1
            }
        }
    }

    /// Looks for a daemon that was lost, at most once a second.
    private mutating func comeBack(_ end: inout SyslogEnd) -> Bool {
        let now = Moment.monotonicNow()
        guard now >= end.retryAt else { return false }
        end.retryAt = now &+ 1_000_000_000
        do throws(Failure) {
            try connectSyslog()
            return true
        } catch {
            // Counted as lost by who asked; looked for again in a second.
            return false
        }
    }
}
