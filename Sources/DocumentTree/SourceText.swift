/// A named text in UTF-8 with the table that turns byte offsets into lines and characters.
///
/// `bytes` is what was read, including a byte order mark; a UTF-16 document is held as the UTF-8 text it stands for.
/// A byte order mark has no width: the first character after it is line 0, character 0.
public struct SourceText: Sendable {
    /// Where the text came from, as findings show it: a path, a URL or `<STDIN>`.
    public let name: String
    /// The text in UTF-8.
    public let bytes: [UInt8]
    /// Offset of the first byte after a byte order mark.
    public let textStart: Int
    /// Whether every byte is below 0x80, so that bytes, scalars and UTF-16 units count alike.
    let isASCII: Bool
    /// Byte offset of the first byte of each line, ascending.
    private let lineStarts: [Int32]
    /// UTF-16 units before each block of ``blockBytes`` bytes; empty for ASCII. A JSON text may be one line of many
    /// megabytes, and counting it from its start for every finding would be quadratic.
    private let unitsBeforeBlock: [Int32]
    private static let blockBytes = 64

    /// Takes a text and finds its lines; LF, CR LF and a lone CR end a line.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8, at most `Int32.max` bytes (the readers' limit is far below).
    ///   - name: how findings call the text.
    public init(_ bytes: [UInt8], name: String) {
        self.name = name
        self.bytes = bytes
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        textStart = start
        (lineStarts, isASCII, unitsBeforeBlock) = bytes.withUnsafeBufferPointer { buffer in
            let isASCII = ByteScan.isASCII(buffer)
            return (Self.lineStarts(buffer, start), isASCII, isASCII ? [] : Self.unitsBeforeBlocks(buffer))
        }
    }

    /// Number of lines; an empty text has one.
    public var lineCount: Int { lineStarts.count }

    /// The position of a byte; O(log lines + length of the line).
    ///
    /// An offset outside of the text is taken as its nearest end, one inside of a character as that character's start.
    public func position(atByte offset: Int) -> Position {
        let offset = min(max(offset, textStart), bytes.count)
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int(lineStarts[middle]) <= offset { low = middle } else { high = middle }
        }
        let lineStart = Int(lineStarts[low])
        if isASCII { return Position(line: low, character: offset - lineStart) }
        return Position(line: low, character: utf16Length(from: lineStart, to: offset))
    }

    /// The range between two byte offsets.
    public func range(fromByte start: Int, toByte end: Int) -> SourceRange {
        SourceRange(start: position(atByte: start), end: position(atByte: max(start, end)))
    }

    /// The text of one line without its line break, for reports that quote the source; nil beyond the last line.
    public func line(_ line: Int) -> String? {
        guard lineStarts.indices.contains(line) else { return nil }
        let start = Int(lineStarts[line])
        var end = line + 1 < lineStarts.count ? Int(lineStarts[line + 1]) : bytes.count
        while end > start, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    /// UTF-16 units of the characters that begin in a stretch of bytes; O(``blockBytes``) whatever its length.
    private func utf16Length(from start: Int, to end: Int) -> Int {
        unitsBefore(end) - unitsBefore(start)
    }

    private func unitsBefore(_ offset: Int) -> Int {
        let block = offset / Self.blockBytes
        let inBlock = bytes.withUnsafeBufferPointer {
            ByteScan.utf16Units($0, from: block * Self.blockBytes, to: offset)
        }
        return Int(unitsBeforeBlock[block]) + inBlock
    }

    private static func unitsBeforeBlocks(_ buffer: UnsafeBufferPointer<UInt8>) -> [Int32] {
        var counts: [Int32] = [0]
        counts.reserveCapacity(buffer.count / blockBytes + 2)
        var total = 0
        for start in stride(from: 0, to: buffer.count, by: blockBytes) {
            total += ByteScan.utf16Units(buffer, from: start, to: min(start + blockBytes, buffer.count))
            counts.append(Int32(total))
        }
        return counts
    }

    private static func lineStarts(_ buffer: UnsafeBufferPointer<UInt8>, _ start: Int) -> [Int32] {
        var starts = [Int32(start)]
        starts.reserveCapacity(buffer.count / 32)
        // Nearly every text ends its lines with LF alone or CR LF: LF is searched, a lone CR only where CR occurs at
        // all.
        guard ByteScan.first(0x0D, in: buffer) != nil else {
            var index = start
            while let end = ByteScan.first(0x0A, in: buffer, from: index) {
                index = end + 1
                starts.append(Int32(index))
            }
            return starts
        }
        var index = start
        while index < buffer.count {
            let byte = buffer[index]
            index += 1
            let isLoneReturn = byte == 0x0D && (index == buffer.count || buffer[index] != 0x0A)
            if byte == 0x0A || isLoneReturn { starts.append(Int32(index)) }
        }
        return starts
    }
}
