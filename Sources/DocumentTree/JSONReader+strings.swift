/// Strings of JSON (RFC 8259 section 7).
extension JSONReader {
    /// Reads a string from its opening quote and says where its text is: in the source where it has no escapes, else
    /// in the arena.
    mutating func readString(_ buffer: UnsafeBufferPointer<UInt8>) throws(UnreadableDocument) -> (
        start: Int32, length: Int32
    ) {
        index += 1
        let start = index
        var copied = start
        let arenaStart = builder.arena.count
        var isCopied = false
        while index < buffer.count {
            let byte = buffer[index]
            if byte == UInt8(ascii: "\"") {
                defer { index += 1 }
                guard isCopied else { return (Int32(start), Int32(index - start)) }
                builder.arena.append(contentsOf: buffer[copied..<index])
                return (~Int32(arenaStart), Int32(builder.arena.count - arenaStart))
            }
            if byte == UInt8(ascii: "\\") {
                isCopied = true
                builder.arena.append(contentsOf: buffer[copied..<index])
                try readEscape(buffer)
                copied = index
                continue
            }
            guard byte >= 0x20 else {
                throw unexpected(buffer, "a character: control characters in strings are written as escapes")
            }
            index += 1
        }
        throw unexpected(buffer, "`\"` at the end of a string")
    }

    private mutating func readEscape(_ buffer: UnsafeBufferPointer<UInt8>) throws(UnreadableDocument) {
        let start = index
        index += 1
        guard index < buffer.count else { throw unexpected(buffer, "an escape") }
        let decoded: UInt8
        switch buffer[index] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded = buffer[index]
        case UInt8(ascii: "b"): decoded = 0x08
        case UInt8(ascii: "f"): decoded = 0x0C
        case UInt8(ascii: "n"): decoded = 0x0A
        case UInt8(ascii: "r"): decoded = 0x0D
        case UInt8(ascii: "t"): decoded = 0x09
        case UInt8(ascii: "u"): return try readUnicodeEscape(buffer, start)
        default: throw unexpected(buffer, "one of `\"\\/bfnrtu` after `\\`")
        }
        index += 1
        builder.arena.append(decoded)
    }

    private mutating func readUnicodeEscape(_ buffer: UnsafeBufferPointer<UInt8>, _ start: Int)
        throws(UnreadableDocument)
    {
        let first = try readCodeUnit(buffer)
        var scalar = Unicode.Scalar(UInt32(first))
        if UTF16.isLeadSurrogate(first), index + 1 < buffer.count, buffer[index] == UInt8(ascii: "\\"),
            buffer[index + 1] == UInt8(ascii: "u")
        {
            let before = index
            index += 1
            let second = try readCodeUnit(buffer)
            if UTF16.isTrailSurrogate(second) {
                scalar = Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
            } else {
                index = before
            }
        }
        guard let scalar else {
            note("unpaired surrogate in an escape: no text can hold it", start)
            builder.arena.append(contentsOf: "\u{FFFD}".utf8)
            return
        }
        if scalar.value == 0 { note("U+0000 in a text: databases and HTTP cannot carry it", start) }
        builder.arena.append(contentsOf: String(Character(scalar)).utf8)
    }

    /// Reads `uXXXX` and leaves the index behind it.
    private mutating func readCodeUnit(_ buffer: UnsafeBufferPointer<UInt8>) throws(UnreadableDocument) -> UInt16 {
        index += 1
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard index < buffer.count, let digit = hexadecimalValue(buffer[index]) else {
                throw unexpected(buffer, "four hexadecimal digits after `\\u`")
            }
            unit = unit << 4 | UInt16(digit)
            index += 1
        }
        return unit
    }

    private mutating func note(_ message: String, _ start: Int) {
        builder.note(.other, .error, message, node: builder.currentContainer, from: start, to: index)
    }
}
