// Reading a request head: strict RFC 9112. What two parsers could read in two ways is refused, never repaired.

internal import ProblemDetails

extension RequestHead {
    /// Reads a head that starts at the first byte.
    ///
    /// - Returns: false when more bytes are needed.
    /// - Throws: why the request is refused; the connection must be closed after the answer, because nobody can say
    ///   where the next request would start.
    mutating func read(_ bytes: Span<UInt8>, limits: GatewayLimits, names: FieldNames) throws(Refusal) -> Bool {
        self.reset()
        // RFC 9112 §2.2: one empty line before a request line is ignored; more is somebody testing us.
        var start = 0
        if bytes.count > 0, bytes[0] == ASCII.carriageReturn {
            guard bytes.count > 1 else { return false }
            guard bytes[1] == ASCII.lineFeed else { throw Refusal(.malformedRequest, "a CR stands alone") }
            start = 2
        }
        guard var index = try readRequestLine(bytes, from: start, limits: limits) else {
            guard bytes.count <= limits.targetBytesMax + limits.methodBytesMax + 16 else {
                throw Refusal(.uriTooLong, "the request line is too long")
            }
            return false
        }
        while true {
            switch try FieldLine.read(bytes, at: index, names: names) {
            case .line(let line):
                guard fields.count < limits.headFieldsMax else {
                    throw Refusal(.headerTooLarge, "the head has too many fields")
                }
                index = Int(line.end)
                fields.append(line)
            case .end(let end):
                guard end <= limits.headBytesMax else { throw Refusal(.headerTooLarge, "the head is too long") }
                length = end
                try settle(bytes, limits: limits)
                return true
            case .incomplete:
                guard bytes.count <= limits.headBytesMax else {
                    throw Refusal(.headerTooLarge, "the head is too long")
                }
                return false
            }
        }
    }

    private mutating func reset() {
        length = 0
        form = .origin
        query = nil
        authority = nil
        pathIsPlain = true
        contentLength = nil
        isChunked = false
        closes = false
        expectsContinue = false
        fields.removeAll(keepingCapacity: true)
    }

    /// `method SP request-target SP HTTP-version CRLF`; nil when more bytes are needed.
    @inline(__always)
    private mutating func readRequestLine(
        _ bytes: Span<UInt8>,
        from start: Int,
        limits: GatewayLimits
    ) throws(Refusal) -> Int? {
        var index = start
        while true {
            guard index < bytes.count else { return nil }
            if bytes[index] == ASCII.space { break }
            guard ByteClass.isToken(bytes[index]) else {
                throw Refusal(.malformedRequest, "the request line does not begin with a method")
            }
            index &+= 1
            guard index - start <= limits.methodBytesMax else {
                throw Refusal(.methodNotImplemented, "the method is too long")
            }
        }
        guard index > start else { throw Refusal(.malformedRequest, "the request line begins with a space") }
        method = start..<index
        let targetStart = index + 1
        guard let targetEnd = try readTarget(bytes, from: targetStart, limits: limits) else { return nil }
        return try readVersion(bytes, from: targetEnd + 1)
    }

    /// Reads the target up to the space after it and returns that space's index; nil when more bytes are needed.
    @inline(__always)
    private mutating func readTarget(
        _ bytes: Span<UInt8>,
        from start: Int,
        limits: GatewayLimits
    ) throws(Refusal) -> Int? {
        guard start < bytes.count else { return nil }
        var index = start
        if bytes[start] == ASCII.slash {
            form = .origin
        } else if bytes[start] == ASCII.star {
            return try readAsterisk(bytes, at: start)
        } else {
            form = .absolute
            guard let authorityEnd = try readAbsoluteStart(bytes, from: start) else { return nil }
            index = authorityEnd
        }
        let pathStart = index
        var previous: UInt8 = 0
        while true {
            guard index < bytes.count else { return nil }
            let byte = bytes[index]
            if ByteClass.isPath(byte) {
                // A segment that begins with a dot may be a dot segment.
                if byte == ASCII.dot, previous == ASCII.slash { pathIsPlain = false }
            } else if byte == ASCII.percent {
                pathIsPlain = false
            } else {
                break
            }
            previous = byte
            index &+= 1
        }
        path = pathStart..<index
        if bytes[index] == ASCII.question {
            let queryStart = index + 1
            index = queryStart
            while index < bytes.count, ByteClass.isQuery(bytes[index]) { index &+= 1 }
            guard index < bytes.count else { return nil }
            query = queryStart..<index
        }
        guard bytes[index] == ASCII.space else {
            throw Refusal(.malformedRequest, "the request target holds a byte that has to be percent-encoded")
        }
        guard index - start <= limits.targetBytesMax else {
            throw Refusal(.uriTooLong, "the request target is too long")
        }
        return index
    }

    private mutating func readAsterisk(_ bytes: Span<UInt8>, at start: Int) throws(Refusal) -> Int? {
        guard start + 1 < bytes.count else { return nil }
        guard bytes[start + 1] == ASCII.space, bytes.matches(method, "options") else {
            throw Refusal(.malformedRequest, "the asterisk form is for OPTIONS alone")
        }
        form = .asterisk
        path = start..<(start + 1)
        return start + 1
    }

    /// `http://authority` or `https://authority`; returns the index after the authority. RFC 9110 §4.2.4: no userinfo.
    private mutating func readAbsoluteStart(_ bytes: Span<UInt8>, from start: Int) throws(Refusal) -> Int? {
        var index = start
        while index < bytes.count, bytes[index] != ASCII.colon {
            guard ByteClass.isUnreserved(bytes[index]), index - start < 6 else {
                throw Refusal(.malformedRequest, "the request target begins neither with a slash nor with http://")
            }
            index &+= 1
        }
        guard index + 2 < bytes.count else { return nil }
        guard bytes.matches(start..<index, "http") || bytes.matches(start..<index, "https"),
            bytes[index + 1] == ASCII.slash, bytes[index + 2] == ASCII.slash
        else { throw Refusal(.malformedRequest, "the request target is no http URI") }
        let authorityStart = index + 3
        index = authorityStart
        while true {
            guard index < bytes.count else { return nil }
            let byte = bytes[index]
            if byte == ASCII.slash || byte == ASCII.question || byte == ASCII.space { break }
            index &+= 1
        }
        guard Authority.isValid(bytes, authorityStart..<index) else {
            throw Refusal(.malformedRequest, "the authority in the request target is malformed")
        }
        authority = authorityStart..<index
        return index
    }

    /// `HTTP/1.x CRLF`; returns the index after it, nil when more bytes are needed.
    @inline(__always)
    private mutating func readVersion(_ bytes: Span<UInt8>, from start: Int) throws(Refusal) -> Int? {
        // "HTTP/1.1" as a little-endian word: the usual case is one comparison.
        if start + 10 <= bytes.count {
            let word = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self)
            let line = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: start + 8, as: UInt16.self)
            if UInt64(littleEndian: word) == 0x312E_312F_5054_5448, UInt16(littleEndian: line) == 0x0A0D {
                minorVersion = 1
                return start + 10
            }
        }
        return try readUnusualVersion(bytes, from: start)
    }

    private mutating func readUnusualVersion(_ bytes: Span<UInt8>, from start: Int) throws(Refusal) -> Int? {
        let available = min(bytes.count - start, 10)
        let pattern: StaticString = "HTTP/#.#\r\n"
        let fits = pattern.withUTF8Buffer { expected in
            for offset in 0..<available {
                let byte = bytes[start + offset]
                let isDigit = byte &- ASCII.zero < 10
                guard unsafe expected[offset] == UInt8(ascii: "#") ? isDigit : byte == expected[offset] else {
                    return false
                }
            }
            return true
        }
        guard fits else { throw Refusal(.malformedRequest, "the request line does not end with an HTTP version") }
        guard available == 10 else { return nil }
        guard bytes[start + 5] == ASCII.zero + 1 else {
            throw Refusal(.httpVersionNotSupported, "only HTTP/1.1 and HTTP/1.0 are spoken here")
        }
        minorVersion = bytes[start + 7] == ASCII.zero ? 0 : 1
        return start + 10
    }
}
