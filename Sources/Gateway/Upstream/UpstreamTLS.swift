internal import NIOSSL
internal import Synchronization
internal import UpstreamRules

/// What an upstream's `https` targets are spoken to with. Files are read when the upstream appears and when one of them
/// changes; content that is no good leaves the last good one in force.
final class UpstreamTLS: Sendable {
    /// What one state of the files gave.
    final class Context: Sendable {
        /// Grows with every load; connections of older ones are not used again.
        let generation: UInt64
        private let context: NIOSSLContext

        fileprivate init(_ context: NIOSSLContext, generation: UInt64) {
            self.context = context
            self.generation = generation
        }

        /// A handler that expects `name` in the certificate. An address is not sent as SNI (RFC 6066 §3) and is compared with
        /// the certificate's addresses.
        func makeHandler(_ name: String) throws -> NIOSSLClientHandler {
            try NIOSSLClientHandler(context: context, serverHostname: Self.isAddress(name) ? nil : name)
        }

        private static func isAddress(_ name: String) -> Bool {
            name.contains(":") || name.split(separator: ".").allSatisfy { $0.allSatisfy(\.isNumber) }
        }
    }

    private struct State {
        var context: Context?
        var stamps: [UpstreamFiles.Stamp?] = []
        var fault: String?
    }

    private let settings: TLS
    private let files: UpstreamFiles
    private let upstream: String
    private let state = Mutex(State())
    private let loaded = Atomic<UInt64>(0)

    init(_ settings: TLS, files: UpstreamFiles, upstream: String) {
        self.settings = settings
        self.files = files
        self.upstream = upstream
        _ = refresh()
    }

    /// Number of the context in force.
    @inline(__always)
    var generation: UInt64 { loaded.load(ordering: .relaxed) }

    /// The context in force; nil while no state of the files was any good.
    var context: Context? { state.withLock { $0.context } }

    /// What is wrong with the files as they are now; nil when nothing is.
    var fault: String? { state.withLock { $0.fault } }

    private var names: [String] { [settings.authorities, settings.certificate, settings.key].filter { !$0.isEmpty } }

    /// Looks at the files and loads them when one changed. Blocks.
    ///
    /// - Returns: what to tell people, where there is anything new.
    func refresh() -> String? {
        let stamps = names.map { files.stamp($0) }
        return state.withLock { state in
            // A file that is being replaced is read again at the next look, because its stamp changes once more.
            guard state.context == nil && state.fault == nil || state.stamps != stamps else { return nil }
            let isFirst = state.stamps.isEmpty && state.fault == nil
            state.stamps = stamps
            do {
                let made = try makeContext()
                let number = loaded.load(ordering: .relaxed) + 1
                state.context = Context(made, generation: number)
                state.fault = nil
                loaded.store(number, ordering: .releasing)
                return isFirst ? nil : "upstream `\(upstream)`: the TLS files were read again"
            } catch {
                let kept = state.context == nil ? "it has none" : "the last good ones stay in force"
                state.fault = "\(error)"
                return "upstream `\(upstream)`: the TLS files cannot be used, \(kept): \(error)"
            }
        }
    }

    private func makeContext() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        configuration.certificateVerification = settings.verifies ? .fullVerification : .none
        if !settings.authorities.isEmpty {
            let bytes = try files.read(settings.authorities, bytesMax: UpstreamFiles.pemBytesMax)
            let authorities = try NIOSSLCertificate.fromPEMBytes(bytes)
            guard !authorities.isEmpty else {
                throw UpstreamFiles.Fault(description: "`\(settings.authorities)` holds no certificate")
            }
            configuration.trustRoots = .certificates(authorities)
        }
        if !settings.certificate.isEmpty {
            let chain = try files.read(settings.certificate, bytesMax: UpstreamFiles.pemBytesMax)
            let key = try files.read(settings.key, bytesMax: UpstreamFiles.pemBytesMax)
            configuration.certificateChain = try NIOSSLCertificate.fromPEMBytes(chain).map { .certificate($0) }
            configuration.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: key, format: .pem))
        }
        return try NIOSSLContext(configuration: configuration)
    }

    /// Whether a failed handshake is about a certificate, or else about the protocol.
    static func isAboutCertificate(_ error: any Error) -> Bool {
        if let error = error as? NIOSSLExtraError { return error == .failedToValidateHostname }
        let text = "\(error)"
        return text.contains("CERTIFICATE") || text.contains("UNKNOWN_CA") || text.contains("unableToValidate")
    }
}
