internal import CTLS

/// A certificate chain with its private key, checked to belong together.
@safe final class TLSIdentity: @unchecked Sendable {
    // SAFETY: `handle` is made here, never changed, and freed with this object; OpenSSL counts what contexts and sessions take
    // of it. Guarded by "certificates are exchanged under load".
    let handle: OpaquePointer
    /// The names a client may ask for, in lower case: host names and wildcards such as `*.example.com`.
    let names: [String]
    /// When it begins to be valid, Unix seconds.
    let notBefore: Int64
    /// When it ceases to be valid, Unix seconds.
    let notAfter: Int64

    /// Reads PEM texts: the chain, leaf first, and the key.
    ///
    /// - Throws: `TLSFault` that says which of them is no good, or that they do not belong together.
    init(chain: [UInt8], key: [UInt8]) throws(TLSFault) {
        var fault = ctls_fault()
        guard let handle = unsafe ctls_identity_read(chain, chain.count, key, key.count, &fault) else {
            throw TLSFault(fault)
        }
        unsafe self.handle = unsafe handle
        names = unsafe Self.names(of: handle)
        notBefore = unsafe ctls_identity_not_before(handle)
        notAfter = unsafe ctls_identity_not_after(handle)
    }

    deinit { unsafe ctls_identity_free(handle) }

    private static func names(of handle: OpaquePointer) -> [String] {
        var names: [String] = []
        unsafe withUnsafeMutablePointer(to: &names) { names in
            unsafe ctls_identity_names(handle, names) { names, name, count in
                guard let names = unsafe names?.assumingMemoryBound(to: [String].self), let name = unsafe name else {
                    return
                }
                let bytes = unsafe UnsafeRawBufferPointer(start: name, count: count)
                unsafe names.pointee.append(CertificateNames.folded(String(decoding: bytes, as: UTF8.self)))
            }
        }
        return names
    }
}
