internal import CPoll
internal import Glibc

/// A listening socket of one loop. Every loop has its own on the same port (`SO_REUSEPORT`), so that loops share no accept
/// queue and the kernel spreads the connections.
final class Listener {
    /// Connections taken in one turn, so that a storm of them does not hold up those that are there.
    private static let acceptsPerTurnMax = 32
    /// The last eighth of the descriptors is for upstreams, health and files: callers that are served need them too. The kernel
    /// gives out the lowest free number, so a number this high means that the others are in use.
    private static let reserve: Int32 = {
        let most = cpoll_descriptors_max()
        return most - most / 8
    }()

    let descriptor: Int32
    /// The address it listens on; the port is the real one where 0 was asked for.
    let address: SocketAddress
    private let reactor: Reactor
    private let accepted: (Int32, SocketAddress?) -> Void
    private var isListening = false
    private var isHeld = false
    /// Too few descriptors are left; what connects waits in the socket.
    private var isShort = false
    private var shortages: UInt64 = 0
    private(set) var isClosed = false

    /// Takes over a socket that listens; the reactor asks it once ``resume()`` was called.
    init(_ socket: ListeningSocket, reactor: Reactor, accepted: @escaping (Int32, SocketAddress?) -> Void) {
        descriptor = socket.descriptor
        address = socket.address
        self.reactor = reactor
        self.accepted = accepted
    }

    /// Begins to accept, or goes on.
    func resume() {
        guard !isListening, !isHeld, !isClosed, !isShort || hasRoom else { return }
        isShort = false
        isListening = true
        reactor.add(self)
    }

    /// Takes the connections that wait. Out of descriptors: stops asking until the next tick instead of spinning.
    func accept() { _ = accept(most: Self.acceptsPerTurnMax) }

    /// False when none is left that could be taken.
    private func accept(most: Int) -> Bool {
        for _ in 0..<most {
            var storage = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            var peer: SocketAddress?
            let taken = unsafe withUnsafeMutableBytes(of: &storage) { bytes -> Int32 in
                guard let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return -1 }
                let taken = unsafe cpoll_accept(descriptor, start, &length)
                if taken >= 0 { unsafe peer = SocketAddress(UnsafePointer(start)) }
                return taken
            }
            guard taken >= 0 else {
                switch errno {
                case EINTR, ECONNABORTED: continue
                case EAGAIN: return false
                default:
                    runShort()
                    return false
                }
            }
            SocketOption.sendAtOnce(taken)
            accepted(taken, peer)
            if taken >= Self.reserve {
                runShort()
                return false
            }
        }
        return true
    }

    private func runShort() {
        isShort = true
        shortages += 1
        if isListening { stopAsking() }
    }

    private var hasRoom: Bool {
        let free = dup(descriptor)
        guard free >= 0 else { return false }
        _ = Glibc.close(free)
        return free < Self.reserve
    }

    /// How often accepting paused since the last call because descriptors ran out.
    func takeShortages() -> UInt64 {
        defer { shortages = 0 }
        return shortages
    }

    private func stopAsking() {
        isListening = false
        reactor.remove(self)
    }

    /// Accepts no more until ``unhold()``; what connects waits in the socket.
    func hold() {
        isHeld = true
        if isListening { stopAsking() }
    }

    /// Accepts again.
    func unhold() {
        isHeld = false
        resume()
    }

    /// Stops for good. The connections that wait are taken first, unless the socket lives on in another process: closing the last
    /// descriptor of a socket resets them.
    func close() {
        guard !isClosed else { return }
        if !isHeld { while accept(most: Self.acceptsPerTurnMax) {} }
        isClosed = true
        if isListening { stopAsking() }
        _ = Glibc.close(descriptor)
    }
}
