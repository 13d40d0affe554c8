/// The host of an authority as routes are looked up by: lower case, without port and without the root's dot.
enum HostName {
    /// Writes it to `out`, which is emptied first.
    static func write(_ bytes: Span<UInt8>, _ authority: Range<Int>, to out: inout [UInt8]) {
        out.removeAll(keepingCapacity: true)
        let host = Authority.host(bytes, authority)
        for index in host { out.append(ByteClass.lowercased(bytes[index])) }
        if out.last == ASCII.dot { out.removeLast() }
    }

    /// Where the host lies when it needs no rewriting; nil when it does.
    @_noAllocation @_noLocks @inline(__always)
    static func plain(_ bytes: Span<UInt8>, _ authority: Range<Int>) -> Range<Int>? {
        let host = Authority.host(bytes, authority)
        for index in host where bytes[index] &- 0x41 < 26 { return nil }
        guard let last = host.last, bytes[last] != ASCII.dot else { return nil }
        return host
    }
}
