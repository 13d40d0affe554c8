import BenchProgram
import Foundation

/// Listening sockets on one port of 127.0.0.1, among which the kernel spreads connections (`SO_REUSEPORT`, socket(7)): for several
/// processes that one client drives as it would drive one process.
final class SharedPort {
    let port: Int
    /// One for each process.
    let sockets: [Int32]

    /// - Throws: where there is no free port.
    init(_ count: Int) throws {
        var sockets: [Int32] = []
        var port: UInt16 = 0
        for _ in 0..<count {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            sockets.append(descriptor)
            var on: Int32 = 1
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &on, socklen_t(MemoryLayout<Int32>.size))
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let isBound = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
                }
            }
            guard isBound, listen(descriptor, 1024) == 0 else {
                throw Failure("no port for \(count) sockets: \(errno)")
            }
            port = UInt16(bigEndian: address.sin_port)
        }
        self.sockets = sockets
        self.port = Int(port)
    }

    /// Closes our own copies: each process has its socket.
    deinit { for descriptor in sockets { close(descriptor) } }
}
