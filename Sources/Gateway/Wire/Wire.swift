internal import CPoll
internal import Glibc

/// One socket on one loop, with what belongs to it: ``ClientConnection`` and ``UpstreamConnection`` are its two kinds.
///
/// Edge-triggered: registered once for its whole life. A read that fills less than the block has emptied the socket; a write
/// goes out at once, and only what the kernel does not take is kept and follows when it can. So a message that fits in the
/// socket's buffers costs one read and one write and no memory of its own.
class Wire {
    /// How many reads one event makes before the others have their turn.
    private static let readsPerTurnMax = 8

    let descriptor: Int32
    /// Tells this socket from an earlier one with the same descriptor.
    let serial: UInt32
    let reactor: Reactor
    private(set) var isOpen = true
    /// Whether as much waits to be written as may.
    private(set) var isBlocked = false
    private var isReadPaused = false
    private var hasUnread = false
    /// The kernel said that the peer has finished or failed: read on to the end, it is told once.
    private var isEnding = false
    private(set) var isBroken = false
    private var isConnecting: Bool
    /// Nil speaks plainly. See `Wire+tls`.
    final var tls: TLSStream?
    private var closing = Closing.no
    private var isOutputClosed = false
    private var backlog: [UInt8] = []
    private var backlogStart = 0

    private enum Closing {
        case no
        /// When the backlog has left.
        case output, all
    }

    /// Takes over a non-blocking socket and registers it.
    init(_ descriptor: Int32, _ reactor: Reactor, isConnecting: Bool, tls: TLSStream? = nil) {
        self.descriptor = descriptor
        self.reactor = reactor
        self.isConnecting = isConnecting
        self.tls = tls
        serial = reactor.nextSerial()
        reactor.add(self)
    }

    deinit {
        if isOpen { _ = Glibc.close(descriptor) }
    }

    // MARK: For the kinds

    /// Bytes arrived; valid until this returns.
    func received(_ bytes: ByteView) {}

    /// The peer has finished (`failed` false) or is lost. The wire is closed already.
    func ended(failed: Bool) {}

    /// ``isBlocked`` has changed.
    func writabilityChanged() {}

    /// A wire that was made while connecting is through (0), or not (then it is closed already). Where TLS is spoken its
    /// handshake follows: ``secured()`` or ``handshakeFailed(_:)``.
    func connectEnded(_ error: Int32) {}

    /// The TLS handshake is through: from now on bytes may be written.
    func secured() {}

    /// There was no TLS handshake. The wire is closed already.
    func handshakeFailed(_ fault: TLSFault) {}

    /// The caller speaks HTTP where TLS was expected: these are its first bytes. From now on the wire speaks plainly.
    func receivedPlainly(_ bytes: ByteView) {}

    /// The wire was closed, by either side; called once.
    func closed() {}

    // MARK: Writing

    /// Bytes that the kernel has not taken yet.
    final var backlogCount: Int { backlog.count &- backlogStart }

    /// Sends bytes, or keeps what cannot leave yet.
    @inline(__always)
    final func write(_ bytes: Span<UInt8>) {
        guard isOpen, !isBroken, bytes.count > 0 else { return }
        if tls != nil { return writeSealed(bytes) }
        send(bytes)
    }

    /// Sends bytes as they are.
    @inline(__always)
    final func send(_ bytes: Span<UInt8>) {
        guard backlogCount == 0, !isConnecting else { return keep(bytes, from: 0) }
        let sent = unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe buffer.baseAddress.map { unsafe cpoll_send(descriptor, $0, buffer.count) } ?? 0
        }
        if sent != bytes.count { writeFellShort(sent, bytes) }
    }

    /// Sends two stretches in one call.
    final func write(_ first: Span<UInt8>, _ second: Span<UInt8>) {
        guard isOpen, !isBroken else { return }
        if tls != nil { return writeSealed(first, second) }
        guard backlogCount == 0, !isConnecting else {
            keep(first, from: 0)
            return keep(second, from: 0)
        }
        let sent = unsafe first.withUnsafeBufferPointer { head in
            unsafe second.withUnsafeBufferPointer { body in
                unsafe cpoll_send2(descriptor, head.baseAddress, head.count, body.baseAddress, body.count)
            }
        }
        if sent == first.count + second.count { return }
        if sent < first.count {
            writeFellShort(sent, first)
            if !isBroken { keep(second, from: 0) }
        } else {
            writeFellShort(sent - first.count, second)
        }
    }

    @inline(never)
    private func writeFellShort(_ sent: Int, _ bytes: Span<UInt8>) {
        if sent < 0, errno != EAGAIN, errno != EINTR {
            // What went wrong is told by the read that follows: whoever is writing is in the middle of something.
            return breakOff()
        }
        keep(bytes, from: max(0, sent))
    }

    /// Nothing more is written; the read that follows tells the kind why.
    final func breakOff() {
        isBroken = true
        isEnding = true
        reactor.readAgain(self)
    }

    private func keep(_ bytes: Span<UInt8>, from start: Int) {
        guard start < bytes.count else { return }
        if backlogStart == backlog.count {
            backlog.removeAll(keepingCapacity: true)
            backlogStart = 0
        }
        backlog.append(bytes.extracting(start..<bytes.count))
        if !isBlocked, backlogCount > reactor.backlogBytesMax {
            isBlocked = true
            writabilityChanged()
        }
    }

    private func writeBacklog() {
        while backlogCount > 0 {
            let sent = unsafe backlog.withUnsafeBufferPointer { buffer in
                unsafe buffer.baseAddress.map { unsafe cpoll_send(descriptor, $0 + backlogStart, backlogCount) } ?? 0
            }
            guard sent > 0 else {
                if sent < 0, errno == EINTR { continue }
                if sent < 0, errno != EAGAIN { breakOff() }
                break
            }
            backlogStart += sent
        }
        if backlogCount == 0 {
            backlog = []
            backlogStart = 0
            switch closing {
            case .no: break
            case .output: shutOutput()
            case .all: return close()
            }
        }
        if isBlocked, backlogCount <= reactor.backlogBytesMax / 2 {
            isBlocked = false
            writabilityChanged()
        }
    }

    // MARK: Reading

    /// Stops reading; the kernel then holds the peer back.
    final func pauseReading() { isReadPaused = true }

    /// Goes on reading, in a turn of its own.
    final func resumeReading() {
        guard isReadPaused else { return }
        isReadPaused = false
        guard hasUnread, isOpen else { return }
        reactor.readAgain(self)
    }

    /// Reads what is there. Called by the reactor only.
    @inline(__always)
    final func readReady() {
        guard isOpen, !isConnecting else { return }
        guard !isReadPaused else {
            hasUnread = true
            return
        }
        hasUnread = false
        var turns = 0
        while true {
            let count = unsafe recv(descriptor, reactor.block, Reactor.blockBytes, 0)
            if count > 0 {
                let bytes = unsafe ByteView(start: UnsafePointer(reactor.block), count: count)
                if tls == nil { received(bytes) } else { receiveSealed(bytes) }
                guard isOpen else { return }
                if count < Reactor.blockBytes, !isEnding { return }
                turns += 1
                if isReadPaused || turns == Self.readsPerTurnMax {
                    hasUnread = true
                    if !isReadPaused { reactor.readAgain(self) }
                    return
                }
            } else if count == 0 {
                return end(failed: false)
            } else if errno == EAGAIN {
                return
            } else if errno != EINTR {
                return end(failed: true)
            }
        }
    }

    /// What the kernel has to say. Called by the reactor only.
    @inline(__always)
    final func ready(_ readiness: UInt32) {
        if isConnecting {
            finishConnecting()
            guard isOpen else { return }
        }
        if readiness & UInt32(CPOLL_ENDED) != 0 { isEnding = true }
        if readiness & UInt32(CPOLL_READ | CPOLL_ENDED) != 0 { readReady() }
        if readiness & UInt32(CPOLL_WRITE) != 0, isOpen, backlogCount > 0 { writeBacklog() }
    }

    private func finishConnecting() {
        var error: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        unsafe _ = getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length)
        isConnecting = false
        if error != 0 { close() }
        connectEnded(error)
        if error == 0, tls != nil, isOpen { shakeHands() }
    }

    private func end(failed: Bool) {
        if tls != nil { return endUnsaid() }
        close()
        ended(failed: failed)
    }

    // MARK: Closing

    /// Closes at once; what waits to be written is dropped.
    final func close() {
        guard isOpen else { return }
        isOpen = false
        backlog = []
        backlogStart = 0
        reactor.remove(self)
        // Nothing is left to be done about a failure to close; the descriptor is gone either way.
        _ = Glibc.close(descriptor)
        closed()
    }

    /// Closes when what waits to be written has left.
    final func closeWhenWritten() {
        if tls != nil { sayGoodbye() }
        if backlogCount == 0 || isBroken { return close() }
        closing = .all
    }

    /// Ends the writing side when what waits has left: the peer sees the end, and may still send.
    final func closeOutput() {
        guard isOpen, !isOutputClosed else { return }
        if tls != nil { sayGoodbye() }
        if backlogCount == 0 { return shutOutput() }
        closing = .output
    }

    private func shutOutput() {
        isOutputClosed = true
        closing = .no
        _ = shutdown(descriptor, Int32(SHUT_WR))
    }
}
