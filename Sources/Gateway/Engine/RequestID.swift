/// The identifier of one request: what `X-Request-Id` carries to both sides, the log and `explain`.
///
/// Taken from the client when it is 1 … 64 letters, digits, `-`, `_` or `.`; otherwise 32 hexadecimal digits made here.
struct RequestID: Hashable, Sendable {
    private var bytes: InlineArray<64, UInt8>
    private(set) var count: Int

    init() {
        bytes = .init(repeating: 0)
        count = 0
    }

    /// Takes over a client's identifier; nil when it is not well formed.
    init?(_ source: Span<UInt8>, _ range: Range<Int>) {
        guard (1...64).contains(range.count) else { return nil }
        self.init()
        for index in range {
            let byte = source[index]
            let isAlphanumeric = byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
            guard isAlphanumeric || byte == ASCII.dash || byte == ASCII.underscore || byte == ASCII.dot else {
                return nil
            }
            bytes[count] = byte
            count &+= 1
        }
    }

    /// Writes two words as 32 hexadecimal digits.
    init(_ high: UInt64, _ low: UInt64) {
        self.init()
        count = 32
        for index in 0..<16 {
            bytes[index] = Self.digit(high &>> UInt64(60 &- index &* 4))
            bytes[16 &+ index] = Self.digit(low &>> UInt64(60 &- index &* 4))
        }
    }

    private static func digit(_ value: UInt64) -> UInt8 {
        let nibble = UInt8(truncatingIfNeeded: value & 0x0F)
        return nibble < 10 ? ASCII.zero &+ nibble : UInt8(ascii: "a") &+ nibble &- 10
    }

    func append(to out: HeadWriter) { out.append(bytes.span.extracting(0..<count)) }

    /// Hands out its characters.
    func withBytes(_ body: (Span<UInt8>) -> Void) { body(bytes.span.extracting(0..<count)) }

    var text: String {
        var result: [UInt8] = []
        for index in 0..<count { result.append(bytes[index]) }
        return String(decoding: result, as: UTF8.self)
    }

    static func == (left: RequestID, right: RequestID) -> Bool { left.text == right.text }
    func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

/// Makes request identifiers for one loop: a random prefix and a scrambled counter, so that none repeats and none tells
/// how many requests there were.
struct RequestIDSource {
    private let prefix: UInt64
    private let key: UInt64
    private var counter: UInt64 = 0

    init() {
        var generator = SystemRandomNumberGenerator()
        prefix = generator.next()
        key = generator.next()
    }

    mutating func next() -> RequestID {
        counter &+= 1
        // A bijection of the counter (the finaliser of splitmix64), so identifiers of one loop differ for certain.
        var word = counter ^ key
        word = (word ^ (word &>> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word &>> 27)) &* 0x94D0_49BB_1331_11EB
        word ^= word &>> 31
        return RequestID(prefix, word)
    }
}
