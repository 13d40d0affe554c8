internal import Glibc
internal import Telemetry

/// Reads certificates from the files that the operator named, and from those that lie in the folder he named.
struct CertificateFiles: Sendable {
    let settings: TLSSettings

    /// Certificates of one gateway.
    static let countMax = 10_000

    /// The certificates of the moment: those named, then those of the folder by name.
    ///
    /// - Throws: where the folder cannot be read.
    func sources() throws(TLSFault) -> [TLSSettings.Certificate] {
        guard let folder = settings.folder else { return settings.certificates }
        guard let names = Self.names(in: folder) else {
            throw TLSFault(.other, "the folder `\(folder)` cannot be read: \(Disk.text(of: errno))")
        }
        var found = settings.certificates
        for name in names.sorted() where !name.hasPrefix(".") {
            if name.hasSuffix(".crt") {
                found.append(.init(chain: "\(folder)/\(name)", key: "\(folder)/\(name.dropLast(4)).key"))
            } else if name.hasSuffix(".pem") {
                found.append(.init(chain: "\(folder)/\(name)", key: nil))
            }
        }
        guard found.count <= Self.countMax else {
            throw TLSFault(.other, "the folder `\(folder)` holds more than \(Self.countMax) certificates")
        }
        return found
    }

    private static func names(in folder: String) -> [String]? {
        guard let open = unsafe opendir(folder) else { return nil }
        defer { unsafe closedir(open) }
        var names: [String] = []
        while let entry = unsafe readdir(open) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            names.append(name)
        }
        return names
    }

    /// What tells files from the same ones changed.
    static func stamps(_ source: TLSSettings.Certificate) -> [UpstreamFiles.Stamp?] {
        [UpstreamFiles.stamp(at: source.chain), UpstreamFiles.stamp(at: source.key)]
    }

    /// Reads one certificate with its key.
    ///
    /// - Throws: `TLSFault` that names the file and what is wrong with it.
    static func read(_ source: TLSSettings.Certificate) throws(TLSFault) -> TLSIdentity {
        let chain = try bytes(of: source.chain)
        let key = source.key == source.chain ? chain : try bytes(of: source.key)
        do throws(TLSFault) {
            return try TLSIdentity(chain: chain, key: key)
        } catch {
            let files = source.key == source.chain ? "`\(source.chain)`" : "`\(source.chain)` with `\(source.key)`"
            throw TLSFault(error.reason, "\(files): \(error)")
        }
    }

    static func bytes(of path: String) throws(TLSFault) -> [UInt8] {
        do throws(Disk.Failure) {
            return try Disk.read(path, bytesMax: UpstreamFiles.pemBytesMax)
        } catch {
            throw TLSFault(.other, "`\(path)` cannot be read: \(Disk.text(of: error.code))")
        }
    }

    /// Why a certificate is not for this moment; nil where it is.
    static func staleness(of identity: TLSIdentity, at now: Int64) -> String? {
        func date(_ seconds: Int64) -> String { UTCTime.rfc3339(milliseconds: seconds * 1000) }
        if identity.notAfter <= now { return "it expired at \(date(identity.notAfter))" }
        if identity.notBefore > now { return "it is not valid before \(date(identity.notBefore))" }
        return nil
    }
}
