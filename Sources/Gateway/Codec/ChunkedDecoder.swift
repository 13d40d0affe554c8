internal import ProblemDetails

/// Reads a chunked body (RFC 9112 §7.1) piece by piece, as strictly as the grammar is written: sizes are `1*HEXDIG`, lines
/// end in CRLF, extensions are well formed and bounded, trailer lines are fields. Trailers are checked and dropped: a
/// field that arrives after the decisions were taken must not look as if it had been there before.
struct ChunkedDecoder {
    /// What the next bytes are.
    enum Step: Equatable {
        /// Body bytes at these indices.
        case data(Range<Int>)
        /// Everything given has been read; more must come.
        case incomplete
        /// The body is complete; reading stopped at the index after it.
        case end
    }

    private enum State {
        case size
        case `extension`
        case sizeLineFeed
        case data
        case dataReturn
        case dataLineFeed
        case trailerStart
        case trailerName
        case trailerValue
        case trailerLineFeed
        case endLineFeed
        case done
    }

    /// Where inside a chunk extension a byte stands.
    private enum ExtensionState {
        case nameStart
        case name
        case valueStart
        case value
        case quoted
        case escaped
        case quotedEnd
    }

    private var state = State.size
    private var extensionState = ExtensionState.nameStart
    private var digits = 0
    private var remaining = 0
    private var extensionBytes = 0
    private var trailerBytes = 0
    private let bodyBytesMax: Int
    private let extensionBytesMax: Int
    private let trailerBytesMax: Int

    /// Body bytes announced so far by chunk sizes.
    private(set) var bodyBytes = 0

    init(limits: GatewayLimits, bodyBytesMax: Int) {
        self.bodyBytesMax = bodyBytesMax
        extensionBytesMax = limits.chunkExtensionBytesMax
        trailerBytesMax = limits.trailerBytesMax
    }

    /// Reads on from `index`, which moves past what was read.
    @_noAllocation @_noLocks
    mutating func next(_ bytes: Span<UInt8>, at index: inout Int) throws(Refusal) -> Step {
        while index < bytes.count {
            let byte = bytes[index]
            switch state {
            case .size: try readSize(byte)
            case .extension: try readExtension(byte)
            case .sizeLineFeed:
                guard byte == ASCII.lineFeed else { throw Self.malformed }
                state = remaining == 0 ? .trailerStart : .data
            case .data:
                let count = min(remaining, bytes.count - index)
                remaining -= count
                if remaining == 0 { state = .dataReturn }
                defer { index += count }
                return .data(index..<(index + count))
            case .dataReturn:
                guard byte == ASCII.carriageReturn else { throw Self.unterminated }
                state = .dataLineFeed
            case .dataLineFeed:
                guard byte == ASCII.lineFeed else { throw Self.unterminated }
                state = .size
                digits = 0
            case .endLineFeed:
                guard byte == ASCII.lineFeed else { throw Self.malformed }
                state = .done
                index += 1
                return .end
            case .done: return .end
            default: try readTrailer(byte)
            }
            index += 1
        }
        return state == .done ? .end : .incomplete
    }

    @_noAllocation @_noLocks
    private mutating func readSize(_ byte: UInt8) throws(Refusal) {
        if let digit = ByteClass.hexValue(byte) {
            digits += 1
            // Sixteen digits hold every size there is; leading zeros beyond are somebody counting our bits.
            guard digits <= 16, remaining <= Int.max >> 5 else { throw Self.tooLarge }
            remaining = remaining << 4 | Int(digit)
            guard remaining <= bodyBytesMax - bodyBytes else { throw Self.tooLarge }
            return
        }
        guard digits > 0 else { throw Refusal(.malformedRequest, "a chunk has no size") }
        switch byte {
        case ASCII.carriageReturn: state = .sizeLineFeed
        case ASCII.semicolon:
            state = .extension
            extensionState = .nameStart
            extensionBytes += 1
        default: throw Refusal(.malformedRequest, "a chunk size is not a hexadecimal number")
        }
        bodyBytes += state == .sizeLineFeed || state == .extension ? remaining : 0
    }

    @_noAllocation @_noLocks
    private mutating func readExtension(_ byte: UInt8) throws(Refusal) {
        extensionBytes += 1
        guard extensionBytes <= extensionBytesMax else {
            throw Refusal(.malformedRequest, "the chunk extensions are too long")
        }
        switch (extensionState, byte) {
        case (.escaped, ASCII.tab), (.escaped, 0x20...0x7E), (.escaped, 0x80...): extensionState = .quoted
        case (.quoted, ASCII.quote): extensionState = .quotedEnd
        case (.quoted, ASCII.backslash): extensionState = .escaped
        case (.quoted, ASCII.tab), (.quoted, 0x20...0x7E), (.quoted, 0x80...): break
        case (.name, ASCII.equals): extensionState = .valueStart
        case (.valueStart, ASCII.quote): extensionState = .quoted
        case (.name, ASCII.semicolon), (.value, ASCII.semicolon), (.quotedEnd, ASCII.semicolon):
            extensionState = .nameStart
        case (.name, ASCII.carriageReturn), (.value, ASCII.carriageReturn), (.quotedEnd, ASCII.carriageReturn):
            state = .sizeLineFeed
        case (.nameStart, _) where ByteClass.isToken(byte): extensionState = .name
        case (.name, _) where ByteClass.isToken(byte): break
        case (.valueStart, _) where ByteClass.isToken(byte): extensionState = .value
        case (.value, _) where ByteClass.isToken(byte): break
        default: throw Refusal(.malformedRequest, "a chunk extension is malformed")
        }
    }

    @_noAllocation @_noLocks
    private mutating func readTrailer(_ byte: UInt8) throws(Refusal) {
        trailerBytes += 1
        guard trailerBytes <= trailerBytesMax else { throw Refusal(.headerTooLarge, "the trailer section is too long") }
        switch state {
        case .trailerStart where byte == ASCII.carriageReturn: state = .endLineFeed
        case .trailerStart where ByteClass.isToken(byte): state = .trailerName
        case .trailerName where byte == ASCII.colon: state = .trailerValue
        case .trailerName where ByteClass.isToken(byte): break
        case .trailerValue where byte == ASCII.carriageReturn: state = .trailerLineFeed
        case .trailerValue where byte == ASCII.tab || (byte >= 0x20 && byte != 0x7F): break
        case .trailerLineFeed where byte == ASCII.lineFeed: state = .trailerStart
        default: throw Refusal(.malformedRequest, "the trailer section is malformed")
        }
    }

    private static var malformed: Refusal {
        @_noAllocation @_noLocks get { Refusal(.malformedRequest, "a chunk line does not end in CRLF") }
    }
    private static var unterminated: Refusal {
        @_noAllocation @_noLocks get { Refusal(.malformedRequest, "a chunk does not end where its size says") }
    }
    private static var tooLarge: Refusal {
        @_noAllocation @_noLocks get { Refusal(.bodyTooLarge, "the body is larger than this gateway takes") }
    }
}
