/// The identity of a trace as `traceparent` carries it: W3C Trace Context, level 2 (level 1 differs in one flag).
public struct TraceContext: Hashable, Sendable {
    /// The first half of the trace's identifier.
    public var traceHigh: UInt64
    /// The second half; its lowest 56 bits are random where ``isRandom`` says so.
    public var traceLow: UInt64
    /// Identifier of the span that called.
    public var parent: UInt64
    /// Whether the caller may have recorded its span.
    public var isSampled: Bool
    /// Level 2, section 3.2.2.5.2: whether the trace's identifier is known to be random.
    public var isRandom: Bool

    /// Makes a context of its parts.
    public init(traceHigh: UInt64, traceLow: UInt64, parent: UInt64, isSampled: Bool, isRandom: Bool) {
        self.traceHigh = traceHigh
        self.traceLow = traceLow
        self.parent = parent
        self.isSampled = isSampled
        self.isRandom = isRandom
    }

    /// Characters of a `traceparent` of version 00.
    public static let length = 55

    /// Reads the value of a `traceparent`; nil where it is malformed, which is as if it had not been sent.
    ///
    /// Strict: lower-case digits only, no identifier of zeros, version `ff` refused. A version that is not known yet is read
    /// by the rules of 00, more after a dash is permitted (section 4.3, "Versioning of traceparent").
    @_noAllocation @_noLocks
    public init?(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) {
        let start = range.lowerBound
        guard range.count >= Self.length, let version = Self.number(bytes, start, digits: 2), version != 0xFF,
            version == 0 ? range.count == Self.length : Self.isOpenEnded(bytes, range),
            bytes[start + 2] == Self.dash, bytes[start + 35] == Self.dash, bytes[start + 52] == Self.dash,
            let high = Self.number(bytes, start + 3, digits: 16), let low = Self.number(bytes, start + 19, digits: 16),
            let parent = Self.number(bytes, start + 36, digits: 16),
            let flags = Self.number(bytes, start + 53, digits: 2),
            high | low != 0, parent != 0
        else { return nil }
        traceHigh = high
        traceLow = low
        self.parent = parent
        isSampled = flags & 1 != 0
        isRandom = version == 0 && flags & 2 != 0
    }

    /// The flags, for those that are known.
    public var flags: UInt8 { (isSampled ? 1 : 0) | (isRandom ? 2 : 0) }

    private static func isOpenEnded(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
        range.count == length || bytes[range.lowerBound + length] == dash
    }

    private static let dash = UInt8(ascii: "-")

    private static func number(_ bytes: borrowing Span<UInt8>, _ start: Int, digits: Int) -> UInt64? {
        var number: UInt64 = 0
        for index in start..<start + digits {
            let byte = bytes[index]
            let digit: UInt8
            if byte &- 0x30 < 10 {
                digit = byte &- 0x30
            } else if byte &- 0x61 < 6 {
                digit = byte &- 0x61 &+ 10
            } else {
                return nil
            }
            number = number &<< 4 | UInt64(digit)
        }
        return number
    }

    /// Appends sixteen lower-case hexadecimal digits.
    public static func appendHexadecimal(_ value: UInt64, to out: inout [UInt8]) {
        for place in 0..<16 { out.append(digit(UInt8(truncatingIfNeeded: value &>> UInt64(60 &- place &* 4)) & 0x0F)) }
    }

    /// The hexadecimal digit of 0 … 15.
    @inline(__always)
    public static func digit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") &+ nibble : UInt8(ascii: "a") &+ nibble &- 10
    }
}

/// The list that `tracestate` carries beside ``TraceContext``. Passed on as it came when it is well formed, else dropped whole.
public enum TraceState {
    /// Members in all lines together.
    public static let membersMax = 32

    /// Checks one line's value and adds its members to `members`; false when the list is malformed or too long.
    ///
    /// Level 2, section 3.3: keys of letters, digits and `_-*/@` with a letter or digit first, up to 256; values of visible
    /// characters but `,` and `=`, up to 256, not ending in a blank; empty members are permitted and count as none.
    @_noAllocation @_noLocks
    public static func isValid(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>, members: inout Int) -> Bool {
        var start = range.lowerBound
        while start <= range.upperBound {
            var end = start
            while end < range.upperBound, bytes[end] != UInt8(ascii: ",") { end += 1 }
            let member = trimmed(bytes, start..<end)
            if !member.isEmpty {
                members += 1
                guard members <= membersMax, isMember(bytes, member) else { return false }
            }
            start = end + 1
        }
        return true
    }

    private static func trimmed(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high, isBlank(bytes[low]) { low += 1 }
        while high > low, isBlank(bytes[high - 1]) { high -= 1 }
        return low..<high
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func isMember(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
        var index = range.lowerBound
        while index < range.upperBound, bytes[index] != UInt8(ascii: "=") {
            guard isKeyCharacter(bytes[index], isFirst: index == range.lowerBound) else { return false }
            index += 1
        }
        let keyLength = index - range.lowerBound
        let valueLength = range.upperBound - index - 1
        guard (1...256).contains(keyLength), (1...256).contains(valueLength) else { return false }
        for place in index + 1..<range.upperBound {
            let byte = bytes[place]
            guard (0x20...0x7E).contains(byte), byte != UInt8(ascii: "=") else { return false }
        }
        return true
    }

    private static func isKeyCharacter(_ byte: UInt8, isFirst: Bool) -> Bool {
        if byte &- 0x61 < 26 || byte &- 0x30 < 10 { return true }
        guard !isFirst else { return false }
        return byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "*")
            || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "@")
    }
}
