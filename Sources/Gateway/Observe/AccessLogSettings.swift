/// How requests are written down: one JSON object a line, never with a key, a body or query values that were not named.
public struct AccessLogSettings: Hashable, Sendable {
    /// Where lines go.
    public enum Sink: Hashable, Sendable {
        /// An open descriptor, which stays open.
        case descriptor(Int32)
        /// A file, made where there is none; opened anew when told so, and when it was renamed or removed.
        case file(String)
        /// The socket of a syslog daemon on this machine, RFC 5424 in datagrams.
        case syslogSocket(String)
        /// A syslog server, RFC 5424 over UDP (RFC 5426).
        case syslogUDP(host: String, port: Int)
    }

    /// Where to.
    public var sink: Sink
    /// Share of the requests that are written down, 0 … 1.
    public var share = 1.0
    /// Whether answers of the gateway's own, 5xx and requests that were cut are written down whatever the share.
    public var alwaysFaults = true
    /// Names of the query parameters that may be shown, decoded. A key is never shown, whatever its parameter is called.
    public var queryParameters: [String] = []

    /// Everything that happens, to this sink.
    public init(sink: Sink) { self.sink = sink }
}

extension AccessLogSettings.Sink {
    /// The daemon's socket where none is named.
    public static let syslogStandard = "/dev/log"

    /// Reads a sink as people write it: `-` for stdout, `syslog:`, `syslog:/path/of/socket`, `syslog://host:port`, else a
    /// file. Nil where it looks like syslog but is none of these.
    public init?(_ text: String) {
        guard text != "-" else {
            self = .descriptor(1)
            return
        }
        guard text == "syslog" || text.hasPrefix("syslog:") else {
            self = .file(text)
            return
        }
        let rest = text.dropFirst("syslog:".count)
        if rest.isEmpty {
            self = .syslogSocket(Self.syslogStandard)
        } else if rest.hasPrefix("//") {
            guard let address = Self.hostAndPort(rest.dropFirst(2)) else { return nil }
            self = address
        } else if rest.hasPrefix("/") {
            self = .syslogSocket(String(rest))
        } else {
            return nil
        }
    }

    private static func hostAndPort(_ text: Substring) -> Self? {
        // RFC 5426 §3.3: port 514.
        var host = text
        var port = 514
        if let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") {
            guard let given = Int(text[text.index(after: colon)...]), (1...65_535).contains(given) else { return nil }
            port = given
            host = text[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        return host.isEmpty ? nil : .syslogUDP(host: String(host), port: port)
    }
}
