internal import CTLS

/// Why TLS is not spoken: a handshake that failed, a certificate that is no good.
struct TLSFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of thing went wrong; bounded, so that it can be a label.
    enum Reason: Int, CaseIterable, Sendable {
        case other
        /// A certificate was missing, not believed or not accepted.
        case certificate
        case version
        /// Nothing in common: no cipher suite, no group, no signature.
        case cipher
        case applicationProtocol
        /// The peer said so.
        case alert
        /// HTTP without TLS.
        case plainText
        case timeout
        /// The peer left before the handshake was through.
        case closed
        case memory

        /// For metrics.
        var label: String {
            switch self {
            case .other: "protocol"
            case .certificate: "certificate"
            case .version: "version"
            case .cipher: "cipher"
            case .applicationProtocol: "application_protocol"
            case .alert: "alert"
            case .plainText: "plain_http"
            case .timeout: "timeout"
            case .closed: "closed"
            case .memory: "memory"
            }
        }
    }

    let reason: Reason
    /// For people. Holds nothing of a key.
    let description: String

    init(_ reason: Reason, _ description: String) {
        self.reason = reason
        self.description = description
    }

    init(_ fault: ctls_fault) {
        let kinds: [(Int, Reason)] = [
            (CTLS_CERTIFICATE, .certificate), (CTLS_VERSION, .version), (CTLS_CIPHER, .cipher),
            (CTLS_APPLICATION_PROTOCOL, .applicationProtocol), (CTLS_ALERT, .alert),
        ]
        reason = kinds.first { $0.0 == Int(fault.kind) }?.1 ?? .other
        description = unsafe withUnsafeBytes(of: fault.text) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
