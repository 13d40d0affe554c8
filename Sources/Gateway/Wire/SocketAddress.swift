internal import Glibc

/// The address of a TCP socket, IPv4 or IPv6, as the kernel wants it.
struct SocketAddress: Hashable, Sendable {
    // Both families fit; which one it is says `family`.
    private var four = UInt32(0)
    private var six: InlineBytes16 = .init()
    private var scope = UInt32(0)
    private var family: Int32
    /// The port.
    private(set) var port: Int

    /// Where the kernel has what, in bytes. The structures themselves are not named here: more than one C module has them.
    private enum Place {
        static let port = 2
        static let four = 4
        static let fourCount = 16
        static let six = 8
        static let scope = 24
        static let sixCount = 28
    }

    /// Sixteen bytes that compare and hash.
    struct InlineBytes16: Hashable, Sendable {
        var high = UInt64(0)
        var low = UInt64(0)
    }

    /// A literal address; nil for anything that would have to be looked up.
    init?(literal host: String, port: Int) {
        self.port = port
        var inner = UInt32(0)
        if unsafe inet_pton(AF_INET, host, &inner) == 1 {
            family = AF_INET
            four = inner
            return
        }
        var bytes = InlineBytes16()
        guard unsafe inet_pton(AF_INET6, host, &bytes) == 1 else { return nil }
        family = AF_INET6
        six = bytes
    }

    /// What `getaddrinfo`, `accept` and `getsockname` give; nil for other families.
    init?(_ address: UnsafePointer<sockaddr>?) {
        guard let address = unsafe address else { return nil }
        let raw = unsafe UnsafeRawPointer(address)
        // RFC 3493 §3.3 and ip(7): family, port; then the IPv4 address, or flow information, the IPv6 address and its scope.
        port = Int(UInt16(bigEndian: unsafe raw.loadUnaligned(fromByteOffset: Place.port, as: UInt16.self)))
        switch unsafe Int32(raw.loadUnaligned(as: UInt16.self)) {
        case AF_INET:
            family = AF_INET
            four = unsafe raw.loadUnaligned(fromByteOffset: Place.four, as: UInt32.self)
        case AF_INET6:
            family = AF_INET6
            six.high = unsafe raw.loadUnaligned(fromByteOffset: Place.six, as: UInt64.self)
            six.low = unsafe raw.loadUnaligned(fromByteOffset: Place.six + 8, as: UInt64.self)
            scope = unsafe raw.loadUnaligned(fromByteOffset: Place.scope, as: UInt32.self)
        default: return nil
        }
    }

    /// As people write it, without the port.
    var text: String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        var (four, six) = (four, six)
        let written = unsafe buffer.withUnsafeMutableBufferPointer { target in
            family == AF_INET
                ? unsafe inet_ntop(AF_INET, &four, target.baseAddress, socklen_t(target.count)) != nil
                : unsafe inet_ntop(AF_INET6, &six, target.baseAddress, socklen_t(target.count)) != nil
        }
        guard written else { return "unknown" }
        let end = buffer.firstIndex(of: 0) ?? buffer.count
        return String(decoding: buffer[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Hands the address to a system call.
    func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var address = InlineArray<4, UInt64>(repeating: 0)
        return unsafe withUnsafeMutableBytes(of: &address) { bytes in
            unsafe bytes.storeBytes(of: UInt16(family), as: UInt16.self)
            unsafe bytes.storeBytes(of: UInt16(port).bigEndian, toByteOffset: Place.port, as: UInt16.self)
            if family == AF_INET {
                unsafe bytes.storeBytes(of: four, toByteOffset: Place.four, as: UInt32.self)
            } else {
                unsafe bytes.storeBytes(of: six.high, toByteOffset: Place.six, as: UInt64.self)
                unsafe bytes.storeBytes(of: six.low, toByteOffset: Place.six + 8, as: UInt64.self)
                unsafe bytes.storeBytes(of: scope, toByteOffset: Place.scope, as: UInt32.self)
            }
            let count = family == AF_INET ? Place.fourCount : Place.sixCount
            return unsafe Self.call(body, UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        }
    }

    private static func call<Result>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result,
        _ bytes: UnsafeRawBufferPointer
    ) -> Result {
        guard let start = bytes.baseAddress else { preconditionFailure("an address has bytes") }
        return unsafe body(start.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
    }

    /// Opens a non-blocking TCP socket of this address's family; -1 with `errno` when there is none to be had.
    func openSocket() -> Int32 {
        socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    }

    /// All addresses of a host, in the resolver's order. Blocks: never on a loop.
    ///
    /// - Throws: the resolver's sentence.
    static func resolve(_ host: String, port: Int, forListening: Bool) throws(ResolutionFailure) -> [SocketAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = forListening ? AI_PASSIVE : AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(host, String(port), &hints, &list)
        guard status == 0 else {
            throw ResolutionFailure(reason: unsafe gai_strerror(status).map { unsafe String(cString: $0) } ?? "unknown")
        }
        defer { unsafe freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = unsafe list
        while let entry = unsafe next {
            if let address = unsafe SocketAddress(UnsafePointer(entry.pointee.ai_addr)) { addresses.append(address) }
            unsafe next = entry.pointee.ai_next
        }
        guard !addresses.isEmpty else { throw ResolutionFailure(reason: "the name has no address") }
        return addresses
    }
}

/// Why a name could not be resolved, as the system says it.
struct ResolutionFailure: Error, Sendable {
    let reason: String
}

/// Options of sockets.
enum SocketOption {
    /// Switches an option on; false when the kernel refuses.
    @discardableResult
    static func enable(_ option: Int32, level: Int32 = SOL_SOCKET, on descriptor: Int32) -> Bool {
        var one: Int32 = 1
        return unsafe setsockopt(descriptor, level, option, &one, socklen_t(MemoryLayout<Int32>.size)) == 0
    }

    /// Small writes leave at once: heads and bodies are gathered before they are written.
    static func sendAtOnce(_ descriptor: Int32) { enable(TCP_NODELAY, level: Int32(IPPROTO_TCP), on: descriptor) }
}
