/// One path segment as it is scanned: where it ends, its hash, and its first sixteen bytes.
///
/// This file is the one place of the lookup that works on words instead of bytes: finding the slash, hashing and comparing
/// eight bytes at a time costs a third of the instructions (measured). Words are little-endian, so the first byte is the
/// lowest and a segment's end is padded with zeros from above.
struct SegmentScan {
    /// Offset after the segment: that of the next slash, or the path's count.
    var end: Int
    var hash: UInt32
    /// The first eight bytes and the eight after them, zero above the segment's end.
    var firstWord: UInt64
    var secondWord: UInt64

    /// Scans the segment that begins at `first`, which lies within `path` or right behind it.
    @_noAllocation @_noLocks @inline(always)
    init(_ path: borrowing Span<UInt8>, from first: Int) {
        var position = first
        var state: UInt64 = 0x2545_F491_4F6C_DD1D
        firstWord = 0
        secondWord = 0
        while true {
            let remaining = path.count &- position
            if remaining <= 0 { break }
            var word = loadWord(path, at: position, remaining: remaining)
            // The classic test for a zero byte, after turning slashes into zeros; only bytes above the first one may err.
            let difference = word ^ 0x2F2F_2F2F_2F2F_2F2F
            let marks = (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
            let length = marks == 0 ? min(8, remaining) : marks.trailingZeroBitCount >> 3
            if length == 0 { break }
            if length < 8 { word &= (1 << UInt64(truncatingIfNeeded: length &<< 3)) &- 1 }
            if position == first { firstWord = word } else if position == first &+ 8 { secondWord = word }
            state = (state ^ word) &* 0x9E37_79B9_7F4A_7C15
            state ^= state >> 32
            position &+= length
            if length < 8 { break }
        }
        end = position
        state = (state ^ UInt64(truncatingIfNeeded: position &- first)) &* 0x9E37_79B9_7F4A_7C15
        hash = UInt32(truncatingIfNeeded: state >> 32)
    }

    /// The scan of a whole text without slashes, for building tables.
    static func of(_ text: [UInt8]) -> SegmentScan {
        SegmentScan(text.span, from: 0)
    }

    /// The hash of a base path's segments so far and one more.
    @_noAllocation @_noLocks @inline(always)
    static func chain(_ hash: UInt32, _ next: UInt32) -> UInt32 {
        (hash &* 31) ^ next
    }
}

/// Eight bytes from `position` on, zero where the path ends before. `remaining` is what is left of it, at least one.
@_noAllocation @_noLocks @inline(always)
private func loadWord(_ path: borrowing Span<UInt8>, at position: Int, remaining: Int) -> UInt64 {
    if remaining >= 8 { return loadWhole(path, at: position) }
    if path.count >= 8 {
        // The path's last eight bytes, moved down over those that come before `position`.
        let shift = UInt64(truncatingIfNeeded: (8 &- remaining) &<< 3)
        return loadWhole(path, at: path.count &- 8) >> shift
    }
    var word: UInt64 = 0
    var index = path.count
    while index > position {
        index &-= 1
        word = word << 8 | UInt64(path[index])
    }
    return word
}

/// Eight bytes, all of which must lie within the span.
@_noAllocation @_noLocks @inline(always)
private func loadWhole(_ bytes: borrowing Span<UInt8>, at position: Int) -> UInt64 {
    precondition(position >= 0 && position <= bytes.count &- 8)
    // Eight loads that the optimizer joins to one. A `RawSpan` could load the word at once, but a local one is refused by
    // the checks of the hot path.
    // SAFETY: all eight places lie within the span by the line above. The differential tests of lookup and of this scan run
    // over all lengths and offsets.
    var word = UInt64(unsafe bytes[unchecked: position])
    word |= UInt64(unsafe bytes[unchecked: position &+ 1]) &<< 8
    word |= UInt64(unsafe bytes[unchecked: position &+ 2]) &<< 16
    word |= UInt64(unsafe bytes[unchecked: position &+ 3]) &<< 24
    word |= UInt64(unsafe bytes[unchecked: position &+ 4]) &<< 32
    word |= UInt64(unsafe bytes[unchecked: position &+ 5]) &<< 40
    word |= UInt64(unsafe bytes[unchecked: position &+ 6]) &<< 48
    word |= UInt64(unsafe bytes[unchecked: position &+ 7]) &<< 56
    return word
}

/// Whether the `count` bytes of a label and of a segment agree, given that their first sixteen do.
@_noAllocation @_noLocks @inline(always)
func restsEqual(
    _ arena: borrowing Span<UInt8>,
    _ offset: Int,
    _ path: borrowing Span<UInt8>,
    _ first: Int,
    count: Int
) -> Bool {
    if count <= 16 { return true }
    var index = 16
    while index < count {
        // The last word overlaps the one before it rather than reaching beyond the end.
        let place = min(index, count &- 8)
        if loadWhole(arena, at: offset &+ place) != loadWhole(path, at: first &+ place) { return false }
        index &+= 8
    }
    return true
}
