internal import CPoll
internal import Glibc

/// A TCP socket that listens, before a loop has taken it: opened here, or inherited.
struct ListeningSocket: Sendable {
    let descriptor: Int32
    /// The address it listens on; the port is the real one where 0 was asked for.
    let address: SocketAddress

    /// Connections that may wait to be accepted, as far as `net.core.somaxconn` lets them.
    private static let backlog: Int32 = 1024

    /// Opens one that shares its port with the others of this gateway (`SO_REUSEPORT`).
    ///
    /// - Throws: `Disk.Failure` with the call that failed.
    init(opening wanted: SocketAddress) throws(Disk.Failure) {
        let descriptor = wanted.openSocket()
        guard descriptor >= 0 else { throw Disk.Failure(call: "socket", path: "", code: errno) }
        SocketOption.enable(SO_REUSEADDR, on: descriptor)
        SocketOption.enable(SO_REUSEPORT, on: descriptor)
        let bound = unsafe wanted.withSockaddr { unsafe bind(descriptor, $0, $1) }
        guard bound == 0, listen(descriptor, Self.backlog) == 0 else {
            let error = errno
            _ = Glibc.close(descriptor)
            throw Disk.Failure(call: bound == 0 ? "listen" : "bind", path: "", code: error)
        }
        self.descriptor = descriptor
        address = Self.address(of: descriptor) ?? wanted
    }

    /// Takes over one that listens already.
    ///
    /// - Throws: `Disk.Failure` when it does not.
    init(inheriting descriptor: Int32) throws(Disk.Failure) {
        guard chandover_is_listening(descriptor) == 1, let address = Self.address(of: descriptor) else {
            throw Disk.Failure(call: "inherit", path: "descriptor \(descriptor)", code: EINVAL)
        }
        let flags = fcntl(descriptor, F_GETFL)
        _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK)
        self.descriptor = descriptor
        self.address = address
    }

    /// The same socket for another loop: both ask it, and whoever is first has the connection.
    func shared() throws(Disk.Failure) -> ListeningSocket {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
        guard copy >= 0 else { throw Disk.Failure(call: "dup", path: "", code: errno) }
        return try ListeningSocket(inheriting: copy)
    }

    /// One socket a loop, or more: what is inherited, and what is missing. Sockets beyond the loops are spread over them, for none may
    /// be left with connections waiting in it.
    ///
    /// - Throws: `Disk.Failure` with the call that failed.
    static func spread(_ inherited: [Int32], over loops: Int) throws(Disk.Failure) -> [[ListeningSocket]] {
        var sockets: [ListeningSocket] = []
        for descriptor in inherited { sockets.append(try ListeningSocket(inheriting: descriptor)) }
        var missing = 0
        while sockets.count < loops {
            let model = sockets[missing % inherited.count]
            missing += 1
            // One more on the same port is better than one asked by two loops; not every socket lets others beside it.
            do throws(Disk.Failure) {
                sockets.append(try ListeningSocket(opening: model.address))
            } catch {
                sockets.append(try model.shared())
            }
        }
        return (0..<loops).map { loop in stride(from: loop, to: sockets.count, by: loops).map { sockets[$0] } }
    }

    private static func address(of descriptor: Int32) -> SocketAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return unsafe withUnsafeMutableBytes(of: &storage) { bytes -> SocketAddress? in
            guard let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                unsafe getsockname(descriptor, start, &length) == 0
            else { return nil }
            return unsafe SocketAddress(UnsafePointer(start))
        }
    }
}
