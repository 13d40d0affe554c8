/// CRC-32 as in IEEE 802.3, zip and PNG: reflected polynomial `0xEDB88320`, start and end inverted.
///
/// It catches typing mistakes in keys; it is no defence against forgery and is not used as one.
public enum CRC32 {
    /// The checksum of `bytes`; `123456789` gives `0xCBF43926`.
    public static func checksum(_ bytes: Span<UInt8>) -> UInt32 {
        let table = Self.table
        var remainder: UInt32 = 0xFFFF_FFFF
        for index in bytes.indices {
            let slot = Int((remainder ^ UInt32(bytes[index])) & 0xFF)
            remainder = table[slot] ^ (remainder >> 8)
        }
        return ~remainder
    }

    /// The remainders of all 256 bytes, computed once.
    private static let table: [UInt32] = (0..<256).map { byte in
        var remainder = UInt32(byte)
        for _ in 0..<8 {
            remainder = remainder & 1 == 1 ? (remainder >> 1) ^ 0xEDB8_8320 : remainder >> 1
        }
        return remainder
    }
}
