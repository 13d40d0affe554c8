/// Turns offsets in characters (Unicode scalars) into offsets in bytes, fast when asked in roughly ascending order.
struct CharacterCursor {
    private let source: SourceText
    /// Characters that begin before ``byte``.
    private var character = 0
    private var byte: Int

    init(_ source: SourceText) {
        self.source = source
        byte = source.textStart
    }

    /// The byte at which a character starts; a byte order mark is not counted as one.
    mutating func offset(of target: Int) -> Int {
        if source.isASCII { return min(source.textStart + target, source.bytes.count) }
        source.bytes.withUnsafeBufferPointer { bytes in
            if character > target { retreat(to: target, bytes) } else { advance(to: target, bytes) }
        }
        return byte
    }

    private mutating func advance(to target: Int, _ bytes: UnsafeBufferPointer<UInt8>) {
        let raw = UnsafeRawBufferPointer(bytes)
        while target - character >= 8, byte + 8 <= raw.count {
            character += ByteScan.characters(in: ByteScan.word(raw, byte))
            byte += 8
        }
        while byte < raw.count {
            let isStart = raw[byte] & 0xC0 != 0x80
            if isStart, character == target { return }
            if isStart { character += 1 }
            byte += 1
        }
    }

    private mutating func retreat(to target: Int, _ bytes: UnsafeBufferPointer<UInt8>) {
        while character > target, byte > source.textStart {
            byte -= 1
            if bytes[byte] & 0xC0 != 0x80 { character -= 1 }
        }
    }
}
