internal import CTLS

/// TLS of one connection, from bytes to bytes: what arrives goes in and comes out in the clear, what is written comes out of
/// the pipe sealed. It neither reads nor writes a socket, so it never has to wait for one, and whoever uses it keeps its own
/// way of waiting.
@safe final class TLSStream {
    /// What a step led to.
    enum Step {
        /// Everything was taken.
        case more
        /// The peer has said that nothing follows (RFC 8446 §6.1).
        case ended
        /// See ``fault``. An alert for the peer lies in the output.
        case failed
    }

    // SAFETY: `session` is made here and freed with this object; it works on `pipe` and `context`, which are retained. Used from
    // one thread. Guarded by the TLS tests under the address sanitizer.
    let session: OpaquePointer
    let pipe: TLSPipe
    private let context: AnyObject
    /// Whether the handshake is through.
    private(set) var isSecured = false
    /// Whether the peer may still turn out not to speak TLS at all: it calls, and has said nothing yet.
    private(set) var isFresh: Bool
    private(set) var fault: TLSFault?
    private var isFinished = false

    /// The side that is called. Nil where there is no memory.
    init?(_ context: TLSServerContext, pipe: TLSPipe) {
        guard let session = unsafe ctls_accept(context.handle, pipe.shared) else { return nil }
        unsafe self.session = unsafe session
        self.pipe = pipe
        self.context = context
        isFresh = true
    }

    /// The side that calls. `name`: what the certificate must say. Nil where there is no memory, or it cannot be one.
    init?(_ context: TLSClientContext, name: String, ticket: TLSTicket?, pipe: TLSPipe) {
        let isAddress: Int32 = TLSClientContext.isAddress(name) ? 1 : 0
        let ticket = unsafe ticket?.handle
        guard let session = unsafe ctls_connect(context.handle, pipe.shared, name, isAddress, ticket) else {
            return nil
        }
        unsafe self.session = unsafe session
        self.pipe = pipe
        self.context = context
        isFresh = false
    }

    deinit { unsafe ctls_session_free(session) }

    /// Begins the handshake of the side that calls.
    func begin() -> Step {
        var fault = ctls_fault()
        return step(unsafe ctls_handshake(session, &fault), fault)
    }

    /// Takes what arrived. The plain bytes are valid until the next call of a stream on this pipe.
    func receive(_ bytes: ByteView) -> (plain: ByteView, step: Step) {
        isFresh = false
        var fault = ctls_fault()
        var count = 0
        unsafe pipe.shared.pointee.in = bytes.start
        unsafe pipe.shared.pointee.in_count = bytes.count
        let status = unsafe ctls_receive(session, pipe.plain, TLSPipe.plainBytes, &count, &fault)
        unsafe pipe.shared.pointee.in_count = 0
        if !isSecured { isSecured = unsafe ctls_is_secured(session) == 1 }
        return (unsafe ByteView(start: UnsafePointer(pipe.plain), count: count), step(status, fault))
    }

    /// Seals bytes into the pipe's output. Only after the handshake.
    func write(_ bytes: Span<UInt8>) {
        guard fault == nil, !isFinished else { return }
        precondition(isSecured, "nothing is written before the handshake is through")
        unsafe bytes.withUnsafeBufferPointer { unsafe seal($0.baseAddress, $0.count) }
    }

    /// Seals two stretches as one: a record costs about a microsecond, whatever is in it.
    func write(_ first: Span<UInt8>, _ second: Span<UInt8>) {
        guard first.count < TLSPipe.recordBytesMax else {
            write(first)
            return write(second)
        }
        guard fault == nil, !isFinished else { return }
        precondition(isSecured, "nothing is written before the handshake is through")
        let joined = min(second.count, TLSPipe.recordBytesMax - first.count)
        let record = unsafe UnsafeMutableRawPointer(pipe.record)
        unsafe first.withUnsafeBytes { head in
            if let start = head.baseAddress { unsafe record.copyMemory(from: start, byteCount: head.count) }
        }
        unsafe second.withUnsafeBytes { body in
            guard let start = body.baseAddress else { return }
            unsafe (record + first.count).copyMemory(from: start, byteCount: joined)
        }
        unsafe seal(UnsafePointer(pipe.record), first.count + joined)
        if joined < second.count { write(second.extracting(joined..<second.count)) }
    }

    private func seal(_ start: UnsafePointer<UInt8>?, _ count: Int) {
        guard let start = unsafe start, count > 0 else { return }
        var fault = ctls_fault()
        _ = step(unsafe ctls_send(session, start, count, &fault), fault)
    }

    /// Says that nothing follows. Not said where an answer is cut: its end must not look like one.
    func finish() {
        guard isSecured, fault == nil, !isFinished else { return }
        isFinished = true
        unsafe ctls_finish(session)
    }

    private func step(_ status: Int32, _ fault: ctls_fault) -> Step {
        switch Int(status) {
        case CTLS_MORE: return .more
        case CTLS_ENDED: return .ended
        default:
            // The first one led to those after it.
            if self.fault == nil { self.fault = TLSFault(fault) }
            return .failed
        }
    }

    // MARK: What was agreed

    /// Whether the session began with a ticket.
    var isResumed: Bool { unsafe ctls_is_resumed(session) == 1 }

    /// Such as `TLSv1.3`.
    var version: String { unsafe String(cString: ctls_version(session)) }

    /// The cipher suite, in OpenSSL's spelling.
    var cipher: String { unsafe String(cString: ctls_cipher(session)) }

    /// The peer's certificate; nil where it showed none or it was not believed.
    var peer: TLSPeer? {
        var subject = [CChar](repeating: 0, count: 512)
        var digest = [UInt8](repeating: 0, count: 32)
        guard unsafe ctls_peer(session, &subject, subject.count, &digest) == 1 else { return nil }
        let text = String(decoding: subject.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let digits = Array("0123456789abcdef".utf8)
        let hex = digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return TLSPeer(subject: text, fingerprint: String(decoding: hex, as: UTF8.self))
    }
}

/// Who showed a certificate that was believed.
struct TLSPeer: Hashable, Sendable {
    /// As of RFC 2253, at most 511 bytes.
    let subject: String
    /// SHA-256 of the certificate, in hexadecimal.
    let fingerprint: String
}
