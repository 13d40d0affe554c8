/// One line of the access log: what happened to a request, without its key, its body or its query values.
public struct AccessLogEntry: Sendable {
    /// When the answer was complete, in milliseconds since 1970-01-01 UTC.
    public var timeMilliseconds: Int64
    /// The value of `X-Request-Id`.
    public var requestID: String
    /// Names of the API, version and operation; empty where the request got none.
    public var api: String
    /// The resolved version.
    public var version: String
    /// The operation's identifier.
    public var operation: String
    /// The application's name, empty for anonymous callers.
    public var application: String
    /// The part of the key that may be shown.
    public var credentialStart: String
    /// Method as received.
    public var method: String
    /// The canonical path, without the query.
    public var path: String
    /// The status sent.
    public var status: Int
    /// The problem's code when the gateway answered itself, else empty.
    public var deniedBecause: String
    /// Whole time in microseconds.
    public var durationMicroseconds: UInt64
    /// Time until the upstream's head, in microseconds; 0 where there was none.
    public var upstreamMicroseconds: UInt64
    /// Body bytes received from the client.
    public var bytesIn: UInt64
    /// Body bytes sent to the client.
    public var bytesOut: UInt64
    /// Subject of the certificate that the client showed, empty where it showed none.
    public var clientSubject = ""
    /// SHA-256 of that certificate, in hexadecimal.
    public var clientFingerprint = ""

    /// Makes an entry.
    public init(
        timeMilliseconds: Int64,
        requestID: String,
        api: String,
        version: String,
        operation: String,
        application: String,
        credentialStart: String,
        method: String,
        path: String,
        status: Int,
        deniedBecause: String,
        durationMicroseconds: UInt64,
        upstreamMicroseconds: UInt64,
        bytesIn: UInt64,
        bytesOut: UInt64
    ) {
        self.timeMilliseconds = timeMilliseconds
        self.requestID = requestID
        self.api = api
        self.version = version
        self.operation = operation
        self.application = application
        self.credentialStart = credentialStart
        self.method = method
        self.path = path
        self.status = status
        self.deniedBecause = deniedBecause
        self.durationMicroseconds = durationMicroseconds
        self.upstreamMicroseconds = upstreamMicroseconds
        self.bytesIn = bytesIn
        self.bytesOut = bytesOut
    }

    /// The entry as one line of JSON, newline included. Empty text members are left out.
    public var line: [UInt8] {
        var out = JSONLine()
        out.member("ts", UTCTime.rfc3339(milliseconds: timeMilliseconds))
        out.member("level", "info")
        out.member("msg", "request")
        out.member("logger", "access")
        out.member("request_id", requestID)
        out.member("api", api)
        out.member("version", version)
        out.member("operation", operation)
        out.member("application", application)
        out.member("credential_start", credentialStart)
        out.member("method", method)
        out.member("route", path)
        out.member("status", UInt64(status))
        out.member("duration_ms", milliseconds: durationMicroseconds)
        out.member("upstream_ms", milliseconds: upstreamMicroseconds)
        out.member("bytes_in", bytesIn)
        out.member("bytes_out", bytesOut)
        out.member("denied_because", deniedBecause)
        out.member("client_subject", clientSubject)
        out.member("client_fingerprint", clientFingerprint)
        return out.finished()
    }
}

/// Builds one JSON object on one line.
struct JSONLine {
    private var bytes: [UInt8] = [UInt8(ascii: "{")]

    /// Adds a text member unless it is empty.
    mutating func member(_ name: StaticString, _ value: String) {
        guard !value.isEmpty else { return }
        begin(name)
        bytes.append(UInt8(ascii: "\""))
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0x00..<0x20, 0x7F:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(contentsOf: [Self.hex[Int(byte >> 4)], Self.hex[Int(byte & 0x0F)]])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Adds a whole number.
    mutating func member(_ name: StaticString, _ value: UInt64) {
        begin(name)
        bytes.append(contentsOf: String(value).utf8)
    }

    /// Adds microseconds as milliseconds with three decimals.
    mutating func member(_ name: StaticString, milliseconds microseconds: UInt64) {
        begin(name)
        let fraction = String(microseconds % 1000)
        bytes.append(contentsOf: String(microseconds / 1000).utf8)
        bytes.append(UInt8(ascii: "."))
        bytes.append(contentsOf: String(repeating: "0", count: 3 - fraction.count).utf8)
        bytes.append(contentsOf: fraction.utf8)
    }

    /// The line with its newline.
    mutating func finished() -> [UInt8] {
        bytes.append(UInt8(ascii: "}"))
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    private mutating func begin(_ name: StaticString) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    private static let hex: [UInt8] = Array("0123456789abcdef".utf8)
}
