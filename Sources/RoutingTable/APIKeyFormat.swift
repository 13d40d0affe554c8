/// How Gatehouse's own API keys look: `gh_<environment>_<secret>_<checksum>`.
///
/// The secret is base62 (`0-9A-Za-z`) with at least 256 random bits; the checksum is the CRC-32 (IEEE 802.3) of
/// everything before the last underscore, as a base62 number padded with `0` to six digits. So a mistyped or invented
/// key is told from a real one before any look-up, secret scanners have no false positives, and a double click selects
/// all of it. The format is shared by the control plane, which makes keys, and the gate, which checks them.
public enum APIKeyFormat {
    /// Digits of the secret that ``make(environment:using:)`` draws: 43 × log₂ 62 = 256.03 bits.
    public static let secretDigits = 43
    /// Digits of the longest secret that ``check(_:)`` reads.
    public static let secretDigitsMax = 128
    /// Digits of the checksum: 62⁶ > 2³².
    public static let checksumDigits = 6
    /// Bytes of the longest environment label.
    public static let environmentBytesMax = 16
    /// Bytes of the longest key of this format.
    public static let bytesMax = 3 + environmentBytesMax + 1 + secretDigitsMax + 1 + checksumDigits
    /// Digits of the secret that ``start(of:)`` shows.
    public static let startDigits = 4

    /// What a presented key looks like, without any look-up.
    public enum Verdict: Hashable, Sendable {
        /// Ours, with a checksum that fits; `environment` is the byte range of its label.
        case wellFormed(environment: Range<Int>)
        /// Begins like ours but is cut, mistyped or invented: it can be refused without a look-up.
        case malformed
        /// Not ours by its first bytes: perhaps an imported key, so it has to be looked up.
        case foreign
    }

    /// Makes a new key from 43 independent, uniform base62 digits.
    ///
    /// - Parameters:
    ///   - environment: the environment's short name, 1 … 16 of `0-9a-z` (``label(for:)`` makes one).
    ///   - generator: the source of randomness; production passes `SystemRandomNumberGenerator`.
    /// - Returns: the whole key, which is a secret.
    public static func make(environment: String, using generator: inout some RandomNumberGenerator) -> String {
        precondition(isLabel(environment.utf8), "an environment's label in a key is 1 to 16 of 0-9 and a-z")
        var bytes = Array("gh_\(environment)_".utf8)
        bytes.reserveCapacity(bytesMax)
        for _ in 0..<secretDigits {
            // `Int.random(in:using:)` rejects instead of folding, so every digit is equally likely.
            bytes.append(digit(UInt32(Int.random(in: 0..<62, using: &generator))))
        }
        let checksum = CRC32.checksum(bytes.span)
        bytes.append(UInt8(ascii: "_"))
        appendChecksum(checksum, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The part of a key that may be shown and logged: everything up to the first four digits of the secret.
    ///
    /// - Returns: for instance `gh_live_7Fq2`, or nil when `key` is not well formed.
    public static func start(of key: String) -> String? {
        let bytes = Array(key.utf8)
        guard case .wellFormed(let environment) = check(bytes.span) else { return nil }
        return String(decoding: bytes[..<(environment.upperBound + 1 + startDigits)], as: UTF8.self)
    }

    /// The label that keys of an environment carry: its name's ASCII letters and digits in lower case, at most 16.
    ///
    /// - Returns: `live` for `live`, `eustaging` for `eu-staging`, `env` when nothing is left.
    public static func label(for environment: String) -> String {
        var bytes: [UInt8] = []
        for byte in environment.utf8 where bytes.count < environmentBytesMax {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): bytes.append(byte)
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): bytes.append(byte | 0x20)
            default: continue
            }
        }
        return bytes.isEmpty ? "env" : String(decoding: bytes, as: UTF8.self)
    }

    /// Checks shape and checksum of a presented key: O(length), no allocation, no look-up.
    public static func check(_ key: Span<UInt8>) -> Verdict {
        guard key.count >= 3, key[0] == UInt8(ascii: "g"), key[1] == UInt8(ascii: "h"), key[2] == underscore else {
            return .foreign
        }
        guard key.count <= bytesMax else { return .malformed }
        var end = 3
        while end < key.count, isLabelByte(key[end]) { end += 1 }
        let environment = 3..<end
        guard (1...environmentBytesMax).contains(environment.count), end < key.count, key[end] == underscore else {
            return .malformed
        }
        let secretStart = end + 1
        let checksumStart = key.count - checksumDigits
        let secretEnd = checksumStart - 1
        guard secretEnd - secretStart >= secretDigits, secretEnd - secretStart <= secretDigitsMax else {
            return .malformed
        }
        guard key[secretEnd] == underscore else { return .malformed }
        for index in secretStart..<secretEnd where value(ofDigit: key[index]) == nil { return .malformed }
        var stated: UInt64 = 0
        for index in checksumStart..<key.count {
            guard let digit = value(ofDigit: key[index]) else { return .malformed }
            stated = stated * 62 + UInt64(digit)
        }
        let computed = CRC32.checksum(key.extracting(0..<secretEnd))
        return stated == UInt64(computed) ? .wellFormed(environment: environment) : .malformed
    }

    private static let underscore = UInt8(ascii: "_")

    private static func isLabel(_ bytes: String.UTF8View) -> Bool {
        (1...environmentBytesMax).contains(bytes.count) && bytes.allSatisfy(isLabelByte)
    }

    private static func isLabelByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        default: false
        }
    }

    private static func appendChecksum(_ checksum: UInt32, to bytes: inout [UInt8]) {
        var divisor: UInt32 = 62 * 62 * 62 * 62 * 62
        for _ in 0..<checksumDigits {
            bytes.append(digit(checksum / divisor % 62))
            divisor /= 62
        }
    }

    private static func digit(_ value: UInt32) -> UInt8 {
        let small = UInt8(truncatingIfNeeded: value)
        switch small {
        case 0..<10: return UInt8(ascii: "0") + small
        case 10..<36: return UInt8(ascii: "A") + (small - 10)
        default: return UInt8(ascii: "a") + (small - 36)
        }
    }

    private static func value(ofDigit byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 36
        default: nil
        }
    }
}
