/// A SHA-256 value held in four words: cheap to copy, to hash and to compare in constant time.
public struct Digest32: Hashable, Sendable, CustomStringConvertible {
    // The bytes in order, big-endian within a word, so that comparing words compares bytes.
    let word0: UInt64
    let word1: UInt64
    let word2: UInt64
    let word3: UInt64

    /// All bytes zero: never the hash of anything known.
    public static let zero = Digest32(0, 0, 0, 0)

    init(_ word0: UInt64, _ word1: UInt64, _ word2: UInt64, _ word3: UInt64) {
        self.word0 = word0
        self.word1 = word1
        self.word2 = word2
        self.word3 = word3
    }

    /// Reads exactly 32 bytes; nil for any other count.
    public init?(_ bytes: some Sequence<UInt8>) {
        var words: [4 of UInt64] = [0, 0, 0, 0]
        var count = 0
        for byte in bytes {
            guard count < 32 else { return nil }
            words[count >> 3] = words[count >> 3] << 8 | UInt64(byte)
            count += 1
        }
        guard count == 32 else { return nil }
        self.init(words[0], words[1], words[2], words[3])
    }

    /// Reads 32 bytes without allocating.
    ///
    /// - Precondition: `bytes` holds at least 32 bytes.
    public init(_ bytes: borrowing Span<UInt8>) {
        precondition(bytes.count >= 32, "a SHA-256 value has 32 bytes")
        var words: [4 of UInt64] = [0, 0, 0, 0]
        for index in 0..<32 {
            words[index >> 3] = words[index >> 3] << 8 | UInt64(bytes[index])
        }
        self.init(words[0], words[1], words[2], words[3])
    }

    /// Reads 64 hexadecimal digits of either case; nil for anything else.
    public init?(hexadecimal text: String) {
        var bytes: [UInt8] = []
        var high: UInt8?
        for byte in text.utf8 {
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x41...0x46: digit = byte - 0x41 + 10
            case 0x61...0x66: digit = byte - 0x61 + 10
            default: return nil
            }
            if let upper = high {
                bytes.append(upper << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        guard high == nil else { return nil }
        self.init(bytes)
    }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(32)
        for word in [word0, word1, word2, word3] {
            for shift in stride(from: 56, through: 0, by: -8) {
                result.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
            }
        }
        return result
    }

    /// 64 lower-case hexadecimal digits.
    public var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    public var description: String { hexadecimal }

    /// Compares all four words whatever the first ones hold, so that time tells nothing about a near miss.
    public static func == (left: Digest32, right: Digest32) -> Bool {
        let difference =
            (left.word0 ^ right.word0) | (left.word1 ^ right.word1)
            | (left.word2 ^ right.word2) | (left.word3 ^ right.word3)
        return difference == 0
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(word0)
        hasher.combine(word1)
        hasher.combine(word2)
        hasher.combine(word3)
    }
}

extension Digest32: Comparable {
    /// Bytewise order. Not constant in time: for sorting artifacts, never for checking a secret.
    public static func < (left: Digest32, right: Digest32) -> Bool {
        (left.word0, left.word1, left.word2, left.word3) < (right.word0, right.word1, right.word2, right.word3)
    }
}
