internal import ProblemDetails

/// A response head from an upstream, parsed to offsets. As strict as for requests: what an upstream sends decides which
/// bytes the next client gets, so ambiguity is answered 502 and the connection is never used again.
struct ResponseHead {
    /// One past the head's empty line.
    var length = 0
    var status = 0
    /// The reason phrase as received.
    var reason = 0..<0
    var minorVersion: UInt8 = 1
    var contentLength: Int?
    var isChunked = false
    /// Whether the upstream closes after this response.
    var closes = false
    var fields: ContiguousArray<FieldLine> = []

    init() {}

    var isInterim: Bool { status < 200 }

    /// How the body is framed (RFC 9112 §6.3), for a request made with or without HEAD.
    func body(forHEAD: Bool, limits: GatewayLimits) -> BodyReader {
        if forHEAD || status == 204 || status == 304 || isInterim { return .none }
        if isChunked { return .chunked(ChunkedDecoder(limits: limits, bodyBytesMax: Int.max)) }
        if let contentLength { return contentLength == 0 ? .none : .length(contentLength) }
        return .untilClose
    }

    /// Reads a head that starts at the first byte; false when more bytes are needed.
    mutating func read(_ bytes: Span<UInt8>, limits: GatewayLimits, names: FieldNames) throws(Refusal) -> Bool {
        contentLength = nil
        isChunked = false
        closes = false
        fields.removeAll(keepingCapacity: true)
        guard var index = try readStatusLine(bytes) else {
            guard bytes.count <= limits.responseHeadBytesMax else { throw Self.tooLong }
            return false
        }
        while true {
            switch try FieldLine.read(bytes, at: index, names: names) {
            case .line(let line):
                guard fields.count < limits.responseFieldsMax else { throw Self.tooLong }
                index = Int(line.end)
                fields.append(line)
            case .end(let end):
                guard end <= limits.responseHeadBytesMax else { throw Self.tooLong }
                length = end
                try settle(bytes)
                return true
            case .incomplete:
                guard bytes.count <= limits.responseHeadBytesMax else { throw Self.tooLong }
                return false
            }
        }
    }

    /// `HTTP/1.x SP 3DIGIT [SP reason] CRLF`; nil when more bytes are needed.
    private mutating func readStatusLine(_ bytes: Span<UInt8>) throws(Refusal) -> Int? {
        guard Self.beginsUsually(bytes) || Self.fits(bytes) else {
            throw Refusal(.upstreamInvalidResponse, "the status line is malformed")
        }
        guard bytes.count > 13 else { return nil }
        minorVersion = bytes[7] == ASCII.zero ? 0 : 1
        status =
            Int(bytes[9] - ASCII.zero) * 100 + Int(bytes[10] - ASCII.zero) * 10 + Int(bytes[11] - ASCII.zero)
        guard status >= 100, status < 600 else { throw Refusal(.upstreamInvalidResponse, "the status is out of range") }
        var index = 12
        if bytes[index] == ASCII.space { index += 1 }
        let start = index
        while true {
            index = bytes.firstControl(from: index)
            guard index + 1 < bytes.count else { return nil }
            guard bytes[index] == ASCII.tab else { break }
            index += 1
        }
        guard bytes[index] == ASCII.carriageReturn, bytes[index + 1] == ASCII.lineFeed, start > 12 || index == 12 else {
            throw Refusal(.upstreamInvalidResponse, "the status line is malformed")
        }
        reason = start..<index
        return index + 2
    }

    /// `HTTP/1.1 ` and three digits; the version in one comparison.
    @inline(__always)
    private static func beginsUsually(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count >= 12 else { return false }
        // The line above keeps the word inside the span.
        let word = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt64.self)
        return UInt64(littleEndian: word) == 0x312E_312F_5054_5448 && bytes[8] == ASCII.space
            && bytes[9] &- ASCII.zero < 10 && bytes[10] &- ASCII.zero < 10 && bytes[11] &- ASCII.zero < 10
    }

    /// Whether what is there may be the start of a status line.
    private static func fits(_ bytes: Span<UInt8>) -> Bool {
        let pattern: StaticString = "HTTP/1.# ###"
        let available = min(bytes.count, 12)
        return pattern.withUTF8Buffer { expected in
            for offset in 0..<available {
                let isDigit = bytes[offset] &- ASCII.zero < 10
                guard unsafe expected[offset] == UInt8(ascii: "#") ? isDigit : bytes[offset] == expected[offset] else {
                    return false
                }
            }
            return true
        }
    }

    private mutating func settle(_ bytes: Span<UInt8>) throws(Refusal) {
        var lengths = 0
        var codings = 0
        var keepsAlive = false
        for index in fields.indices {
            let line = fields[index]
            switch line.role {
            case .ordinary: continue
            case .contentLength:
                lengths += 1
                contentLength = try Self.length(bytes, line.value)
            case .transferEncoding:
                codings += 1
                guard bytes.matches(line.value, "chunked") else {
                    throw Self.badCoding
                }
                isChunked = true
            case .connection: readOptions(bytes, line.value, keepsAlive: &keepsAlive)
            default: continue
            }
        }
        guard lengths <= 1, codings <= 1, lengths + codings <= 1 else {
            throw Refusal(.upstreamInvalidResponse, "the framing is ambiguous")
        }
        if minorVersion == 0 {
            guard codings == 0 else { throw Refusal(.upstreamInvalidResponse, "HTTP/1.0 has no Transfer-Encoding") }
            if !keepsAlive { closes = true }
        }
    }

    @_noAllocation @_noLocks
    private static func length(_ bytes: Span<UInt8>, _ value: Range<Int>) throws(Refusal) -> Int {
        guard !value.isEmpty, value.count <= 18 else {
            throw Refusal(.upstreamInvalidResponse, "Content-Length is malformed")
        }
        var length = 0
        for index in value {
            let digit = bytes[index] &- ASCII.zero
            guard digit < 10 else { throw Refusal(.upstreamInvalidResponse, "Content-Length is malformed") }
            length = length * 10 + Int(digit)
        }
        return length
    }

    private mutating func readOptions(_ bytes: Span<UInt8>, _ value: Range<Int>, keepsAlive: inout Bool) {
        // The usual word alone.
        if bytes.matches(value, "keep-alive") {
            keepsAlive = true
            return
        }
        var index = value.lowerBound
        while index < value.upperBound {
            var end = index
            while end < value.upperBound, bytes[end] != ASCII.comma { end &+= 1 }
            let option = RequestHead.trimmed(bytes, index..<end)
            index = end + 1
            if option.isEmpty { continue }
            if bytes.matches(option, "close") {
                closes = true
            } else if bytes.matches(option, "keep-alive") {
                keepsAlive = true
            } else {
                var hash = FieldNames.hashSeed
                for byte in option { hash = FieldNames.hashStep(hash, bytes[byte]) }
                for line in fields.indices where fields[line].hash == hash { fields[line].isRemoved = true }
            }
        }
    }

    static let badCoding = Refusal(.upstreamInvalidResponse, "the transfer coding is not chunked")
    static let tooLong = Refusal(.upstreamInvalidResponse, "the head is too long")
}
