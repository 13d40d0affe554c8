internal import CTLS

/// What TLS to an upstream is spoken with.
@safe final class TLSClientContext: @unchecked Sendable {
    // SAFETY: `handle` is made here, never changed, and freed with this object, which every session retains. Guarded by "TLS to
    // upstreams".
    let handle: OpaquePointer

    /// - Parameters:
    ///   - verifies: whether the certificate and its name are looked at; false only where an operator said so.
    ///   - authorities: PEM; nil believes whom the system believes.
    ///   - identity: shown where the server asks; nil: none.
    /// - Throws: `TLSFault` where the authorities are no good.
    init(verifies: Bool, authorities: [UInt8]?, identity: TLSIdentity?) throws(TLSFault) {
        var settings = unsafe ctls_client_settings()
        unsafe settings.verifies = verifies ? 1 : 0
        unsafe settings.identity = identity.map { unsafe $0.handle }
        var fault = ctls_fault()
        let made = unsafe (authorities ?? []).withUnsafeBufferPointer { bytes in
            if authorities != nil {
                unsafe settings.authorities = bytes.baseAddress
                unsafe settings.authorities_count = bytes.count
            }
            return unsafe ctls_client_context(&settings, &fault)
        }
        guard let made = unsafe made else { throw TLSFault(fault) }
        unsafe handle = unsafe made
    }

    deinit { unsafe ctls_context_free(handle) }

    /// Whether a server's name is an address: it is not sent as SNI (RFC 6066 §3) and is compared with the certificate's
    /// addresses.
    static func isAddress(_ name: String) -> Bool {
        name.contains(":") || name.split(separator: ".").allSatisfy { $0.allSatisfy(\.isNumber) }
    }
}

/// What a session to the same server can begin with instead of a whole handshake.
@safe final class TLSTicket {
    // SAFETY: owns one reference to the session, given back with this object. Guarded by "connections to an upstream resume".
    let handle: OpaquePointer

    init?(of stream: TLSStream) {
        guard let handle = unsafe ctls_ticket_of(stream.session) else { return nil }
        unsafe self.handle = unsafe handle
    }

    deinit { unsafe ctls_ticket_free(handle) }
}
