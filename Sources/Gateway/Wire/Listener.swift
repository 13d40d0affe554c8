internal import CPoll
internal import Glibc

/// A listening socket of one loop. Every loop has its own on the same port (`SO_REUSEPORT`), so that loops share no accept
/// queue and the kernel spreads the connections.
final class Listener {
    /// Connections taken in one turn, so that a storm of them does not hold up those that are there.
    private static let acceptsPerTurnMax = 32

    let descriptor: Int32
    /// The address it listens on; the port is the real one where 0 was asked for.
    let address: SocketAddress
    private let reactor: Reactor
    private let accepted: (Int32, SocketAddress?) -> Void
    private var isListening = false
    private(set) var isClosed = false

    /// Binds and listens; the reactor asks it once ``resume()`` was called.
    ///
    /// - Throws: `Disk.Failure` with the call that failed.
    init(
        _ wanted: SocketAddress,
        reactor: Reactor,
        accepted: @escaping (Int32, SocketAddress?) -> Void
    ) throws(Disk.Failure) {
        let descriptor = wanted.openSocket()
        guard descriptor >= 0 else { throw Disk.Failure(call: "socket", path: "", code: errno) }
        SocketOption.enable(SO_REUSEADDR, on: descriptor)
        SocketOption.enable(SO_REUSEPORT, on: descriptor)
        let bound = unsafe wanted.withSockaddr { unsafe bind(descriptor, $0, $1) }
        guard bound == 0, listen(descriptor, 1024) == 0 else {
            let error = errno
            _ = Glibc.close(descriptor)
            throw Disk.Failure(call: bound == 0 ? "listen" : "bind", path: "", code: error)
        }
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let real = unsafe withUnsafeMutableBytes(of: &storage) { bytes -> SocketAddress? in
            guard let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                unsafe getsockname(descriptor, start, &length) == 0
            else { return nil }
            return unsafe SocketAddress(UnsafePointer(start))
        }
        self.descriptor = descriptor
        self.reactor = reactor
        self.accepted = accepted
        address = real ?? wanted
    }

    /// Begins to accept, or goes on.
    func resume() {
        guard !isListening, !isClosed else { return }
        isListening = true
        reactor.add(self)
    }

    /// Takes the connections that wait. Out of descriptors: stops asking until the next tick instead of spinning.
    func accept() {
        for _ in 0..<Self.acceptsPerTurnMax {
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
                case EAGAIN: return
                default: return pause()
                }
            }
            SocketOption.sendAtOnce(taken)
            accepted(taken, peer)
        }
    }

    private func pause() {
        isListening = false
        reactor.remove(self)
    }

    /// Stops for good.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        if isListening { pause() }
        _ = Glibc.close(descriptor)
    }
}
