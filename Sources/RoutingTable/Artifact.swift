/// The envelope around a body: what it is, for which environment, which number it has, that it is whole, and who says so.
///
/// Layout, numbers little-endian: magic (8) · format (2) · is signed (1) · length of the environment (1) · environment ·
/// number (8) · previous number (8) · length of the body (8) · SHA-256 of the body (32) · when signed: id of the key (8)
/// and Ed25519 signature (64) · CRC-32 of all before (4) · body.
///
/// The signature covers everything up to and including the checksum, under a prefix of its own. The CRC only tells a
/// damaged unsigned header from a whole one.
struct Artifact {
    enum Kind: String, Sendable {
        case routing = "GHROUTE\n"
        case entitlements = "GHENTIT\n"
        case entitlementDelta = "GHDELTA\n"
    }

    /// Formats of the body that are read: routing has two, the others one.
    static func formats(of kind: Kind) -> ClosedRange<Int> { kind == .routing ? 1...2 : 1...1 }
    private static let signaturePrefix = Array("gatehouse artifact signature 1\n".utf8)

    let kind: Kind
    /// Format of the body.
    let format: Int
    let environment: String
    /// Generation or sequence.
    let number: UInt64
    /// For a delta the sequence it starts from, else 0.
    let previous: UInt64
    let checksum: Digest32
    /// Whether its signature was checked with a trusted key.
    let isVerified: Bool
    let body: [UInt8]

    /// Writes an artifact.
    static func encode(
        _ kind: Kind,
        environment: String,
        number: UInt64,
        previous: UInt64 = 0,
        format: Int = 1,
        body: [UInt8],
        signer: SigningKey?
    ) throws(InvalidContent) -> [UInt8] {
        try RoutingTables.check(environment: environment)
        guard body.count <= RoutingLimits.bodyBytesMax else {
            throw InvalidContent(
                "the body",
                "\(body.count) bytes are more than the limit of \(RoutingLimits.bodyBytesMax)"
            )
        }
        var header = ByteWriter()
        header.raw(Array(kind.rawValue.utf8))
        header.raw([UInt8(format & 255), UInt8(format >> 8)])
        header.flag(signer != nil)
        header.byte(UInt8(environment.utf8.count))
        header.raw(Array(environment.utf8))
        header.fixed64(number)
        header.fixed64(previous)
        header.fixed64(UInt64(body.count))
        header.digest(Digest32.sha256(of: body))
        if let signer {
            let signature = try signer.signature(for: signaturePrefix + header.bytes)
            header.raw(keyID(of: signer.publicKey))
            header.raw(signature)
        }
        let check = CRC32.checksum(header.bytes.span)
        header.raw((0..<4).map { UInt8(truncatingIfNeeded: check >> UInt32($0 * 8)) })
        return header.bytes + body
    }

    /// Reads an artifact of one kind and checks everything but the body's inside.
    static func decode(
        _ bytes: [UInt8],
        kind: Kind,
        trust: SnapshotTrust
    ) throws(SnapshotRejected) -> Artifact {
        var reader = ByteReader(bytes)
        guard try reader.raw(8).elementsEqual(kind.rawValue.utf8) else { throw .notAnArtifact }
        let format = Int(try reader.byte()) | Int(try reader.byte()) << 8
        let formats = Self.formats(of: kind)
        guard formats.contains(format) else {
            throw .formatUnsupported(found: format, supported: formats.upperBound)
        }
        let isSigned = try reader.flag()
        let nameLength = Int(try reader.byte())
        let name = try reader.raw(nameLength)
        let number = try reader.fixed64()
        let previous = try reader.fixed64()
        let length = try reader.fixed64()
        let checksum = try reader.digest()
        let signedCount = reader.position
        var signature: (key: [UInt8], bytes: [UInt8])?
        if isSigned { signature = (Array(try reader.raw(8)), Array(try reader.raw(64))) }
        let checkedCount = reader.position
        let stated = try reader.raw(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard stated == CRC32.checksum(bytes.span.extracting(0..<checkedCount)) else { throw .headerDamaged }
        let found = bytes.count - reader.position
        guard length == UInt64(found), found <= RoutingLimits.bodyBytesMax else {
            throw .lengthMismatch(stated: Int(clamping: length), found: found)
        }
        guard let environment = String(validating: name, as: UTF8.self), !environment.isEmpty else {
            throw .headerDamaged
        }
        // The checksum before the signature: damage is then told apart from forgery, and costs no curve arithmetic.
        let body = Array(bytes[reader.position...])
        let actual = Digest32.sha256(of: body)
        guard actual == checksum else { throw .checksumMismatch(stated: checksum, found: actual) }
        let isVerified = try verify(
            signature: signature,
            message: signaturePrefix + bytes[..<signedCount],
            trust: trust
        )
        return Artifact(
            kind: kind,
            format: format,
            environment: environment,
            number: number,
            previous: previous,
            checksum: checksum,
            isVerified: isVerified,
            body: body
        )
    }

    private static func verify(
        signature: (key: [UInt8], bytes: [UInt8])?,
        message: [UInt8],
        trust: SnapshotTrust
    ) throws(SnapshotRejected) -> Bool {
        guard case .key(let trusted) = trust else { return false }
        guard trusted.count == 32 else { throw .trustedKeyInvalid }
        guard let signature else { throw .unsigned }
        let trustedID = keyID(of: trusted)
        guard signature.key == trustedID else {
            throw .signedByAnotherKey(found: hexadecimal(signature.key), trusted: hexadecimal(trustedID))
        }
        guard let isValid = SigningKey.isValid(signature.bytes, for: message, key: trusted) else {
            throw .trustedKeyInvalid
        }
        guard isValid else { throw .signatureInvalid }
        return true
    }

    /// The first eight bytes of the public key's SHA-256: tells "another key" from "forged".
    private static func keyID(of publicKey: [UInt8]) -> [UInt8] {
        Array(Digest32.sha256(of: publicKey).bytes.prefix(8))
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
