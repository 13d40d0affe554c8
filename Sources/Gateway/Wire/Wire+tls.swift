// Between the socket and the kinds, where TLS is spoken: what is read is opened before a kind sees it, what is written is
// sealed before the socket gets it. Backlog, pausing and ending are the wire's, as without TLS.

extension Wire {
    /// The TCP connection is there: the side that calls begins.
    func shakeHands() {
        guard let tls else { return }
        let step = tls.begin()
        sendSealed(tls)
        if case .failed = step { endUnsaid() }
    }

    @inline(never)
    func writeSealed(_ bytes: Span<UInt8>) {
        guard let tls else { return }
        tls.write(bytes)
        sendSealed(tls)
    }

    @inline(never)
    func writeSealed(_ first: Span<UInt8>, _ second: Span<UInt8>) {
        guard let tls else { return }
        tls.write(first, second)
        sendSealed(tls)
    }

    private func sendSealed(_ tls: TLSStream) {
        let output = tls.pipe.output
        guard !output.isEmpty else { return }
        if isOpen, !isBroken { send(output.span) }
        tls.pipe.clearOutput()
    }

    /// Bytes arrived that TLS has to open first.
    @inline(never)
    func receiveSealed(_ bytes: ByteView) {
        guard let tls else { return }
        if tls.isFresh, TLSRecord.isHTTP(bytes.span) {
            self.tls = nil
            return receivedPlainly(bytes)
        }
        let wasSecured = tls.isSecured
        let (plain, step) = tls.receive(bytes)
        // Before a kind writes: the handshake's last message, or the alert that says what was wrong.
        sendSealed(tls)
        if !wasSecured, tls.isSecured { secured() }
        if isOpen, !plain.isEmpty { received(plain) }
        guard isOpen else { return }
        switch step {
        case .more: return
        case .ended:
            close()
            ended(failed: false)
        case .failed: endUnsaid()
        }
    }

    /// The connection ended without TLS having said so: what came may not be all (RFC 9112 §9.8).
    func endUnsaid() {
        guard let tls else { return }
        close()
        guard !tls.isSecured else { return ended(failed: true) }
        handshakeFailed(tls.fault ?? TLSFault(.closed, "the peer left in the middle of the handshake"))
    }

    /// Tells the peer that nothing follows. For ends that are meant: whoever cuts an answer closes without it.
    func sayGoodbye() {
        guard let tls, isOpen else { return }
        tls.finish()
        sendSealed(tls)
    }

    /// Closes a connection on which nothing is under way.
    func closeIdle() {
        sayGoodbye()
        close()
    }
}

/// What the first bytes of a connection say.
enum TLSRecord {
    /// Whether they are the beginning of an HTTP request: a method's letters (RFC 9110 §9), where TLS has a record's type (22).
    static func isHTTP(_ bytes: Span<UInt8>) -> Bool {
        for index in 0..<min(bytes.count, 3) where !(0x41...0x5A).contains(bytes[index]) { return false }
        return bytes.count > 0
    }
}
