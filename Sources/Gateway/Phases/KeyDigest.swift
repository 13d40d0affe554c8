internal import Crypto
internal import RoutingTable

/// SHA-256 of a key as it is stored.
enum KeyDigest {
    static func make(_ key: Span<UInt8>) -> Digest32 {
        var hasher = SHA256()
        unsafe key.withUnsafeBytes { unsafe hasher.update(bufferPointer: $0) }
        return unsafe hasher.finalize().withUnsafeBytes { bytes in
            unsafe Digest32(bytes.bindMemory(to: UInt8.self).span)
        }
    }
}
