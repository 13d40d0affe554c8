/// How callers are spoken to by TLS.
public struct TLSSettings: Hashable, Sendable {
    /// The files of one certificate, PEM.
    public struct Certificate: Hashable, Sendable {
        /// The chain, leaf first.
        public var chain: String
        /// The private key; may be the same file.
        public var key: String

        /// - Parameters:
        ///   - chain: path of the chain, leaf first.
        ///   - key: path of the private key; nil where it lies in the same file.
        public init(chain: String, key: String?) {
            self.chain = chain
            self.key = key ?? chain
        }
    }

    /// Where callers connect.
    public var host = "127.0.0.1"
    /// 0 … 65535; 0 takes any free port.
    public var port = 8443
    /// The first one answers callers that name no host that any of them is for.
    public var certificates: [Certificate] = []
    /// A folder of more: `NAME.crt` with `NAME.key`, or `NAME.pem` with both. Looked at every second.
    public var folder: String?
    /// PEM file of the authorities whose client certificates are believed.
    public var clientAuthorities: String?
    /// Versions, and whether callers have to show certificates.
    public var rules = TLSRules()

    /// TLS on port 8443 of the loopback address, with no certificate yet.
    public init() {}
}
