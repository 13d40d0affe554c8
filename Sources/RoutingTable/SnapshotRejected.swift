/// Why an artifact is not taken. The one in use stays.
public enum SnapshotRejected: Error, Hashable, Sendable, CustomStringConvertible {
    /// The bytes end too early, at this offset.
    case truncated(at: Int)
    /// The first eight bytes are not those of the artifact that was expected.
    case notAnArtifact
    /// Written by another version of the format.
    case formatUnsupported(found: Int, supported: Int)
    /// The header does not agree with its own check value.
    case headerDamaged
    /// The header speaks of another number of bytes than there are.
    case lengthMismatch(stated: Int, found: Int)
    case checksumMismatch(stated: Digest32, found: Digest32)
    /// There is no signature, and unsigned artifacts are not allowed.
    case unsigned
    /// The signature is by a key other than the trusted one.
    case signedByAnotherKey(found: String, trusted: String)
    case signatureInvalid
    /// The trusted key is not one: expected 32 bytes of Ed25519.
    case trustedKeyInvalid
    /// The body is not made as the format says.
    case malformed(what: String, at: Int)
    /// The body is well made, but its content cannot be used.
    case invalid(InvalidContent)

    public var description: String {
        switch self {
        case .truncated(let offset): "the artifact ends too early, at byte \(offset)"
        case .notAnArtifact: "these bytes are not an artifact of the expected kind"
        case .formatUnsupported(let found, let supported):
            "the artifact has format \(found), this program reads format \(supported)"
        case .headerDamaged: "the header does not agree with its check value"
        case .lengthMismatch(let stated, let found): "the header says \(stated) bytes, there are \(found)"
        case .checksumMismatch(let stated, let found):
            "the body's checksum is \(found), the header says \(stated)"
        case .unsigned: "the artifact is not signed"
        case .signedByAnotherKey(let found, let trusted):
            "the artifact is signed with key \(found), the trusted key is \(trusted)"
        case .signatureInvalid: "the signature does not fit"
        case .trustedKeyInvalid: "the trusted key is not an Ed25519 public key of 32 bytes"
        case .malformed(let what, let offset): "\(what), at byte \(offset) of the body"
        case .invalid(let content): "\(content)"
        }
    }
}

/// Which artifacts are taken.
public enum SnapshotTrust: Hashable, Sendable {
    /// Only those signed with this Ed25519 public key of 32 bytes.
    case key([UInt8])
    /// Also unsigned ones; signatures are not looked at. For snapshots that were compiled offline.
    case unsignedAllowed
}
