internal import ProblemDetails

/// Error types of RFC 9209, section 2.3, as far as a gateway of this kind meets them. The numbers are places in metrics.
enum ProxyError: Int, CaseIterable {
    case dnsError
    case destinationNotFound
    case destinationUnavailable
    case destinationUnroutable
    case connectionRefused
    case connectionTerminated
    case connectionTimeout
    case connectionReadTimeout
    case connectionWriteTimeout
    case connectionLimitReached
    case tlsProtocolError
    case tlsCertificateError
    case responseIncomplete
    case responseHeadSize
    case responseTransferCoding
    case responseTimeout
    case upgradeFailed
    case protocolError

    /// The type's name.
    var token: StaticString {
        switch self {
        case .dnsError: "dns_error"
        case .destinationNotFound: "destination_not_found"
        case .destinationUnavailable: "destination_unavailable"
        case .destinationUnroutable: "destination_ip_unroutable"
        case .connectionRefused: "connection_refused"
        case .connectionTerminated: "connection_terminated"
        case .connectionTimeout: "connection_timeout"
        case .connectionReadTimeout: "connection_read_timeout"
        case .connectionWriteTimeout: "connection_write_timeout"
        case .connectionLimitReached: "connection_limit_reached"
        case .tlsProtocolError: "tls_protocol_error"
        case .tlsCertificateError: "tls_certificate_error"
        case .responseIncomplete: "http_response_incomplete"
        case .responseHeadSize: "http_response_header_section_size"
        case .responseTransferCoding: "http_response_transfer_coding"
        case .responseTimeout: "http_response_timeout"
        case .upgradeFailed: "http_upgrade_failed"
        case .protocolError: "http_protocol_error"
        }
    }

    /// What a loss is called; nil for what is none of the upstream's failures.
    init?(_ loss: RequestState.UpstreamLoss) {
        switch loss {
        case .refused: self = .connectionRefused
        case .unroutable: self = .destinationUnroutable
        case .noAddress: self = .dnsError
        case .connectTimeout: self = .connectionTimeout
        case .tlsCertificate: self = .tlsCertificateError
        case .tlsProtocol: self = .tlsProtocolError
        case .closed(answered: false): self = .connectionTerminated
        case .closed(answered: true): self = .responseIncomplete
        case .invalid: self = .protocolError
        case .headTooLong: self = .responseHeadSize
        case .badCoding: self = .responseTransferCoding
        case .upgraded: self = .upgradeFailed
        case .headTimeout, .totalTimeout: self = .responseTimeout
        case .idleTimeout: self = .connectionReadTimeout
        case .writeTimeout: self = .connectionWriteTimeout
        case .status: self = .destinationUnavailable
        case .endOfStream: return nil
        }
    }

    /// Where the errors of this kind of an upstream are counted.
    static func cell(_ error: ProxyError, series: Int) -> Int { series * 32 + error.rawValue }
}

/// RFC 9209: which part of forwarding failed, so that a gateway's fault is not taken for the upstream's answer.
///
/// Neither `next-hop` nor `details` is sent: what the caller gets names no host of ours, and the sentence is in the problem.
enum ProxyStatus {
    /// The error of an answer that the gateway made itself.
    ///
    /// - Parameters:
    ///   - code: the answer's problem.
    ///   - loss: how the upstream was lost, which says more than the code.
    ///   - isForwarded: whether an upstream was already chosen: a gateway that is full says nothing about upstreams.
    /// - Returns: nil where the upstream has no part in it.
    static func error(of code: ProblemCode, _ loss: RequestState.UpstreamLoss?, isForwarded: Bool) -> ProxyError? {
        if let loss, RequestState.problem(of: loss) == code, let error = ProxyError(loss) { return error }
        switch code {
        case .upstreamUnreachable: return .connectionRefused
        case .upstreamConnectTimeout: return .connectionTimeout
        case .upstreamTimeout: return .responseTimeout
        case .upstreamInvalidResponse: return .protocolError
        case .upstreamConnectionLost: return .connectionTerminated
        case .upstreamUnavailable: return .destinationUnavailable
        case .noUpstream: return .destinationNotFound
        case .upstreamTLSFailed: return .tlsProtocolError
        case .upstreamBusy: return .connectionLimitReached
        case .overloaded: return isForwarded ? .connectionLimitReached : nil
        default: return nil
        }
    }
}
