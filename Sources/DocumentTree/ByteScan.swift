import CLibYAML

/// Counting and searching in UTF-8, eight bytes at a time: texts of megabytes pass through here several times.
enum ByteScan {
    /// Whether every byte is below 0x80.
    static func isASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let raw = UnsafeRawBufferPointer(bytes)
        var index = 0
        while index + 8 <= raw.count {
            if word(raw, index) & highBits != 0 { return false }
            index += 8
        }
        while index < raw.count {
            if raw[index] >= 0x80 { return false }
            index += 1
        }
        return true
    }

    /// Characters (Unicode scalars) that begin in eight bytes.
    static func characters(in word: UInt64) -> Int { 8 - continuations(word) }

    /// UTF-16 units of the characters that begin between two offsets: two for those of four bytes, one for others.
    static func utf16Units(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) -> Int {
        let raw = UnsafeRawBufferPointer(bytes)
        var index = start
        var units = 0
        while index + 8 <= end {
            let word = word(raw, index)
            units += 8 - continuations(word) + fourByteLeads(word)
            index += 8
        }
        while index < end {
            let byte = raw[index]
            if byte & 0xC0 != 0x80 { units += byte >= 0xF0 ? 2 : 1 }
            index += 1
        }
        return units
    }

    /// The place of the first such byte from an offset on; nil where there is none.
    static func first(_ byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>, from start: Int = 0) -> Int? {
        guard let base = bytes.baseAddress, start < bytes.count,
            let found = memchr(base + start, Int32(byte), bytes.count - start)
        else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    /// Whether two stretches hold the same bytes.
    static func areEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        guard left.count == right.count else { return false }
        guard let one = left.baseAddress, let other = right.baseAddress else { return left.count == 0 }
        return memcmp(one, other, left.count) == 0
    }

    /// Eight bytes from an offset, in the order of the machine: what is counted does not depend on it.
    static func word(_ raw: UnsafeRawBufferPointer, _ index: Int) -> UInt64 {
        raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
    }

    private static let highBits: UInt64 = 0x8080_8080_8080_8080
    private static let lowBits: UInt64 = 0x0101_0101_0101_0101

    /// Bytes of the form 10xxxxxx.
    private static func continuations(_ word: UInt64) -> Int {
        ((word >> 7) & ~(word >> 6) & lowBits).nonzeroBitCount
    }

    /// Bytes of the form 1111xxxx.
    private static func fourByteLeads(_ word: UInt64) -> Int {
        ((word >> 7) & (word >> 6) & (word >> 5) & (word >> 4) & lowBits).nonzeroBitCount
    }
}
