internal import CTLS

/// What TLS to callers is spoken with, as long as neither certificates nor rules change: then a new one takes its place, and
/// connections go on with theirs.
@safe final class TLSServerContext: @unchecked Sendable {
    // SAFETY: `handle` is made here and freed with this object, which every session retains; `names` and `tickets`, which the C
    // side knows by address, live as long. Guarded by "certificates are exchanged under load".
    let handle: OpaquePointer
    private let names: CertificateNames
    private let tickets: TLSTickets

    /// - Parameters:
    ///   - identities: at least one; the first answers where no name fits.
    ///   - rules: versions and clients' certificates.
    ///   - authorities: PEM, whose certificates are believed; empty where none is asked for.
    ///   - tickets: shared by all contexts.
    /// - Throws: `TLSFault` where a certificate or the authorities are no good.
    init(
        _ identities: [TLSIdentity],
        rules: TLSRules,
        authorities: [UInt8],
        tickets: TLSTickets
    ) throws(TLSFault) {
        let names = CertificateNames(identities)
        var settings = unsafe ctls_server_settings()
        unsafe settings.minimum_version = rules.minimumVersion == .tls13 ? 0x0304 : 0x0303
        unsafe settings.client_certificates = rules.clientCertificates.number
        unsafe settings.standard = names.standard.handle
        unsafe settings.keys = tickets.keys
        unsafe settings.ticket_seconds = TLSTickets.lifetimeSeconds
        unsafe settings.owner = Unmanaged.passUnretained(names).toOpaque()
        unsafe settings.choose = { owner, name in
            guard let owner = unsafe owner else { return nil }
            let names = unsafe Unmanaged<CertificateNames>.fromOpaque(owner).takeUnretainedValue()
            return unsafe names.identity(for: name.map { unsafe String(cString: $0) }).handle
        }
        var fault = ctls_fault()
        let made = unsafe authorities.withUnsafeBufferPointer { bytes in
            unsafe settings.authorities = bytes.baseAddress
            unsafe settings.authorities_count = bytes.count
            return unsafe ctls_server_context(&settings, &fault)
        }
        guard let made = unsafe made else { throw TLSFault(fault) }
        unsafe handle = unsafe made
        self.names = names
        self.tickets = tickets
    }

    deinit { unsafe ctls_context_free(handle) }
}
