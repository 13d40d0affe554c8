// What the fields of a head mean together: framing, host, connection. Runs once, when the head is complete.

internal import ProblemDetails

extension RequestHead {
    mutating func settle(_ bytes: Span<UInt8>, limits: GatewayLimits) throws(Refusal) {
        if bytes.matches(method, "connect") || bytes.matches(method, "trace") {
            throw Refusal(.methodNotImplemented, "CONNECT and TRACE are not offered")
        }
        var hosts = 0
        var lengths = 0
        var codings = 0
        var options = 0
        var keepsAlive = false
        for index in fields.indices {
            let line = fields[index]
            switch line.role {
            case .ordinary: continue
            case .host:
                hosts += 1
                guard isAuthority(bytes, line.value) else {
                    throw Refusal(.malformedRequest, "Host is malformed")
                }
                // RFC 9112 §3.2.2: the authority of an absolute target wins over Host.
                if form != .absolute { authority = line.value }
            case .contentLength:
                lengths += 1
                contentLength = try Self.length(bytes, line.value, limits: limits)
            case .transferEncoding:
                codings += 1
                guard bytes.matches(line.value, "chunked") else {
                    throw Refusal(.unsupportedTransferCoding, "the only transfer coding is chunked")
                }
                isChunked = true
            case .connection:
                try readOptions(bytes, line.value, count: &options, keepsAlive: &keepsAlive, limits: limits)
            case .expect:
                guard bytes.matches(line.value, "100-continue") else {
                    throw Refusal(.expectationFailed, "the only expectation is 100-continue")
                }
                // RFC 9110 §10.1.1: ignored in HTTP/1.0.
                expectsContinue = minorVersion >= 1
            default: continue
            }
        }
        guard hosts <= 1 else { throw Refusal(.malformedRequest, "there is more than one Host") }
        guard hosts == 1 || minorVersion == 0 else { throw Refusal(.malformedRequest, "Host is missing") }
        guard lengths <= 1 else { throw Refusal(.malformedRequest, "there is more than one Content-Length") }
        guard codings <= 1 else { throw Refusal(.malformedRequest, "there is more than one Transfer-Encoding") }
        if codings > 0 {
            guard lengths == 0 else {
                throw Refusal(.malformedRequest, "Content-Length and Transfer-Encoding stand together")
            }
            guard minorVersion >= 1 else { throw Refusal(.malformedRequest, "HTTP/1.0 has no Transfer-Encoding") }
        }
        if minorVersion == 0, !keepsAlive { closes = true }
    }

    /// `1*DIGIT` and nothing else: no sign, no list, no blank (RFC 9110 §8.6).
    @_noAllocation @_noLocks
    private static func length(
        _ bytes: Span<UInt8>,
        _ value: Range<Int>,
        limits: GatewayLimits
    ) throws(Refusal) -> Int {
        guard !value.isEmpty else { throw Refusal(.malformedRequest, "Content-Length is empty") }
        var length = 0
        var isTooLarge = false
        for index in value {
            let digit = bytes[index] &- ASCII.zero
            guard digit < 10 else { throw Refusal(.malformedRequest, "Content-Length is not a number") }
            if length > limits.bodyBytesMax { isTooLarge = true } else { length = length &* 10 &+ Int(digit) }
        }
        guard !isTooLarge, length <= limits.bodyBytesMax else {
            throw Refusal(.bodyTooLarge, "the body is larger than this gateway takes")
        }
        return length
    }

    /// The options of one `Connection` line. A field that one names is as if it had not been sent; framing and Host are
    /// made anew by the gateway and so cannot be taken away (RFC 9110 §7.6.1, and what its attackers do with it).
    private mutating func readOptions(
        _ bytes: Span<UInt8>,
        _ value: Range<Int>,
        count: inout Int,
        keepsAlive: inout Bool,
        limits: GatewayLimits
    ) throws(Refusal) {
        var index = value.lowerBound
        while index < value.upperBound {
            var end = index
            while end < value.upperBound, bytes[end] != ASCII.comma { end &+= 1 }
            let option = Self.trimmed(bytes, index..<end)
            index = end + 1
            if option.isEmpty { continue }
            count += 1
            guard count <= limits.connectionOptionsMax else {
                throw Refusal(.headerTooLarge, "Connection has too many options")
            }
            if bytes.matches(option, "close") {
                closes = true
            } else if bytes.matches(option, "keep-alive") {
                keepsAlive = true
            } else {
                remove(bytes, option)
            }
        }
    }

    private mutating func remove(_ bytes: Span<UInt8>, _ option: Range<Int>) {
        var hash = FieldNames.hashSeed
        for index in option { hash = FieldNames.hashStep(hash, bytes[index]) }
        for index in fields.indices where fields[index].hash == hash { fields[index].isRemoved = true }
    }

    static func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, bytes[start] == ASCII.space || bytes[start] == ASCII.tab { start += 1 }
        while end > start, bytes[end - 1] == ASCII.space || bytes[end - 1] == ASCII.tab { end -= 1 }
        return start..<end
    }
}
