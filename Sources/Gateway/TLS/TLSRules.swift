/// What is asked of callers that speak TLS.
public struct TLSRules: Hashable, Sendable {
    /// Whether a caller has to show a certificate.
    public enum ClientCertificates: String, CaseIterable, Sendable {
        /// Not asked for.
        case off
        /// Asked for; one that is shown must be good.
        case request
        /// No connection without.
        case require

        var number: Int32 {
            switch self {
            case .off: 0
            case .request: 1
            case .require: 2
            }
        }
    }

    /// The oldest version that is spoken. Nothing older than 1.2 can be chosen (RFC 8996).
    public enum Version: String, CaseIterable, Sendable {
        /// RFC 5246.
        case tls12 = "1.2"
        /// RFC 8446.
        case tls13 = "1.3"
    }

    /// The oldest version that is spoken.
    public var minimumVersion = Version.tls12
    /// Whether a caller has to show a certificate.
    public var clientCertificates = ClientCertificates.off

    /// The defaults: 1.2 and 1.3, no client certificates.
    public init() {}
}
