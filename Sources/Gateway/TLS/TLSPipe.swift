internal import CTLS

/// The memory that the TLS of one loop works in: what a read brought, in the clear, and what is to be sent, sealed. One for
/// all its connections, as one works at a time; a connection that waits owns none.
@safe final class TLSPipe {
    // SAFETY: everything is allocated here and freed with this object, which every stream retains. What `plain` and `output`
    // give out is valid until the next call of a stream on this pipe; the loop uses it up before. Guarded by the TLS tests, which
    // move bodies both ways over many connections at once.
    let shared: UnsafeMutablePointer<ctls_pipe>
    /// What a read becomes. Sealed bytes are more than plain ones; what OpenSSL still held of the read before comes on top.
    let plain: UnsafeMutablePointer<UInt8>
    static let plainBytes = 96 * 1024
    /// Where the first record of a message is put together.
    let record: UnsafeMutablePointer<UInt8>
    /// RFC 8446 §5.1.
    static let recordBytesMax = 16 * 1024
    /// More is given back after it was sent.
    private static let outputBytesKept = 256 * 1024

    init() {
        unsafe shared = .allocate(capacity: 1)
        unsafe shared.initialize(to: ctls_pipe())
        unsafe plain = .allocate(capacity: Self.plainBytes)
        unsafe record = .allocate(capacity: Self.recordBytesMax)
    }

    deinit {
        unsafe ctls_pipe_free(shared)
        unsafe shared.deallocate()
        unsafe plain.deallocate()
        unsafe record.deallocate()
    }

    /// What is to be sent.
    @inline(__always)
    var output: ByteView { unsafe ByteView(start: UnsafePointer(shared.pointee.out), count: shared.pointee.out_count) }

    /// It was sent, or kept elsewhere.
    @inline(__always)
    func clearOutput() {
        unsafe shared.pointee.out_count = 0
        if unsafe shared.pointee.out_capacity > Self.outputBytesKept { unsafe ctls_pipe_free(shared) }
    }
}
