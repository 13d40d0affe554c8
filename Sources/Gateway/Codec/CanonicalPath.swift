internal import ProblemDetails

/// The one spelling of a path that is matched, decided upon, logged and sent upstream.
///
/// Percent-encoded unreserved characters are decoded, other escapes get upper-case digits, dot segments are removed
/// (RFC 3986 §6.2.2). Refused is what one server reads as structure and another as data: encoded slashes and backslashes,
/// control characters, double encoding, dot segments with parameters or blanks, overlong UTF-8, full-width slashes.
enum CanonicalPath {
    /// Writes the canonical form of `path` to `out`, which is emptied first.
    ///
    /// - Throws: `.pathRefused` with the reason.
    static func write(_ bytes: Span<UInt8>, _ path: Range<Int>, to out: inout [UInt8]) throws(Refusal) {
        out.removeAll(keepingCapacity: true)
        guard !path.isEmpty else {
            // RFC 9112 §3.2.1: an empty path is sent as a slash.
            out.append(ASCII.slash)
            return
        }
        var index = path.lowerBound
        var segmentStart = 0
        while index < path.upperBound {
            let byte = bytes[index]
            if byte == ASCII.slash {
                try closeSegment(from: &segmentStart, in: &out, isLast: false)
                out.append(ASCII.slash)
                segmentStart = out.count
                index += 1
            } else if byte == ASCII.percent {
                index = try decode(bytes, at: index, end: path.upperBound, to: &out)
            } else {
                out.append(byte)
                index += 1
            }
        }
        try closeSegment(from: &segmentStart, in: &out, isLast: true)
        try checkUnicode(out.span)
    }

    /// Appends the escape at `index` and returns the index after it.
    private static func decode(
        _ bytes: Span<UInt8>,
        at index: Int,
        end: Int,
        to out: inout [UInt8]
    ) throws(Refusal) -> Int {
        guard index + 2 < end, let high = ByteClass.hexValue(bytes[index + 1]),
            let low = ByteClass.hexValue(bytes[index + 2])
        else { throw Refusal(.pathRefused, "the path has a percent sign that is no escape") }
        let value = high << 4 | low
        switch value {
        case ASCII.slash, ASCII.backslash:
            throw Refusal(.pathRefused, "the path has an encoded slash or backslash")
        case 0..<0x20, 0x7F:
            throw Refusal(.pathRefused, "the path has an encoded control character")
        case ASCII.percent:
            // The two digits may be escapes themselves: `%252%65` is `%252e` once it is canonical.
            if let first = hexDigitEnd(bytes, at: index + 3, end: end), hexDigitEnd(bytes, at: first, end: end) != nil {
                throw Refusal(.pathRefused, "the path is encoded twice")
            }
        default: break
        }
        if ByteClass.isUnreserved(value) {
            out.append(value)
        } else {
            out.append(ASCII.percent)
            out.append(upperHex(high))
            out.append(upperHex(low))
        }
        return index + 3
    }

    /// The index after a hexadecimal digit at `index`, spelled as it is or as an escape; nil where there is none.
    private static func hexDigitEnd(_ bytes: Span<UInt8>, at index: Int, end: Int) -> Int? {
        guard index < end else { return nil }
        if ByteClass.hexValue(bytes[index]) != nil { return index + 1 }
        guard index + 2 < end, bytes[index] == ASCII.percent, let high = ByteClass.hexValue(bytes[index + 1]),
            let low = ByteClass.hexValue(bytes[index + 2]), ByteClass.hexValue(high << 4 | low) != nil
        else { return nil }
        return index + 3
    }

    /// Ends the segment that began at `start`: removes it when it is a dot segment, and for `..` the one before it too.
    private static func closeSegment(from start: inout Int, in out: inout [UInt8], isLast: Bool) throws(Refusal) {
        guard start < out.count, out[start] == ASCII.dot else { return }
        var coreEnd = out.count
        for index in start..<out.count {
            if out[index] == ASCII.semicolon || isEscape(out, at: index, ASCII.semicolon)
                || isEscape(out, at: index, ASCII.space)
            {
                coreEnd = index
                break
            }
        }
        let count = coreEnd - start
        let isParent = count == 2 && out[start + 1] == ASCII.dot
        guard count == 1 || isParent else { return }
        guard coreEnd == out.count else {
            throw Refusal(.pathRefused, "the path has a dot segment with parameters or blanks")
        }
        // The slash before the segment stays in both cases: RFC 3986 §5.2.4 keeps `/a/..` as `/`.
        out.removeSubrange(start...)
        if isParent {
            guard start >= 2 else { throw Refusal(.pathRefused, "the path climbs above the root") }
            var parent = start - 2
            while out[parent] != ASCII.slash { parent -= 1 }
            out.removeSubrange((parent + 1)...)
        }
        // What follows a removed segment is its slash, which is already there.
        if !isLast { out.removeLast() }
        start = out.count
    }

    private static func isEscape(_ out: [UInt8], at index: Int, _ value: UInt8) -> Bool {
        guard index + 2 < out.count, out[index] == ASCII.percent else { return false }
        return out[index + 1] == upperHex(value >> 4) && out[index + 2] == upperHex(value & 0x0F)
    }

    @_noAllocation @_noLocks
    static func upperHex(_ value: UInt8) -> UInt8 { value < 10 ? ASCII.zero + value : UInt8(ascii: "A") + value - 10 }

    /// Refuses escapes that some decoders turn into `/`, `\` or `.`: overlong forms and full-width look-alikes.
    private static func checkUnicode(_ path: Span<UInt8>) throws(Refusal) {
        var index = 0
        while index < path.count {
            guard path[index] == ASCII.percent, let lead = escape(path, at: index), lead >= 0x80 else {
                index += 1
                continue
            }
            let second = escape(path, at: index + 3) ?? 0
            let third = escape(path, at: index + 6) ?? 0
            let isOverlong =
                lead == 0xC0 || lead == 0xC1 || (lead == 0xE0 && second & 0xE0 == 0x80)
                || (lead == 0xF0 && second & 0xF0 == 0x80) || lead >= 0xF5
            guard !isOverlong else { throw Refusal(.pathRefused, "the path has bytes that are never UTF-8") }
            switch (lead, second, third) {
            // U+FF0E, U+FF0F, U+FF3C; U+2044, U+2215, U+2216
            case (0xEF, 0xBC, 0x8E), (0xEF, 0xBC, 0x8F), (0xEF, 0xBC, 0xBC), (0xE2, 0x81, 0x84), (0xE2, 0x88, 0x95),
                (0xE2, 0x88, 0x96):
                throw Refusal(.pathRefused, "the path has a look-alike of a slash or dot")
            default: index += 3
            }
        }
    }

    @_noAllocation @_noLocks
    private static func escape(_ path: Span<UInt8>, at index: Int) -> UInt8? {
        guard index + 2 < path.count, path[index] == ASCII.percent, let high = ByteClass.hexValue(path[index + 1]),
            let low = ByteClass.hexValue(path[index + 2])
        else { return nil }
        return high << 4 | low
    }
}
