internal import Glibc

/// Asks the system for the addresses of a name. Blocks, so it runs on a thread of its own.
enum HostAddresses {
    /// The A and AAAA records of a name, in any order; nil when it cannot be asked or has none.
    static func addresses(of name: String) -> [String]? {
        // Only families that this machine has an address of: an AAAA record is no target where there is no IPv6. A machine
        // that has loopback alone would get nothing that way.
        addresses(of: name, flags: AI_ADDRCONFIG) ?? addresses(of: name, flags: 0)
    }

    private static func addresses(of name: String, flags: Int32) -> [String]? {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = flags
        var first: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(name, nil, &hints, &first) == 0 else { return nil }
        defer { unsafe freeaddrinfo(first) }
        var found: [String] = []
        var next = unsafe first
        while let info = unsafe next {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let status = unsafe getnameinfo(
                info.pointee.ai_addr,
                info.pointee.ai_addrlen,
                &text,
                socklen_t(text.count),
                nil,
                0,
                NI_NUMERICHOST
            )
            if status == 0 {
                let address = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                if !found.contains(address) { found.append(address) }
            }
            unsafe next = info.pointee.ai_next
        }
        return found.isEmpty ? nil : found
    }
}

/// Errors of `connect` that mean that there is no way to the address, rather than nobody there.
enum Unroutable {
    static let codes: Set<Int32> = [ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL, EACCES, EPERM]
}
