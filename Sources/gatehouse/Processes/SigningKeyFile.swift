import Foundation
import RoutingTable

/// The Ed25519 key that signs routing snapshots and entitlements: made at the first start, kept in the data directory; its
/// public half lies beside it for gateways elsewhere.
struct SigningKeyFile {
    let directory: DataDirectory

    /// The key of the data directory; a new one where there is none.
    ///
    /// - Throws: `Stop` where the file is damaged: a new key would make every gateway refuse what it is sent.
    func load() throws -> SigningKey {
        if let text = try directory.readSecret(directory.signingKey) {
            guard let data = Data(base64Encoded: text), let key = SigningKey(rawBytes: [UInt8](data)) else {
                throw Stop(
                    .usage,
                    """
                    `\(directory.signingKey.path)` holds no signing key (32 bytes in base64). Restore it from a backup; \
                    remove it only if every gateway can be given the new public key.
                    """
                )
            }
            return key
        }
        let key = SigningKey()
        try directory.writeSecret(Data(key.rawBytes).base64EncodedString() + "\n", to: directory.signingKey)
        try OutputFile.write(Array((key.publicKeyText + "\n").utf8), to: directory.publicKey.path)
        return key
    }

    /// The public key in a file, as `--snapshot-key` names one.
    static func publicKey(_ path: String) throws -> [UInt8] {
        let text = String(decoding: try InputFile.read(path), as: UTF8.self).trimmingCharacters(
            in: .whitespacesAndNewlines
        )
        guard let key = SigningKey.publicKey(fromText: text) else {
            throw Stop(
                .usage,
                "`\(path)` holds no public key (32 bytes in base64, as in the control plane's signing.pub)"
            )
        }
        return key
    }
}
