/// What single bytes are in the grammars of RFC 9110, 9112 and 3986, as bit masks: bytes 0 … 63 in the low word of a pair,
/// 64 … 127 in the high one. Masks instead of tables: a table behind a global costs an initialisation check per use.
enum ByteClass {
    /// tchar (RFC 9110 §5.6.2).
    @_noAllocation @_noLocks @inline(__always)
    static func isToken(_ byte: UInt8) -> Bool { contains(byte, 0x03FF_6CFA_0000_0000, 0x57FF_FFFF_C7FF_FFFE) }

    /// pchar without `%`, and `/` (RFC 3986 §3.3): what a path holds as it is.
    @_noAllocation @_noLocks @inline(__always)
    static func isPath(_ byte: UInt8) -> Bool { contains(byte, 0x2FFF_FFD2_0000_0000, 0x47FF_FFFE_87FF_FFFF) }

    /// What a query may hold: RFC 3986 §3.4, and `[ ] { } | ^` and backtick, which clients send bare and which no
    /// framing or routing depends on.
    @_noAllocation @_noLocks @inline(__always)
    static func isQuery(_ byte: UInt8) -> Bool { contains(byte, 0xAFFF_FFF2_0000_0000, 0x7FFF_FFFF_EFFF_FFFF) }

    /// unreserved (RFC 3986 §2.3).
    @_noAllocation @_noLocks @inline(__always)
    static func isUnreserved(_ byte: UInt8) -> Bool { contains(byte, 0x03FF_6000_0000_0000, 0x47FF_FFFE_87FF_FFFE) }

    /// Lower case of an ASCII letter; any other byte as it is.
    @_noAllocation @_noLocks @inline(__always)
    static func lowercased(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    /// The value of a hexadecimal digit, nil for any other byte.
    @_noAllocation @_noLocks @inline(__always)
    static func hexValue(_ byte: UInt8) -> UInt8? {
        if byte &- 0x30 < 10 { return byte &- 0x30 }
        let letter = (byte | 0x20) &- 0x61
        return letter < 6 ? letter &+ 10 : nil
    }

    @_noAllocation @_noLocks @inline(__always)
    private static func contains(_ byte: UInt8, _ low: UInt64, _ high: UInt64) -> Bool {
        guard byte < 128 else { return false }
        let word = byte < 64 ? low : high
        return word &>> UInt64(byte & 63) & 1 == 1
    }
}

/// Bytes with a name. Computed, because a stored one is reached by a function that the checks of the hot path cannot look into.
enum ASCII {
    static var tab: UInt8 { @_noAllocation @_noLocks get { 0x09 } }
    static var lineFeed: UInt8 { @_noAllocation @_noLocks get { 0x0A } }
    static var carriageReturn: UInt8 { @_noAllocation @_noLocks get { 0x0D } }
    static var space: UInt8 { @_noAllocation @_noLocks get { 0x20 } }
    static var quote: UInt8 { @_noAllocation @_noLocks get { 0x22 } }
    static var percent: UInt8 { @_noAllocation @_noLocks get { 0x25 } }
    static var star: UInt8 { @_noAllocation @_noLocks get { 0x2A } }
    static var comma: UInt8 { @_noAllocation @_noLocks get { 0x2C } }
    static var dash: UInt8 { @_noAllocation @_noLocks get { 0x2D } }
    static var dot: UInt8 { @_noAllocation @_noLocks get { 0x2E } }
    static var slash: UInt8 { @_noAllocation @_noLocks get { 0x2F } }
    static var zero: UInt8 { @_noAllocation @_noLocks get { 0x30 } }
    static var colon: UInt8 { @_noAllocation @_noLocks get { 0x3A } }
    static var semicolon: UInt8 { @_noAllocation @_noLocks get { 0x3B } }
    static var equals: UInt8 { @_noAllocation @_noLocks get { 0x3D } }
    static var question: UInt8 { @_noAllocation @_noLocks get { 0x3F } }
    static var backslash: UInt8 { @_noAllocation @_noLocks get { 0x5C } }
    static var underscore: UInt8 { @_noAllocation @_noLocks get { 0x5F } }
}

extension Span where Element == UInt8 {
    /// The index of the first control character (below 0x20, or DEL) at or after `start`; `count` where there is none.
    ///
    /// Eight bytes at a time: a byte is below 0x20 when subtracting 0x20 borrows and its own top bit was clear. Borrows
    /// spoil only bytes above a hit, so the lowest hit is exact.
    @inline(__always)
    func firstControl(from start: Int) -> Int {
        var index = start
        while index &+ 8 <= count {
            // The loop condition keeps the eight bytes inside the span.
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            let below = (word &- 0x2020_2020_2020_2020) & ~word
            let flipped = word ^ 0x7F7F_7F7F_7F7F_7F7F
            let delete = (flipped &- 0x0101_0101_0101_0101) & ~flipped
            let hits = (below | delete) & 0x8080_8080_8080_8080
            if hits != 0 { return index &+ hits.trailingZeroBitCount &>> 3 }
            index &+= 8
        }
        while index < count {
            let byte = self[index]
            if byte < 0x20 || byte == 0x7F { return index }
            index &+= 1
        }
        return count
    }

    /// Whether the field name in `range` is the one at `start` of `names`, letter case aside; eight bytes at a time.
    ///
    /// Both must be tokens, the known one lower-case letters, digits and dashes. Setting 0x20 turns capitals into small letters and
    /// leaves digits and dashes; what else it turns into one of those is no token.
    @inline(__always)
    func isName(_ range: Range<Int>, _ names: Span<UInt8>, at start: Int) -> Bool {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= count && start >= 0 && start + range.count <= names.count
        )
        var offset = 0
        while offset &+ 8 <= range.count {
            // The condition keeps the eight bytes inside both ranges, which lie in their spans by the line above.
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: range.lowerBound &+ offset, as: UInt64.self)
            let known = unsafe names.bytes.unsafeLoadUnaligned(fromByteOffset: start &+ offset, as: UInt64.self)
            if word | 0x2020_2020_2020_2020 != known { return false }
            offset &+= 8
        }
        while offset < range.count {
            if unsafe self[unchecked: range.lowerBound &+ offset] | 0x20 != names[unchecked: start &+ offset] {
                return false
            }
            offset &+= 1
        }
        return true
    }

    /// Whether `range` holds `text` (lower case), letter case aside.
    @inline(__always)
    func matches(_ range: Range<Int>, _ text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { expected in
            for offset in 0..<expected.count
            where unsafe ByteClass.lowercased(self[range.lowerBound &+ offset]) != expected[offset] {
                return false
            }
            return true
        }
    }
}
