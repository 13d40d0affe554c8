// The only file of this module that uses swift-crypto: SHA-256 and Ed25519.
import Crypto

/// The key that artifacts are signed with: Ed25519 (RFC 8032), made at the first start and kept in the data directory.
public struct SigningKey: Sendable {
    private let key: Curve25519.Signing.PrivateKey

    /// Makes a new key from the system's randomness.
    public init() {
        key = Curve25519.Signing.PrivateKey()
    }

    /// Loads a key from its 32 secret bytes; nil for any other count.
    public init?(rawBytes: [UInt8]) {
        guard rawBytes.count == 32, let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: rawBytes) else {
            // The only failure is a wrong size, which nil says.
            return nil
        }
        self.key = key
    }

    /// The 32 secret bytes: for the key's file and nothing else.
    public var rawBytes: [UInt8] { Array(key.rawRepresentation) }

    /// The 32 bytes that gateways trust.
    public var publicKey: [UInt8] { Array(key.publicKey.rawRepresentation) }

    /// The public key in Base64 (RFC 4648 §4), as in files and on command lines.
    public var publicKeyText: String { Base64.encode(publicKey) }

    /// Reads what `publicKeyText` wrote, with white space around it; nil unless it is 32 bytes of Base64.
    public static func publicKey(fromText text: String) -> [UInt8]? {
        let trimmed = text.utf8.filter { $0 > 0x20 }
        guard let bytes = Base64.decode(trimmed), bytes.count == 32 else { return nil }
        return bytes
    }

    func signature(for message: [UInt8]) throws(InvalidContent) -> [UInt8] {
        do {
            return Array(try key.signature(for: message))
        } catch {
            throw InvalidContent("signature", "the signing key failed: \(error)")
        }
    }

    /// Whether a signature fits; nil when the key is none.
    static func isValid(_ signature: [UInt8], for message: [UInt8], key: [UInt8]) -> Bool? {
        // A key of wrong size is the only failure, which nil says.
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: key) else { return nil }
        return key.isValidSignature(signature, for: message)
    }
}

extension Digest32 {
    /// SHA-256 (FIPS 180-4) of bytes.
    public static func sha256(of bytes: [UInt8]) -> Digest32 {
        Digest32(SHA256.hash(data: bytes)) ?? .zero
    }
}
