internal import CTLS
internal import Synchronization

/// The keys of session tickets. A session may be resumed on any loop, and after the certificates were exchanged; how long
/// says ``lifetimeSeconds``, and for as long the keys are kept: whoever gets hold of one could read what it protected.
@safe final class TLSTickets: @unchecked Sendable {
    // SAFETY: `keys` is made here and freed with this object; the C side locks. Guarded by the resumption tests, over two loops.
    let keys: OpaquePointer
    private let rotatedAt: Atomic<Int64>

    /// How long a session may be resumed.
    static let lifetimeSeconds: Int64 = 2 * 3600
    /// The newest key seals for so long; two older ones still open, for at least the lifetime.
    static let rotationSeconds: Int64 = 3600

    /// - Throws: where the system has no randomness to give, or there is no OpenSSL.
    init(now: Int64) throws(TLSFault) {
        var fault = ctls_fault()
        guard let keys = unsafe ctls_keys_make(&fault) else { throw TLSFault(fault) }
        unsafe self.keys = unsafe keys
        rotatedAt = Atomic(now)
    }

    deinit { unsafe ctls_keys_free(keys) }

    /// Makes a new key where it is time; by any one thread. `now`: any clock in seconds, always the same.
    func rotate(at now: Int64) {
        guard now - rotatedAt.load(ordering: .relaxed) >= Self.rotationSeconds else { return }
        // Without randomness the old key serves on, until the next look.
        guard unsafe ctls_keys_rotate(keys) == 1 else { return }
        rotatedAt.store(now, ordering: .relaxed)
    }
}
