/// `host [":" port]` as `Host` and absolute targets carry it (RFC 9110 §7.2, RFC 3986 §3.2.2).
///
/// Stricter than the grammar: a name is letters, digits, `-`, `_` and dots. sub-delims and percent-encoding are legal in
/// a reg-name but appear only where somebody tries to make two parsers see two hosts.
enum Authority {
    static func isValid(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard !range.isEmpty, range.count <= 261 else { return false }
        let end = hostEnd(bytes, range)
        guard end > range.lowerBound else { return false }
        if bytes[range.lowerBound] == UInt8(ascii: "[") {
            guard bytes[end - 1] == UInt8(ascii: "]"), isIPv6(bytes, (range.lowerBound + 1)..<(end - 1)) else {
                return false
            }
        } else {
            for index in range.lowerBound..<end {
                let byte = bytes[index]
                let isAlphanumeric = byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
                guard isAlphanumeric || byte == ASCII.dash || byte == ASCII.dot || byte == ASCII.underscore else {
                    return false
                }
            }
            guard bytes[range.lowerBound] != ASCII.dot else { return false }
        }
        return end == range.upperBound || isPort(bytes, (end + 1)..<range.upperBound)
    }

    /// The host part of a valid authority, without the port.
    @_noAllocation @_noLocks
    static func host(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        range.lowerBound..<hostEnd(bytes, range)
    }

    /// The index of the colon before the port, or the end.
    @_noAllocation @_noLocks @inline(__always)
    private static func hostEnd(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
        var index = range.lowerBound
        if bytes[index] == UInt8(ascii: "[") {
            while index < range.upperBound, bytes[index] != UInt8(ascii: "]") { index &+= 1 }
            let next = index + 1
            guard next < range.upperBound else { return range.upperBound }
            // Anything but a colon after the bracket makes the whole malformed; an empty host says so.
            return bytes[next] == ASCII.colon ? next : range.lowerBound
        }
        while index < range.upperBound, bytes[index] != ASCII.colon { index &+= 1 }
        return index
    }

    @_noAllocation @_noLocks
    private static func isPort(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard range.count <= 5 else { return false }
        var port = 0
        for index in range {
            let digit = bytes[index] &- ASCII.zero
            guard digit < 10 else { return false }
            port = port * 10 + Int(digit)
        }
        return port <= 65_535
    }

    /// Groups of one to four hexadecimal digits, at most one `::`, perhaps an IPv4 tail (RFC 4291 §2.2).
    private static func isIPv6(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var groups = 0
        var hasGap = false
        var index = range.lowerBound
        guard range.count >= 2 else { return false }
        while index < range.upperBound {
            if bytes[index] == ASCII.colon {
                let isGap = index + 1 < range.upperBound && bytes[index + 1] == ASCII.colon
                if isGap {
                    guard !hasGap else { return false }
                    hasGap = true
                    index += 2
                    continue
                }
                let followsGap = index > range.lowerBound && bytes[index - 1] == ASCII.colon
                guard groups > 0, !followsGap, index + 1 < range.upperBound else { return false }
                index += 1
            }
            let start = index
            while index < range.upperBound, ByteClass.hexValue(bytes[index]) != nil { index += 1 }
            guard (1...4).contains(index - start) else { return false }
            if index < range.upperBound, bytes[index] == ASCII.dot {
                guard isIPv4(bytes, start..<range.upperBound) else { return false }
                groups += 2
                break
            }
            groups += 1
            guard index == range.upperBound || bytes[index] == ASCII.colon else { return false }
        }
        return hasGap ? groups <= 7 : groups == 8
    }

    @_noAllocation @_noLocks
    private static func isIPv4(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var parts = 0
        var index = range.lowerBound
        while index < range.upperBound {
            var value = 0
            let start = index
            while index < range.upperBound, bytes[index] &- ASCII.zero < 10, index - start < 3 {
                value = value * 10 + Int(bytes[index] - ASCII.zero)
                index += 1
            }
            guard index > start, value <= 255 else { return false }
            parts += 1
            if index == range.upperBound { break }
            guard bytes[index] == ASCII.dot, index + 1 < range.upperBound else { return false }
            index += 1
        }
        return parts == 4
    }
}
